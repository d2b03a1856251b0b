import { describe, expect, test } from 'vitest';
import { catalan } from '../../../workers/functions/catalan.ts';

// OEIS A000108
const TERMS = [
  1, 1, 2, 5, 14, 42, 132, 429, 1430, 4862, 16796, 58786, 208012, 742900, 2674440, 9694845, 35357670,
];

describe('catalan', () => {
  test('gives the terms of OEIS A000108', () => {
    expect(TERMS.map((_, n) => catalan(n))).toEqual(TERMS.map(BigInt));
  });

  test('agrees with the recurrence that splits a tree at its root', () => {
    const known = [1n];
    for (let n = 1; n <= 200; n++) {
      let sum = 0n;
      for (let left = 0; left < n; left++) sum += (known[left] ?? 0n) * (known[n - 1 - left] ?? 0n);
      known.push(sum);
      expect(catalan(n)).toBe(sum);
    }
  });

  test('takes numbers and bigints alike', () => {
    expect(catalan(77n)).toBe(catalan(77));
  });
});
