// Many calls of one function: the whole list, and the stream.
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AbortError, createPool, type StreamOptions } from '../src/index.ts';
import { behavioursPool, closing, rejection } from './fixtures/pools.ts';

function numbers(count: number): [number][] {
  return Array.from({ length: count }, (_, n) => [n]);
}

async function* slowly<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await new Promise(setImmediate);
    yield item;
  }
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const results: T[] = [];
  for await (const result of stream) results.push(result);
  return results;
}

/** A list that tells what was taken from it, and whether it was told to end. */
class Watched implements Iterable<[number]> {
  taken = 0;
  isClosed = false;
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  *[Symbol.iterator](): Generator<[number]> {
    try {
      while (this.taken < this.#length) yield [this.taken++];
    } finally {
      this.isClosed = this.taken < this.#length;
    }
  }
}

describe.each([1, 2])('with %i workers', (workers) => {
  test('map gives the results in the order of the list', async () => {
    const pool = behavioursPool({ workers });
    const twice = numbers(5000).map(([n]) => 2 * n);
    expect(await pool.map('twice', numbers(5000))).toEqual(twice);
    expect(await pool.map('twice', slowly(numbers(100)))).toEqual(twice.slice(0, 100));
    expect(await pool.map('twice', new Set(numbers(10)))).toEqual(twice.slice(0, 10));
    expect(await pool.map('twice', [])).toEqual([]);
  });

  test('stream gives the results in the order of the list, or as they come', async () => {
    const pool = behavioursPool({ workers });
    const twice = numbers(3000).map(([n]) => 2 * n);
    expect(await collect(pool.stream('twice', numbers(3000), { window: 7 }))).toEqual(twice);
    expect(await collect(pool.stream('twice', slowly(numbers(50))))).toEqual(twice.slice(0, 50));
    const unordered = await collect(pool.stream('twice', numbers(3000), { unordered: true }));
    expect(unordered.toSorted((a, b) => a - b)).toEqual(twice);
    expect(await collect(pool.stream('twice', []))).toEqual([]);
  });

  test('an unordered stream does not wait for the call that came first', async () => {
    const pool = behavioursPool({ workers: workers + 1 });
    const left = new AbortController();
    const list: [number, 'endless'?][] = [[0, 'endless'], [1], [2], [3]];
    const stream = pool.stream('twiceOr', list, { unordered: true, signal: left.signal });
    const got = [(await stream.next()).value, (await stream.next()).value, (await stream.next()).value];
    expect(got.toSorted()).toEqual([2, 4, 6]);
    left.abort();
    await expect(stream.next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('map and stream are as a plain loop, whatever the list, the window and the errors', async () => {
    const pool = behavioursPool({ workers, maxsize: 5 });
    const item = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (items, window, isAsync) => {
          const calls = items.map(([n, fails]): [number, 'throw'?] => (fails && n > 9 ? [n, 'throw'] : [n]));
          const list = () => (isAsync ? slowly(calls) : calls);
          const before = pool.cacheInfo();
          const firstFailure = calls.findIndex(([, oddity]) => oddity === 'throw');
          const settled = calls.map(([n, oddity], index) =>
            oddity === undefined
              ? { index, status: 'fulfilled', value: 2 * n }
              : { index, status: 'rejected', reason: expect.objectContaining({ message: `thrown by ${n}` }) },
          );
          const options = { window, errors: 'settle' } as const;
          expect(await pool.map('twiceOr', list(), options)).toEqual(settled);
          const { hits, misses, joins } = pool.cacheInfo();
          const counted = hits + misses + joins - before.hits - before.misses - before.joins;
          expect(counted).toBe(calls.length);
          expect(await collect(pool.stream('twiceOr', list(), options))).toEqual(settled);
          const unordered = await collect(pool.stream('twiceOr', list(), { ...options, unordered: true }));
          expect(unordered.toSorted((a, b) => a.index - b.index)).toEqual(settled);

          const values = calls.map(([n]) => 2 * n);
          const delivered: unknown[] = [];
          const reading = (async () => {
            for await (const value of pool.stream('twiceOr', list(), { window })) delivered.push(value);
          })();
          if (firstFailure < 0) {
            expect(await pool.map('twiceOr', list(), { window })).toEqual(values);
            await reading;
            expect(delivered).toEqual(values);
          } else {
            const failure = `thrown by ${calls[firstFailure]?.[0]}`;
            await expect(reading).rejects.toThrow(failure);
            expect(delivered).toEqual(values.slice(0, firstFailure));
            await expect(pool.map('twiceOr', list(), { window })).rejects.toThrow('thrown by');
          }
          expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('duplicates', () => {
  test('a call that comes again is computed once, also when nothing is kept', async () => {
    for (const options of [{ maxsize: 0 }, { maxsize: 2 }, {}]) {
      const pool = behavioursPool(options);
      const labels = Array.from({ length: 2000 }, (_, n): [string] => [`label ${n % 100}`]);
      const results = await pool.map('count', labels, { window: 10 });
      expect(new Set(results)).toEqual(new Set([1]));
      const { hits, misses, joins } = pool.cacheInfo('count');
      expect({ misses, others: hits + joins }).toEqual({ misses: 100, others: 1900 });
    }
  });

  test('in a stream it is computed once while its result waits for the reader', async () => {
    const pool = behavioursPool({ maxsize: 0 });
    const list: [string][] = [['slow'], ['a'], ['a'], ['b'], ['a']];
    const stream = pool.stream('count', list);
    expect(await collect(stream)).toEqual([1, 1, 1, 1, 1]);
    expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 3, joins: 2 });
  });

  test('an error is not kept for the same call later in the list', async () => {
    const pool = behavioursPool();
    const list: [number, 'throw'][] = [
      [1, 'throw'],
      [1, 'throw'],
    ];
    const results = await pool.map('twiceOr', list, { errors: 'settle', window: 1 });
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(pool.cacheInfo()).toMatchObject({ misses: 2, errors: 2 });
  });

  test('every item gets an object of its own, unless they are shared knowingly', async () => {
    for (const maxsize of [0, 10]) {
      const pool = behavioursPool({ maxsize });
      const results = await pool.map('list', [[3], [3], [4], [3]], { window: 1 });
      expect(results).toEqual([
        { items: [0, 1, 2] },
        { items: [0, 1, 2] },
        { items: [0, 1, 2, 3] },
        { items: [0, 1, 2] },
      ]);
      expect(new Set(results).size).toBe(4);
      expect(new Set(results.map(({ items }) => items)).size).toBe(4);
    }
    for (const share of ['freeze', 'reference'] as const) {
      const pool = behavioursPool({ maxsize: 0, share });
      const results = await pool.map('list', [[3], [4], [3]], { window: 1 });
      expect(results[0]).toBe(results[2]);
    }
  });

  test('what the reader of a stream changes, later items do not see', async () => {
    const pool = behavioursPool({ maxsize: 0 });
    for await (const result of pool.stream('list', [[3], [3], [3], [3]], { window: 2 })) {
      expect(result).toEqual({ items: [0, 1, 2] });
      result.items.push(-1);
    }
  });
});

describe('travel', () => {
  test('hits are answered from the front cache, and what is missed is called in one turn', async () => {
    const pool = closing(createPool({ workers: 1 }));
    await pool.map('fibonacci', [[1], [2]]);
    const all = pool.map('fibonacci', [[1], [3], [2], [4], [3]]);
    expect(pool.cacheInfo()).toMatchObject({ hits: 2, misses: 4, joins: 1 });
    expect(await all).toEqual([1n, 2n, 1n, 3n, 2n]);
  });

  test('a list longer than the queue waits for room, and leaves room to others', async () => {
    const pool = behavioursPool({ workers: 1, queueSize: 10 });
    const all = pool.map('twice', numbers(2000));
    expect(pool.stats().flights).toBeLessThanOrEqual(6);
    expect(await pool.fn.twice(-1)).toBe(-2);
    expect(await all).toHaveLength(2000);
  });

  test('a queue that others have filled is waited for', async () => {
    const pool = behavioursPool({ workers: 1, queueSize: 2 });
    const others = [pool.fn.twice(-1), pool.fn.twice(-2), pool.fn.twice(-3)];
    expect(await pool.map('twice', numbers(20))).toHaveLength(20);
    expect(await collect(pool.stream('twice', slowly(numbers(20))))).toHaveLength(20);
    expect(await Promise.all(others)).toEqual([-2, -4, -6]);
  });

  test('a pool whose queue holds nothing computes a list all the same', async () => {
    const pool = behavioursPool({ workers: 2, queueSize: 0 });
    expect(await pool.map('twice', numbers(50))).toHaveLength(50);
  });

  test('no more than the window is read ahead of the results', async () => {
    const pool = behavioursPool();
    const list = new Watched(1000);
    const stream = pool.stream('twice', list, { window: 5 });
    expect(list.taken).toBe(0);
    for (let n = 0; n < 20; n++) {
      expect(await stream.next()).toEqual({ done: false, value: 2 * n });
      // The reader takes its time: what was called is answered meanwhile, and waits.
      await pool.fn.twice(-1 - n);
      expect(list.taken).toBeLessThanOrEqual(n + 1 + 5);
    }
    await stream.return();
    expect(list.isClosed).toBe(true);
  });

  test('a list of a hundred thousand hits lets other work of the event loop through', async () => {
    const pool = behavioursPool();
    await pool.fn.twice(1);
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const all = Array.from({ length: 100_000 }, (): [number] => [1]);
    expect(await pool.map('twice', all)).toHaveLength(100_000);
    isOver = true;
    expect(turns).toBeGreaterThan(20);
  });

  test('a form of the result is that of every item', async () => {
    const pool = closing(createPool({ workers: 1 }));
    expect(await pool.map('fibonacci', [[100], [10]], { as: 'decimal' })).toEqual([
      '354224848179261915075',
      '55',
    ]);
    expect(await pool.map('fibonacci', [[10], [10]], { as: 'bytes', window: 1 })).toEqual([
      Uint8Array.of(55),
      Uint8Array.of(55),
    ]);
  });

  test('a Readable is a list, and a stream makes a Readable', async () => {
    const pool = behavioursPool();
    const readable = Readable.from(pool.stream('twice', Readable.from(numbers(100))));
    expect(await readable.toArray()).toEqual(numbers(100).map(([n]) => 2 * n));
  });

  test('onProgress is told at the end how many were done', async () => {
    const pool = behavioursPool();
    const told: unknown[] = [];
    await pool.map('twice', numbers(10), { onProgress: ({ done, total }) => told.push([done, total]) });
    expect(told.at(-1)).toEqual([10, 10]);
    const failure = new Error('mine');
    const failing = pool.map('twice', numbers(10), {
      onProgress: () => {
        throw failure;
      },
    });
    await expect(failing).rejects.toBe(failure);
  });
});

describe('errors', () => {
  test('the first error rejects the map, ends its list and cancels what nobody else waits for', async () => {
    const pool = behavioursPool({ workers: 2 });
    function* list(): Generator<[number, ('endless' | 'throw')?]> {
      try {
        yield [1];
        yield [2, 'endless'];
        yield [3, 'throw'];
        for (let n = 4; ; n++) yield [n];
      } finally {
        closed++;
      }
    }
    let closed = 0;
    const error = await rejection(pool.map('twiceOr', list(), { window: 3 }));
    expect(error.message).toBe('thrown by 3');
    expect(closed).toBe(1);
    expect(pool.stats()).toMatchObject({ flights: 0 });
    expect(pool.peek('twiceOr', [1])).toBe(2);
    expect(await pool.fn.twice(21)).toBe(42);
  });

  test('what others wait for goes on', async () => {
    const pool = behavioursPool({ workers: 1 });
    const all = pool.map('twiceOr', [[1, 'throw'], [2]]);
    const other = pool.run('twiceOr', [2]);
    await expect(all).rejects.toThrow('thrown by 1');
    expect(await other).toBe(4);
  });

  test("the caller's signal ends the whole once, and nothing is left with the signal", async () => {
    const pool = behavioursPool({ workers: 1 });
    const leaver = new AbortController();
    const options = { signal: leaver.signal, errors: 'settle' } as const;
    const list = Array.from({ length: 500 }, (_, n): [number, 'endless'] => [n, 'endless']);
    const all = pool.map('twiceOr', list, options);
    const stream = collect(pool.stream('twiceOr', list, options));
    expect(getEventListeners(leaver.signal, 'abort').length).toBeLessThanOrEqual(2);
    const reason = new Error('no longer wanted');
    leaver.abort(reason);
    for (const error of [await rejection(all), await rejection(stream)]) {
      expect(error).toBeInstanceOf(AbortError);
      expect(error.cause).toBe(reason);
    }
    expect(getEventListeners(leaver.signal, 'abort')).toHaveLength(0);
    expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
    const untouched = new Watched(3);
    await expect(pool.map('twice', untouched, options)).rejects.toMatchObject({ name: 'AbortError' });
    expect(untouched.taken).toBe(0);
  });

  test('a map that is done leaves nothing with the signal', async () => {
    const pool = behavioursPool();
    const { signal } = new AbortController();
    await pool.map('twice', numbers(100), { signal });
    await collect(pool.stream('twice', numbers(100), { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('a reader who stops cancels the rest, also while the list waits', async () => {
    const pool = behavioursPool({ workers: 1 });
    let closed = false;
    async function* list(): AsyncGenerator<[number, 'endless'?]> {
      try {
        yield [1];
        yield [2, 'endless'];
        yield [3];
        await new Promise(() => {});
      } finally {
        closed = true;
      }
    }
    for await (const result of pool.stream('twiceOr', list())) {
      expect(result).toBe(2);
      break;
    }
    expect(pool.stats()).toMatchObject({ flights: 0 });
    expect(closed).toBe(false); // no generator can be ended while it waits

    const watched = new Watched(100);
    for await (const _ of pool.stream('twice', watched, { window: 2 })) break;
    expect(watched.isClosed).toBe(true);
  });

  test('what the list throws rejects; a stream gives first what came before', async () => {
    const pool = behavioursPool();
    const failure = new Error('the list failed');
    function* failing(): Generator<[number]> {
      yield [1];
      yield [2];
      throw failure;
    }
    for (const list of [() => failing(), () => slowly(failing())]) {
      await expect(pool.map('twice', list())).rejects.toBe(failure);
      await expect(pool.map('twice', list(), { errors: 'settle' })).rejects.toBe(failure);
      for (const unordered of [false, true]) {
        const got: unknown[] = [];
        const reading = (async () => {
          for await (const result of pool.stream('twice', list(), { unordered })) got.push(result);
        })();
        await expect(reading).rejects.toBe(failure);
        expect(got).toEqual([2, 4]);
      }
    }
  });

  test('a failing call among good ones can be told by its index', async () => {
    const pool = behavioursPool();
    const list: [number, 'throw'?][] = [[1], [2, 'throw'], [3]];
    expect(await pool.map('twiceOr', list, { errors: 'settle' })).toEqual([
      { index: 0, status: 'fulfilled', value: 2 },
      { index: 1, status: 'rejected', reason: expect.objectContaining({ message: 'thrown by 2' }) },
      { index: 2, status: 'fulfilled', value: 6 },
    ]);
  });

  test('time limits are those of each call', async () => {
    const pool = behavioursPool({ workers: 1 });
    const results = await pool.map('twiceOr', [[1], [2, 'endless'], [3]], {
      errors: 'settle',
      timeoutMs: 50,
    });
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'ERR_TIMEOUT' } });
  });

  test('an item that is no array of arguments is refused, with how to write it', async () => {
    const pool = behavioursPool();
    const error = await rejection(pool.map('twice', [[1], 2] as never));
    expect(error).toMatchObject({ code: 'ERR_ARGUMENT', details: { name: 'twice', index: 1 } });
    expect(error.message).toContain('item 1 of the list: expected an array of arguments, got 2.');
    const holes = new Array(3) as never;
    await expect(pool.map('twice', holes)).rejects.toThrow('item 0 of the list');
    const settled = await pool.map('twice', [[1], 2] as never, { errors: 'settle' });
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test.each([
    [5, {}, /expected an iterable or async iterable of arrays of arguments, got 5/],
    ['text', {}, /expected an iterable/],
    [null, {}, /expected an iterable/],
    [[], { window: 0 }, /option 'window': expected a whole number from 1 to 1000000, got 0/],
    [[], { window: 1.5 }, /option 'window'/],
    [[], { errors: 'ignore' }, /option 'errors': expected 'reject' or 'settle', got "ignore"/],
    [[], { windw: 1 }, /unknown option "windw". Did you mean 'window'\?/],
    [[], { signal: 1 }, /option 'signal'/],
    [[], { as: 'roman' }, /option 'as'/],
    [[], { timeoutMs: -1 }, /option 'timeoutMs'/],
  ])('map and stream refuse %j with %j', async (list, options, message) => {
    const pool = behavioursPool();
    await expect(pool.map('twice', list as never, options as never)).rejects.toThrow(message);
    expect(() => pool.stream('twice', list as never, options as never)).toThrow(message);
  });

  test('each has options that the other has not', async () => {
    const pool = behavioursPool();
    await expect(pool.map('twice', [], { unordered: true } as never)).rejects.toThrow('unknown option');
    await expect(pool.map('twice', [], { onProgress: 1 } as never)).rejects.toThrow('onProgress');
    const told = { onProgress: () => {} } as StreamOptions;
    expect(() => pool.stream('twice', [], told)).toThrow('unknown option');
    expect(() => pool.stream('twice', [], { unordered: 1 } as never)).toThrow('unordered');
  });

  test('a closed pool refuses; one that closes answers what was called and refuses the rest of the list', async () => {
    const pool = behavioursPool({ workers: 1 });
    const got: unknown[] = [];
    const stream = pool.stream('twice', numbers(100), { window: 3 });
    got.push((await stream.next()).value);
    const whole = pool.map('twice', numbers(5), { window: 5 });
    const rest = rejection(pool.map('twice', numbers(1000), { window: 10 }));
    const closed = pool.close();
    const error = await rejection(
      (async () => {
        for await (const value of stream) got.push(value);
      })(),
    );
    expect(error).toMatchObject({ code: 'ERR_POOL_CLOSED' });
    expect(got).toEqual(numbers(got.length).map(([n]) => 2 * n));
    expect(await whole).toEqual([0, 2, 4, 6, 8]);
    expect(await rest).toMatchObject({ code: 'ERR_POOL_CLOSED' });
    await closed;
    await expect(pool.map('twice', numbers(1))).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
    expect(() => pool.stream('twice', numbers(1))).toThrow('The pool is closed');
  });

  test('the stack of an error leads to where the list was given', async () => {
    const pool = behavioursPool();
    async function givesTheList(): Promise<unknown> {
      return await pool.map('twiceOr', [[1], [2, 'throw']]);
    }
    expect((await rejection(givesTheList())).stack).toContain('givesTheList');
  });
});
