// What `parallel` makes of a function: by itself, under a call that is played, and divided on real threads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { type Parallel, type ParallelOptions, parallel } from '../../src/compute/parallel.ts';
import { type Running, runningCalls, type SubCall } from '../../src/compute/running.ts';
import { createPool, type Pool, type PoolOptions, type Progress } from '../../src/index.ts';
import { closing, moduleUrl, rejection } from '../fixtures/pools.ts';

type Range = [from: number, to: number];

const listing: ParallelOptions<Range, string> = {
  split: (from, to) => {
    const middle = Math.floor((from + to) / 2);
    return [
      [from, middle],
      [middle, to],
    ];
  },
  base: (from, to) => listed(from, to),
  combine: (left, right) => left + right,
  cost: (from, to) => to - from,
};

function listed(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `${from + i},`).join('');
}

/** Plays a pool of so many workers, which computes each call at once; gives the calls that were made. */
function played<Args extends readonly unknown[], Result>(
  fn: Parallel<Args, Result>,
  workers: number,
): { readonly run: (...args: Args) => Result | Promise<Result>; readonly made: SubCall[] } {
  const made: SubCall[] = [];
  const computed = (args: Args, parts: number) => {
    const running: Running = {
      name: 'fn',
      parts,
      workers,
      nameOf: (asked) => (asked === fn ? 'fn' : undefined),
      ask: async (sub) => {
        if (made.push(sub) > 10_000) throw new Error('It is divided without an end.');
        await null; // as a pool does: all that one turn makes come first
        return computed(sub.args as Args, sub.parts);
      },
      report: () => {},
    };
    return runningCalls().run(running, () => fn(...args));
  };
  return { run: (...args) => computed(args, 0), made };
}

describe('options', () => {
  test.each([
    [{ ...listing, split: undefined }, /expected a function 'split', got undefined/],
    [{ ...listing, base: 42 }, /expected a function 'base', got 42/],
    [{ ...listing, combine: 'sum' }, /expected a function 'combine', got "sum"/],
    [{ ...listing, cost: 1 }, /expected 'cost' to be a function, got 1/],
    [undefined, /expected a function 'split', got undefined/],
  ])('%# are refused with what was expected and what came', (options, words) => {
    const make = () => parallel(options as never);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }) as Error);
    expect(make).toThrow(words);
  });

  test('a cost may be left out', () => {
    const { cost: _, ...alike } = listing;
    expect(parallel(alike)(0, 3)).toBe('0,1,2,');
  });
});

describe('by itself', () => {
  test('outside of a pool it computes in one go, and gives what base gives', () => {
    const bases: Range[] = [];
    const fn = parallel<Range, string>({
      ...listing,
      base: (...range) => {
        bases.push(range);
        return listed(...range);
      },
    });
    expect(fn(0, 100)).toBe(listed(0, 100));
    expect(bases).toEqual([[0, 100]]);
  });

  test('inside of another function of a pool that does not know it by a name, too', () => {
    const inner = parallel(listing);
    const outer = parallel<Range, string>({
      ...listing,
      split: () => undefined,
      base: (from, to) => inner(from, to),
    });
    const { run, made } = played(outer, 1);
    expect(run(0, 9)).toBe(listed(0, 9));
    expect(made).toEqual([]);
  });
});

