import { expect, test } from 'vitest';
import { AbortError, createPool, PoolError } from '../src/index.ts';
import { behavioursPool, closing, rejection } from './fixtures/pools.ts';

const F_100 = 354224848179261915075n;

test('a call is computed once and then answered from the front cache', async () => {
  const pool = closing(createPool({ workers: 1 }));
  expect(await pool.run('fibonacci', [100])).toBe(F_100);
  expect(await pool.run('fibonacci', [100])).toBe(F_100);
  expect(await pool.fn.fibonacci(100)).toBe(F_100);
  expect(pool.cacheInfo()).toMatchObject({ hits: 2, misses: 1, joins: 0, currsize: 1, maxsize: 1024 });
});

test('a pool that has computed nothing has started no thread', () => {
  const pool = closing(createPool({ workers: 2 }));
  expect(pool.stats()).toMatchObject({ workers: 0, maxWorkers: 2 });
});

test('one call at a time needs one thread, however many there may be', async () => {
  const pool = closing(createPool({ workers: 4 }));
  for (const n of [1, 2, 3]) await pool.fn.fibonacci(n);
  expect(pool.stats()).toMatchObject({ workers: 1, completed: 3 });
});

test('1,000 concurrent calls of one key are one computation, 1 miss and 999 joins', async () => {
  const pool = closing(createPool({ workers: 2 }));
  const answers = await Promise.all(Array.from({ length: 1000 }, () => pool.run('fibonacci', [100])));
  expect(new Set(answers)).toEqual(new Set([F_100]));
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 1, joins: 999 });
  expect(pool.stats().completed).toBe(1);
});

test('of 1,000 concurrent callers the one who aborts is the only one to reject', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const reason = new Error('no longer wanted');
  const calls = Array.from({ length: 1000 }, (_, index) =>
    pool.run('fib', [1000], index === 500 ? { signal: leaver.signal } : {}),
  );
  leaver.abort(reason);
  const results = await Promise.allSettled(calls);
  const rejected = results.filter((result) => result.status === 'rejected');
  expect(rejected).toHaveLength(1);
  expect(rejected[0]?.reason).toBeInstanceOf(AbortError);
  expect(rejected[0]?.reason).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: reason });
  expect(results.at(500)?.status).toBe('rejected');
  expect(pool.stats()).toMatchObject({ completed: 1, cancelled: 0 });
});

test('when the last caller leaves, the computation is cancelled and the pool answers the next call', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const first = pool.run('endless', [], { signal: leaver.signal });
  const second = pool.run('endless', [], { signal: leaver.signal });
  leaver.abort();
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  expect(pool.stats()).toMatchObject({ cancelled: 1, flights: 0 });
  expect(await pool.fn.twice(21)).toBe(42);
});

test('a call whose signal is aborted already computes nothing', async () => {
  const pool = behavioursPool();
  await expect(pool.run('twice', [1], { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(pool.stats().workers).toBe(0);
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 0, joins: 0 });
});

test('a call that leaves the queue ends no thread', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const running = pool.fn.fib(50_000);
  const queued = pool.run('twice', [1], { signal: leaver.signal });
  expect(pool.stats()).toMatchObject({ queued: 1 });
  leaver.abort();
  await expect(queued).rejects.toMatchObject({ name: 'AbortError' });
  expect(pool.stats()).toMatchObject({ queued: 0, cancelled: 1 });
  await running;
  expect(pool.stats()).toMatchObject({ workers: 1, workerDeaths: 0, completed: 1 });
});

test('timeoutMs ends what runs too long and the pool is usable afterwards', async () => {
  const pool = behavioursPool();
  const error = await rejection(pool.run('endless', [], { timeoutMs: 50 }));
  expect(error).toBeInstanceOf(PoolError);
  expect(error).toMatchObject({ code: 'ERR_TIMEOUT', details: { name: 'endless', timeoutMs: 50 } });
  expect(await pool.fn.twice(21)).toBe(42);
});

test('an error is not cached: the next call computes again', async () => {
  const pool = behavioursPool();
  await rejection(pool.fn.throwRich());
  await rejection(pool.fn.throwRich());
  expect(pool.cacheInfo('throwRich')).toMatchObject({ hits: 0, misses: 2, errors: 2, currsize: 0 });
});

