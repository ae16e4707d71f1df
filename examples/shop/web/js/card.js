/** Whether the check digit is right (ISO/IEC 7812-1, Luhn). */
export function isCardNumber(text) {
  const digits = text.replace(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits)) {
    return false;
  }
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const value = place % 2 === 0 ? Number(digit) : Number(digit) * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** The number as it may be shown: all but the last four digits hidden. */
export function maskCardNumber(text) {
  const digits = text.replace(/\D/g, '');
  return digits.length < 8 ? '•'.repeat(digits.length) : `•••• ${digits.slice(-4)}`;
}
