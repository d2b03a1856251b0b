// The rows of shared/lru-cache-conformance.md that hold for one function, with their exact counters, and what
// memoize promises beyond them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Memoized, type MemoizeOptions, memoize } from '../../src/compute/memoize.ts';
import { PoolError } from '../../src/errors.ts';
import { weigh } from '../../src/values/weigh.ts';
import { collected } from './collect-garbage.ts';

// One for each table a memo may have.
const bounds: readonly Pick<MemoizeOptions, 'maxsize' | 'maxBytes'>[] = [
  { maxsize: null },
  {},
  { maxBytes: 100_000 },
];

const EMPTY = { hits: 0, misses: 0, currsize: 0 };

/** The identity, memoized, with the arguments it was computed for. */
function recorded(options: MemoizeOptions = {}): {
  readonly memo: Memoized<(n: unknown) => unknown>;
  readonly computed: unknown[];
} {
  const computed: unknown[] = [];
  const identity = (n: unknown): unknown => {
    computed.push(n);
    return n;
  };
  return { memo: memoize(identity, options), computed };
}

function fibOf(maxsize: number | null): Memoized<(n: number) => number> {
  const fib: Memoized<(n: number) => number> = memoize(
    (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)),
    { maxsize },
  );
  return fib;
}

/** Minimal standard generator, so that "random" calls are the same at every run. */
function numbersBelow(limit: number, count: number): number[] {
  let state = 42;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  });
}