describe('under a call', () => {
  test.each([1, 2, 8])('with %i worker(s) four parts for each compute it, by halves', async (workers) => {
    const bases: Range[] = [];
    const fn = parallel<Range, string>({
      ...listing,
      base: (...range) => {
        bases.push(range);
        return listed(...range);
      },
    });
    const { run, made } = played(fn, workers);
    expect(await run(0, 1000)).toBe(listed(0, 1000));
    expect(bases.length).toBe(4 * workers);
    expect(made.length).toBe(2 * bases.length - 2); // as many inner nodes as a tree of two branches has, but the root
  });

  test('parts get shares by what they cost, and one at the least', async () => {
    const fn = parallel<Range, string>({
      ...listing,
      split: (from, to) => [
        [from, from],
        [from, to - (to - from) / 4],
        [to - (to - from) / 4, to],
      ],
    });
    const { run, made } = played(fn, 2);
    await run(0, 64);
    expect(made.slice(0, 3).map(({ parts, weight, total }) => ({ parts, weight, total }))).toEqual([
      { parts: 1, weight: 0, total: 64 },
      { parts: 6, weight: 48, total: 64 },
      { parts: 2, weight: 16, total: 64 },
    ]);
  });

  test.each([undefined, [], [[0, 9]]])('that split gives %j for is computed in one go', (pieces) => {
    const { run, made } = played(parallel<Range, string>({ ...listing, split: () => pieces as Range[] }), 2);
    expect(run(0, 9)).toBe(listed(0, 9));
    expect(made).toEqual([]);
  });

  test('a call that is a piece of itself is computed in one go: it would wait for its own result', async () => {
    const { run, made } = played(parallel(listing), 8);
    expect(run(5, 6)).toBe('5,');
    expect(run(5, 5)).toBe('');
    expect(made).toEqual([]);
    expect(await run(0, 5)).toBe(listed(0, 5));
    const pieces = made.map(({ args }) => String(args));
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  test.each([
    ['lists', (list: number[]) => [list.slice(0, list.length >> 1), list.slice(list.length >> 1)]],
    ['objects', (list: number[]) => [[], [...list]]],
  ])('so is one of %s, which are compared by what they hold', (_, halves) => {
    const sum = parallel<[of: { list: number[] }], number>({
      split: ({ list }) => halves(list).map((half) => [{ list: half }]),
      base: ({ list }) => list.reduce((total, n) => total + n, 0),
      combine: (left, right) => left + right,
    });
    const { run, made } = played(sum, 2);
    expect(run({ list: [7] })).toBe(7);
    expect(made).toEqual([]);
  });

  test.each([
    ['a text', '"ab"', 'ab'],
    ['a list of no lists', 'an array', [1, 2]],
  ])('split that gives %s is refused', (_, shown, pieces) => {
    const { run } = played(parallel<Range, string>({ ...listing, split: () => pieces as never }), 2);
    expect(() => run(0, 9)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }) as Error);
    expect(() => run(0, 9)).toThrow(
      `expected 'split' of fn to give a list of lists of arguments, got ${shown}`,
    );
  });

  test.each([Number.NaN, -1, Infinity, '7', undefined])('a cost of %s is refused', (cost) => {
    const { run } = played(parallel<Range, string>({ ...listing, cost: () => cost as number }), 2);
    expect(() => run(0, 9)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }) as Error);
    expect(() => run(0, 9)).toThrow(/expected 'cost' to give a number from 0 on/);
  });

  test('parts of no cost are computed too', async () => {
    const { run } = played(parallel<Range, string>({ ...listing, cost: () => 0 }), 2);
    expect(await run(0, 9)).toBe(listed(0, 9));
  });
});

type Dividing = typeof import('../fixtures/modules/dividing.ts');

function dividingPool(options: PoolOptions = {}): Pool<Dividing> {
  return closing(createPool<Dividing>({ functions: moduleUrl('dividing.ts'), ...options }));
}

