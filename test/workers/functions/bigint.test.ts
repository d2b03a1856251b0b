// Arithmetic of big numbers: by direct calls, on a pool, and what is refused.
import { afterAll, describe, expect, test } from 'vitest';
import * as bigint from '../../../src/bigint.ts';
import type { PoolError } from '../../../src/errors.ts';
import { createPool } from '../../../src/index.ts';
import { randomBigint } from '../../cases/kernel.cases.ts';

const { fromDecimal, multiply, power, square, toDecimal } = bigint;

function refusal(attempt: () => unknown): PoolError {
  try {
    attempt();
  } catch (error) {
    return error as PoolError;
  }
  throw new Error('expected a refusal');
}

describe('multiply and square', () => {
  test('are the product and the square, of numbers and bigints, long or short', () => {
    expect(multiply(10n ** 20n, -3)).toBe(-300000000000000000000n);
    expect(multiply(0, 5n)).toBe(0n);
    expect(square(-12)).toBe(144n);
    const [a, b] = [randomBigint(200_000), randomBigint(70_000)];
    expect(multiply(a, b) === a * b).toBe(true);
    expect(square(a) === a * a).toBe(true);
  });

  test('refuse what is no whole number, naming it', () => {
    expect(refusal(() => multiply(1, 1.5)).message).toBe(
      'multiply(a, b), b: expected a whole number or bigint, got 1.5.',
    );
    expect(refusal(() => square('3' as unknown as number)).code).toBe('ERR_ARGUMENT');
    expect(refusal(() => multiply(2 ** 53, 1)).message).toContain('expected a bigint beyond 2^53 - 1');
  });

  test('refuse a product that V8 has no room for, with the lengths of its factors', () => {
    const half = 1n << BigInt(2 ** 29);
    const error = refusal(() => multiply(half, half));
    expect(error.code).toBe('ERR_RESULT_TOO_LARGE');
    expect(error.message).toBe(
      'multiply(a, b): expected a product of at most 1073741760 bits, got factors of 536870913 and 536870913: ' +
        "the numbers would pass V8's limit of 2^30 bits.",
    );
    expect(refusal(() => square(half)).code).toBe('ERR_RESULT_TOO_LARGE');
    expect(multiply(half, 0n)).toBe(0n);
    expect(multiply(half, 1n) === half).toBe(true);
  });
});

describe('power', () => {
  test('is what ** is', () => {
    expect(power(3, 40)).toBe(12157665459056928801n);
    const bases = [-1n, 0n, 1n, 2n, -2n, 3n, 10n, -12n, 1n << 70n, -(3n << 300n), randomBigint(500)];
    for (const base of bases) {
      for (const exponent of [0n, 1n, 2n, 3n, 7n, 100n]) {
        expect(power(base, exponent) === base ** exponent, `${base} ** ${exponent}`).toBe(true);
      }
    }
    expect(power(10n, 50_000n) === 10n ** 50_000n).toBe(true);
    expect(power(-7n, 60_001) === (-7n) ** 60_001n).toBe(true);
  });

  test('takes any exponent of -1, 0 and 1, and refuses results that are too long beforehand', () => {
    const huge = 10n ** 50n;
    expect(power(-1, huge + 1n)).toBe(-1n);
    expect(power(0, huge)).toBe(0n);
    expect(refusal(() => power(2, huge)).code).toBe('ERR_RESULT_TOO_LARGE');
    expect(refusal(() => power(3, 700_000_000)).message).toBe(
      "power(a, n): expected n * log2(a) below 1073741760, got 1109473751: the numbers would pass V8's limit of 2^30 bits.",
    );
    expect(power(2, 2 ** 30 - 65) === 1n << BigInt(2 ** 30 - 65)).toBe(true);
    expect(refusal(() => power(2, -1)).message).toContain('expected a whole number or bigint from 0');
  });
});

describe('toDecimal and fromDecimal', () => {
  test('are the text and the value of a number', () => {
    expect(toDecimal(-(2n ** 70n))).toBe('-1180591620717411303424');
    expect(toDecimal(0)).toBe('0');
    expect(fromDecimal('-1180591620717411303424')).toBe(-(2n ** 70n));
    expect(fromDecimal('-0')).toBe(0n);
    expect(fromDecimal('007')).toBe(7n);
    const value = randomBigint(200_000);
    expect(toDecimal(value) === value.toString()).toBe(true);
    expect(fromDecimal(value.toString()) === value).toBe(true);
  });

  test('a text of anything but digits is refused, with what it has and where', () => {
    for (const text of [
      '',
      '-',
      '+1',
      ' 1',
      '1 ',
      '0x10',
      '1e5',
      '--1',
      '1-',
      '١',
      `${'1'.repeat(50_000)}\u0131`,
    ]) {
      expect(refusal(() => fromDecimal(text)).code).toBe('ERR_ARGUMENT');
    }
    expect(refusal(() => fromDecimal('-12a4')).message).toBe(
      'fromDecimal(text): expected decimal digits, with or without a minus before them, got "a" at 3.',
    );
    expect(refusal(() => fromDecimal(12 as unknown as string)).code).toBe('ERR_ARGUMENT');
  });

  test('a text of more digits than V8 has room for is refused, zeros before it not counted', () => {
    const error = refusal(() => fromDecimal('1'.repeat(323_228_478)));
    expect(error.message).toContain('expected at most 323228477 digits, got 323228478');
  });
});

describe('on a pool', () => {
  const pool = createPool({ workers: 1 });
  afterAll(() => pool.close());

  test('they are functions like the others', async () => {
    const [a, b] = [randomBigint(100_000), randomBigint(100_000)];
    expect((await pool.fn.multiply(a, b)) === a * b).toBe(true);
    expect((await pool.fn.square(a)) === a * a).toBe(true);
    expect((await pool.run('power', [7, 20_000])) === 7n ** 20_000n).toBe(true);
    expect((await pool.fn.toDecimal(a)) === a.toString()).toBe(true);
    expect((await pool.fn.fromDecimal(a.toString())) === a).toBe(true);
  });

  test('what is refused is refused before it is queued', async () => {
    await expect(pool.fn.fromDecimal('12x')).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
    expect(pool.cacheInfo().misses).toBe(5);
  });
});