describe('memoize, as functools.lru_cache', () => {
  test('gives fib over 0..15 without a bound in 16 misses and 28 hits', () => {
    const fib = fibOf(null);
    expect(Array.from({ length: 16 }, (_, n) => fib(n))).toEqual([
      0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610,
    ]);
    expect(fib.cacheInfo()).toMatchObject({ hits: 28, misses: 16, maxsize: null, currsize: 16 });
    fib.cacheClear();
    expect(fib.cacheInfo()).toMatchObject({ ...EMPTY, maxsize: null });
  });

  test('answers 1,000 calls over 25 keys rightly with room for 20', () => {
    const f = memoize((x: number, y: number): number => 3 * x + y, { maxsize: 20 });
    for (const key of numbersBelow(25, 1000)) {
      const [x, y] = [Math.floor(key / 5), key % 5];
      expect(f(x, y)).toBe(3 * x + y);
    }
    const { hits, misses, currsize, maxsize } = f.cacheInfo();
    expect(hits).toBeGreaterThan(misses);
    expect(hits + misses).toBe(1000);
    expect(currsize).toBe(20);
    expect(maxsize).toBe(20);
  });

  test('of maxsize 0 computes every call, keeps nothing and counts the misses', () => {
    const { memo, computed } = recorded({ maxsize: 0 });
    for (let n = 0; n < 5; n++) expect(memo('key')).toBe('key');
    expect(computed).toHaveLength(5);
    expect(memo.cacheInfo()).toMatchObject({ hits: 0, misses: 5, maxsize: 0, currsize: 0 });
  });

  test('of maxsize 1 computes five equal calls once', () => {
    const { memo, computed } = recorded({ maxsize: 1 });
    for (let n = 0; n < 5; n++) expect(memo('key')).toBe('key');
    expect(computed).toHaveLength(1);
    expect(memo.cacheInfo()).toMatchObject({ hits: 4, misses: 1, maxsize: 1, currsize: 1 });
  });

  test('of maxsize 2 keeps the two most recently used', () => {
    const { memo, computed } = recorded({ maxsize: 2 });
    for (const key of [7, 9, 7, 9, 7, 9, 8, 8, 8, 9, 9, 9, 8, 8, 8, 7]) expect(memo(key)).toBe(key);
    expect(computed).toEqual([7, 9, 8, 7]);
    expect(memo.cacheInfo()).toMatchObject({ hits: 12, misses: 4, maxsize: 2, currsize: 2 });
  });

  test('stays exactly full when a function re-enters and fills its own key (bpo-35780)', () => {
    let again = true;
    const f: Memoized<(x: number) => string> = memoize(
      (x: number): string => {
        if (x === 20 && again) {
          again = false;
          return f(x);
        }
        return `.${x}.`;
      },
      { maxsize: 10 },
    );
    for (let x = 0; x < 15; x++) expect(f(x)).toBe(`.${x}.`);
    expect(f.cacheInfo().currsize).toBe(10);
    expect(f(20)).toBe('.20.');
    expect(f.cacheInfo().currsize).toBe(10);
    const { misses } = f.cacheInfo();
    for (const x of [6, 7, 8, 9, 10, 11, 12, 13, 14, 20]) f(x);
    expect(f.cacheInfo()).toMatchObject({ misses, currsize: 10 }); // ten real entries, none an orphan
    for (let x = 100; x < 110; x++) f(x);
    for (let x = 100; x < 110; x++) f(x);
    expect(f.cacheInfo()).toMatchObject({ misses: misses + 10, currsize: 10 });
  });

  test.each([
    [3, 21],
    [2, 1657],
    [1, 21_891],
    [null, 21],
    [0, 21_891],
  ])('of maxsize %d takes the misses of Python’s for fib(20): %d', (maxsize, misses) => {
    const fib = fibOf(maxsize);
    expect(fib(20)).toBe(6765);
    expect(fib.cacheInfo().misses).toBe(misses);
  });

  test('passes an error through, keeps nothing of it and counts three misses for three failures', () => {
    const thrown = new RangeError('no such letter');
    let calls = 0;
    const letter = memoize(
      (index: number): string => {
        calls++;
        const found = 'abc'[index];
        if (found === undefined) throw thrown;
        return found;
      },
      { maxsize: 10 },
    );
    expect(letter(0)).toBe('a');
    for (let n = 0; n < 3; n++) expect(() => letter(15)).toThrow(thrown);
    expect(calls).toBe(4);
    expect(letter.cacheInfo()).toMatchObject({ hits: 0, misses: 4, currsize: 1 });
  });

  test('counts a miss before the function runs', () => {
    let seen: number | undefined;
    const f: Memoized<(n: number) => number> = memoize((n: number): number => {
      seen = f.cacheInfo().misses;
      return n;
    });
    f(1);
    expect(seen).toBe(1);
  });

  test('keeps 128 results unless told otherwise', () => {
    const { memo } = recorded();
    for (let n = 0; n < 200; n++) memo(n);
    expect(memo.cacheInfo()).toMatchObject({ currsize: 128, maxsize: 128, misses: 200 });
  });

  test('enters a miss when it completes, as the most recent', () => {
    const f: Memoized<(n: number) => number> = memoize((n: number): number => (n === 3 ? f(1) + f(2) : n), {
      maxsize: 2,
    });
    expect(f(3)).toBe(3);
    const { misses } = f.cacheInfo();
    f(3);
    f(2);
    expect(f.cacheInfo()).toMatchObject({ misses, hits: 2 }); // 1 had to leave when 3 entered
    f(1);
    expect(f.cacheInfo().misses).toBe(misses + 1);
  });

  test.each(bounds)('gives the same result again, whatever it is: %o', (options) => {
    const results = [undefined, null, Number.NaN, 0, -0, '', false, 2n ** 70n, Symbol('s'), {}, [undefined]];
    for (const make of [
      (n: number): unknown => results[n],
      (...args: number[]): unknown => results[args[0] ?? 0],
    ]) {
      const memo = memoize(make, options);
      for (const [n, result] of [...results.entries(), ...results.entries()]) expect(memo(n)).toBe(result);
      const length = results.length;
      expect(memo.cacheInfo()).toMatchObject({ hits: length, misses: length, currsize: length });
    }
  });

  test.each(bounds)('counts a result of undefined as one, to be deleted: %o', (options) => {
    const nothing = memoize((_n: number): void => undefined, options);
    nothing(1);
    nothing(1);
    expect(nothing.cacheInfo()).toMatchObject({ hits: 1, misses: 1, currsize: 1 });
    expect([nothing.cacheDelete(1), nothing.cacheDelete(1)]).toEqual([true, false]);
  });

  // As in Python, each call returns what it computed; the memo keeps the first one that is complete where it is
  // bounded, and the last where it is not.
  test.each([
    [{ maxsize: null }, 'outer'],
    [{ maxsize: 10 }, 'inner'],
    [{ maxBytes: 10_000 }, 'inner'],
  ])('of %o keeps one result of a call that made the same call: that of the %s', (options, kept) => {
    let inside = false;
    const f: Memoized<(n: number) => string> = memoize((n: number): string => {
      if (inside) return 'inner';
      inside = true;
      expect(f(n)).toBe('inner');
      return 'outer';
    }, options);
    expect(f(1)).toBe('outer');
    expect(f(1)).toBe(kept);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 2, currsize: 1 });
  });
});

