// What a thread shares: which results come into its basket, as they were, and how much of them.
import { deserialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { receiveResult } from '../../src/answer.ts';
import { basket, forgetHarvest, offer, openHarvest, tellHarvest } from '../../src/compute/harvest.ts';
import { type MemoizeOptions, memoize } from '../../src/compute/memoize.ts';
import { beginStoppable, endStoppable, stopNow, stopState } from '../../src/compute/stop.ts';
import type { AnyFunction } from '../../src/types.ts';
import { type FromThread, type HarvestMessage, unpackReply } from '../../src/wire.ts';

interface Told {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly value: unknown;
  readonly ms: number;
}

/** What is told of the functions that go by these names. */
function told(exported: Readonly<Record<string, AnyFunction>>): Told[] {
  const messages: FromThread[] = [];
  const nameOf = (fn: AnyFunction) => Object.keys(exported).find((name) => exported[name] === fn);
  tellHarvest({ registry: { nameOf }, post: (message) => messages.push(structuredClone(message)) });
  expect(messages.length).toBeLessThanOrEqual(1);
  return messages.flatMap((message) => read(message as HarvestMessage));
}

function read([, ...groups]: HarvestMessage): Told[] {
  return groups.flatMap(([name, arity, items, values, computeMs]) =>
    values.map((packed, n) => {
      const item = items[n];
      const args = arity > 0 ? items.slice(n * arity, (n + 1) * arity) : argumentsOf(item);
      const reply = unpackReply(packed, computeMs[n] ?? 0);
      if (!reply.ok) throw new Error('an error was shared');
      return { name, args, value: receiveResult(reply, 'clone').read(), ms: reply.computeMs };
    }),
  );
}

function argumentsOf(item: unknown): readonly unknown[] {
  return (item instanceof Uint8Array ? deserialize(item) : item) as readonly unknown[];
}

const spend = (ms: number): unknown => vi.advanceTimersByTime(ms);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  openHarvest();
  forgetHarvest();
});

afterEach(() => {
  vi.useRealTimers();
  forgetHarvest();
  basket().isOpen = false;
});

describe('a memoized function that shares all its results', () => {
  test('tells each that it computes, with its call and what it took', () => {
    const sum = memoize(
      (n: number): number => {
        spend(1);
        return n === 0 ? 0 : n + sum(n - 1);
      },
      { share: 'all' },
    );
    sum(2);
    sum(2);
    expect(told({ sum })).toEqual([
      { name: 'sum', args: [0], value: 0, ms: 1 },
      { name: 'sum', args: [1], value: 1, ms: 2 },
      { name: 'sum', args: [2], value: 3, ms: 3 },
    ]);
    expect(told({ sum })).toEqual([]);
  });

  test('is a memoized function like every other', () => {
    const fn = function add(this: unknown, a: number, b: number): unknown {
      return [this, a + b];
    };
    const add = memoize(fn, { share: 'all', maxsize: 7 });
    expect([add.name, add.length, add.wrapped]).toEqual(['add', 2, fn]);
    expect(add.call('it', 1, 2)).toEqual(['it', 3]);
    expect(add(1, 2)).toEqual(['it', 3]);
    expect(add.cacheInfo()).toMatchObject({ hits: 1, misses: 1, maxsize: 7, currsize: 1 });
    expect(add.cacheDelete(1, 2)).toBe(true);
  });

  test('shares calls of any number of arguments, and undefined, null and large numbers as results', () => {
    const give = memoize((value?: unknown, ..._others: unknown[]): unknown => value, { share: 'all' });
    const calls = [[], [null], [2n ** 70n], ['x', 'y', 'z'], [1, undefined], ['long'.repeat(1000)]];
    for (const call of calls) give(...call);
    expect(told({ give }).map(({ args, value }) => [args, value])).toEqual(
      expect.arrayContaining(calls.map((call) => [call, call[0]])),
    );
  });

  test('shares objects as they were: arguments before it ran, results as it gave them', () => {
    const first = memoize(
      (list: number[]): number[] => {
        list.reverse();
        return list;
      },
      { share: 'all' },
    );
    const result = first([1, 2, 3]);
    result.push(4);
    expect(told({ first })).toEqual([{ name: 'first', args: [[1, 2, 3]], value: [3, 2, 1], ms: 0 }]);
  });

  test('shares no error, no promise and nothing that cannot be cloned', async () => {
    const odd = memoize(
      (what: string): unknown => {
        if (what === 'error') throw new Error('odd');
        if (what === 'promise') return Promise.resolve(1);
        if (what === 'thenable') return Object.defineProperty({}, 'then', { value: () => {} });
        if (what === 'getter') {
          const get = () => {
            throw new Error('from a getter');
          };
          return Object.defineProperty({}, 'then', { get });
        }
        return what === 'symbol' ? Symbol('odd') : { inside: () => 1 };
      },
      { share: 'all' },
    );
    expect(() => odd('error')).toThrow('odd');
    for (const what of ['promise', 'thenable', 'getter', 'symbol', 'function']) odd(what);
    expect(told({ odd })).toEqual([]);
  });

  test('shares no call that a pool could not be given: of an instance, of a function', () => {
    class Place {
      readonly x = 1;
    }
    const ofAny = memoize((value: unknown): string => typeof value, {
      share: 'all',
      key: () => Math.random(),
    });
    for (const value of [new Place(), () => 1, Symbol('s'), [new Place()]]) ofAny(value);
    expect(told({ ofAny })).toEqual([]);
    ofAny({ x: 1 });
    expect(told({ ofAny })).toHaveLength(1);
  });

  test('shares nothing that was begun before the thread was told to forget', () => {
    const outer = memoize(
      (n: number): number => {
        if (n > 0) outer(n - 1);
        if (n === 1) forgetHarvest();
        return n;
      },
      { share: 'all', maxsize: null },
    );
    outer(3);
    expect(told({ outer })).toEqual([]);
    outer(4);
    expect(told({ outer }).map(({ args }) => args)).toEqual([[4]]);
  });

  test('shares nothing that comes of a call which is stopped', () => {
    const state = stopState();
    const swallows = memoize(
      (): number => {
        try {
          stopNow(state);
        } catch {
          return -1;
        }
      },
      { share: 'all' },
    );
    beginStoppable(state, 3, true);
    swallows();
    endStoppable(state);
    expect(told({ swallows })).toEqual([]);
  });

  test('shares nothing where nobody takes it, and asks nobody', () => {
    basket().isOpen = false;
    const share = vi.fn(() => true);
    const alone = memoize((n: number): number => n, { share });
    alone(1);
    basket().isOpen = true;
    expect(told({ alone })).toEqual([]);
    expect(share).not.toHaveBeenCalled();
  });
});

