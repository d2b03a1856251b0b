// A call that nobody wants any more: it leaves the queue, or is asked to stop, or its thread is ended.
import { expect, onTestFinished, test } from 'vitest';
import type { Pool } from '../../src/index.ts';
import { behavioursPool, rejection } from '../fixtures/pools.ts';

type Behaviours = Pool<typeof import('../fixtures/modules/behaviours.ts')>;
type Name = 'climb' | 'climbUp' | 'swallow' | 'keepPromise' | 'lookingLoop' | 'endless' | 'tabled';

/** Makes a call, and aborts it once its function runs. */
async function abortWhileRunning(pool: Behaviours, name: Name, args: number[]): Promise<Error> {
  const leaver = new AbortController();
  const call = pool.run(name, args as [number], {
    signal: leaver.signal,
    onProgress: ({ phase }) => phase === 'compute' && leaver.abort(),
  });
  return rejection(call);
}

async function threadOf(pool: Behaviours): Promise<number> {
  await pool.cacheDelete('threadOf', [0]);
  return pool.fn.threadOf(0);
}

test.each([
  ['climb', 100_000],
  ['climbUp', 100_000],
  ['lookingLoop', 0],
] as const)('%s stops when its only caller leaves, and its thread goes on', async (name, levels) => {
  const pool = behavioursPool({ workers: 1 });
  const thread = await threadOf(pool);
  expect(await abortWhileRunning(pool, name, [levels])).toMatchObject({ name: 'AbortError' });
  expect(await threadOf(pool)).toBe(thread);
  expect(pool.stats()).toMatchObject({ cancelled: 1, workerDeaths: 0, memoEntriesLost: 0 });
});

test('what a stopped call has finished stays in the memo', async () => {
  const pool = behavioursPool({ workers: 1 });
  expect(await pool.fn.levelsKept(1)).toBe(0); // the thread has started: the call runs for 50 ms before it is looked at
  await abortWhileRunning(pool, 'climbUp', [100_000]);
  expect(await pool.fn.levelsKept(0)).toBeGreaterThan(10);
});

test('a call stops for the last of its callers alone', async () => {
  const pool = behavioursPool({ workers: 1 });
  const leaver = new AbortController();
  const left = rejection(pool.run('climb', [1000], { signal: leaver.signal }));
  const stayed = pool.run('climb', [1000], {
    onProgress: ({ phase }) => phase === 'compute' && leaver.abort(),
  });
  expect(await left).toMatchObject({ name: 'AbortError' });
  expect(await stayed).toBe(1000);
});

test('a call that waits leaves the queue, and the one that runs goes on', async () => {
  const pool = behavioursPool({ workers: 1 });
  const running = pool.fn.climb(1000);
  const leaver = new AbortController();
  const waiting = rejection(pool.run('climb', [5], { signal: leaver.signal }));
  await new Promise((resolve) => setImmediate(resolve));
  leaver.abort();
  expect(await waiting).toMatchObject({ name: 'AbortError' });
  expect(await running).toBe(1000);
  expect(pool.stats()).toMatchObject({ cancelled: 1, completed: 1, workerDeaths: 0 });
});

test('a function that does not look has its thread ended after a grace time; what its memos had is counted as lost', async () => {
  const pool = behavioursPool({ workers: 1 });
  expect(await pool.fn.climb(99)).toBe(99);
  const thread = await threadOf(pool);
  await abortWhileRunning(pool, 'endless', []);
  expect(await threadOf(pool)).not.toBe(thread);
  expect(pool.stats()).toMatchObject({ cancelled: 1, workerDeaths: 0, memoEntriesLost: 100 });
});

test('a function that makes a result of what should stop it has its thread replaced: no such result is ever given', async () => {
  const pool = behavioursPool({ workers: 1, maxsize: 0 });
  const thread = await threadOf(pool);
  await abortWhileRunning(pool, 'swallow', [100_000]);
  expect(await pool.fn.swallow(500)).toBe(500);
  expect(await threadOf(pool)).not.toBe(thread);
});

test('a function that keeps a promise that what should stop it has rejected has its thread replaced', async () => {
  const pool = behavioursPool({ workers: 1 });
  await abortWhileRunning(pool, 'keepPromise', [100_000]);
  expect(await pool.fn.keepPromise(5)).toBe(5);
});

test('a stopped call harms none that was sent with it', async () => {
  const pool = behavioursPool({ workers: 1 });
  for (let n = 0; n < 50; n++) await pool.fn.twiceOr(1000 + n);
  const leaver = new AbortController();
  const climbing = rejection(
    pool.run('climb', [100_000], {
      signal: leaver.signal,
      onProgress: ({ phase }) => phase === 'compute' && leaver.abort(),
    }),
  );
  const others = Array.from({ length: 100 }, (_, n) => pool.fn.twiceOr(1100 + n));
  expect(await climbing).toMatchObject({ name: 'AbortError' });
  expect(await Promise.all(others)).toEqual(Array.from({ length: 100 }, (_, n) => 2 * (1100 + n)));
});

test('a thousand calls aborted while they run leave one thread, and no listener or timer', async () => {
  let started = 0;
  const count = () => started++;
  process.on('worker', count);
  onTestFinished(() => {
    process.off('worker', count);
  });
  const pool = behavioursPool({ workers: 1 });
  await pool.fn.twice(1);
  for (let n = 0; n < 1000; n++) {
    const leaver = new AbortController();
    const call = rejection(pool.run('lookingLoop', [] as never, { signal: leaver.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    leaver.abort();
    await call;
  }
  expect(await pool.fn.twice(2)).toBe(4);
  expect(started).toBe(1);
});

test('a call of a function with a state of its own is not stopped from within: no table is left half made', async () => {
  const pool = behavioursPool({ workers: 1, maxsize: 0 });
  const thread = await threadOf(pool);
  await abortWhileRunning(pool, 'tabled', [2000]);
  expect(await pool.fn.tabled(50)).toBe(50);
  expect(await threadOf(pool)).not.toBe(thread);
});

test('a call whose own argument aborts it is not made', async () => {
  const pool = behavioursPool({ workers: 1 });
  const leaver = new AbortController();
  const argument = {
    get n(): number {
      leaver.abort();
      return 1;
    },
  };
  const call = pool.run('lookingLoop', [argument] as never, { signal: leaver.signal });
  expect((await rejection(call)).name).toBe('AbortError');
  expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
});
