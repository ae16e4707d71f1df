import { beforeEach, describe, expect, it } from 'vitest';
import { Basket, MAX_QUANTITY } from './basket.js';

const shelf = { sku: 'SH-1564', priceCents: 14690 };
const lamp = { sku: 'SH-0416', priceCents: 490 };

describe('Basket', () => {
  let basket;

  beforeEach(() => {
    basket = new Basket();
  });

  it('adds up pieces & prices', () => {
    basket.add(shelf);
    basket.add(lamp, 2);
    basket.add(lamp);
    expect(basket.pieces).toBe(4);
    expect(basket.totalCents).toBe(16160);
    expect(basket).toMatchObject({ pieces: 4 });
    expect(JSON.stringify(basket)).toBe('[{"sku":"SH-1564","quantity":1},{"sku":"SH-0416","quantity":3}]');
  });

  it('removes a line at zero', () => {
    basket.add(shelf);
    basket.set(shelf, 0);
    expect(basket.pieces).toBe(0);
  });

  describe('limits', () => {
    it(`takes ${MAX_QUANTITY} pieces`, () => {
      basket.set(lamp, MAX_QUANTITY);
      expect(basket.pieces).toBe(MAX_QUANTITY);
    });

    it('takes no more', () => {
      basket.set(lamp, MAX_QUANTITY);
      expect(() => basket.add(lamp)).toThrow(RangeError);
    });
  });

  it.todo('keeps its lines when the page is left');
});
