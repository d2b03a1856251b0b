// The warning of a memo that is too small for its recursion: when it comes, and that the maxsize it names is right.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Advice, setAdviser } from '../../src/compute/advice.ts';
import { Lru } from '../../src/compute/lru.ts';
import { LruSlots } from '../../src/compute/lru-slots.ts';
import { createMemo } from '../../src/compute/memo.ts';
import { type MemoizeOptions, resolveMemoOptions } from '../../src/compute/memo-options.ts';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';

let told: Advice[] = [];

beforeEach(() => {
  told = [];
  setAdviser((advice) => told.push(advice));
});

afterEach(() => setAdviser(undefined));

function needed(): number | undefined {
  const [advice] = told;
  return advice && Number(/at least (\d+)/.exec(advice.text)?.[1]);
}

function recomputed(): number {
  return Number(/; (\d+) (?:was|were) computed twice/.exec(told[0]?.text ?? '')?.[1] ?? 0);
}

type Bounds = Omit<MemoizeOptions, 'key'>;

type Call = (...args: number[]) => number;

/** A function by its recursion: given itself, and the arguments. */
interface Recursion {
  readonly name: string;
  readonly body: (self: Call, ...args: number[]) => number;
  readonly args: readonly number[];
}

interface ByHand {
  readonly value: number;
  readonly needed: number;
  readonly distinct: number;
}

/** The obvious way: the run without a bound, hits recorded at lookup and misses at completion. */
function byHand({ body, args }: Recursion): ByHand {
  const values = new Map<string, number>();
  let order: string[] = []; // the most recent first
  let most = 0;
  const self: Call = (...given) => {
    const key = given.join();
    const known = values.get(key);
    if (known !== undefined) {
      most = Math.max(most, order.indexOf(key) + 1);
      order = [key, ...order.filter((one) => one !== key)];
      return known;
    }
    const value = body(self, ...given);
    values.set(key, value);
    order = [key, ...order];
    return value;
  };
  const value = self(...args);
  return { value, needed: most, distinct: values.size };
}

class Enough extends Error {}

/** Calls the recursion through a memo; when too small a one makes it endless, not to the end. */
function run({ body, args }: Recursion, options: Bounds): number {
  let computed = 0;
  const compute: Call = (...given) => {
    if (++computed > 20_000) throw new Enough();
    return body(memo, ...given);
  };
  // Each of the wrappers is used.
  const lengths = { 1: (only: number) => compute(only), 2: (a: number, b: number) => compute(a, b) };
  const fn = lengths[args.length as 1 | 2] ?? compute;
  const memo = memoize(fn as Call, options);
  try {
    memo(...args);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return computed;
}

const random = (seed: number) => () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed;
};
const next = random(42);
const left = Array.from({ length: 40 }, () => next() % 20);
const right = Array.from({ length: 40 }, () => next() % 20);
const weights = Array.from({ length: 30 }, () => 1 + (next() % 20));

// The rows of docs on tuning, checked by brute force there; the last two have texts and weights of their own here.
const recursions: readonly (Recursion & { readonly maxsize?: number })[] = [
  { name: 'fib(40)', args: [40], maxsize: 3, body: (f, n = 0) => (n < 2 ? n : f(n - 1) + f(n - 2)) },
  {
    name: 'tribonacci(40)',
    args: [40],
    maxsize: 4,
    body: (f, n = 0) => (n < 3 ? n : f(n - 1) + f(n - 2) + f(n - 3)),
  },
  {
    name: 'binomial(30, 15)',
    args: [30, 15],
    maxsize: 15,
    body: (f, n = 0, k = 0) => (k === 0 || k === n ? 1 : f(n - 1, k - 1) + f(n - 1, k)),
  },
  {
    name: 'edit distance 30x30',
    args: [30, 30],
    maxsize: 62,
    body: (f, i = 0, j = 0) =>
      i === 0 || j === 0
        ? i + j
        : Math.min(f(i - 1, j) + 1, f(i, j - 1) + 1, f(i - 1, j - 1) + ((i * j) % 2)),
  },
  {
    name: 'catalan(25)',
    args: [25],
    maxsize: 25,
    body: (f, n = 0) => {
      let sum = n === 0 ? 1 : 0;
      for (let i = 0; i < n; i++) sum += f(i) * f(n - 1 - i);
      return sum;
    },
  },
  {
    name: 'partitions(40, 40)',
    args: [40, 40],
    maxsize: 949,
    body: (f, n = 0, m = 0) => (n === 0 ? 1 : n < 0 || m === 0 ? 0 : f(n - m, m) + f(n, m - 1)),
  },
  {
    name: 'LCS 40x40',
    args: [40, 40],
    body: (f, i = 0, j = 0) => {
      if (i === 0 || j === 0) return 0;
      return left[i] === right[j] ? f(i - 1, j - 1) + 1 : Math.max(f(i - 1, j), f(i, j - 1));
    },
  },
  {
    name: 'knapsack 30x100, in three arguments',
    args: [30, 100, 0],
    body: (f, i = 0, room = 0) => {
      const weight = weights[i - 1] ?? 0;
      if (i === 0) return 0;
      return Math.max(f(i - 1, room, 0), weight <= room ? f(i - 1, room - weight, 0) + weight * i : 0);
    },
  },
];

