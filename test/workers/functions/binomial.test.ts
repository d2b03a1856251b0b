import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomial } from '../../../workers/functions/binomial.ts';
import { factorial } from '../../../workers/functions/factorial.ts';

describe('binomial', () => {
  test('gives the rows of OEIS A007318', () => {
    const rows = [
      [1],
      [1, 1],
      [1, 2, 1],
      [1, 3, 3, 1],
      [1, 4, 6, 4, 1],
      [1, 5, 10, 10, 5, 1],
      [1, 6, 15, 20, 15, 6, 1],
    ];
    rows.forEach((row, n) => {
      expect(row.map((_, k) => binomial(n, k))).toEqual(row.map(BigInt));
    });
    expect(binomial(52, 5)).toBe(2598960n);
    expect(binomial(49, 6)).toBe(13983816n);
    expect(binomial(100, 50)).toBe(100891344545564193334812497256n);
  });

  test('agrees with the triangle of Pascal up to row 250', () => {
    let row = [1n];
    for (let n = 0; n <= 250; n++) {
      expect(row.map((_, k) => binomial(n, k))).toEqual(row);
      row = [1n, ...row.map((value, k) => value + (row[k + 1] ?? 0n))];
    }
  });

  test('agrees with factorials, by either way of computing it', () => {
    fc.assert(
      fc.property(fc.nat(6000), fc.nat(6000), (n, k) => {
        if (k > n) expect(binomial(n, k)).toBe(0n);
        else expect(binomial(n, k)).toBe(factorial(n) / (factorial(k) * factorial(n - k)));
      }),
      {
        examples: [
          [6000, 46],
          [6000, 47],
          [6000, 5953],
        ],
      }, // on both sides of the ratio
    );
  });

  test('takes an n beyond every sieve while k is small', () => {
    const n = 10n ** 100n;
    expect(binomial(n, 3)).toBe((n * (n - 1n) * (n - 2n)) / 6n);
    expect(binomial(n, n - 2n)).toBe((n * (n - 1n)) / 2n);
    const last = 2n ** 31n - 1n; // of those that could be sieved
    expect(binomial(last, 2)).toBe((last * (last - 1n)) / 2n);
    expect(binomial(2 ** 31, 2)).toBe((2n ** 31n * (2n ** 31n - 1n)) / 2n);
  });

  test('is 0 when k exceeds n', () => {
    expect(binomial(3, 4)).toBe(0n);
    expect(binomial(0, 10n ** 50n)).toBe(0n);
  });

  test('takes numbers and bigints alike, mixed too', () => {
    expect(binomial(40n, 13n)).toBe(binomial(40, 13));
    expect(binomial(40n, 13)).toBe(binomial(40, 13n));
  });
});
