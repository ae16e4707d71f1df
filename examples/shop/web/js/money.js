/** `1234` as `12.34 €`. */
export function formatEuros(cents) {
  if (!Number.isSafeInteger(cents)) {
    throw new TypeError(`${cents} is not a number of cents`);
  }
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} €`;
}

/** What a customer types (`12`, `12.3`, `12,34 €`) in cents, or null. */
export function parseEuros(text) {
  const match = /^\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*€?\s*$/u.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}
