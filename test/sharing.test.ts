// How objects in the front cache are handed to their callers, and how single calls are forgotten.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { cacheInfoSince, createPool } from '../src/index.ts';
import { behavioursPool, closing } from './fixtures/pools.ts';

test("share 'clone': every caller has an object of its own", async () => {
  const pool = behavioursPool();
  const [first, joined] = await Promise.all([pool.fn.list(2), pool.fn.list(2)]);
  const hit = await pool.fn.list(2);
  expect(first).toEqual(joined);
  expect(new Set([first, joined, hit, pool.peek('list', [2])]).size).toBe(4);
});

test("share 'clone': bytes too, and nothing stands in their buffers but themselves", async () => {
  const pool = behavioursPool();
  const first = await pool.fn.bytesOf([1, 2, 3]);
  for (const view of [first.plain, first.buffer, new Uint8Array(first.data.buffer)]) view.fill(0);
  first.words.fill(0n);
  const second = await pool.fn.bytesOf([1, 2, 3]);
  expect([...second.plain]).toEqual([1, 2, 3]);
  expect(second.buffer).toEqual(Buffer.from([1, 2, 3]));
  expect(second.data.getUint8(1)).toBe(2);
  expect([...second.words]).toEqual([1n, 2n, 3n]);
  expect(second.plain.buffer.byteLength).toBe(3);
  expect(second.raw.byteLength).toBe(3);
});

test("share 'freeze': all callers share one object that cannot be changed at any depth", async () => {
  const pool = behavioursPool({ share: 'freeze' });
  const [first, joined] = await Promise.all([pool.fn.list(2), pool.fn.list(2)]);
  expect(joined).toBe(first);
  expect(await pool.fn.list(2)).toBe(first);
  expect(() => first.items.push(3)).toThrow(TypeError);
  expect(() => Object.assign(first, { items: [] })).toThrow(TypeError);
});

test("share 'freeze' clones what a freeze does not protect", async () => {
  const pool = behavioursPool({ share: 'freeze' });
  const first = await pool.fn.mapOf('a', 1);
  first.set('a', 2);
  expect(await pool.fn.mapOf('a', 1)).toEqual(new Map([['a', 1]]));
  const bytes = await pool.run('fib', [100], { as: 'bytes' });
  bytes.fill(0);
  expect(await pool.run('fib', [100], { as: 'bytes' })).not.toEqual(bytes);
});

test("share 'reference': all callers share one object, and what one changes the others see", async () => {
  const pool = behavioursPool({ share: 'reference' });
  const first = await pool.fn.list(2);
  first.items.push(99);
  expect(await pool.fn.list(2)).toBe(first);
});

test('cacheParameters says how the front cache was set up', () => {
  const pool = closing(createPool({ maxsize: 7, maxBytes: null, typed: false, share: 'freeze' }));
  expect(pool.cacheParameters()).toEqual({ maxsize: 7, maxBytes: null, typed: false, share: 'freeze' });
});

test('cacheDelete forgets one call in every form, in the front cache and in the workers', async () => {
  const pool = behavioursPool();
  expect(await pool.fn.memoizedCount('a')).toBe(1);
  expect(await pool.fn.memoizedCount('b')).toBe(1);
  expect(await pool.cacheDelete('memoizedCount', ['a'])).toBe(true);
  expect(await pool.cacheDelete('memoizedCount', ['a'])).toBe(false);
  expect(pool.peek('memoizedCount', ['b'])).toBe(1);
  expect(await pool.fn.memoizedCount('a')).toBe(2); // the worker's memo had forgotten it too
  await pool.run('fib', [10], { as: 'decimal' });
  await pool.fn.fib(10);
  await pool.cacheDelete('fib', [10]);
  expect(pool.peek('fib', [10])).toBeUndefined();
  expect(pool.peek('fib', [10], { as: 'decimal' })).toBeUndefined();
});

test('cacheDelete of a call of objects finds it by value', async () => {
  const pool = behavioursPool();
  await pool.fn.describe({ a: [1], b: 2 });
  expect(await pool.cacheDelete('describe', [{ b: 2, a: [1] }])).toBe(true);
});

