// A list that is stopped where it is least expected: by its own code, while its reader is away, while a result is due.
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { offRoom, onRoom } from '../src/map/room.ts';
import { collectedAfter } from './compute/collect-garbage.ts';
import { behavioursPool, rejection } from './fixtures/pools.ts';

/** An endless list whose first call is answered and the others never; tells whether it was told to end. */
class Endless implements Iterable<[number, 'endless'?]> {
  taken = 0;
  isClosed = false;
  readonly #onTake: (n: number) => void;

  /** @param onTake the list's own code, before it gives the `n`th item */
  constructor(onTake: (n: number) => void = () => {}) {
    this.#onTake = onTake;
  }

  *[Symbol.iterator](): Generator<[number, 'endless'?]> {
    try {
      for (;;) {
        this.#onTake(++this.taken);
        yield this.taken === 1 ? [1] : [this.taken, 'endless'];
      }
    } finally {
      this.isClosed = true;
    }
  }
}

function turnIsOver(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a list whose own code aborts the signal', () => {
  test('is read no further, told to end, and what it gave is not called', async () => {
    const pool = behavioursPool();
    for (const isStream of [false, true]) {
      const leaver = new AbortController();
      const list = new Endless((n) => {
        if (n === 3) leaver.abort();
      });
      const options = { signal: leaver.signal, errors: 'settle' } as const;
      const before = pool.cacheInfo().misses;
      const all = isStream
        ? pool.stream('twiceOr', list, options).next()
        : pool.map('twiceOr', list, options);
      expect((await rejection(all)).name).toBe('AbortError');
      await turnIsOver();
      expect(list).toMatchObject({ taken: 3, isClosed: true });
      expect(pool.cacheInfo().misses - before).toBeLessThanOrEqual(2);
      expect(pool.stats()).toMatchObject({ flights: 0 });
    }
  });

  test('is told to end also when it does so as it is opened, or as it tells what it has', async () => {
    const pool = behavioursPool();
    let closed = 0;
    const leaver = { inOpen: new AbortController(), inValue: new AbortController() };
    const close = (): IteratorResult<[number]> => {
      closed++;
      return { done: true, value: undefined };
    };
    const opened = {
      [Symbol.iterator](): Iterator<[number]> {
        leaver.inOpen.abort();
        return { next: () => ({ done: false, value: [1] }), return: close };
      },
    };
    const step = {
      done: false as const,
      get value(): [number] {
        leaver.inValue.abort();
        return [1];
      },
    };
    const valued = { [Symbol.iterator]: (): Iterator<[number]> => ({ next: () => step, return: close }) };
    await expect(pool.map('twice', opened, { signal: leaver.inOpen.signal })).rejects.toThrow('abort');
    await expect(pool.map('twice', valued, { signal: leaver.inValue.signal })).rejects.toThrow('abort');
    await turnIsOver();
    expect(closed).toBe(2);
    expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 0 });
  });

  test('leaves nothing unhandled when it is asynchronous and fails then', async () => {
    const pool = behavioursPool();
    const leaver = new AbortController();
    const list = {
      [Symbol.asyncIterator]: (): AsyncIterator<[number]> => ({
        next: () => {
          leaver.abort();
          return Promise.reject(new Error('the list failed too'));
        },
        return: () => Promise.reject(new Error('and could not be ended')),
      }),
    };
    const error = await rejection(pool.map('twice', list, { signal: leaver.signal }));
    expect(error.name).toBe('AbortError');
    await turnIsOver();
  });
});

