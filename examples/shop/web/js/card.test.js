import { expect, test } from 'vitest';
import { isCardNumber } from './card.js';

test.each(['4242424242424242', '5555 5555 5555 4444', '3782-822463-10005'])('%s is a card number', (number) => {
  expect(isCardNumber(number)).toBe(true);
});

test.each(['4242424242424241', '', '4242', '4242x24242424242'])('"%s" is none', (number) => {
  expect(isCardNumber(number)).toBe(false);
});
