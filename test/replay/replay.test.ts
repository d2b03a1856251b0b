// `memoize` against Python's own functools.lru_cache: one random sequence of calls through both, and after every call
// the same hits, misses and currsize, and the same keys in the same order, which is the order of eviction.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LruSlots } from '../../src/compute/lru-slots.ts';
import { createMemo, type Memoized } from '../../src/compute/memo.ts';
import { resolveMemoOptions } from '../../src/compute/memo-options.ts';

const script = fileURLToPath(new URL('./lru_cache.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

type Call = number | 'clear';
type Row = readonly [hits: number, misses: number, currsize: number, keys: readonly number[] | null];

interface Job {
  readonly function: 'square' | 'fib';
  readonly maxsize: number | null;
  readonly calls: readonly Call[];
}

function inPython(job: Job): Row[] {
  const { stdout, stderr, status } = spawnSync('python3', [script], {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Row[];
}

function square(n: number): number {
  if (n % 7 === 6) throw new RangeError(`${n}`);
  return n * n;
}

function inMemopool(job: Job): Row[] {
  const { maxsize } = job;
  const lru = maxsize === null ? undefined : new LruSlots(maxsize);
  const fib = (n: number): number => (n < 2 ? n : memo(n - 1) + memo(n - 2));
  const options = resolveMemoOptions<(n: number) => number>({ maxsize });
  const memo: Memoized<(n: number) => number> = createMemo(
    job.function === 'fib' ? fib : square,
    options,
    lru,
  );
  return job.calls.map((call): Row => {
    if (call === 'clear') memo.cacheClear();
    else attempt(() => memo(call));
    const { hits, misses, currsize } = memo.cacheInfo();
    return [hits, misses, currsize, maxsize && lru ? ([...lru.keys()] as number[]) : null];
  });
}

function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

const maxsizes = fc.oneof(fc.constantFrom(null, 0, 1, 2, 3), fc.integer({ min: 4, max: 40 }));

function calls(largest: number): fc.Arbitrary<Call[]> {
  const call = fc.oneof(
    { weight: 100, arbitrary: fc.integer({ min: 0, max: largest }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  );
  return fc.array(call, { minLength: 500, maxLength: 2000, size: 'max' });
}

describe.skipIf(!hasPython)(
  "replay against python3's functools.lru_cache (skipped where python3 is missing)",
  () => {
    test('a function of random calls, some of which throw, counts and evicts alike', {
      timeout: 60_000,
    }, () => {
      fc.assert(
        fc.property(maxsizes, calls(50), (maxsize, sequence) => {
          const job: Job = { function: 'square', maxsize, calls: sequence };
          expect(inMemopool(job)).toEqual(inPython(job));
        }),
        { numRuns: 30 },
      );
    });

    test('a recursive function counts and evicts alike', { timeout: 60_000 }, () => {
      // From maxsize 3 on, because below it the recursion is exponential.
      const bounds = fc.oneof(fc.constant(null), fc.integer({ min: 3, max: 30 }));
      fc.assert(
        fc.property(bounds, calls(60), (maxsize, sequence) => {
          const job: Job = { function: 'fib', maxsize, calls: sequence };
          expect(inMemopool(job)).toEqual(inPython(job));
        }),
        { numRuns: 20 },
      );
    });

    test.each([
      [3, 21],
      [2, 1657],
      [1, 21_891],
    ])('fib(20) with maxsize %i is %i misses in both', (maxsize, misses) => {
      const job: Job = { function: 'fib', maxsize, calls: [20] };
      expect(inPython(job)[0]?.[1]).toBe(misses);
      expect(inMemopool(job)[0]?.[1]).toBe(misses);
    });
  },
);
