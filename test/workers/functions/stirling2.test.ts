import { describe, expect, test } from 'vitest';
import { stirling2 } from '../../../workers/functions/stirling2.ts';

describe('stirling2', () => {
  test('gives the rows of OEIS A008277', () => {
    const rows = [[1], [1, 1], [1, 3, 1], [1, 7, 6, 1], [1, 15, 25, 10, 1], [1, 31, 90, 65, 15, 1]];
    rows.forEach((row, i) => {
      expect(row.map((_, j) => stirling2(i + 1, j + 1))).toEqual(row.map(BigInt));
    });
    expect(stirling2(10, 5)).toBe(42525n);
  });

  test('agrees with the recurrence S(n, k) = k S(n-1, k) + S(n-1, k-1) up to row 120', () => {
    let row = [1n];
    for (let n = 0; n <= 120; n++) {
      expect(row.map((_, k) => stirling2(n, k))).toEqual(row);
      row = [0n, ...row.map((value, k) => value + BigInt(k + 1) * (row[k + 1] ?? 0n))];
    }
  });

  test('agrees with the closed forms for few groups and for groups of almost one', () => {
    for (const n of [2, 3, 50, 1000]) {
      expect(stirling2(n, 2)).toBe(2n ** BigInt(n - 1) - 1n);
      expect(stirling2(n, n - 1)).toBe((BigInt(n) * BigInt(n - 1)) / 2n);
    }
  });

  test('is 0 for more groups than things, and 1 for one group or as many as things, at any size', () => {
    const n = 10n ** 50n;
    expect(stirling2(3, 4)).toBe(0n);
    expect(stirling2(5, 0)).toBe(0n);
    expect(stirling2(0, 0)).toBe(1n);
    expect(stirling2(n, 1)).toBe(1n);
    expect(stirling2(n, n)).toBe(1n);
  });

  test('takes numbers and bigints alike', () => {
    expect(stirling2(40n, 13n)).toBe(stirling2(40, 13));
  });
});
