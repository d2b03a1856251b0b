import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fibonacci } from '../../../workers/functions/fibonacci.ts';
import { linearRecurrence } from '../../../workers/functions/linear-recurrence.ts';
import { lucas } from '../../../workers/functions/lucas.ts';

/** Term after term, as the definition says. */
function byDefinition(coefficients: readonly bigint[], start: readonly bigint[], n: number): bigint {
  const terms = [...start];
  while (terms.length <= n)
    terms.push(coefficients.reduce((sum, c, i) => sum + c * (terms.at(-1 - i) ?? 0n), 0n));
  return terms[n] ?? 0n;
}

describe('linearRecurrence', () => {
  test('gives the Fibonacci, Lucas, Pell, tribonacci and Padovan numbers', () => {
    const terms = (coefficients: number[], start: number[]) =>
      Array.from({ length: 12 }, (_, n) => Number(linearRecurrence(coefficients, start, n)));
    expect(linearRecurrence([1, 1], [0, 1], 5000)).toBe(fibonacci(5000));
    expect(linearRecurrence([1, 1], [2, 1], 5001)).toBe(lucas(5001));
    expect(terms([2, 1], [0, 1])).toEqual([0, 1, 2, 5, 12, 29, 70, 169, 408, 985, 2378, 5741]); // A000129
    expect(terms([1, 1, 1], [0, 0, 1])).toEqual([0, 0, 1, 1, 2, 4, 7, 13, 24, 44, 81, 149]); // A000073
    expect(terms([0, 1, 1], [1, 1, 1])).toEqual([1, 1, 1, 2, 2, 3, 4, 5, 7, 9, 12, 16]); // A000931, shifted
  });

  test('agrees with the definition for any coefficients and start', () => {
    const value = fc.bigInt({ min: -9n, max: 9n });
    const order = fc.integer({ min: 1, max: 6 });
    const sequence = order.chain((k) =>
      fc.tuple(
        fc.array(value, { minLength: k, maxLength: k }),
        fc.array(value, { minLength: k, maxLength: k }),
      ),
    );
    fc.assert(
      fc.property(sequence, fc.nat(300), ([coefficients, start], n) => {
        expect(linearRecurrence(coefficients, start, n)).toBe(byDefinition(coefficients, start, n));
      }),
    );
  });

  test('reaches any n where the sequence repeats or grows slowly', () => {
    const far = 10n ** 300n;
    expect(linearRecurrence([2, -1], [0, 1], far)).toBe(far);
    expect(linearRecurrence([3, -3, 1], [0, 1, 4], far)).toBe(far * far);
    expect(linearRecurrence([0, 0, 0, 1], [5, 6, 7, 8], far + 3n)).toBe(8n);
    expect(linearRecurrence([1, -1], [0, 1], 6n * far + 4n)).toBe(-1n);
    expect(linearRecurrence([0, 0], [7, 9], far)).toBe(0n);
  });

  test('refuses a result that would pass the limit of BigInt before it computes it', () => {
    const tooLarge = expect.objectContaining({ code: 'ERR_RESULT_TOO_LARGE' });
    expect(() => linearRecurrence([1, 1], [0, 1], 10n ** 18n)).toThrow(tooLarge);
    expect(() => linearRecurrence([2], [1], 2n ** 1024n - 1n)).toThrow(tooLarge);
    expect(() => linearRecurrence([2], [1], 2n ** 1024n - 1n)).toThrow(/expected n up to about 107\d{7} for/);
    expect(() => linearRecurrence([1, 1], [0, 1], 2_000_000_000)).toThrow(
      /^linearRecurrence\(coefficients, start, n\): expected n up to about 154\d{7} for these coefficients, got 2000000000n: /,
    );
  });

  test('refuses a call whose products would take hours', () => {
    expect(() => linearRecurrence([1, 1, 1, 1], [0, 0, 0, 1], 2n ** 30n)).toThrow(
      /expected n up to about 28\d{7} .* where numbers have 268435456 bits, got 1073741824n\.$/,
    );
  });

  test('takes numbers and bigints alike, and leaves the lists as they were', () => {
    const coefficients = Object.freeze([1, 2n]);
    const start = Object.freeze([3n, 4]);
    expect(linearRecurrence(coefficients, start, 30n)).toBe(linearRecurrence([1n, 2], [3, 4n], 30));
  });
});
