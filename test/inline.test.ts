// Calls computed on the main thread: the option `inlineMs`.
import { threadId } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import type { PoolOptions } from '../src/index.ts';
import { behavioursPool, rejection } from './fixtures/pools.ts';

type Behaviours = ReturnType<typeof behavioursPool>;

// Nothing is kept, so that every call is one to compute.
function inlinePool(options: PoolOptions = {}): Behaviours {
  return behavioursPool({ inlineMs: 1000, maxsize: 0, ...options });
}

// Calls of about this size take next to nothing, so that once that is known the main thread may compute them.
const SIZE = 1000;

async function untilInline(pool: Behaviours): Promise<void> {
  // The first ones here take longer than the later, and count for it.
  while (pool.stats().inline < 50) await pool.fn.threadOf(SIZE);
}

function callsAlike(pool: Behaviours, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => pool.fn.threadOf(SIZE + n / count)));
}

test('without the option no call is computed on the main thread', async () => {
  const pool = behavioursPool();
  for (let n = 0; n < 200; n++) await pool.fn.threadOf(n);
  expect(pool.stats()).toMatchObject({ inline: 0, completed: 200 });
});

describe('with the option', () => {
  test('the first call of a function goes to a worker, and small ones after it are computed here', async () => {
    const pool = inlinePool();
    expect(await pool.fn.threadOf(SIZE)).not.toBe(threadId);
    await untilInline(pool);
    expect(await pool.fn.threadOf(-1e15)).not.toBe(threadId); // of a size not met before
    expect(await callsAlike(pool, 100)).toContain(threadId);
    const { inline, completed, failed } = pool.stats();
    expect(inline).toBeGreaterThan(0);
    const { hits, misses, joins } = pool.cacheInfo();
    expect([completed + failed, hits, joins]).toEqual([misses, 0, 0]);
  });

  test('a turn of the event loop computes for so long, and the rest goes to workers', async () => {
    const pool = inlinePool({ inlineMs: 0.001 });
    await untilInline(pool);
    await new Promise((resolve) => setImmediate(resolve)); // a new turn
    const before = pool.stats().inline;
    expect(new Set(await callsAlike(pool, 500)).size).toBe(2);
    expect(pool.stats().inline - before).toBeLessThan(500);
  });

  test('errors arrive as from a worker, and are not kept', async () => {
    const pool = inlinePool();
    let inline = 0;
    for (let n = 0; n < 1000 && inline === 0; n++) {
      const error = await rejection(pool.fn.throwRich());
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ code: 'E_RICH', answer: 42n, cause: expect.any(TypeError) });
      inline = pool.stats().inline;
    }
    expect(inline).toBe(1);
    expect(pool.cacheInfo()).toMatchObject({ currsize: 0, errors: pool.cacheInfo().misses });
  });

  test('a recursion too deep for the main thread is computed by a worker', async () => {
    const pool = inlinePool();
    for (let n = 0; pool.stats().inline === 0; n++) await pool.fn.deep(n % 100);
    // The same size class was cheap, thanks to the worker's memo; here nothing of it is known.
    for (let n = 20_000; n < 20_300; n++) expect(await pool.fn.deep(n)).toBe(n);
  });

  test('objects given and returned are the function’s own', async () => {
    const pool = inlinePool();
    const given = { list: [3, 1, 2] };
    for (let n = 0; pool.stats().inline < 100; n++) {
      const sorted = await pool.fn.sortInPlace({ list: [...given.list, n] });
      expect(sorted.list).toEqual([1, 2, 3, n].sort((a, b) => a - b));
    }
    expect(given.list).toEqual([3, 1, 2]);
  });

  test('a clear empties the memos here too', async () => {
    const pool = inlinePool();
    for (let n = 0; pool.stats().inline === 0; n++) await pool.fn.fib(n % 20);
    expect(pool.stats().memos['fib']?.currsize).toBeGreaterThan(0);
    await pool.cacheClear();
    expect(pool.stats().memos['fib']?.currsize ?? 0).toBe(0);
  });

  test('an async function is awaited, and close waits for it', async () => {
    const pool = inlinePool();
    for (let n = 0; pool.stats().inline === 0; n++) expect(await pool.fn.twice(n)).toBe(2 * n);
    const answers = Promise.all([1, 2, 3].map((n) => pool.fn.twice(n)));
    await pool.close();
    expect(await answers).toEqual([2, 4, 6]);
  });

  test('a time limit ends the wait for a promise that does not settle', async () => {
    const pool = inlinePool();
    for (let n = 0; pool.stats().inline < 50; n++) await pool.fn.twiceOr(SIZE + n);
    const { inline, cancelled, completed } = pool.stats();
    const error = await rejection(pool.run('twiceOr', [SIZE, 'never'], { timeoutMs: 20 }));
    expect(error.code).toBe('ERR_TIMEOUT');
    // No thread was ended for it: it was pending here.
    expect(pool.stats()).toMatchObject({ inline, completed, cancelled: cancelled + 1, workers: 1 });
  });
});
