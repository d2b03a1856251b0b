import { describe, expect, test } from 'vitest';
import type { PoolError } from '../../../src/errors.ts';
import * as functions from '../../../workers/functions/all.ts';
import { type BuiltinName, domains } from '../../../workers/functions/domains.ts';

const callable: Readonly<Record<BuiltinName, (...args: never[]) => unknown>> = functions;

const HUGE = 10n ** 400n;
const LIMIT = "the numbers would pass V8's limit of 2^30 bits";

/** What checking the arguments throws; and that the function itself throws the same. */
function refusalOf(name: BuiltinName, args: readonly unknown[]): PoolError {
  const thrown: unknown[] = [];
  const call = callable[name] as (...args: readonly unknown[]) => unknown;
  for (const attempt of [() => domains[name](args), () => call(...args)]) {
    try {
      attempt();
    } catch (error) {
      thrown.push(error);
    }
  }
  const [checked, called] = thrown as PoolError[];
  if (checked === undefined) throw new Error(`${name} accepts these arguments`);
  expect(called).toMatchObject({ code: checked.code, message: checked.message });
  return checked;
}

const OF_ONE: readonly BuiltinName[] = ['bell', 'catalan', 'factorial', 'fibonacci', 'lucas', 'partitions'];
const OF_TWO: readonly BuiltinName[] = ['binomial', 'stirling2', 'fibonacciMod'];