test('every joined caller gets the error', async () => {
  const pool = behavioursPool();
  const results = await Promise.allSettled([pool.fn.throwRich(), pool.fn.throwRich(), pool.fn.throwRich()]);
  for (const result of results)
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'E_RICH' } });
  expect(pool.cacheInfo()).toMatchObject({ misses: 1, joins: 2, errors: 1 });
});

test("the user's error arrives with its class, name, message, code, cause, own data and the worker's stack", async () => {
  const pool = behavioursPool();
  const error = await rejection(pool.fn.throwRich());
  expect(error).toBeInstanceOf(RangeError);
  expect(error).toMatchObject({
    name: 'RangeError',
    message: 'out of the question',
    code: 'E_RICH',
    answer: 42n,
  });
  expect(error.cause).toBeInstanceOf(TypeError);
  expect(error.cause).toMatchObject({ message: 'because' });
  expect(error.stack).toContain('throwRich');
});

test('maxsize 0 keeps nothing and counts', async () => {
  const pool = closing(createPool({ workers: 1, maxsize: 0 }));
  for (let call = 0; call < 3; call++) expect(await pool.fn.fibonacci(10)).toBe(55n);
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 3, currsize: 0, maxsize: 0 });
});

test('a maxsize of a thousand million allocates nothing up front', async () => {
  const before = process.memoryUsage().rss;
  const pool = closing(createPool({ workers: 1, maxsize: 1e9 }));
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  expect(await pool.fn.fibonacci(10)).toBe(55n);
});

test('the least recently used result is evicted, and a hit makes recent', async () => {
  const pool = closing(createPool({ workers: 1, maxsize: 2 }));
  await pool.fn.fibonacci(1);
  await pool.fn.fibonacci(2);
  await pool.fn.fibonacci(1);
  await pool.fn.fibonacci(3);
  expect(pool.peek('fibonacci', [1])).toBe(1n);
  expect(pool.peek('fibonacci', [2])).toBeUndefined();
  expect(pool.peek('fibonacci', [3])).toBe(2n);
  expect(pool.cacheInfo()).toMatchObject({ hits: 1, misses: 3, currsize: 2, evictions: 1 });
});

test('a bigint weighs its bytes, and one too large for maxBytes is returned and counted, not kept', async () => {
  const pool = closing(createPool({ workers: 1, maxBytes: 10_000 }));
  const large = await pool.fn.fibonacci(200_000); // 17,356 bytes
  expect(large.toString(16).length / 2).toBeGreaterThan(17_000);
  expect(pool.cacheInfo()).toMatchObject({ oversize: 1, currsize: 0, bytes: 0 });
  await pool.fn.fibonacci(100_000); // 8,678 bytes
  const { bytes, currsize } = pool.cacheInfo();
  expect(currsize).toBe(1);
  expect(bytes).toBeGreaterThan(8_678);
  expect(bytes).toBeLessThan(8_678 + 400);
});

test('peek computes nothing, counts nothing and moves nothing', async () => {
  const pool = closing(createPool({ workers: 1, maxsize: 2 }));
  expect(pool.peek('fibonacci', [1])).toBeUndefined();
  expect(pool.stats().workers).toBe(0);
  await pool.fn.fibonacci(1);
  await pool.fn.fibonacci(2);
  expect(pool.peek('fibonacci', [1])).toBe(1n);
  await pool.fn.fibonacci(3); // evicts 1: the peek did not make it recent
  expect(pool.peek('fibonacci', [1])).toBeUndefined();
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 3 });
});

test('1 and 1n are two calls when typed and one when not', async () => {
  const typed = closing(createPool({ workers: 1 }));
  await typed.fn.fibonacci(30);
  await typed.fn.fibonacci(30n);
  expect(typed.cacheInfo()).toMatchObject({ hits: 0, misses: 2 });
  const untyped = closing(createPool({ workers: 1, typed: false }));
  await untyped.fn.fibonacci(30);
  await untyped.fn.fibonacci(30n);
  expect(untyped.cacheInfo()).toMatchObject({ hits: 1, misses: 1 });
});