describe('the arguments of a memoized function', () => {
  test('are told apart by their number and structure: f(1, 2), f([1, 2]) and f("1,2") are three entries', () => {
    const f = memoize((...args: unknown[]): unknown => args);
    expect(f(1, 2)).toEqual([1, 2]);
    expect(f([1, 2])).toEqual([[1, 2]]);
    expect(f('1,2')).toEqual(['1,2']);
    expect(f()).toEqual([]);
    expect(f(undefined)).toEqual([undefined]);
    expect(f.cacheInfo()).toMatchObject({ hits: 0, misses: 5, currsize: 5 });
  });

  test.each([
    ['one parameter', (n?: unknown): unknown => n],
    ['more parameters', (...args: unknown[]): unknown => args[0]],
  ])('typed, are 3, 3n, "3", true and 1 each an entry; -0 is 0 and NaN is NaN: %s', (_name, fn) => {
    const f = memoize(fn);
    for (const value of [3, 3n, '3', true, 1, 'true', null, undefined]) expect(f(value)).toBe(value);
    expect(f.cacheInfo()).toMatchObject({ hits: 0, misses: 8 });
    expect([f(0), f(-0)]).toEqual([0, 0]);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 9 });
    expect([f(Number.NaN), f(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
    expect(f.cacheInfo()).toMatchObject({ hits: 2, misses: 10, currsize: 10 });
  });

  test.each([
    ['one parameter', (n?: unknown): unknown => n],
    ['more parameters', (...args: unknown[]): unknown => args[0]],
  ])('untyped, are 3 and 3n one entry, and "3", true and 1 others: %s', (_name, fn) => {
    const f = memoize(fn, { typed: false });
    expect([f(3), f(3n), f(2 ** 60), f(2n ** 60n), f(1e21), f(10n ** 21n)]).toEqual([
      3,
      3,
      2 ** 60,
      2 ** 60,
      1e21,
      1e21,
    ]);
    expect(f.cacheInfo()).toMatchObject({ hits: 3, misses: 3, currsize: 3 });
    for (const value of ['3', true, 1, [3]]) f(value);
    expect(f.cacheInfo()).toMatchObject({ hits: 3, misses: 7 });
    expect(f([3n])).toEqual([3]);
  });

  test('are those given, not the parameters named: one more argument is another call', () => {
    const f = memoize((n?: number, ...more: number[]): number => (n ?? 0) + more.length);
    expect([f(), f(1), f(1, 0), f(1, 0, 0)]).toEqual([0, 1, 2, 3]);
    const one = memoize((n?: number): unknown => n);
    expect(one.length).toBe(1);
    expect([one(1), Reflect.apply(one, undefined, [1, 2]), one()]).toEqual([1, 1, undefined]);
    expect(one.cacheInfo()).toMatchObject({ hits: 0, misses: 3 });
  });

  test.each(bounds)('of two parameters are two: %o', (options) => {
    const calls: (readonly number[])[] = [];
    const f = memoize((x: number, y: number): number => {
      calls.push([x, y]);
      return x - y;
    }, options);
    const asked = [[3, 1], [1, 3], [0.5, 1e9], [-1, -0], [Number.NaN, 2]] as const; // biome-ignore format: a row
    for (const [x, y] of [...asked, ...asked]) expect(f(x, y)).toBe(x - y);
    expect(calls).toEqual(asked);
    expect([Reflect.apply(f, undefined, [3]), Reflect.apply(f, undefined, [3, 1, 0])]).toEqual([
      Number.NaN,
      2,
    ]);
    expect(f.cacheInfo()).toMatchObject({ hits: 5, misses: 7, currsize: 7 });
    expect([f.cacheDelete(3, 1), f.cacheDelete(3, 1)]).toEqual([true, false]);
  });

  test('that cannot be keyed are refused before the function runs or anything is counted', () => {
    const { memo, computed } = recorded();
    expect(() => memo(() => 1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT_NOT_CLONEABLE' }));
    expect(computed).toEqual([]);
    expect(memo.cacheInfo()).toMatchObject(EMPTY);
  });

  test('reach the function as they came, with this', () => {
    const options = { deep: [1] };
    const f = memoize(function (this: unknown, ...args: unknown[]): unknown {
      return [this, args];
    });
    const host = { f };
    const [self, args] = host.f(options, 2) as [unknown, unknown[]];
    expect(self).toBe(host);
    expect(args[0]).toBe(options);
  });
});

describe('a memoized function', () => {
  test('has the name and the length of the function, and the function itself as wrapped', () => {
    function hypotenuse(a: number, b: number): number {
      return Math.sqrt(a * a + b * b);
    }
    const memo = memoize(hypotenuse);
    expect(memo.name).toBe('hypotenuse');
    expect(memo.length).toBe(2);
    expect(memo.wrapped).toBe(hypotenuse);
    const { memo: one } = recorded();
    expect([one.name, one.length]).toEqual(['identity', 1]);
  });

  test('is bypassed by wrapped: nothing is read, kept or counted', () => {
    const { memo, computed } = recorded();
    memo(1);
    expect(memo.wrapped(1)).toBe(1);
    expect(memo.wrapped(2)).toBe(2);
    expect(computed).toEqual([1, 1, 2]);
    expect(memo.cacheInfo()).toMatchObject({ hits: 0, misses: 1, currsize: 1 });
  });

  test('gives its parameters as a fresh object each time', () => {
    const { memo } = recorded({ maxsize: 5, typed: false });
    const parameters = memo.cacheParameters();
    expect(parameters).toEqual({ maxsize: 5, typed: false });
    Object.assign(parameters, { maxsize: 1 });
    expect(memo.cacheParameters()).toEqual({ maxsize: 5, typed: false });
    expect(recorded().memo.cacheParameters()).toEqual({ maxsize: 128, typed: true });
    expect(recorded({ maxsize: null }).memo.cacheParameters()).toEqual({ maxsize: null, typed: true });
  });

  test('gives its counters as a snapshot that neither changes nor can be changed', () => {
    const { memo } = recorded({ maxsize: 5 });
    memo(1);
    const before = memo.cacheInfo();
    memo(1);
    memo(2);
    expect(before).toMatchObject({ hits: 0, misses: 1, maxsize: 5, currsize: 1 });
    expect(Object.isFrozen(before)).toBe(true);
    expect(memo.cacheInfo()).toMatchObject({ hits: 1, misses: 2, maxsize: 5, currsize: 2 });
  });

  test('forgets one result on cacheDelete, and says whether there was one', () => {
    const { memo, computed } = recorded();
    memo(1);
    memo(2);
    expect(memo.cacheDelete(1)).toBe(true);
    expect(memo.cacheDelete(1)).toBe(false);
    expect(memo.cacheDelete(3)).toBe(false);
    memo(2);
    memo(1);
    expect(computed).toEqual([1, 2, 1]);
  });

  test.each(['cacheClear', 'cacheDelete'] as const)(
    'does not keep what it was computing when %s came between, at any level of a recursion',
    (forget) => {
      for (const options of bounds) {
        let first = true;
        const f: Memoized<(n: number) => number> = memoize((n: number): number => {
          if (n > 0) return f(n - 1) + 1;
          if (first && forget === 'cacheClear') f.cacheClear();
          else if (first) f.cacheDelete(n);
          first = false;
          return 0;
        }, options);
        expect(f(3)).toBe(3);
        expect(f.cacheInfo().currsize).toBe(0);
        f(3);
        expect(f.cacheInfo()).toMatchObject({ hits: 0, currsize: 4 });
      }
    },
  );

  test('forgets everything and starts to count anew on cacheClear', () => {
    const { memo, computed } = recorded({ maxsize: 2 });
    for (const n of [1, 2, 3, 3]) memo(n);
    memo.cacheClear();
    expect(memo.cacheInfo()).toMatchObject({ ...EMPTY, bytes: 0, evictions: 0, oversize: 0 });
    memo(3);
    expect(computed).toEqual([1, 2, 3, 3]);
  });

  test('does not share its memo with another wrapper of the same function', () => {
    const square = (n: number): number => n * n;
    const [one, other] = [memoize(square), memoize(square)];
    one(2);
    other(2);
    expect([one.cacheInfo().misses, other.cacheInfo().misses]).toEqual([1, 1]);
  });

  test('answers for a million entries without a bound', () => {
    const { memo } = recorded({ maxsize: null });
    for (let n = 0; n < 1_000_000; n++) memo(n);
    expect(memo.cacheInfo().currsize).toBe(1_000_000);
    memo.cacheClear();
  });
});

describe('a key of one’s own', () => {
  test('is made once a call, and neither at eviction nor again after a miss', () => {
    const keyed: number[] = [];
    const f = memoize((point: { id: number }): number => point.id, {
      maxsize: 2,
      key: (point) => {
        keyed.push(point.id);
        return point.id;
      },
    });
    for (const id of [1, 2, 3, 3, 1]) f({ id });
    expect(keyed).toEqual([1, 2, 3, 3, 1]);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 4 });
  });

  test('lets an argument that cannot be keyed be part of a call', () => {
    const f = memoize((_n: number, log: () => void): void => log(), { key: (n) => n });
    let logged = 0;
    f(1, () => logged++);
    f(1, () => logged++);
    expect(logged).toBe(1);
  });

  test('may be any value that can be keyed, and is refused when it cannot', () => {
    const f = memoize((a: number, b: number): number => a + b, {
      key: (a, b) => [Math.min(a, b), Math.max(a, b)],
    });
    expect([f(1, 2), f(2, 1)]).toEqual([3, 3]);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 1 });
    const bad = memoize((n: number): number => n, { key: () => Symbol('key') });
    expect(() => bad(1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT_NOT_CLONEABLE' }));
  });

  test('that throws passes its error through before anything is counted', () => {
    const mine = new Error('no key');
    const f = memoize((n: number): number => n, {
      key: () => {
        throw mine;
      },
    });
    expect(() => f(1)).toThrow(mine);
    expect(f.cacheInfo()).toMatchObject(EMPTY);
  });
});

describe('a promise as a result', () => {
  test('is kept while it is pending, so callers at the same time share it', async () => {
    const { promise, resolve } = deferred<string>();
    const f = memoize((_n: number): Promise<string> => promise);
    const [one, other] = [f(1), f(1)];
    expect(one).toBe(other);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 1 });
    resolve('done');
    expect(await one).toBe('done');
  });

  test('is kept when it fulfils', async () => {
    let calls = 0;
    const f = memoize(async (n: number): Promise<number> => {
      calls++;
      return n;
    });
    await f(1);
    expect(await f(1)).toBe(1);
    expect(calls).toBe(1);
  });

  test('is forgotten when it rejects, and computed again', async () => {
    let calls = 0;
    const f = memoize(async (n: number): Promise<number> => {
      if (++calls === 1) throw new Error('the first time');
      return n;
    });
    await expect(f(1)).rejects.toThrow('the first time');
    expect(f.cacheInfo().currsize).toBe(0);
    expect(await f(1)).toBe(1);
    expect(await f(1)).toBe(1);
    expect(calls).toBe(2);
    expect(f.cacheInfo()).toMatchObject({ hits: 1, misses: 2, currsize: 1 });
  });

  test('that rejects after a clear does not take the newer one under its key along', async () => {
    const promises = [deferred<number>(), deferred<number>()];
    let calls = 0;
    const f = memoize((_n: number): Promise<number> | undefined => promises[calls++]?.promise, {
      maxsize: 2,
    });
    const old = f(1);
    f.cacheClear();
    const newer = f(1);
    promises[0]?.reject(new Error('too late'));
    await expect(old).rejects.toThrow('too late');
    expect(f(1)).toBe(newer);
    expect(calls).toBe(2);
    promises[1]?.resolve(5);
    expect(await newer).toBe(5);
  });
});

