// The pool's front cache holds the contract of functools.lru_cache, on a real worker.
import { describe, expect, test } from 'vitest';
import { createPool } from '../../src/index.ts';
import { lruCacheCases } from '../cases/lru-cache.cases.ts';
import { behavioursPool, closing, moduleUrl } from '../fixtures/pools.ts';

describe('the front cache', () => {
  lruCacheCases((options) => {
    const pool = closing(
      createPool<typeof import('../fixtures/modules/echo.ts')>({
        workers: 1,
        functions: moduleUrl('echo.ts'),
        ...options,
      }),
    );
    let questions = 0;
    return {
      call: (...args) => pool.run('echo', args),
      computations: () => pool.run('runsOfEcho', [questions++]),
      info: () => pool.cacheInfo('echo'),
      parameters: () => pool.cacheParameters(),
      clear: () => pool.cacheClear(),
    };
  });
});

describe('the front cache, where Python has threads', () => {
  test('many callers of few keys without a clear: right values, and as many misses as distinct keys', async () => {
    const pool = behavioursPool({ workers: 2 });
    const calls = Array.from({ length: 2000 }, (_, index) => index % 40);
    const values = await Promise.all(calls.map((n) => pool.fn.twice(n)));
    expect(values).toEqual(calls.map((n) => 2 * n));
    expect(pool.cacheInfo()).toMatchObject({ misses: 40, hits: 0, joins: 1960, currsize: 40 });
  });

  test('many callers of few keys while others clear: right values, and every call counted since the last clear', async () => {
    const pool = behavioursPool({ workers: 2 });
    const pending: Promise<unknown>[] = [];
    for (let round = 0; round < 50; round++) {
      for (let n = 0; n < 20; n++) {
        pending.push(pool.fn.twice(n).then((value) => expect(value).toBe(2 * n)));
      }
      if (round % 5 === 0) pending.push(pool.cacheClear());
      if (round % 7 === 0) await pool.fn.twice(round);
    }
    await Promise.all(pending);
    await pool.cacheClear();
    await Promise.all([1, 2, 1].map((n) => pool.fn.twice(n)));
    expect(pool.cacheInfo()).toMatchObject({ misses: 2, joins: 1, hits: 0, currsize: 2 });
  });

  test('recursion above the limit is an error that keeps the worker and what its memo had finished', async () => {
    const pool = behavioursPool({ stackSizeMb: 8 });
    await pool.fn.fib(1000);
    await expect(pool.fn.deep(10_000_000)).rejects.toMatchObject({ code: 'ERR_STACK_OVERFLOW' });
    await pool.fn.fib(1001);
    // 1001 needs 1000 and 999, which the memo still has: two more hits and one more miss.
    expect(pool.stats()).toMatchObject({ workerDeaths: 0, memos: { fib: { hits: 1000, misses: 1002 } } });
    await pool.cacheDelete('deep', [10_000_000]);
    expect(await pool.fn.deep(1000)).toBe(1000);
  });
});