test('a bigint result comes as decimal, hex or bytes, made in the worker', async () => {
  const pool = closing(createPool({ workers: 1 }));
  expect(await pool.run('fibonacci', [-100], { as: 'decimal' })).toBe(`-${F_100}`);
  expect(await pool.run('fibonacci', [100], { as: 'hex' })).toBe(F_100.toString(16));
  expect(await pool.run('fibonacci', [13], { as: 'bytes' })).toEqual(new Uint8Array([233, 0]));
  expect(await pool.run('fibonacci', [100], { as: 'bigint' })).toBe(F_100);
  expect(pool.cacheInfo()).toMatchObject({ misses: 4, hits: 0 });
  expect(pool.peek('fibonacci', [100], { as: 'hex' })).toBe(F_100.toString(16));
});

test('a form asked of a result that is no bigint is refused, naming the option', async () => {
  const pool = behavioursPool();
  const error = await rejection(pool.run('twice', [1], { as: 'decimal' }));
  expect(error).toMatchObject({ code: 'ERR_OPTION', message: expect.stringContaining("'as'") });
});

test('what a caller does to a result is not seen by the next', async () => {
  const pool = behavioursPool();
  const [first, joined] = await Promise.all([pool.fn.list(3), pool.fn.list(3)]);
  first.items.push(99);
  expect(joined.items).toEqual([0, 1, 2]);
  const later = await pool.fn.list(3);
  later.items.push(99);
  expect((await pool.fn.list(3)).items).toEqual([0, 1, 2]);
  expect(pool.peek('list', [3])?.items).toEqual([0, 1, 2]);
});

test('what a caller does to an argument after the call is not seen by the function', async () => {
  const pool = behavioursPool();
  const busy = pool.fn.fib(20_000);
  const argument = { a: 1 };
  const answer = pool.fn.describe(argument);
  argument.a = 2;
  expect(await answer).toBe('{"a":1}');
  await busy;
  expect(await pool.fn.describe({ a: 1 })).toBe('{"a":1}');
  expect(await pool.fn.describe({ a: 2 })).toBe('{"a":2}');
});

test('arguments arrive as structured clone delivers them', async () => {
  const pool = behavioursPool();
  expect(await pool.fn.describe([1, null, { b: [true] }])).toBe('[1,null,{"b":[true]}]');
  expect(await pool.fn.describe('text')).toBe('"text"');
});

test('cacheClear forgets results and worker memos, and sets the counters to zero', async () => {
  const pool = behavioursPool();
  expect(await pool.fn.memoizedCount('a')).toBe(1);
  await pool.cacheClear();
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 0, currsize: 0, bytes: 0 });
  expect(await pool.fn.memoizedCount('a')).toBe(2); // the worker's memo was cleared: computed again
});

test('cacheClear of one function leaves the results and counters of the others', async () => {
  const pool = closing(createPool({ workers: 1 }));
  await pool.fn.fibonacci(10);
  await pool.fn.lucas(10);
  await pool.cacheClear('fibonacci');
  expect(pool.peek('fibonacci', [10])).toBeUndefined();
  expect(pool.peek('lucas', [10])).toBe(123n);
  expect(pool.cacheInfo('fibonacci')).toMatchObject({ misses: 0, currsize: 0 });
  expect(pool.cacheInfo()).toMatchObject({ misses: 1, currsize: 1 });
});

test('what was being computed when the cache was cleared answers its callers and is not kept', async () => {
  const pool = behavioursPool();
  const before = pool.fn.fib(20_000);
  const cleared = pool.cacheClear();
  const after = pool.fn.fib(20_000);
  expect(await before).toBe(await after);
  await cleared;
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 1, joins: 0, currsize: 1 });
});

test('cacheClear of a pool that never ran anything is done at once', async () => {
  await closing(createPool()).cacheClear();
});

test('close waits for what is under way, refuses what comes after, and may be called again', async () => {
  const pool = behavioursPool();
  const running = pool.fn.fib(20_000);
  const queued = pool.fn.twice(4);
  const closed = pool.close();
  await expect(pool.fn.twice(1)).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
  await closed;
  expect(await queued).toBe(8);
  expect((await running) > 0n).toBe(true);
  expect(pool.stats()).toMatchObject({ workers: 0, queued: 0, busy: 0 });
  await pool.close();
  expect(pool.peek('twice', [4])).toBe(8);
});