describe('a stream', () => {
  test('is ended by its signal also while its reader does something else', async () => {
    const pool = behavioursPool();
    const leaver = new AbortController();
    const list = new Endless();
    const stream = pool.stream('twiceOr', list, { signal: leaver.signal, window: 5 });
    expect(await stream.next()).toEqual({ done: false, value: 2 });
    leaver.abort();
    expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
    expect(list.isClosed).toBe(true);
    expect((await rejection(stream.next())).name).toBe('AbortError');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('is ended by its reader also while a result is due', async () => {
    const pool = behavioursPool();
    const list = new Endless();
    const stream = pool.stream('twiceOr', list, { window: 5 });
    await stream.next();
    const due = stream.next();
    const ended = stream.return();
    expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
    expect(list.isClosed).toBe(true);
    expect(await due).toEqual({ done: true, value: undefined });
    expect(await ended).toEqual({ done: true, value: undefined });

    const failure = new Error('mine');
    const thrownAt = pool.stream('twiceOr', new Endless());
    await thrownAt.next();
    const none = thrownAt.next();
    await expect(thrownAt.throw(failure)).rejects.toBe(failure);
    expect(await none).toEqual({ done: true, value: undefined });
    expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
  });

  test('is ended by the end of the Readable that reads it', async () => {
    const pool = behavioursPool();
    const list = new Endless();
    const readable = Readable.from(pool.stream('twiceOr', list, { window: 5 }));
    expect(await new Promise((resolve) => readable.once('data', resolve))).toBe(2);
    const closed = new Promise((resolve) => readable.once('close', resolve));
    readable.destroy();
    await closed;
    expect(pool.stats()).toMatchObject({ flights: 0, queued: 0 });
    expect(list.isClosed).toBe(true);
  });

  test('that nothing was asked of ends without its list being opened', async () => {
    const pool = behavioursPool();
    const list = new Endless();
    const stream = pool.stream('twiceOr', list);
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(list).toMatchObject({ taken: 0, isClosed: false });
  });

  test('gives its reader what the list throws when it is told to end', async () => {
    const pool = behavioursPool();
    const failure = new Error('cannot be ended');
    const list = {
      [Symbol.iterator]: (): Iterator<[number]> => ({
        next: () => ({ done: false, value: [1] }),
        return: () => {
          throw failure;
        },
      }),
    };
    const stream = pool.stream('twice', list, { window: 2 });
    await stream.next();
    await expect(stream.return()).rejects.toBe(failure);
    const left = pool.stream('twice', list, { window: 2 });
    await left.next();
    const mine = new Error('mine');
    await expect(left.throw(mine)).rejects.toBe(mine);
  });
});

test('a stream does not keep what its reader has had', async () => {
  const pool = behavioursPool({ maxsize: 0 });
  for (const unordered of [false, true]) {
    const stream = pool.stream('list', [[1], [2], [3], [4], [5], [6], [7]], { unordered });
    await stream.next();
    await pool.fn.twice(1); // the others are answered by now
    await collectedAfter(async () => {
      const { value } = await stream.next();
      await stream.next();
      return value ?? {};
    });
    await stream.return();
  }
});

test('a list that fills the queue by its own calls is not refused', async () => {
  const pool = behavioursPool({ queueSize: 6 });
  const others: Promise<unknown>[] = [];
  function* list(): Generator<[number]> {
    for (let n = 0; n < 20; n++) {
      for (let k = 0; k < 7; k++) others.push(rejectionOrValue(pool.fn.twice(1000 + 10 * n + k)));
      yield [n];
    }
  }
  expect(await pool.map('twice', list())).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
  await Promise.all(others);
});

test('a list that has no more calls does not wait for a queue that others have filled', async () => {
  const pool = behavioursPool({ queueSize: 2 });
  const others = Array.from({ length: 3 }, (_, n) => rejectionOrValue(pool.fn.twiceOr(n, 'endless')));
  expect(await pool.map('twice', [])).toEqual([]);
  async function* nothing(): AsyncGenerator<[number]> {}
  expect(await pool.stream('twice', nothing()).next()).toEqual({ done: true, value: undefined });
  await pool.close({ timeoutMs: 0 });
  await Promise.all(others);
});

test('a list that leaves while it waits for the queue is let go of', async () => {
  const pool = behavioursPool({ queueSize: 1 });
  const others = Array.from({ length: 2 }, (_, n) => rejectionOrValue(pool.fn.twiceOr(n, 'endless')));
  await collectedAfter(async () => {
    const list = new Endless();
    const leaver = new AbortController();
    const all = rejection(pool.map('twiceOr', list, { signal: leaver.signal }));
    expect(list.taken).toBe(1);
    leaver.abort();
    await all;
    return list;
  });
  await pool.close({ timeoutMs: 0 });
  await Promise.all(others);
});

test('lists that wait for the queue register once between them, and are all told', () => {
  const tell: (() => void)[] = [];
  const told: string[] = [];
  const room = { hasRoom: false, onRoom: (callback: () => void) => void tell.push(callback) };
  const [one, other, third] = ['one', 'other', 'third'].map((name) => () => void told.push(name));
  for (const callback of [one, other, one, third]) if (callback !== undefined) onRoom(room, callback);
  if (other !== undefined) offRoom(room, other);
  expect(tell).toHaveLength(1);
  tell[0]?.();
  expect(told).toEqual(['one', 'third']);
  if (one !== undefined) onRoom(room, one);
  expect(tell).toHaveLength(2);
});

function rejectionOrValue(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

test('onProgress is told nothing more once it has aborted the map', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  let told = 0;
  const onProgress = () => {
    told++;
    leaver.abort();
  };
  const all = pool.map('twice', [[1]], { signal: leaver.signal, onProgress });
  expect((await rejection(all)).name).toBe('AbortError');
  expect(told).toBe(1);
});
