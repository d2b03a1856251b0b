// The contract of functools.lru_cache, row by row, with the exact counters: one suite for everything that caches calls.
import { expect, test } from 'vitest';

export interface Subject {
  /** Calls the function under test: it returns its arguments as a list, or throws for the argument 'throw'. */
  call(...args: unknown[]): Promise<unknown>;
  /** How often the function itself ran. */
  computations(): Promise<number>;
  info(): {
    readonly hits: number;
    readonly misses: number;
    readonly maxsize: number | null;
    readonly currsize: number;
  };
  parameters(): { readonly maxsize: number | null; readonly typed: boolean };
  clear(): Promise<void>;
}

export interface SubjectOptions {
  readonly maxsize?: number | null;
  readonly typed?: boolean;
}

type MakeSubject = (options: SubjectOptions) => Subject;

interface Row {
  readonly name: string;
  readonly options: SubjectOptions;
  /** The arguments of each call. */
  readonly calls: readonly (readonly unknown[])[];
  readonly computations: number;
  readonly hits: number;
  readonly currsize: number;
}

const one = (...values: unknown[]): unknown[][] => values.map((value) => [value]);

const rows: readonly Row[] = [
  {
    name: 'maxsize 0: 5 calls are 5 computations and no hit',
    options: { maxsize: 0 },
    calls: one(1, 1, 1, 1, 1),
    computations: 5,
    hits: 0,
    currsize: 0,
  },
  {
    name: 'maxsize 1: 5 equal calls are 1 computation and 4 hits',
    options: { maxsize: 1 },
    calls: one(1, 1, 1, 1, 1),
    computations: 1,
    hits: 4,
    currsize: 1,
  },
  {
    name: 'maxsize 2: the sequence of the Python tests is 4 computations and 12 hits',
    options: { maxsize: 2 },
    calls: one(7, 9, 7, 9, 7, 9, 8, 8, 8, 9, 9, 9, 8, 8, 8, 7),
    computations: 4,
    hits: 12,
    currsize: 2,
  },
  {
    name: 'maxsize null: nothing is ever computed twice',
    options: { maxsize: null },
    calls: one(...Array.from({ length: 300 }, (_, index) => index % 150)),
    computations: 150,
    hits: 150,
    currsize: 150,
  },
  {
    name: 'f(1, 2), f([1, 2]) and f("1,2") are three entries',
    options: {},
    calls: [[1, 2], [[1, 2]], ['1,2'], [1, 2], [[1, 2]], ['1,2']],
    computations: 3,
    hits: 3,
    currsize: 3,
  },
  {
    name: 'typed: 3, 3n, "3" and true are distinct',
    options: { typed: true },
    calls: one(3, 3n, '3', true, 3, 3n, '3', true),
    computations: 4,
    hits: 4,
    currsize: 4,
  },
  {
    name: 'untyped: 3 and 3n are one entry, "3" and true others',
    options: { typed: false },
    calls: one(3, 3n, '3', true),
    computations: 3,
    hits: 1,
    currsize: 3,
  },
  {
    name: '-0 and 0 are one entry',
    options: {},
    calls: one(-0, 0),
    computations: 1,
    hits: 1,
    currsize: 1,
  },
  {
    name: 'NaN is one entry, however often it comes',
    options: {},
    calls: one(Number.NaN, Number.NaN, Number.NaN),
    computations: 1,
    hits: 2,
    currsize: 1,
  },
  {
    name: 'undefined, null, no argument and two of them are four entries',
    options: {},
    calls: [[undefined], [null], [], [undefined, undefined], [undefined], [null], [], [undefined, undefined]],
    computations: 4,
    hits: 4,
    currsize: 4,
  },
];

/** @param makeSubject a fresh cache over a fresh count of computations */
export function lruCacheCases(makeSubject: MakeSubject): void {
  test.each(rows)('$name', async ({ options, calls, computations, hits, currsize }) => {
    const subject = makeSubject(options);
    for (const args of calls) await subject.call(...args);
    expect(subject.info()).toMatchObject({ hits, misses: calls.length - hits, currsize });
    expect(await subject.computations()).toBe(computations);
  });

  test('maxsize 20, 1,000 calls over 25 keys: right results, more hits than misses, cache full', async () => {
    const subject = makeSubject({ maxsize: 20 });
    // A generator of its own (Lehmer's), so that every run is the same.
    let seed = 20_261_122;
    for (let call = 0; call < 1000; call++) {
      seed = (seed * 48_271) % 2_147_483_647;
      const key = seed % 25;
      expect(await subject.call(key)).toEqual([key]);
    }
    const { hits, misses, currsize } = subject.info();
    expect(hits).toBeGreaterThan(misses);
    expect(hits + misses).toBe(1000);
    expect(currsize).toBe(20);
  });

  test('a function that throws passes the error on, is not kept, and is computed again: 3 calls are 3 misses', async () => {
    const subject = makeSubject({});
    for (let call = 0; call < 3; call++)
      await expect(subject.call('throw')).rejects.toThrow('asked to throw');
    expect(subject.info()).toMatchObject({ hits: 0, misses: 3, currsize: 0 });
    expect(await subject.computations()).toBe(3);
  });

  test('after a clear the counters are 0 and everything is computed anew', async () => {
    const subject = makeSubject({});
    for (const key of [1, 2, 1]) await subject.call(key);
    await subject.clear();
    expect(subject.info()).toMatchObject({ hits: 0, misses: 0, currsize: 0 });
    await subject.call(1);
    expect(subject.info()).toMatchObject({ hits: 0, misses: 1, currsize: 1 });
  });

  test('cacheParameters is a fresh object every time', () => {
    const subject = makeSubject({ maxsize: 7, typed: false });
    expect(subject.parameters()).toMatchObject({ maxsize: 7, typed: false });
    expect(subject.parameters()).not.toBe(subject.parameters());
  });
}
