import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fibonacci } from '../../../workers/functions/fibonacci.ts';
import { lucas } from '../../../workers/functions/lucas.ts';

// OEIS A000032
const TERMS = [
  2, 1, 3, 4, 7, 11, 18, 29, 47, 76, 123, 199, 322, 521, 843, 1364, 2207, 3571, 5778, 9349, 15127,
];

describe('lucas', () => {
  test('gives the terms of OEIS A000032', () => {
    expect(TERMS.map((_, n) => lucas(n))).toEqual(TERMS.map(BigInt));
  });

  test('agrees with addition for the first 2000 terms, on both sides of zero', () => {
    let [below, current] = [-1n, 2n];
    for (let n = 0; n <= 2000; n++) {
      expect(lucas(n)).toBe(current);
      expect(lucas(-n)).toBe(n % 2 === 0 ? current : -current);
      [below, current] = [current, below + current];
    }
  });

  test('is the companion of fibonacci: F(2n) = F(n) L(n) and L(n) = F(n-1) + F(n+1)', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 60_000 }), (n) => {
        expect(fibonacci(n) * lucas(n)).toBe(fibonacci(2 * n));
        expect(lucas(n)).toBe(fibonacci(n - 1) + fibonacci(n + 1));
      }),
    );
  });

  test('takes numbers and bigints alike', () => {
    expect(lucas(4321n)).toBe(lucas(4321));
    expect(lucas(-7n)).toBe(-29n);
  });
});
