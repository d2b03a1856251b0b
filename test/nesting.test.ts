// Calls that calls make, on real threads: with one worker and with two.
import { describe, expect, test } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../src/index.ts';
import { call } from '../src/worker.ts';
import { closing, moduleUrl, rejection } from './fixtures/pools.ts';

type Nesting = typeof import('./fixtures/modules/nesting.ts');

function nestingPool(options: PoolOptions = {}): Pool<Nesting> {
  return closing(createPool<Nesting>({ functions: moduleUrl('nesting.ts'), ...options }));
}

function counts(pool: Pool<Nesting>): { readonly calls: number; readonly misses: number } {
  const { hits, misses, joins } = pool.cacheInfo();
  return { calls: hits + misses + joins, misses };
}

describe.each([1, 2])('with %i worker(s)', (workers) => {
  test('fork-join to depth 25 computes each call once', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('fork', [25])).toBe(75_025n);
    expect(counts(pool)).toEqual({ calls: 49, misses: 26 });
    expect(pool.stats()).toMatchObject({ open: 0, queued: 0, flights: 0, completed: 26 });
  });

  test('fork-join without a cache comes to the same', async () => {
    const pool = nestingPool({ workers, maxsize: 0 });
    expect(await pool.run('fork', [15])).toBe(610n);
  });

  test('a chain of 5,000 calls, each waiting for the next', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('chain', [5000])).toBe(5000);
  });

  test('large bigints are told to who called for them, and can be read afterwards', async () => {
    const pool = nestingPool({ workers });
    const bits = 2 ** 22;
    const read = [pool.run('lowestOfLarge', [bits]), pool.run('large', [bits])];
    expect(await Promise.all(read)).toEqual([14, (1n << BigInt(bits)) - 1n]);
    expect(await pool.run('lowestOfLarge', [bits + 2])).toBe(14);
    expect(await pool.run('large', [bits + 2])).toBe((1n << BigInt(bits + 2)) - 1n);
    expect(pool.cacheInfo('large').hits).toBeGreaterThan(0);
  });

  test('a diamond is no circle, and its bottom is computed once', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('top', [3])).toBe(9);
    expect(pool.cacheInfo('chain').misses).toBe(4);
  });

  test('10,000 calls from one', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('many', [10_000])).toBe(99_990_000);
    expect(pool.stats().completed).toBe(10_001);
  });

  test('a tree of 4,095 calls keeps few open at once', async () => {
    const pool = nestingPool({ workers, maxsize: null });
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, pool.stats().open);
    }, 1);
    expect(await pool.run('halves', [11, 0])).toBe((2048 * 2047) / 2);
    clearInterval(timer);
    // At each of 12 levels those of two messages of 8, and as many of their brothers. All at once would be thousands.
    expect(most).toBeLessThan(2 * 2 * 8 * 12);
  });

  test('two calls that overlap, started together, compute each shared part once', async () => {
    const pool = nestingPool({ workers });
    const [one, other] = await Promise.all([
      pool.run('counted', [undefined, [1, 2, 3, 4, 5, 6]]),
      pool.run('counted', [undefined, [4, 5, 6, 7, 8, 9]]),
    ]);
    expect(one).toBeLessThan(other);
    expect(pool.cacheInfo('part')).toMatchObject({ misses: 9, currsize: 9 });
    const { hits, joins } = pool.cacheInfo('part');
    expect(hits + joins).toBe(3);
  });

  test('objects are arguments and results', async () => {
    const pool = nestingPool({ workers });
    const [list, other] = [new Map([[6, [6]]]), new Map([[7, [6]]])];
    expect(await pool.run('objects', [6])).toEqual({ list, other });
    expect(pool.peek('wrap', [{ n: 6, deep: [6] }])).toEqual(list);
  });

  describe('a call that needs its own result is refused at once, with the chain', () => {
    test.each([
      ['directly', 'itself', ['itself(5)', 'itself(5)']],
      ['through another', 'ping', ['pong(5)', 'ping(5)', 'pong(5)']],
    ] as const)('%s', async (_, name, chain) => {
      const pool = nestingPool({ workers });
      const error = await rejection(pool.run(name, [5]));
      expect(error).toMatchObject({ code: 'ERR_CYCLE', details: { chain } });
      expect(error.message).toContain(chain.join(' -> '));
      expect(pool.stats()).toMatchObject({ open: 0, flights: 0 });
    });

    test('two that begin together and need each other', async () => {
      const pool = nestingPool({ workers });
      const errors = await Promise.all([rejection(pool.run('ping', [6])), rejection(pool.run('pong', [6]))]);
      expect(errors.map(({ code }) => code)).toEqual(['ERR_CYCLE', 'ERR_CYCLE']);
      expect(await pool.run('leaf', [1])).toBe(2);
    });
  });

  test('what waits for a promise that nothing settles is told who waits for whom', async () => {
    const pool = nestingPool({ workers });
    const error = await rejection(pool.run('waitsForNever', []));
    expect(error).toMatchObject({
      code: 'ERR_STALLED',
      details: { chain: ['waitsForNever()', 'neverSettles()'] },
    });
    expect(await rejection(pool.run('neverSettles', []))).toMatchObject({ code: 'ERR_UNSETTLED' });
    expect(await pool.run('leaf', [1])).toBe(2);
  });

  test('a promise that several calls await is no reason to give up, as long as something may settle it', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('outer', [3])).toEqual([3, 3]);
  });

  test('when a part fails, the whole rejects with its error, and the others are stopped', async () => {
    const pool = nestingPool({ workers });
    const error = await rejection(pool.run('failing', [6]));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe('no 6');
    expect(pool.stats()).toMatchObject({ open: 0, flights: 0 });
    expect(pool.cacheInfo('failing').errors).toBe(1);
  });

  test('a function may go on without a part that failed', async () => {
    const pool = nestingPool({ workers });
    expect(await pool.run('tolerant', [4])).toEqual([
      'no 4',
      8,
      expect.stringContaining('would wait for its own result') as string,
    ]);
  });

  test('an aborted call stops its parts, keeps what is finished, and leaves what others want', async () => {
    const pool = nestingPool({ workers: 2 });
    const leaving = new AbortController();
    const whole = pool.run('halfway', [3], { signal: leaving.signal });
    while (pool.peek('part', [3]) === undefined) await pool.run('leaf', [Math.random()]);
    leaving.abort();
    expect((await rejection(whole)).name).toBe('AbortError');
    while (pool.stats().busy > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(pool.stats()).toMatchObject({ open: 0, flights: 0 });
    expect(pool.peek('part', [3])).toBeTypeOf('number');
    const before = pool.cacheInfo('part').misses;
    await rejection(pool.run('halfway', [3], { timeoutMs: 20 }));
    expect(pool.cacheInfo('part').misses).toBe(before);
  });

  test('the part that another caller waits for goes on', async () => {
    const pool = nestingPool({ workers });
    const leaving = new AbortController();
    const whole = pool.run('waiting', [7], { signal: leaving.signal });
    while (pool.cacheInfo('slow').misses === 0) await new Promise((resolve) => setImmediate(resolve));
    const own = pool.run('slow', [7]);
    leaving.abort();
    await rejection(whole);
    expect(await own).toBe(7);
    expect(pool.cacheInfo('slow')).toMatchObject({ misses: 1, joins: 1 });
  });

  test('a function that goes on and never ends is ended with its thread; others begin again', async () => {
    const pool = nestingPool({ workers });
    const stuck = rejection(pool.run('unstoppable', [1], { timeoutMs: 100 }));
    const other = pool.run('waiting', [8]);
    expect(await stuck).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(await other).toBe(8);
    expect(await pool.run('leaf', [2])).toBe(4);
  });

  test.each([
    ['exits after a call', 'exitsAfterCall', { code: 'ERR_WORKER_EXIT', details: { exitCode: 4 } }],
    ['exits in a timer while it waits', 'timerExits', { code: 'ERR_WORKER_EXIT', details: { exitCode: 5 } }],
    ['throws in a timer while it waits', 'timerThrows', { name: 'TypeError', message: 'of a timer' }],
  ] as const)('one that %s fails, and those beside it do not', async (_, name, expected) => {
    const pool = nestingPool({ workers });
    const [error, other] = await Promise.all([rejection(pool.run(name, [1])), pool.run('waiting', [2])]);
    expect(error).toMatchObject(expected);
    expect(other).toBe(2);
    expect(await pool.run('leaf', [5])).toBe(10);
  });

  test('a part that exits ends one thread, also where its caller waits on it', async () => {
    const pool = nestingPool({ workers });
    const error = await rejection(pool.run('withExit', [3]));
    expect(error).toMatchObject({ code: 'ERR_WORKER_EXIT', details: { name: 'exits', exitCode: 3 } });
    expect(pool.stats().workerDeaths).toBe(1);
    expect(await pool.run('toleratesExit', [3])).toBe('ERR_WORKER_EXIT');
    expect(pool.stats().workerDeaths).toBe(2);
    expect(pool.cacheInfo('exits')).toMatchObject({ misses: 2, errors: 2 });
  });

  test('a call of no function, or with what cannot be cloned, fails as with run', async () => {
    const pool = nestingPool({ workers });
    expect(await rejection(pool.run('outsideCall', []))).toMatchObject({ code: 'ERR_FUNCTION_NOT_FOUND' });
    expect(await rejection(pool.run('badArgument', []))).toMatchObject({
      code: 'ERR_ARGUMENT_NOT_CLONEABLE',
    });
  });

  test('a waiting function holds no worker: others pass it', async () => {
    const pool = nestingPool({ workers });
    const leaving = new AbortController();
    const waits = rejection(pool.run('waitsLong', [1], { signal: leaving.signal }));
    while (pool.stats().open === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await Promise.all([1, 2, 3].map((n) => pool.run('leaf', [n])))).toEqual([2, 4, 6]);
    leaving.abort();
    expect((await waits).name).toBe('AbortError');
  });

  test('closing waits for the calls of calls', async () => {
    const pool = nestingPool({ workers });
    const whole = pool.run('fork', [12]);
    await pool.close();
    expect(await whole).toBe(144n);
  });

  test('clearing the cache meanwhile does no harm', async () => {
    const pool = nestingPool({ workers });
    const whole = pool.run('fork', [18]);
    for (let i = 0; i < 20; i++) {
      await pool.cacheClear();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await whole).toBe(2584n);
  });
});

test('call() outside of a pool says where to turn', async () => {
  expect(await rejection(call('leaf', 1))).toMatchObject({ code: 'ERR_NO_POOL' });
});

test('a function computed on the main thread that makes calls moves to a worker', async () => {
  const pool = nestingPool({ workers: 1, inlineMs: 5 });
  for (let i = 0; i < 30; i++) await pool.run('leaf', [i]);
  for (let n = 2; n < 20; n++) expect(await pool.run('chain', [n])).toBe(n);
});
