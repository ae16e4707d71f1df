import { describe, expect, it, test } from 'vitest';
import { formatEuros, parseEuros } from './money.js';

describe('formatEuros', () => {
  it.each([[5, '0.05 €'], [1234, '12.34 €'], [-100, '-1.00 €']])('%i is %s', (cents, text) => {
    expect(formatEuros(cents)).toBe(text);
  });

  it('refuses fractions of cents', () => {
    expect(() => formatEuros(0.5)).toThrow(TypeError);
  });
});

test('parseEuros reads what customers type', () => {
  expect(parseEuros('12')).toBe(1200);
  expect(parseEuros('12,3 €')).toBe(1230);
  expect(parseEuros('twelve')).toBeNull();
});
