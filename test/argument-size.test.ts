// The limit of a call's arguments: what weighs more is refused before it costs anything.
import { describe, expect, test } from 'vitest';
import { PoolError } from '../src/index.ts';
import { behavioursPool, rejection } from './fixtures/pools.ts';

describe('arguments that weigh more than maxArgumentBytes', () => {
  const large: readonly (readonly [string, unknown])[] = [
    ['a text', 'a'.repeat(2000)],
    ['a bigint', 2n ** 16_000n],
    ['bytes', new Uint8Array(2000)],
    ['a list', new Array(2000).fill(0)],
    ['an object with a large part', { a: [{ b: 'a'.repeat(2000) }] }],
  ];

  test.each(large)('are refused before anything is counted or queued: %s', async (_what, value) => {
    const pool = behavioursPool({ maxArgumentBytes: 1000 });
    const error = await rejection(pool.fn.describe(value));
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({
      code: 'ERR_ARGUMENT_TOO_LARGE',
      message:
        'describe: expected arguments of at most 1000 bytes, got more than 1000. Pass less, or raise the option maxArgumentBytes.',
      details: { name: 'describe', maxArgumentBytes: 1000 },
    });
    expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 0, joins: 0, errors: 0 });
    expect(pool.stats()).toMatchObject({ workers: 0, queued: 0, flights: 0 });
    expect(await pool.fn.twice(21)).toBe(42);
  });

  test('are refused by peek and cacheDelete alike', async () => {
    const pool = behavioursPool({ maxArgumentBytes: 1000 });
    const tooLarge = expect.objectContaining({ code: 'ERR_ARGUMENT_TOO_LARGE' });
    const value = 'a'.repeat(2000);
    expect(() => pool.peek('describe', [value])).toThrow(tooLarge);
    expect(await rejection(pool.cacheDelete('describe', [value]))).toEqual(tooLarge);
  });

  test('are taken when there is no bound', async () => {
    const pool = behavioursPool({ maxArgumentBytes: null });
    expect(await pool.fn.describe('a'.repeat(2000))).toHaveLength(2002);
  });

  test('of 2 GB are refused by default, and none of their getters has run', async () => {
    const pool = behavioursPool();
    let reads = 0;
    const value = {
      get first() {
        return ++reads;
      },
      texts: new Array(4).fill('a'.repeat(2 ** 29 - 24)),
    };
    expect(await rejection(pool.fn.describe(value))).toMatchObject({ code: 'ERR_ARGUMENT_TOO_LARGE' });
    expect(reads).toBe(0);
  });

  test('of which only what a getter gives is large are taken, and the getter runs once', async () => {
    const pool = behavioursPool({ maxArgumentBytes: 1000 });
    let reads = 0;
    const value = {
      get text() {
        reads++;
        return 'a'.repeat(2000);
      },
    };
    expect(await pool.fn.describe(value)).toHaveLength(2011);
    expect(reads).toBe(1);
  });

  test('or are circular are told apart', async () => {
    const pool = behavioursPool({ maxArgumentBytes: 1000 });
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(await rejection(pool.fn.describe(circular))).toMatchObject({
      code: 'ERR_ARGUMENT_NOT_CLONEABLE',
    });
  });
});

test('an argument up to maxArgumentBytes is taken', async () => {
  const pool = behavioursPool({ maxArgumentBytes: 1000 });
  expect(await pool.fn.describe('a'.repeat(900))).toHaveLength(902);
  expect(await pool.fn.describe(5)).toBe('5');
});