test('what was being computed when its call was deleted answers its callers and is not kept', async () => {
  const pool = behavioursPool();
  const before = pool.fn.fib(20_000);
  const deleted = pool.cacheDelete('fib', [20_000]);
  const after = pool.fn.fib(20_000);
  expect(await before).toBe(await after);
  expect(await deleted).toBe(false);
  expect(pool.cacheInfo()).toMatchObject({ misses: 2, joins: 0, currsize: 1 });
});

test("the workers' memo counters are summed per function, and outlive their thread", async () => {
  const pool = behavioursPool();
  await pool.fn.fib(100);
  const { memos } = pool.stats();
  expect(memos['fib']).toMatchObject({ hits: 98, misses: 101, currsize: 101 });
  expect(memos['twice']).toBeUndefined();
  await expect(pool.fn.exit(1)).rejects.toMatchObject({ code: 'ERR_WORKER_EXIT' });
  await pool.fn.twice(1);
  expect(pool.stats().memos['fib']).toMatchObject({ hits: 98, misses: 101, currsize: 0 });
  await pool.cacheClear();
  expect(pool.stats().memos).toEqual({});
});

test('a hit saves the milliseconds that its result had taken', async () => {
  const pool = behavioursPool();
  await pool.fn.fib(20_000);
  expect(pool.cacheInfo().savedMs).toBe(0);
  const before = pool.cacheInfo();
  await pool.fn.fib(20_000);
  await pool.fn.fib(20_000);
  const { savedMs, hits, misses, currsize } = cacheInfoSince(before, pool.cacheInfo());
  expect(savedMs).toBeCloseTo(2 * pool.stats().computeMs, 6);
  expect({ hits, misses, currsize }).toEqual({ hits: 2, misses: 0, currsize: 1 });
});

test('the channels tell of hits, misses, joins, completions, errors, evictions and clears', async () => {
  const told: [string, object][] = [];
  for (const kind of ['hit', 'miss', 'join', 'complete', 'error', 'evict', 'clear']) {
    const listener = (event: unknown) => told.push([kind, event as object]);
    subscribe(`memopool:${kind}`, listener);
    onTestFinished(() => {
      unsubscribe(`memopool:${kind}`, listener);
    });
  }
  const pool = behavioursPool({ maxsize: 1 });
  await Promise.all([pool.fn.twice(1), pool.fn.twice(1)]);
  await pool.fn.twice(1);
  await pool.fn.twice(2);
  await expect(pool.fn.throwRich()).rejects.toThrow();
  await pool.cacheClear('twice');
  expect(told.map(([kind]) => kind)).toEqual([
    'miss',
    'join',
    'complete',
    'hit',
    'miss',
    'evict',
    'complete',
    'miss',
    'error',
    'clear',
  ]);
  const evict = told.find(([kind]) => kind === 'evict')?.[1];
  expect(evict).toEqual({ name: 'twice', bytes: expect.any(Number) });
  const complete = told.find(([kind]) => kind === 'complete')?.[1];
  expect(complete).toEqual({ name: 'twice', bytes: 8, computeMs: expect.any(Number) });
});

test('fib(0..100000) stays within its byte budget, in the front cache and in the worker', {
  timeout: 120_000,
}, async () => {
  const maxBytes = 8 * 2 ** 20;
  const pool = behavioursPool({ maxsize: null, maxBytes });
  for (let n = 0; n <= 100_000; n += 500) await pool.fn.budgetedFib(n);
  const { bytes, currsize, evictions } = pool.cacheInfo();
  expect(bytes).toBeLessThanOrEqual(maxBytes);
  expect(evictions + currsize).toBe(201);
  const memo = pool.stats().memos['budgetedFib'];
  expect(memo?.bytes).toBeLessThanOrEqual(maxBytes);
  expect(memo?.bytes).toBeGreaterThan(maxBytes / 2);
  expect(memo?.evictions).toBeGreaterThan(90_000);
});