describe('domains', () => {
  test('has a check for every built-in function, and nothing else', () => {
    expect(Object.keys(domains).sort()).toEqual(Object.keys(functions).sort());
    expect('toString' in domains).toBe(false);
    expect('__proto__' in domains).toBe(false);
    expect(Object.isFrozen(domains)).toBe(true);
  });

  test.each(OF_ONE)('%s refuses what is no whole number, showing it', (name) => {
    for (const [value, shown] of [
      [Number.NaN, 'NaN'],
      [1.5, '1.5'],
      [Infinity, 'Infinity'],
      [-Infinity, '-Infinity'],
      [null, 'null'],
      [undefined, 'undefined'],
      [true, 'true'],
      [[], 'an array of 0'],
      [{}, 'an Object'],
    ]) {
      const error = refusalOf(name, [value]);
      expect(error.code).toBe('ERR_ARGUMENT');
      expect(error.message).toBe(`${name}(n): expected a whole number or bigint, got ${shown}.`);
    }
  });

  test.each(OF_ONE)('%s refuses a string and says what to pass', (name) => {
    const error = refusalOf(name, ['10']);
    expect(error.code).toBe('ERR_ARGUMENT');
    expect(error.message).toBe(
      `${name}(n): expected a whole number or bigint, got the string "10". Pass a number or bigint, e.g. Number('10').`,
    );
  });

  test.each(OF_TWO)('%s checks its second argument too', (name) => {
    const second = name === 'fibonacciMod' ? 'm' : 'k';
    for (const value of [Number.NaN, -1, 1.5, '10', Infinity, undefined]) {
      const error = refusalOf(name, [10, value]);
      expect(error.code).toBe('ERR_ARGUMENT');
      expect(error.message).toMatch(
        new RegExp(`^${name}\\(n, ${second}\\), ${second}: expected .*, got .*\\.`),
      );
    }
  });

  test.each(['bell', 'catalan', 'factorial', 'partitions'] as const)(
    '%s refuses negative numbers',
    (name) => {
      for (const value of [-1, -1n, -HUGE]) {
        const error = refusalOf(name, [value]);
        expect(error.code).toBe('ERR_ARGUMENT');
        expect(error.message).toMatch(
          /: expected a whole number or bigint from 0.*, got (-1n?|a bigint of more than 64 bits)\.$/,
        );
      }
    },
  );

  test.each([
    ['fibonacci', 1_546_639_204, 'n from -1546639204 to 1546639204'],
    ['lucas', 1_546_639_202, 'n from -1546639202 to 1546639202'],
  ] as const)(
    '%s refuses what V8 could not hold, and names the largest n and the size',
    (name, largest, expected) => {
      for (const args of [[largest], [BigInt(largest)]]) expect(() => domains[name](args)).not.toThrow();
      for (const value of [largest + 1, 2 ** 53, 1e300, HUGE]) {
        const error = refusalOf(name, [value]);
        const shown = value === HUGE ? 'a bigint of more than 64 bits' : String(value);
        expect(error.code).toBe('ERR_RESULT_TOO_LARGE');
        expect(error.message).toContain(`${name}(n): expected ${expected}, got ${shown}: a number of `);
        expect(error.message).toContain("would pass V8's limit of 2^30 bits.");
      }
      expect(refusalOf(name, [largest + 1]).message).toContain(
        'of 323,228,478 digits, 134,217,721 bytes, would',
      );
      expect(refusalOf(name, [1e300]).message).toContain('of more than 10^15 digits would');
    },
  );

  test.each(['fibonacci', 'lucas'] as const)('%s is bounded by the form', (name) => {
    for (const form of ['decimal', 'digits', 'bytes'] as const) {
      expect(() => domains[name]([2_500_000_000], form)).not.toThrow();
      expect(() => domains[name]([3_800_000_001], form)).toThrow(`as '${form}', got 3800000001`);
      expect(() => domains[name]([1.5], form)).toThrow('expected a whole number');
      expect(() => domains[name]([1, 2], form)).toThrow('expected 1 argument');
    }
    expect(() => domains[name]([3_800_000_000], 'digits')).not.toThrow();
    expect(() => domains[name]([3_800_000_000], 'decimal')).toThrow('536,870,888 characters of a string');
    expect(() => domains[name]([2_000_000_000], 'handle')).toThrow("V8's limit");
  });

  test.each([
    ['factorial', 44_787_924, 'n from 0 to 44787924'],
    ['catalan', 536_870_880, 'n from 0 to 536870880'],
  ] as const)('%s refuses what V8 could not hold, and names the largest n', (name, largest, expected) => {
    for (const args of [[largest], [BigInt(largest)]]) expect(() => domains[name](args)).not.toThrow();
    for (const value of [largest + 1, 2 ** 53, 1e300, HUGE]) {
      const error = refusalOf(name, [value]);
      const shown = value === HUGE ? 'a bigint of more than 64 bits' : String(value);
      expect(error.code).toBe('ERR_RESULT_TOO_LARGE');
      expect(error.message).toBe(`${name}(n): expected ${expected}, got ${shown}: ${LIMIT}.`);
    }
  });

  test('fibonacci and lucas are bounded below as above', () => {
    expect(() => domains.fibonacci([-1_546_639_204])).not.toThrow();
    expect(refusalOf('fibonacci', [-1_546_639_205]).code).toBe('ERR_RESULT_TOO_LARGE');
    expect(refusalOf('lucas', [-HUGE]).code).toBe('ERR_RESULT_TOO_LARGE');
  });

  test('bell and partitions refuse what would take minutes', () => {
    expect(refusalOf('bell', [10_001]).message).toBe(
      'bell(n): expected a whole number or bigint from 0 to 10000, got 10001.',
    );
    expect(refusalOf('partitions', [100_001n]).message).toBe(
      'partitions(n): expected a whole number or bigint from 0 to 100000, got 100001n.',
    );
    expect(refusalOf('partitions', [HUGE]).code).toBe('ERR_ARGUMENT');
  });

  test('a number that is not exact is refused where a bigint would do', () => {
    const error = refusalOf('binomial', [2 ** 53, 2]);
    expect(error.code).toBe('ERR_ARGUMENT');
    expect(error.message).toMatch(
      /^binomial\(n, k\), n: expected a bigint beyond 2\^53 - 1, .*, got 9007199254740992\.$/,
    );
    expect(() => domains.binomial([2n ** 53n, 2])).not.toThrow();
    expect(refusalOf('fibonacciMod', [2 ** 53, 7]).code).toBe('ERR_ARGUMENT');
    expect(refusalOf('linearRecurrence', [[2 ** 53], [1], 3]).code).toBe('ERR_ARGUMENT');
  });

  test('binomial is bounded by the bits that it needs', () => {
    expect(() => domains.binomial([2 ** 30 - 64, 2 ** 29 - 32])).not.toThrow();
    expect(refusalOf('binomial', [2 ** 30 + 1, 2 ** 29]).code).toBe('ERR_RESULT_TOO_LARGE');
    expect(refusalOf('binomial', [HUGE, HUGE / 2n]).code).toBe('ERR_RESULT_TOO_LARGE');
    expect(refusalOf('binomial', [HUGE, 1_000_000]).message).toMatch(
      /expected n and k that need at most 1073741760 bits/,
    );
    expect(() => domains.binomial([HUGE, HUGE - 5n])).not.toThrow();
  });

  test('fibonacciMod takes any n that is not too long for its m', () => {
    expect(() => domains.fibonacciMod([-HUGE, HUGE])).not.toThrow();
    expect(refusalOf('fibonacciMod', [1n << (2n ** 20n), 1n << (2n ** 14n)]).code).toBe('ERR_ARGUMENT');
    expect(refusalOf('fibonacciMod', [5, 0]).message).toBe(
      'fibonacciMod(n, m), m: expected a whole number or bigint from 1, got 0.',
    );
  });

  test('stirling2 is bounded by the powers that it holds', () => {
    expect(() => domains.stirling2([10_000, 5000])).not.toThrow();
    expect(refusalOf('stirling2', [1_000_000, 100_000]).code).toBe('ERR_ARGUMENT');
    expect(refusalOf('stirling2', [2n ** 40n, 3]).code).toBe('ERR_RESULT_TOO_LARGE');
  });

  test('ackermann names the largest n for its m, and takes no bigints', () => {
    expect(refusalOf('ackermann', [3, 14]).message).toBe(
      'ackermann(m, n), n for m = 3: expected a whole number from 0 to 13, got 14.',
    );
    expect(refusalOf('ackermann', [6, 0]).message).toBe(
      'ackermann(m, n), m: expected a whole number from 0 to 5, got 6.',
    );
    functions.ackermann(2, 2);
    expect(refusalOf('ackermann', [2n, 2]).code).toBe('ERR_ARGUMENT');
  });

  test('linearRecurrence checks its lists item by item', () => {
    const where = 'linearRecurrence(coefficients, start, n)';
    expect(refusalOf('linearRecurrence', ['11', [0, 1], 5]).message).toBe(
      `${where}, coefficients: expected an array of 1 to 256, got "11".`,
    );
    expect(refusalOf('linearRecurrence', [[], [], 5]).message).toContain(
      'an array of 1 to 256, got an array of 0',
    );
    expect(refusalOf('linearRecurrence', [[1, 0.5], [0, 1], 5]).message).toBe(
      `${where}, coefficients[1]: expected a whole number or bigint, got 0.5.`,
    );
    expect(refusalOf('linearRecurrence', [[1, 1], [0], 5]).message).toBe(
      `${where}, start: expected as many values as coefficients, 2, got 1.`,
    );
    expect(refusalOf('linearRecurrence', [[1, 1], [0, 1], -5]).message).toContain(`${where}, n: expected`);
    expect(refusalOf('linearRecurrence', [[1], [1], HUGE ** 4n]).message).toContain('of at most 1024 bits');
  });

  test.each(['editDistance', 'lcs'] as const)('%s takes two strings, not too long together', (name) => {
    expect(refusalOf(name, ['a', 5]).message).toBe(`${name}(a, b), b: expected a string, got 5.`);
    expect(refusalOf(name, ['a'.repeat(2 ** 24 + 1), '']).message).toContain('at most 16777216 code units');
    expect(refusalOf(name, ['a'.repeat(2 ** 17), 'b'.repeat(2 ** 16)]).message).toBe(
      `${name}(a, b): expected lengths whose product is at most 4294967296, got 131072 and 65536.`,
    );
  });

  test('knapsack takes amounts that add up exactly', () => {
    const where = 'knapsack(weights, values, capacity)';
    expect(refusalOf('knapsack', [[1, -2], [1, 2], 5]).message).toContain(
      `${where}, weights[1]: expected a whole number`,
    );
    functions.knapsack([1], [1], 5);
    expect(refusalOf('knapsack', [[1], [1], 5n]).code).toBe('ERR_ARGUMENT');
    expect(refusalOf('knapsack', [[1], [2.5], 5]).message).toContain(
      `${where}, values[0]: expected a whole number`,
    );
    expect(refusalOf('knapsack', [[1, 2], [1], 5]).message).toBe(
      `${where}, values: expected as many as weights, 2, got 1.`,
    );
    expect(refusalOf('knapsack', [[1], [1], Infinity]).message).toContain(
      `${where}, capacity: expected a whole number`,
    );
    expect(refusalOf('knapsack', [[1, 1], [2 ** 53 - 1, 2 ** 53 - 1], 5]).message).toContain(
      'a sum of at most 2^53 - 1',
    );
    expect(refusalOf('knapsack', [[1]]).message).toContain(
      `${where}, values: expected an array of 0 to 1048576, got undefined`,
    );
  });

  test('knapsack refuses what would keep too many packings', () => {
    const many = Array.from({ length: 60 }, (_, i) => 2 ** 40 + i);
    expect(refusalOf('knapsack', [many, many, 2 ** 45]).message).toContain('to be at most 4194304, got 3518');
    expect(() => domains.knapsack([many.slice(0, 20), many.slice(0, 20), 2 ** 45])).not.toThrow();
  });

  test('an argument too many is refused before a call is queued', () => {
    for (const name of Object.keys(domains) as BuiltinName[]) {
      expect(() => domains[name]([1, 2, 3, 4])).toThrow(/: expected \d arguments?, got 4\.$/);
    }
  });
});