test('close with a time limit rejects what is still there', async () => {
  const pool = behavioursPool();
  const running = pool.fn.endless();
  const queued = pool.fn.twice(1);
  const closed = pool.close({ timeoutMs: 20 });
  await expect(running).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
  await expect(queued).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
  await closed;
  expect(pool.stats()).toMatchObject({ workers: 0, queued: 0 });
});

test('await using closes the pool at the end of the block', async () => {
  let stats: (() => { workers: number }) | undefined;
  {
    await using pool = createPool({ workers: 1 });
    await pool.fn.fibonacci(5);
    stats = () => pool.stats();
    expect(stats().workers).toBe(1);
  }
  expect(stats().workers).toBe(0);
});

test('the queue is bounded: one call more is refused at once and not counted', async () => {
  const pool = behavioursPool({ queueSize: 2 });
  const accepted = [pool.fn.fib(20_000), pool.fn.twice(1), pool.fn.twice(2)];
  await expect(pool.fn.twice(3)).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', details: { queueSize: 2 } });
  await Promise.all(accepted);
  expect(pool.cacheInfo()).toMatchObject({ misses: 3 });
  expect(await pool.fn.twice(3)).toBe(6);
});

test('calls are begun in the order they were made', async () => {
  const pool = behavioursPool();
  const order: number[] = [];
  await Promise.all(
    [5, 3, 9, 1, 7].map(async (n) => {
      await pool.fn.twice(n);
      order.push(n);
    }),
  );
  expect(order).toEqual([5, 3, 9, 1, 7]);
});

test('a call made when another has just been aborted goes behind those that wait', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const order: string[] = [];
  const running = pool.run('endless', [], { signal: leaver.signal });
  const waiting = pool.fn.twice(1).then(() => order.push('waiting'));
  leaver.abort();
  const late = pool.fn.twice(2).then(() => order.push('late'));
  await Promise.allSettled([running, waiting, late]);
  expect(order).toEqual(['waiting', 'late']);
});

test('hits, misses and joins add up to the calls, errors and aborts among them', async () => {
  const pool = behavioursPool({ workers: 2, maxsize: 3 });
  const leaver = new AbortController();
  const calls = Array.from({ length: 60 }, (_, index): Promise<unknown> => {
    if (index % 10 === 0) return pool.fn.throwRich();
    if (index % 7 === 0) return pool.run('twice', [index], { signal: leaver.signal });
    return pool.fn.twice(index % 8);
  });
  leaver.abort();
  await Promise.allSettled(calls);
  for (let index = 0; index < 40; index++) await pool.fn.twice(index % 5);
  const { hits, misses, joins } = pool.cacheInfo();
  expect(hits + misses + joins).toBe(100);
});

test('a million levels of plain recursion work in a worker by default', { timeout: 60_000 }, async () => {
  const pool = behavioursPool();
  expect(await pool.fn.deep(1_000_000)).toBe(1_000_000);
});

test('the plain recursive fibonacci answers for n = 100,000 with its bounded memo', async () => {
  const pool = behavioursPool();
  const builtIn = closing(createPool({ workers: 1 }));
  expect(await pool.fn.fib(100_000)).toBe(await builtIn.fn.fibonacci(100_000));
});

test('onProgress tells of the phases in order', async () => {
  const pool = behavioursPool();
  const phases: string[] = [];
  await pool.run('fib', [150_000], { as: 'decimal', onProgress: ({ phase }) => phases.push(phase) });
  expect(phases).toContain('compute');
  const known = ['queue', 'load', 'compute', 'convert', 'encode'];
  expect(phases).toEqual([...phases].sort((a, b) => known.indexOf(a) - known.indexOf(b)));
});

test('awaiting pool.fn gives pool.fn: it is no promise', async () => {
  const pool = closing(createPool({ workers: 1 }));
  expect(await pool.fn).toBe(pool.fn);
});
