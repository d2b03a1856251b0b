// Calls that travel together share no fate: what befalls one of them befalls no other. On real threads.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Pool, PoolOptions } from '../../src/index.ts';
import type { Oddity } from '../fixtures/modules/behaviours.ts';
import { behavioursPool, rejection } from '../fixtures/pools.ts';

type Behaviours = Pool<typeof import('../fixtures/modules/behaviours.ts')>;

// Numbers of one power of two, so that the calls cost alike and travel together.
const LEAST = 1100;
const MOST_OF_A_SIZE = 900;

/** A pool that knows what `twiceOr` costs, as calls whose cost is not known travel alone. */
async function warmPool(options: PoolOptions = {}): Promise<Behaviours> {
  const pool = behavioursPool({ maxsize: 0, ...options });
  const { maxWorkers } = pool.stats();
  // One for each thread at a time, until the threads are up and their code is warm.
  for (let round = 0; round < 50; round++) {
    const calls = Array.from({ length: maxWorkers }, (_, n) => pool.fn.twiceOr(LEAST + n));
    await Promise.all(calls);
  }
  await Promise.all(Array.from({ length: MOST_OF_A_SIZE }, (_, n) => pool.fn.twiceOr(LEAST + n)));
  return pool;
}

/** Calls in one tick; the odd ones by their place. */
function call(pool: Behaviours, count: number, odd: (n: number) => Oddity = () => undefined) {
  return Array.from({ length: count }, (_, n) => {
    const oddity = odd(n);
    const args: [number, Oddity?] = oddity === undefined ? [LEAST + n] : [LEAST + n, oddity];
    return pool.run('twiceOr', args);
  });
}

function expected(n: number): number {
  return 2 * (LEAST + n);
}

function countThreads(): { started: number } {
  const threads = { started: 0 };
  const count = () => threads.started++;
  process.on('worker', count);
  onTestFinished(() => {
    process.off('worker', count);
  });
  return threads;
}