describe('a memo against a plain model', () => {
  const call = fc.oneof(
    { weight: 30, arbitrary: fc.nat({ max: 8 }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  );

  type Compute = (n: number) => number;

  test.each([
    ['of one parameter', (compute: Compute) => (n: number) => compute(n)],
    [
      'of more parameters',
      (compute: Compute) =>
        (...args: number[]) =>
          compute(args[0] ?? 0),
    ],
  ])('%s computes what the model computes, in the same order, with the same counters', (_name, make) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat({ max: 6 }), fc.constant(null)),
        fc.array(call, { maxLength: 120, size: 'max' }),
        (maxsize, calls) => {
          const computed: number[] = [];
          const memo = memoize(
            make((n) => {
              computed.push(n);
              return -n;
            }),
            { maxsize },
          );
          const modelComputed: number[] = [];
          let entries: number[] = []; // from the oldest to the newest
          let [hits, misses] = [0, 0];
          for (const n of calls) {
            if (n === 'clear') {
              memo.cacheClear();
              entries = [];
              [hits, misses] = [0, 0];
            } else {
              expect(memo(n)).toBe(-n);
              if (entries.includes(n)) hits++;
              else {
                misses++;
                modelComputed.push(n);
              }
              entries = [...entries.filter((one) => one !== n), n].slice(-(maxsize ?? 1000));
              if (maxsize === 0) entries = [];
            }
            expect(memo.cacheInfo()).toMatchObject({ hits, misses, maxsize, currsize: entries.length });
          }
          expect(computed).toEqual(modelComputed);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of maxBytes keeps what the model keeps, and never more bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.oneof(fc.nat({ max: 6 }), fc.constant(null)),
        fc.array(fc.nat({ max: 12 }), { maxLength: 80, size: 'max' }),
        (maxBytes, maxsize, calls) => {
          const text = (n: number): string => 'a'.repeat(60 * n);
          const memo = memoize(text, { maxBytes, maxsize });
          const bytesOf = (n: number): number => entryBytes(text, n);
          let entries: number[] = [];
          let [hits, evictions, oversize] = [0, 0, 0];
          const bytes = () => entries.reduce((sum, n) => sum + bytesOf(n), 0);
          for (const n of calls) {
            expect(memo(n)).toBe(text(n));
            if (entries.includes(n)) {
              hits++;
              entries = [...entries.filter((one) => one !== n), n];
            } else if (maxsize !== 0 && bytesOf(n) > maxBytes) {
              oversize++;
            } else if (maxsize !== 0) {
              entries.push(n);
              while (bytes() > maxBytes || entries.length > (maxsize ?? Infinity)) {
                entries.shift();
                evictions++;
              }
            }
            const info = memo.cacheInfo();
            expect(info).toMatchObject({
              hits,
              evictions,
              oversize,
              currsize: entries.length,
              bytes: bytes(),
            });
            expect(info.bytes).toBeLessThanOrEqual(maxBytes);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of maxBytes weighs at least the result and its key', () => {
    for (const value of [1, 'a'.repeat(500), 2n ** 10_000n, { list: [1, 2, 3] }, new Uint8Array(1000)]) {
      const bytes = entryBytes(() => value, 1);
      expect(bytes).toBeGreaterThanOrEqual(weigh(value) + weigh(1));
      expect(bytes).toBeLessThan(weigh(value) + 500);
    }
  });

  test('of maxBytes weighs a long key too', () => {
    const lengthOf = memoize((text: string): number => text.length, { maxBytes: 15_000 });
    lengthOf('a'.repeat(10_000));
    expect(lengthOf.cacheInfo().bytes).toBeGreaterThanOrEqual(10_000);
    lengthOf('a'.repeat(20_000));
    expect(lengthOf.cacheInfo()).toMatchObject({ currsize: 1, oversize: 1 });
  });

  test('without maxBytes weighs nothing', () => {
    const { memo } = recorded();
    memo('a'.repeat(1000));
    expect(memo.cacheInfo()).toMatchObject({ bytes: 0, maxBytes: null, currsize: 1 });
  });
});

/** What one entry weighs in a memo: its bytes when it is alone. */
function entryBytes(fn: (n: number) => unknown, n: number): number {
  const alone = memoize(fn, { maxBytes: 1e9 });
  alone(n);
  return alone.cacheInfo().bytes;
}

describe('a memoized method', () => {
  class Grid {
    computed = 0;
    readonly rows: number;
    readonly paths: Memoized<(columns: number) => number>;

    constructor(rows: number) {
      this.rows = rows;
      this.paths = memoize((columns: number): number => {
        this.computed++;
        return this.rows * columns;
      });
    }
  }

  test('held by each instance shares no entry with another instance', () => {
    const [two, three] = [new Grid(2), new Grid(3)];
    expect([two.paths(10), three.paths(10), two.paths(10)]).toEqual([20, 30, 20]);
    expect([two.computed, three.computed]).toEqual([1, 1]);
  });

  test('held by each instance does not keep the instance alive', async () => {
    await collected(() => {
      const grid = new Grid(4);
      grid.paths(1);
      return grid;
    });
  });

  const decorate = memoize({ maxsize: 2 });
  class Decorated {
    readonly rows: number;
    computed = 0;
    constructor(rows: number) {
      this.rows = rows;
    }
  }
  const paths = decorate(
    function paths(this: Decorated, columns: number): number {
      this.computed++;
      return this.rows * columns;
    },
    { kind: 'method', static: false, name: 'paths' },
  );

  test('by decorator has a memo for each instance, bounded by the options', () => {
    const [two, three] = [new Decorated(2), new Decorated(3)];
    expect([paths.call(two, 1), paths.call(three, 1), paths.call(two, 1)]).toEqual([2, 3, 2]);
    expect([two.computed, three.computed]).toEqual([1, 1]);
    expect(paths.of(two).cacheInfo()).toMatchObject({ hits: 1, misses: 1, maxsize: 2, currsize: 1 });
    for (const columns of [2, 3, 1]) paths.call(two, columns);
    expect(paths.of(two).cacheInfo()).toMatchObject({ misses: 4, currsize: 2 });
    expect(paths.of(three).cacheInfo()).toMatchObject({ misses: 1 });
    expect([paths.name, paths.length]).toEqual(['paths', 1]);
  });

  test('by decorator does not keep an instance alive', async () => {
    await collected(() => {
      const instance = new Decorated(4);
      paths.call(instance, 1);
      return instance;
    });
  });
});

describe('the options of memoize', () => {
  const refused: readonly (readonly [unknown, string])[] = [
    [
      { maxsize: -1 },
      "memoize: option 'maxsize': expected a whole number from 0, or null for no bound, got -1.",
    ],
    [{ maxsize: 1.5 }, "option 'maxsize': expected a whole number from 0, or null for no bound, got 1.5"],
    [{ maxsize: Number.NaN }, 'got NaN'],
    [{ maxsize: Infinity }, 'got Infinity'],
    [{ maxsize: '10' }, 'got "10"'],
    [{ maxsize: 10n }, 'got 10n'],
    [{ maxBytes: -1 }, "option 'maxBytes': expected a whole number from 0, or null for no bound, got -1"],
    [{ maxBytes: 0.5 }, "option 'maxBytes'"],
    [{ typed: 'no' }, 'option \'typed\': expected true or false, got "no"'],
    [{ typed: 1 }, "option 'typed': expected true or false, got 1"],
    [{ typed: null }, 'got null'],
    [{ key: 'id' }, 'option \'key\': expected a function, got "id"'],
    [{ share: true }, "option 'share': expected 'all' or a function, got true"],
    [{ share: 'some' }, "option 'share': expected 'all' or a function, got \"some\""],
    [{ maxSize: 10 }, 'unknown option "maxSize". Did you mean \'maxsize\'?'],
    [{ maxbyte: 10 }, "Did you mean 'maxBytes'?"],
    [{ ttl: 10 }, 'unknown option "ttl". There are: maxsize, maxBytes, typed, key, share.'],
    [null, 'expected an object of options, got null'],
    [10, 'expected an object of options, got 10'],
  ];

  test.each(refused)('%o is refused with what was expected and what came', (options, message) => {
    const attempt = () => memoize((n: number) => n, options as object);
    expect(attempt).toThrow(PoolError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
    expect(attempt).toThrow(message);
  });

  test.each([
    {},
    { maxsize: undefined, maxBytes: undefined, typed: undefined, key: undefined, share: undefined },
    { share: 'all' as const },
    { maxsize: 0, maxBytes: 0 },
    { maxsize: null, maxBytes: null },
    { maxsize: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER, typed: false, key: () => 1 },
  ])('%o are taken', (options) => {
    expect(memoize((n: number) => n, options as object)(3)).toBe(3);
  });

  test.each([null, undefined, 1, 'fib', Symbol('s')])('what is no function is refused: %o', (fn) => {
    expect(() => memoize(fn as never)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
  });
});

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as unknown as Omit<Deferred<T>, 'promise'>) };
}