describe('a function that says what is shared', () => {
  function sharing(share: NonNullable<MemoizeOptions['share']>): AnyFunction {
    return memoize(
      (ms: number): number => {
        spend(ms);
        return ms;
      },
      { share },
    );
  }

  test('is told the arguments and the milliseconds that computing took', () => {
    const share = vi.fn(([ms]: unknown[], cost: number) => cost >= 10 && ms !== 30);
    const waits = sharing(share);
    for (const ms of [5, 10, 20, 30]) waits(ms);
    expect(share.mock.calls).toEqual([5, 10, 20, 30].map((ms) => [[ms], ms]));
    expect(told({ waits }).map(({ value }) => value)).toEqual([10, 20]);
  });

  test('that throws, or gives anything else than true, shares nothing and harms no call', () => {
    const answers: unknown[] = [false, undefined, 1, Promise.resolve(true)];
    for (const answer of answers) expect(sharing(() => answer as boolean)(7)).toBe(7);
    const throws = sharing(() => {
      throw new Error('not mine');
    });
    expect(throws(7)).toBe(7);
    expect(told({ throws })).toEqual([]);
  });

  test('cannot change the arguments that are shared', () => {
    const waits = sharing((args) => args.push('more') > 0);
    waits(1);
    expect(told({ waits }).map(({ args }) => args)).toEqual([[1]]);
  });

  test('lets pass what stops a call', () => {
    const state = stopState();
    const waits = sharing(() => stopNow(state));
    beginStoppable(state, 3, true);
    expect(() => waits(1)).toThrow(expect.objectContaining({ code: 'ABORT_ERR' }));
    endStoppable(state);
  });
});

describe('the basket', () => {
  const square = (n: number): number => n * n;

  test('keeps the latest 1024 results', () => {
    for (let n = 0; n < 3000; n++) offer(square, [n], { value: n * n, costMs: 1 });
    const args = told({ square }).map((one) => one.args[0]);
    expect(args).toEqual(Array.from({ length: 1024 }, (_, n) => 3000 - 1024 + n));
  });

  test('keeps the latest megabyte, and one that is larger not at all', () => {
    const half = 'h'.repeat(2 ** 19 - 100);
    for (const n of [1, 2, 3]) offer(square, [n], { value: half, costMs: 1 });
    offer(square, [4], { value: 'x'.repeat(2 ** 20), costMs: 1 });
    offer(square, ['x'.repeat(2 ** 20)], { value: 5, costMs: 1 });
    offer(square, [6], { value: new Uint8Array(2 ** 21), costMs: 1 });
    expect(told({ square }).map(({ args }) => args)).toEqual([[2], [3]]);
    offer(square, [7], { value: 49, costMs: 1 });
    expect(told({ square })).toHaveLength(1);
  });

  test('tells nothing of a function that no module exports, and no empty message', () => {
    offer((n: number) => n, [1], { value: 1, costMs: 1 });
    const post = vi.fn();
    tellHarvest({ registry: { nameOf: () => undefined }, post });
    tellHarvest({ registry: { nameOf: () => 'f' }, post });
    expect(post).not.toHaveBeenCalled();
  });
});

test('a method cannot share', () => {
  const decorate = memoize({ share: 'all' });
  const context = { kind: 'method', static: false, name: 'm' } as const;
  expect(() => decorate(() => 1, context)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining("option 'share'") }),
  );
  expect(decorate((n: number) => n)(3)).toBe(3);
});
