import { describe, expect, test } from 'vitest';
import { partitions } from '../../../workers/functions/partitions.ts';

// OEIS A000041
const TERMS = [
  1, 1, 2, 3, 5, 7, 11, 15, 22, 30, 42, 56, 77, 101, 135, 176, 231, 297, 385, 490, 627, 792, 1002,
];

describe('partitions', () => {
  test('gives the terms of OEIS A000041', () => {
    expect(TERMS.map((_, n) => partitions(n))).toEqual(TERMS.map(BigInt));
    expect(partitions(100)).toBe(190569292n);
    expect(partitions(200)).toBe(3972999029388n);
    expect(partitions(1000)).toBe(24061467864032622473692149727991n);
  });

  test('agrees with counting the parts one size at a time', () => {
    const counts = [1n, ...Array.from({ length: 800 }, () => 0n)];
    for (let part = 1; part <= 800; part++) {
      for (let n = part; n <= 800; n++) counts[n] = (counts[n] ?? 0n) + (counts[n - part] ?? 0n);
    }
    expect(counts.map((_, n) => partitions(n))).toEqual(counts);
  });

  // Ramanujan, and Atkin for 11^2: exact tests of large values, which no wrong sum would pass.
  test('satisfies the congruences of Ramanujan', () => {
    for (let k = 0; k < 300; k++) {
      expect(partitions(5 * k + 4) % 5n).toBe(0n);
      expect(partitions(7 * k + 5) % 7n).toBe(0n);
      expect(partitions(11 * k + 6) % 11n).toBe(0n);
    }
    expect(partitions(19_999 - (19_999 % 25) + 24) % 25n).toBe(0n); // p(25k + 24)
  });

  test('takes numbers and bigints alike', () => {
    expect(partitions(500n)).toBe(partitions(500));
  });
});
