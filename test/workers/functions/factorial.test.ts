import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factorial } from '../../../workers/functions/factorial.ts';

// OEIS A000142
const TERMS = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800];

describe('factorial', () => {
  test('gives the terms of OEIS A000142', () => {
    expect(TERMS.map((_, n) => factorial(n))).toEqual(TERMS.map(BigInt));
    expect(factorial(20)).toBe(2432902008176640000n);
    expect(factorial(25)).toBe(15511210043330985984000000n);
  });

  test('agrees with one multiplication after the other', () => {
    let product = 1n;
    for (let n = 1; n <= 1500; n++) {
      product *= BigInt(n);
      expect(factorial(n)).toBe(product);
    }
  });

  test('grows by the factor n from one to the next, also beyond a segment of the sieve', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (n) => {
        expect(factorial(n)).toBe(factorial(n - 1) * BigInt(n));
      }),
      { numRuns: 30 },
    );
    expect(factorial(300_001) === factorial(300_000) * 300_001n).toBe(true);
  });

  test('takes numbers and bigints alike', () => {
    expect(factorial(321n)).toBe(factorial(321));
  });
});
