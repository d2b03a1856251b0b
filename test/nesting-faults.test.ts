// Calls that make calls and do harm: to themselves alone.
import { expect, test } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../src/index.ts';
import { closing, moduleUrl, rejection } from './fixtures/pools.ts';

type Faults = typeof import('./fixtures/modules/nesting-faults.ts');

function faultsPool(options: PoolOptions = {}): Pool<Faults> {
  return closing(createPool<Faults>({ functions: moduleUrl('nesting-faults.ts'), workers: 1, ...options }));
}

test('one that loops in a timer and is given up is ended with its thread', async () => {
  const pool = faultsPool();
  const error = await rejection(pool.run('loopsInTimer', [1], { timeoutMs: 200 }));
  expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
  expect(await pool.run('leaf', [2])).toBe(4);
});

test('one that runs out of memory in a timer, again and again, fails', async () => {
  const pool = faultsPool({ workerMemoryMb: 32, maxsize: 0 });
  const error = await rejection(pool.run('exhaustsInTimer', [1]));
  expect(error).toMatchObject({ code: 'ERR_WORKER_MEMORY', details: { name: 'exhaustsInTimer' } });
  expect(pool.stats()).toMatchObject({ open: 0, flights: 0 });
  expect(await pool.run('leaf', [2])).toBe(4);
});

test('one beside it that waits for calls goes on', async () => {
  const pool = faultsPool({ workerMemoryMb: 32, maxsize: 0 });
  const failing = rejection(pool.run('exhaustsInTimer', [1]));
  const others = [1, 2, 3, 4].map((n) => pool.run('waitsLong', [n]));
  expect(await failing).toMatchObject({ details: { name: 'exhaustsInTimer' } });
  expect(await Promise.all(others)).toEqual([1, 2, 3, 4]);
});

test('a symbol as an argument is refused', async () => {
  const pool = faultsPool();
  expect(await rejection(pool.run('symbolArgument', []))).toMatchObject({
    code: 'ERR_ARGUMENT_NOT_CLONEABLE',
  });
  expect(pool.stats()).toMatchObject({ open: 0, flights: 0, workerDeaths: 0 });
});

test.each(['clone', 'freeze', 'reference'] as const)(
  'with share %s, workers get objects of their own',
  async (share) => {
    const pool = faultsPool({ share });
    await pool.run('object', [1]);
    expect(await pool.run('twoObjects', [1])).toBe(true);
  },
);

test('what was made uncloneable in a shared result fails the call that asks for it', async () => {
  const pool = faultsPool({ share: 'reference' });
  const result = await pool.run('object', [1]);
  result.extra = () => {};
  expect(await rejection(pool.run('twoObjects', [1]))).toMatchObject({ code: 'ERR_RESULT_NOT_CLONEABLE' });
  expect(await pool.run('twoObjects', [2])).toBe(true);
});

test('who awaits a promise of a call that is aborted begins again', async () => {
  const pool = faultsPool();
  const leaving = new AbortController();
  const first = rejection(pool.run('sharing', [1, 'first'], { signal: leaving.signal }));
  while (pool.cacheInfo('slow').misses === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = pool.run('sharing', [1, 'second']);
  while (pool.stats().open < 2) await new Promise((resolve) => setImmediate(resolve));
  leaving.abort();
  expect((await first).name).toBe('AbortError');
  expect(await second).toBe(1);
});

test('who awaits a promise of a call that has ended begins again', async () => {
  const pool = faultsPool();
  const gone = pool.run('sharingAndGone', [1]);
  const waiting = pool.run('sharing', [1, 'waiting']);
  expect(await gone).toBe('gone');
  expect(await waiting).toBe(1);
  expect(await pool.run('sharing', [1, 'later'])).toBe(1);
});

test('a call that nobody awaits ends with its caller, and nobody hears of it', async () => {
  const pool = faultsPool();
  const warnings: unknown[] = [];
  const hear = (warning: unknown) => warnings.push(warning);
  process.on('warning', hear);
  expect(await pool.run('leavesCall', [1])).toBe(1);
  expect(await pool.run('slow', [2])).toBe(2);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
  expect(pool.stats()).toMatchObject({ open: 0, flights: 0, workerDeaths: 0 });
});

test('who awaits what another call of its thread brings is not stalled when that one ends', async () => {
  const pool = faultsPool({ maxsize: 0 });
  for (let n = 1; n <= 20; n++) {
    const [, passed] = await Promise.all([pool.run('opens', [n]), pool.run('passes', [n])]);
    expect(passed).toBe(n);
  }
});

test('a module that replaces what ends a turn harms no calls', async () => {
  const pool = closing(
    createPool<{ twice(n: number): number }>({ functions: moduleUrl('replaces-turns.mjs'), workers: 1 }),
  );
  expect(await pool.run('twice', [1])).toBe(6);
  expect(await pool.run('twice', [3])).toBe(14);
});
