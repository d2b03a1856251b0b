// A key named __proto__ is a key like any other, whichever way it comes: nobody's prototype is changed by it.
import { afterEach, describe, expect, test } from 'vitest';
import { memoize } from '../../src/compute/memoize.ts';
import { createPool } from '../../src/index.ts';
import { closing, rejection } from '../fixtures/pools.ts';

interface Untyped {
  run(name: string, args: readonly unknown[], options?: object): Promise<unknown>;
  peek(name: string, args: readonly unknown[]): unknown;
  cacheInfo(name: string): object;
  cacheClear(name: string): Promise<void>;
  cacheDelete(name: string, args: readonly unknown[]): Promise<boolean>;
  stats(): { readonly memos: object };
  close(options?: { timeoutMs?: number }): Promise<void>;
}

const functions = new URL('./fixtures/own.mjs', import.meta.url);

function openPool(): Untyped {
  return closing(createPool({ workers: 1, functions }) as Untyped);
}

function hostile(): Record<string, unknown> {
  return JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
}

afterEach(() => {
  expect([Reflect.get({}, 'polluted'), Reflect.get([], 'polluted')]).toEqual([undefined, undefined]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

describe('a key named __proto__', () => {
  test('in an argument and its result arrives as a key', async () => {
    const pool = openPool();
    const result = (await pool.run('same', [hostile()])) as object;
    expect(Object.keys(result)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(pool.peek('same', [hostile()]) as object)).toEqual(['__proto__', 'constructor']);
    expect(await pool.run('traces', [])).toEqual([undefined, undefined, undefined, []]);
  });

  test('tells calls apart', async () => {
    const pool = openPool();
    await pool.run('same', [hostile()]);
    expect(pool.peek('same', [{}])).toBeUndefined();
    const { __proto__: _, ...rest } = hostile();
    expect(pool.peek('same', [rest])).toBeUndefined();
  });

  test('in what a function throws arrives as a key', async () => {
    const error = await rejection(openPool().run('throwWith', [hostile()]));
    expect(Object.keys(error)).toEqual(expect.arrayContaining(['__proto__']));
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
  });

  test('among options is an unknown option', async () => {
    const option = { code: 'ERR_OPTION' };
    expect(() => createPool(hostile())).toThrow(expect.objectContaining(option));
    expect(() => memoize((n: number) => n, hostile())).toThrow(expect.objectContaining(option));
    const pool = openPool();
    expect(await rejection(pool.run('same', [1], hostile()))).toMatchObject(option);
    expect(await rejection(pool.close(hostile()))).toMatchObject(option);
    expect(await pool.run('same', [2])).toBe(2);
  });
});

describe('a function named __proto__', () => {
  test('is one when the module exports it, and is counted under its name', async () => {
    const pool = openPool();
    expect(await pool.run('__proto__', [5])).toBe(5);
    expect(pool.peek('__proto__', [5])).toBe(5);
    expect(pool.cacheInfo('__proto__')).toMatchObject({ misses: 1, currsize: 1 });
    expect(await pool.cacheDelete('__proto__', [5])).toBe(true);
    await pool.cacheClear('__proto__');
    expect(pool.cacheInfo('__proto__')).toMatchObject({ misses: 0, currsize: 0 });
    expect(Object.getPrototypeOf(pool.stats().memos)).toBe(Object.prototype);
  });

  test('is none of the built-in functions', async () => {
    const pool = closing(createPool({ workers: 1 }) as Untyped);
    expect(await rejection(pool.run('__proto__', [5]))).toMatchObject({ code: 'ERR_FUNCTION_NOT_FOUND' });
  });
});