describe.each([1, 2])('on %i real worker(s)', (workers) => {
  test.each(['joined', 'joinedAlike'] as const)(
    'however it is divided, each element is there once and in its place: %s',
    async (name) => {
      const pool = dividingPool({ workers });
      const property = fc.asyncProperty(fc.nat(), fc.nat(40), async (seed, length) => {
        expect(await pool.run(name, [seed, 3, 3 + length])).toBe(listed(3, 3 + length));
      });
      await fc.assert(property, { numRuns: 60 });
      expect(pool.cacheInfo(name).misses).toBeGreaterThan(60);
    },
  );

  test.each([
    ['splitFails', 'of split'],
    ['baseFails', 'of base'],
    ['combineFails', 'of combine'],
  ] as const)('what is thrown arrives: %s', async (name, message) => {
    const pool = dividingPool({ workers });
    const error = await rejection(pool.run(name, [0, 32]));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(message);
    expect(pool.stats()).toMatchObject({ open: 0, flights: 0 });
  });

  test.each(['badPieces', 'badCost'] as const)(
    'what is no list, and no cost, arrives by name: %s',
    async (name) => {
      const pool = dividingPool({ workers });
      expect(await rejection(pool.run(name, [0, 32]))).toMatchObject({ code: 'ERR_OPTION' });
    },
  );

  test('when the caller aborts, its parts stop and no thread is ended', async () => {
    const pool = dividingPool({ workers });
    const leaving = new AbortController();
    const whole = pool.run('endlessParts', [0, 32], { signal: leaving.signal });
    while (pool.stats().busy < workers || pool.stats().open === 0) await turn();
    leaving.abort();
    expect((await rejection(whole)).name).toBe('AbortError');
    expect(pool.stats().flights).toBe(0);
    expect(await pool.run('joined', [1, 0, 3])).toBe('0,1,2,');
    while (pool.stats().busy > 0 || pool.stats().open > 0) await turn();
    expect(pool.stats()).toMatchObject({ workerDeaths: 0, workers });
  });

  test('after a part has failed, the next call computes what is missing and nothing else', async () => {
    const pool = dividingPool({ workers });
    const folder = mkdtempSync(join(tmpdir(), 'memopool-parts-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'now');
    const leaves = 4 * workers;
    const nodes = rangesOf(0, 32, leaves);

    expect((await rejection(pool.run('failsUntil', [file, 0, 32]))).message).toBe('not yet');
    while (pool.stats().busy > 0) await turn();
    const isThere = ([from, to]: Range) => pool.peek('failsUntil', [file, from, to]) !== undefined;
    const there = nodes.filter(isThere);
    expect(there.length).toBeGreaterThan(0);
    const before = pool.cacheInfo('failsUntil');

    writeFileSync(file, '');
    expect(await pool.run('failsUntil', [file, 0, 32])).toBe(listed(0, 32));
    const after = pool.cacheInfo('failsUntil');
    expect(after.misses - before.misses).toBe(nodes.length - there.length);
    expect(nodes.filter(isThere).length).toBe(nodes.length);
  });

  test('a memoized one is divided too', async () => {
    const pool = dividingPool({ workers });
    expect(await pool.run('memoized', [0, 64])).toBe(listed(0, 64));
    expect(pool.cacheInfo('memoized').misses).toBe(8 * workers - 1);
  });

  test('how much is done is told, never less than before and never more than all', async () => {
    const pool = dividingPool({ workers });
    const told: Progress[] = [];
    const whole = pool.run('telling', [0, 640], { onProgress: (progress) => told.push(progress) });
    expect(await whole).toBe(listed(0, 640));
    const known = told.filter(({ total }) => total !== undefined);
    expect(known.length).toBeGreaterThan(2);
    expect(new Set(known.map(({ total }) => total))).toEqual(new Set([640]));
    const done = known.map((progress) => progress.done ?? Number.NaN);
    expect(done.every((some) => some >= 0 && some <= 640)).toBe(true);
    expect(done).toEqual(done.toSorted((one, other) => one - other));
    expect(done.some((some) => some > 0 && some < 640)).toBe(true);
  });
});

/** What a range is divided into by halves, itself included. */
function rangesOf(from: number, to: number, leaves: number): Range[] {
  if (leaves < 2) return [[from, to]];
  const middle = (from + to) / 2;
  return [[from, to], ...rangesOf(from, middle, leaves / 2), ...rangesOf(middle, to, leaves / 2)];
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('arguments and result are typed by its parts', () => {
  const fn = parallel({
    split: (from: number, to: number) => [[from, to] as Range],
    base: async (from, to) => `${from} ${to}`,
    combine: (left, right) => {
      expectTypeOf(left).toEqualTypeOf<string>();
      return left + right;
    },
  });
  expectTypeOf(fn).parameters.toEqualTypeOf<Range>();
  expectTypeOf(fn).returns.toEqualTypeOf<string | Promise<string>>();
  const pool = dividingPool();
  expectTypeOf(pool.fn.joined).parameters.toEqualTypeOf<[seed: number, from: number, to: number]>();
  expectTypeOf(pool.fn.joined).returns.resolves.toEqualTypeOf<string>();
  // @ts-expect-error two arguments where there are to be three
  void (() => pool.fn.joined(1, 2));
  // @ts-expect-error a part of other arguments
  void parallel<Range, string>({ ...listing, split: () => [['a']] });
});