describe.each(recursions)('$name', (recursion) => {
  const { maxsize } = recursion;
  const oracle = byHand(recursion);

  test('fits a memo of the size it needs, which then says nothing', () => {
    if (maxsize !== undefined) expect(oracle.needed).toBe(maxsize);
    expect(run(recursion, { maxsize: oracle.needed })).toBe(oracle.distinct);
    expect(told).toEqual([]);
  });

  test('is told its size by a memo that is one too small', () => {
    const computed = run(recursion, { maxsize: oracle.needed - 1 });
    expect(told).toHaveLength(1);
    expect(needed()).toBe(oracle.needed);
    expect(recomputed()).toBe(Math.min(1000, computed - oracle.distinct));
  });

  test('is told no more than its size by a smaller memo that tells early', () => {
    for (const share of [0.9, 0.7, 0.5]) {
      const small = Math.floor(oracle.needed * share);
      run(recursion, { maxsize: small });
      const size = needed() ?? Number.NaN;
      expect(size).toBeGreaterThan(small);
      expect(size).toBeLessThanOrEqual(oracle.needed);
      if (recomputed() < 1000) expect(size).toBe(oracle.needed);
      told = [];
    }
  });
});

/** Sums of random earlier terms: term n asks for those that row n names. */
const terms = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 24 });

function sums(rows: readonly (readonly number[])[]): Recursion {
  const body = (f: Call, n = 0): number =>
    n === 0 ? 1 : (rows[n - 1] ?? []).reduce((sum, pick) => (sum + f(pick % n)) % 1009, n);
  return { name: 'sums', body, args: [rows.length] };
}

describe('any recursion', () => {
  test.each(['by entries', 'by entries and bytes'])(
    'bounded %s is warned of exactly when results are computed twice, with the size it needs',
    (bound) => {
      let warned = 0;
      fc.assert(
        fc.property(
          terms,
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 60 }),
          (rows, maxsize, gap) => {
            told = [];
            const recursion = sums(rows);
            const oracle = byHand(recursion);
            const options = resolveMemoOptions<Call>({ maxsize });
            const watching = { mostRecomputed: Infinity };
            const table =
              bound === 'by entries'
                ? new LruSlots(maxsize, watching)
                : new Lru({ maxsize, maxBytes: Infinity }, watching);
            let calls = 0;
            const counted: Call = (n = 0) => {
              calls++;
              return memo(n);
            };
            const body: Call = (n = 0) => recursion.body(counted, n);
            const memo = createMemo<Call>(body, options, table);
            // What was there before is none of the call's doing.
            for (let n = 0; n < gap; n++) memo(rows.length + 1 + n);
            const { hits, misses } = memo.cacheInfo();
            expect(counted(...recursion.args)).toBe(oracle.value);
            const info = memo.cacheInfo();
            expect(info.hits - hits + info.misses - misses).toBe(calls);
            expect(info.currsize).toBe([...table.keys()].length);
            const extra = info.misses - misses - oracle.distinct;
            expect(told).toHaveLength(extra > 0 ? 1 : 0);
            if (extra === 0) return;
            warned++;
            expect(needed()).toBe(oracle.needed);
            expect(recomputed()).toBe(extra);
          },
        ),
        { numRuns: 1000 },
      );
      expect(warned).toBeGreaterThan(50);
    },
  );
});

function fibOf(options: Bounds): Memoized<(n: number) => number> {
  const fib: Memoized<(n: number) => number> = memoize(
    (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)),
    options,
  );
  return fib;
}

