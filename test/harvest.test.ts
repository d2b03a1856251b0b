// Sub-results that functions share: they answer calls of a pool that nobody has made before.
import { expect, test } from 'vitest';
import { cacheInfoSince, createPool, type Pool, type PoolOptions } from '../src/index.ts';
import { partitions } from '../workers/functions/partitions.ts';
import { closing, moduleUrl } from './fixtures/pools.ts';

type Shares = typeof import('./fixtures/modules/shares.ts');

function sharesPool(options: PoolOptions = {}): Pool<Shares> {
  return closing(createPool<Shares>({ workers: 1, functions: moduleUrl('shares.ts'), ...options }));
}

test('after partitions(1000), partitions(999) is a hit, and so are the others of its block', async () => {
  const pool = closing(createPool({ workers: 1 }));
  await pool.fn.partitions(1000);
  expect(pool.cacheInfo('partitions')).toMatchObject({ hits: 0, misses: 1, currsize: 256, harvested: 255 });
  expect(await pool.fn.partitions(999)).toBe(partitions(999));
  expect(await pool.fn.partitions(1001)).toBe(partitions(1001));
  expect(pool.cacheInfo()).toMatchObject({ hits: 2, misses: 1, joins: 0 });
  expect(pool.cacheInfo().savedMs).toBeGreaterThan(0);
});

test('partitions shares the call as it was made, and no call that is an error', async () => {
  const pool = closing(createPool({ workers: 1 }));
  await pool.fn.partitions(10n);
  expect([pool.peek('partitions', [9n]), pool.peek('partitions', [9])]).toEqual([30n, undefined]);
  await pool.fn.partitions(100_000);
  expect(pool.peek('partitions', [99_999])).toBeTypeOf('bigint');
  expect(pool.peek('partitions', [100_001])).toBeUndefined();
});

test('a function that shares all answers for every level of its recursion', async () => {
  const pool = sharesPool();
  expect(await pool.fn.sum(100)).toBe(5050);
  for (let n = 0; n < 100; n++) expect(await pool.fn.sum(n)).toBe((n * (n + 1)) / 2);
  expect(pool.cacheInfo()).toMatchObject({ hits: 100, misses: 1, harvested: 100, currsize: 101 });
});

test('so does one that another function calls, if its module exports it', async () => {
  const pool = sharesPool();
  await pool.fn.through(5);
  expect(pool.peek('sum', [3])).toBe(6);
  expect(pool.cacheInfo('sum')).toMatchObject({ hits: 0, misses: 0, harvested: 6 });
  expect(pool.cacheInfo()).toMatchObject({ misses: 1, currsize: 7, harvested: 6 });
});

test('every caller of a shared object has one of its own', async () => {
  const pool = sharesPool();
  await pool.fn.upTo(3);
  (await pool.fn.upTo(2)).push(9);
  expect(await pool.fn.upTo(2)).toEqual([0, 1, 2]);
  expect(pool.cacheInfo()).toMatchObject({ hits: 2, misses: 1 });
});

test('a function may share by what computing took', async () => {
  const pool = sharesPool();
  expect(await pool.fn.waits([0, 0, 30])).toBe(30);
  expect([pool.peek('waits', [[0]]), pool.peek('waits', [[30]])]).toEqual([undefined, 30]);
  expect(pool.cacheInfo().harvested).toBe(1);
});

test('what is there already stays as it is, and is not counted as harvested', async () => {
  const pool = sharesPool();
  await pool.fn.sum(10);
  const before = pool.cacheInfo();
  await pool.cacheDelete('sum', [10]);
  await pool.fn.sum(12);
  expect(cacheInfoSince(before, pool.cacheInfo())).toMatchObject({ harvested: 2, currsize: 13 });
});

test('what was begun before a clear does not come back', async () => {
  const pool = sharesPool();
  await pool.fn.sum(1); // the thread has started
  const answer = pool.fn.sum(500);
  expect(pool.stats().busy).toBe(1); // the call was sent
  const cleared = pool.cacheClear();
  expect(await answer).toBe(125_250);
  await cleared;
  expect(pool.cacheInfo()).toMatchObject({ currsize: 0, harvested: 0 });
  await pool.fn.sum(3);
  expect(pool.cacheInfo()).toMatchObject({ currsize: 4, harvested: 3 });
});

test('what was begun before a delete does not come back', async () => {
  const pool = sharesPool();
  await pool.fn.sum(1);
  const answer = pool.fn.sum(500);
  expect(pool.stats().busy).toBe(1);
  const deleted = pool.cacheDelete('sum', [400]);
  await Promise.all([answer, deleted]);
  expect(pool.peek('sum', [400])).toBeUndefined();
});

test('of maxsize 0 nothing is kept', async () => {
  const pool = sharesPool({ maxsize: 0 });
  await pool.fn.sum(10);
  await pool.fn.sum(9);
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 2, currsize: 0, harvested: 0 });
});

test('what callers asked for stays in the front cache, however much is shared', async () => {
  const pool = sharesPool({ maxsize: 40, maxBytes: 20_000 });
  const asked = Array.from({ length: 30 }, (_, n) => n);
  for (const n of asked) await pool.fn.fibonacci(n);
  await pool.fn.sum(500);
  expect(asked.filter((n) => pool.peek('fibonacci', [n]) === undefined)).toEqual([0]); // sum(500) was asked for too
  expect(pool.peek('sum', [499])).toBe(124_750);
  const { currsize, bytes } = pool.cacheInfo();
  expect(currsize).toBe(40);
  expect(bytes).toBeLessThanOrEqual(20_000);
});
