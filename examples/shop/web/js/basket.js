export const MAX_QUANTITY = 99;

/** The basket as the page shows it before the server has answered. */
export class Basket {
  #lines = new Map();

  add(product, quantity = 1) {
    this.set(product, (this.#lines.get(product.sku)?.quantity ?? 0) + quantity);
  }

  set(product, quantity) {
    if (!Number.isInteger(quantity) || quantity < 0 || quantity > MAX_QUANTITY) {
      throw new RangeError(`0 to ${MAX_QUANTITY} pieces`);
    }
    if (quantity === 0) {
      this.#lines.delete(product.sku);
    } else {
      this.#lines.set(product.sku, { ...product, quantity });
    }
  }

  get pieces() {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.quantity, 0);
  }

  get totalCents() {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.quantity * line.priceCents, 0);
  }

  toJSON() {
    return [...this.#lines.values()].map(({ sku, quantity }) => ({ sku, quantity }));
  }
}
