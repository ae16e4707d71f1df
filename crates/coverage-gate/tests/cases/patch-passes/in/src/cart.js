export function total(lines) {
  return lines.reduce((sum, line) => sum + line.cents, 0);
}

export function discount(cents, percent) {
  if (percent > 100) {
    throw new RangeError('more than all of it');
  }
  return cents - Math.round((cents * percent) / 100);
}