describe('a memo that is large enough', () => {
  test('says nothing of results that other calls had evicted', () => {
    const square = memoize((n: number): number => n * n, { maxsize: 3 });
    for (let n = 0; n < 10_000; n++) square(n % 5);
    const fib = fibOf({ maxsize: 3 });
    for (let round = 0; round < 3; round++) for (let n = 0; n < 60; n++) fib(n);
    for (let n = 500; n > 0; n -= 7) fib(n);
    expect(told).toEqual([]);
  });

  test('says nothing where a call needs for the first time what it had evicted of an earlier one', () => {
    const f: Memoized<(n: number) => number> = memoize(
      (n: number): number => (n === 100 ? f(1) + f(2) + f(3) + f(50) : n),
      { maxsize: 3 },
    );
    f(50);
    f(100);
    expect(f.cacheInfo().misses).toBe(6);
    expect(told).toEqual([]);
  });

  test('says nothing of what threw and is computed again, nor of what was deleted or cleared', () => {
    let failures = 3;
    const f: Memoized<(n: number) => number> = memoize(
      (n: number): number => {
        if (n === 0 && failures-- > 0) throw new Error('not yet');
        if (n < 10) return n;
        for (let attempt = 0; attempt < 3; attempt++) expect(() => f(0)).toThrow('not yet');
        for (const one of [1, 2, 3, 0]) f(one);
        if (n === 10) f.cacheDelete(1);
        else f.cacheClear();
        return f(1);
      },
      { maxsize: 3 },
    );
    f(10);
    f.cacheClear();
    failures = 3;
    f(11);
    expect(told).toEqual([]);
  });

  test('says nothing where calls end with the stack, wherever that is', () => {
    const fib = fibOf({ maxsize: 3 });
    let ended = 0;
    // Each level tries on its way back, so that the stack ends at every place of the memo.
    function dive(): void {
      try {
        dive();
      } catch {}
      if (ended > 300) return;
      fib.cacheClear();
      try {
        fib(12);
      } catch {
        ended++;
        return;
      }
      ended = 301;
    }
    for (let n = 0; n < 20; n++) {
      ended = 0;
      dive();
      expect(ended).toBe(301);
    }
    expect(told).toEqual([]);
    for (let n = 0; n < 20; n++) {
      fib.cacheClear();
      expect(fib(30)).toBe(832_040);
      expect(fib.cacheInfo()).toMatchObject({ hits: 28, misses: 31, currsize: 3 });
    }
    expect(told).toEqual([]);
  });

  test('of no size at all computes everything again, as it was told to', () => {
    fibOf({ maxsize: 0 })(15);
    fibOf({ maxsize: null })(15);
    expect(told).toEqual([]);
  });
});