describe.each([1, 2])('with %i worker(s)', (workers) => {
  test('a call that exits takes none of its batch with it', async () => {
    const pool = await warmPool({ workers });
    const results = await Promise.allSettled(call(pool, 600, (n) => (n === 300 ? 'exit' : undefined)));
    for (const [n, result] of results.entries()) {
      if (n === 300) expect(result).toMatchObject({ reason: { code: 'ERR_WORKER_EXIT' } });
      else expect(result).toEqual({ status: 'fulfilled', value: expected(n) });
    }
    expect(pool.stats()).toMatchObject({ workerDeaths: 1, failed: 1, queued: 0, busy: 0 });
  });

  test('every tenth of 300 calls exits, and all others get their values', { timeout: 120_000 }, async () => {
    const pool = await warmPool({ workers });
    const results = await Promise.allSettled(call(pool, 300, (n) => (n % 10 === 5 ? 'exit' : undefined)));
    for (const [n, result] of results.entries()) {
      if (n % 10 === 5) expect(result).toMatchObject({ reason: { code: 'ERR_WORKER_EXIT' } });
      else expect(result).toEqual({ status: 'fulfilled', value: expected(n) });
    }
    expect(pool.stats()).toMatchObject({ workerDeaths: 30, failed: 30, queued: 0, busy: 0 });
    const { hits, misses, joins } = pool.cacheInfo();
    expect(hits + misses + joins).toBe(50 * workers + MOST_OF_A_SIZE + 300);
  });

  test('values, objects, promises and errors of one batch each reach their callers', async () => {
    const pool = await warmPool({ workers });
    const kinds: readonly Oddity[] = [undefined, 'throw', 'list', 'promise', undefined];
    const results = await Promise.allSettled(call(pool, 500, (n) => kinds[n % kinds.length]));
    for (const [n, result] of results.entries()) {
      const kind = kinds[n % kinds.length];
      if (kind === 'throw') {
        expect(result).toMatchObject({ reason: { message: `thrown by ${LEAST + n}` } });
      } else {
        expect(result).toEqual({
          status: 'fulfilled',
          value: kind === 'list' ? [expected(n)] : expected(n),
        });
      }
    }
    expect(pool.stats().workerDeaths).toBe(0);
  });

  test('calls that are cancelled before they begin end no thread and harm no other', async () => {
    const pool = await warmPool({ workers });
    const threads = countThreads();
    const leaver = new AbortController();
    const calls = Array.from({ length: 600 }, (_, n) =>
      pool.run('twiceOr', [LEAST + n], n >= 500 ? { signal: leaver.signal } : {}),
    );
    leaver.abort();
    const results = await Promise.allSettled(calls);
    expect(results.slice(0, 500).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(results.slice(500).every(({ status }) => status === 'rejected')).toBe(true);
    expect(pool.stats()).toMatchObject({ cancelled: 100, workerDeaths: 0, workers });
    expect(threads.started).toBe(0);
  });

  test('calls that are cancelled when they have been sent harm no other', async () => {
    const pool = await warmPool({ workers });
    const leaver = new AbortController();
    const calls = Array.from({ length: 600 }, (_, n) =>
      pool.run('twiceOr', [LEAST + n], n % 2 === 1 ? { signal: leaver.signal } : {}),
    );
    await new Promise((resolve) => setImmediate(resolve)); // sent
    leaver.abort();
    const results = await Promise.allSettled(calls);
    for (const [n, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toBe(expected(n));
      else expect([n % 2, result.reason.name]).toEqual([1, 'AbortError']);
    }
    expect(pool.stats().workerDeaths).toBe(0);
  });

  test('an error that a call left behind is told, and costs no other call anything', async () => {
    const pool = await warmPool({ workers });
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => emit.mockRestore());
    const values = await Promise.all(call(pool, 800, (n) => (n === 100 ? 'timer' : undefined)));
    expect(values).toEqual(values.map((_, n) => expected(n)));
    // The warning comes when the thread has found the time for it.
    for (let n = 0; emit.mock.calls.length === 0; n++) await pool.fn.twiceOr(LEAST + (n % 800));
    expect(emit.mock.calls[0]?.[1]).toMatchObject({ code: 'MEMOPOOL_LATE_ERROR' });
    expect(await Promise.all(call(pool, 100))).toEqual(values.slice(0, 100));
    expect(pool.stats()).toMatchObject({ failed: 0, workerDeaths: 0 });
  });

  test('an exit that an answered call left behind costs no other call anything', async () => {
    const pool = await warmPool({ workers });
    const values = await Promise.all(call(pool, 800, (n) => (n === 100 ? 'exitLater' : undefined)));
    expect(values).toEqual(values.map((_, n) => expected(n)));
    for (let n = 0; pool.stats().workerDeaths === 0; n++) {
      expect(await pool.fn.twiceOr(LEAST + (n % 800))).toBe(expected(n % 800));
    }
    expect(pool.stats()).toMatchObject({ failed: 0, workerDeaths: 1 });
  });

  test('a flood of 100,000 calls in one tick is answered rightly', { timeout: 120_000 }, async () => {
    const pool = await warmPool({ workers });
    const calls = Array.from({ length: 100_000 }, (_, n) => pool.run('twiceOr', [n]));
    const values = await Promise.all(calls);
    expect(values.every((value, n) => value === 2 * n)).toBe(true);
    expect(pool.stats()).toMatchObject({ queued: 0, busy: 0, flights: 0, failed: 0 });
  });

  test('a flood is closed in its midst: every call is answered or refused by name', async () => {
    const pool = await warmPool({ workers });
    const calls = call(pool, 3000, (n) => (n === 1500 ? 'endless' : undefined));
    const settled = Promise.allSettled(calls);
    await calls[0];
    await pool.close({ timeoutMs: 0 });
    const results = await settled;
    for (const [n, result] of results.entries()) {
      if (result.status === 'fulfilled') expect(result.value).toBe(expected(n));
      else expect(result.reason).toMatchObject({ code: 'ERR_POOL_CLOSED' });
    }
    expect(pool.stats()).toMatchObject({ workers: 0, queued: 0, busy: 0, flights: 0 });
  });

  test('a cache that is cleared in the midst of a flood answers rightly and keeps nothing of before', async () => {
    const pool = await warmPool({ workers, maxsize: 10_000 });
    await pool.cacheClear();
    const calls = call(pool, 3000);
    await calls[0];
    await pool.cacheClear();
    expect(pool.peek('twiceOr', [LEAST + 2999])).toBeUndefined();
    expect(await Promise.all(calls)).toEqual(calls.map((_, n) => expected(n)));
    expect(pool.cacheInfo()).toMatchObject({ currsize: 0, hits: 0 });
  });
});

test('arguments and results of a megabyte travel with small ones', async () => {
  const pool = behavioursPool();
  for (let n = 0; n < 5; n++) await pool.fn.text(n);
  const large = 'é'.repeat(1e6);
  const calls = Array.from({ length: 40 }, (_, n) =>
    n % 4 === 0 ? pool.fn.describe(`${n}${large}`) : pool.fn.text(n % 4 === 1 ? 1e6 + n : n),
  );
  const results = await Promise.all(calls);
  for (const [n, result] of results.entries()) {
    const length = n % 4 === 0 ? 1e6 + 2 + String(n).length : n % 4 === 1 ? 1e6 + n : n;
    expect(result).toHaveLength(length);
  }
});

test('what a batch did before a call that does not end is told, and what is behind that call is done elsewhere', async () => {
  const pool = await warmPool({ workers: 2 });
  const leaver = new AbortController();
  const calls = Array.from({ length: 800 }, (_, n) =>
    n === 200
      ? pool.run('twiceOr', [LEAST + n, 'endless'], { signal: leaver.signal })
      : pool.run('twiceOr', [LEAST + n]),
  );
  const [endless] = calls.splice(200, 1);
  const left = endless && rejection(endless);
  const values = await Promise.all(calls); // never, if any of them waited for it
  expect(values).toEqual(values.map((_, n) => expected(n < 200 ? n : n + 1)));
  leaver.abort();
  expect(await left).toMatchObject({ name: 'AbortError' });
  expect(await pool.fn.twiceOr(LEAST)).toBe(expected(0));
});

test('a time limit counts the running of its own call, and not of those before it', async () => {
  const pool = behavioursPool({ maxsize: 0 });
  for (let n = 0; n < 20; n++) await pool.run('spin', [0.1]);
  // 600 ms before the last of them begins.
  const calls = Array.from({ length: 60 }, (_, n) => pool.run('spin', [10, `${n}`], { timeoutMs: 300 }));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['spun']));
});

