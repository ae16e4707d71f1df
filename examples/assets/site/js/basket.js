const lines = new Map();

export function add(sku) {
  lines.set(sku, (lines.get(sku) ?? 0) + 1);
}

export function pieces() {
  return [...lines.values()].reduce((sum, count) => sum + count, 0);
}