describe('the warning', () => {
  test('comes once, while the call still runs when it has computed a thousand results twice', () => {
    let computed = 0;
    const fib: Memoized<(n: number) => number> = memoize(
      function fibonacci(n: number): number {
        computed++;
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
      },
      { maxsize: 2 },
    );
    setAdviser((advice) => told.push({ ...advice, text: `${advice.text} ${computed}` }));
    fib(25);
    fib(24);
    expect(told).toHaveLength(1);
    const [{ code, name, text, fn }] = told as [Advice];
    expect([code, name, fn]).toEqual(['MEMOPOOL_MEMO_TOO_SMALL', 'fibonacci', fib]);
    expect(text).toMatch(
      /^its memo of maxsize 2 evicts results that the same call needs again; 1000 were computed twice so far\. It needs a maxsize of at least 3\. \d+$/,
    );
    expect(Number(text.split(' ').at(-1))).toBeLessThan(computed / 2);
  });

  test('comes when the call threw, too', () => {
    const f: Memoized<(n: number) => number> = memoize(
      (n: number): number => {
        if (n < 10) return n;
        for (const one of [1, 2, 1]) f(one);
        throw new Error('in the end');
      },
      { maxsize: 1 },
    );
    expect(() => f(10)).toThrow('in the end');
    expect(needed()).toBe(2);
    expect(recomputed()).toBe(1);
  });

  test('speaks of room where the memo is bounded by bytes', () => {
    fibOf({ maxsize: null, maxBytes: 300 })(12);
    expect(told[0]?.text).toMatch(/memo of maxBytes 300 evicts .* It needs room for at least 3 results\.$/);
  });

  test('is told of each function by itself, where one calls the other', () => {
    function callEven(maxsize: number): void {
      const even: Memoized<(n: number) => number> = memoize(
        function even(n: number): number {
          return n === 0 ? 1 : odd(n - 1) + (n > 2 ? even(n - 2) : 0);
        },
        { maxsize: 10 },
      );
      const odd: Memoized<(n: number) => number> = memoize(
        function odd(n: number): number {
          return even(n - 1) + (n > 1 ? odd(n - 2) : 0);
        },
        { maxsize },
      );
      even(20);
    }
    callEven(1);
    expect(told.map(({ name }) => name)).toEqual(['odd']);
    const enough = needed() ?? Number.NaN;
    callEven(enough - 1);
    expect(told).toHaveLength(2);
    callEven(enough);
    expect(told).toHaveLength(2);
  });

  test('comes once for a method, however many instances have memos', () => {
    interface Numbers {
      fib(n: number): number;
    }
    function fib(this: Numbers, n: number): number {
      return n < 2 ? n : this.fib(n - 1) + this.fib(n - 2);
    }
    const context = { kind: 'method', static: false, name: 'fib' } as const;
    const prototype = { fib: memoize({ maxsize: 1 })(fib, context) };
    for (let n = 0; n < 3; n++) (Object.create(prototype) as Numbers).fib(8);
    expect(told.map(({ name }) => name)).toEqual(['fib']);
  });

  test('is a warning of the process where nobody else takes it', () => {
    setAdviser(undefined);
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    fibOf({ maxsize: 2 })(10);
    expect(warned).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/^A memoized function: its memo of maxsize 2 .* at least 3\.$/),
      { type: 'MemopoolWarning', code: 'MEMOPOOL_MEMO_TOO_SMALL' },
    );
    warned.mockRestore();
  });

  test('is given up silently where there is no process to warn', () => {
    setAdviser(undefined);
    vi.stubGlobal('process', undefined);
    expect(fibOf({ maxsize: 2 })(10)).toBe(55);
    vi.unstubAllGlobals();
  });
});

describe('a long call', () => {
  /** One call that asks for 0, 1, 2, ... and each time for what it asked for `back` before. */
  function walk(
    count: number,
    back: number,
    maxsize: number,
  ): { readonly extra: number; readonly table: LruSlots } {
    const table = new LruSlots(maxsize, { mostMarked: 16 });
    const body: Call = (n = 0) => {
      if (n >= 0) return n;
      for (let i = 0; i < count; i++) {
        memo(i);
        if (i >= back) memo(i - back);
      }
      return n;
    };
    const memo = createMemo<Call>(body, resolveMemoOptions<Call>({ maxsize }), table);
    memo(-1);
    return { extra: memo.cacheInfo().misses - count - 1, table };
  }

  test('is watched from time to time, and keeps nothing of it', () => {
    const { extra, table } = walk(5000, 3, 7);
    expect(extra).toBe(0);
    expect(told).toEqual([]);
    expect(Array.from({ length: 5000 }, (_, n) => n).filter((n) => table.isMarked(n))).toEqual([]);
  });

  test('after many that fitted is still told of its results computed twice, one of sixteen times', () => {
    const fib = fibOf({ maxsize: 3 });
    for (let n = 0; n < 100; n++) {
      fib(30);
      fib.cacheClear();
    }
    expect(told).toEqual([]);
    const body: Call = (n = 0) => (n < 20 ? n : [0, 1, 2, 3, 4, 0].reduce((sum, one) => sum + memo(one), 0));
    const memo: Memoized<Call> = memoize((n: number): number => body(n), { maxsize: 4 });
    const fits: Call = (n = 0) => memo(n);
    for (let n = 0; n < 15; n++) fits(n);
    let calls = 0;
    while (told.length === 0 && calls < 32) memo(20 + ++calls);
    expect(told).toHaveLength(1);
    expect(needed()).toBe(5);
  });

  test('is told of what is computed twice later on', () => {
    const table = new LruSlots(4, { mostMarked: 16 });
    const body: Call = (n = 0) => {
      if (n >= 0) return n;
      for (let i = 0; i < 5000; i++) {
        memo(i);
        if (i > 1000) memo(i - 6);
      }
      return n;
    };
    const memo = createMemo<Call>(body, resolveMemoOptions<Call>({ maxsize: 4 }), table);
    memo(-1);
    expect(told).toHaveLength(1);
    expect(needed()).toBeGreaterThan(4);
  });
});