test('a time limit ends the call that runs and no other of its batch', async () => {
  const pool = await warmPool();
  const calls = Array.from({ length: 500 }, (_, n) =>
    pool.run('twiceOr', n === 200 ? [LEAST + n, 'endless'] : [LEAST + n], { timeoutMs: 300 }),
  );
  const results = await Promise.allSettled(calls);
  for (const [n, result] of results.entries()) {
    if (n === 200) expect(result).toMatchObject({ reason: { code: 'ERR_TIMEOUT' } });
    else expect(result).toEqual({ status: 'fulfilled', value: expected(n) });
  }
  expect(pool.stats()).toMatchObject({ cancelled: 1, completed: 950 + 499 });
});

test('a main thread that stands still for longer than a time limit loses no answer that came in time', async () => {
  const pool = behavioursPool();
  await pool.fn.twice(1);
  let computes: (() => void) | undefined;
  const isComputing = new Promise<void>((resolve) => {
    computes = resolve;
  });
  const answer = pool.run('spin', [300], {
    timeoutMs: 1000,
    onProgress: ({ phase }) => phase === 'compute' && computes?.(),
  });
  await isComputing;
  const end = performance.now() + 1500;
  while (performance.now() < end);
  expect(await answer).toBe('spun');
});

test.each([0, 7])(
  'a queue of %i refuses exactly what goes beyond it, whatever travels together',
  async (queueSize) => {
    const pool = behavioursPool({ maxsize: 0, queueSize });
    for (let n = 0; n < 50; n++) await pool.fn.twiceOr(LEAST);
    const results = await Promise.allSettled(call(pool, 100));
    const accepted = results.filter(({ status }) => status === 'fulfilled');
    expect(accepted).toHaveLength(queueSize + 1);
    for (const result of results.slice(queueSize + 1)) {
      expect(result).toMatchObject({ reason: { code: 'ERR_QUEUE_FULL' } });
    }
    expect(pool.cacheInfo().misses).toBe(50 + queueSize + 1);
  },
);

test('calls that were sent and wait on their thread count for queueSize too', async () => {
  const pool = behavioursPool({ maxsize: 0, queueSize: 5 });
  for (let n = 0; n < 50; n++) await pool.fn.twiceOr(LEAST);
  const calls: Promise<unknown>[] = [];
  for (let turn = 0; turn < 10; turn++) {
    for (let n = 0; n < 6; n++) calls.push(pool.fn.twiceOr(LEAST + 6 * turn + n));
    for (let tick = 0; tick < 3; tick++) await null; // they are sent
  }
  const results = await Promise.allSettled(calls);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
});

describe('a process', () => {
  const index = new URL('../../src/index.ts', import.meta.url).href;
  const functions = new URL('../fixtures/modules/behaviours.ts', import.meta.url).href;

  async function outputOf(body: string): Promise<{ code: unknown; out: string; err: string }> {
    const script = `
      import('${index}').then(({ createPool }) => {
        const pool = createPool({ workers: 2, functions: new URL('${functions}') });
        ${body}
      });`;
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd });
    const [[code], out, err] = await Promise.all([
      once(child, 'exit'),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, err };
  }

  test('stays while calls are under way, and ends by itself when its pool has none', async () => {
    const { code, out, err } = await outputOf(`
      for (let n = 0; n < 5000; n++) void pool.run('twiceOr', [n]);
      pool.run('spin', [200]).then(() => pool.run('twiceOr', [1, 'promise'])).then(console.log);
    `);
    expect([code, out, err]).toEqual([0, '2\n', '']);
  });

  test('stays for the calls that a dead thread gave back, and for what is to be forgotten', async () => {
    const { code, out, err } = await outputOf(`
      pool.run('twiceOr', [1, 'exit']).catch(({ code }) => console.log(code));
      pool.run('twiceOr', [2, 'exit']).catch(({ code }) => console.log(code));
      pool.run('twiceOr', [3]).then(() => pool.cacheClear()).then(() => console.log('cleared'));
    `);
    expect([code, err]).toEqual([0, '']);
    expect(out.trim().split('\n').toSorted()).toEqual(['ERR_WORKER_EXIT', 'ERR_WORKER_EXIT', 'cleared']);
  });
});
