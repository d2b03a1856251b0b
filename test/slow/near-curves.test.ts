// Curves and times of traces with 50,000 keys, of which 8,192 are followed: exact up to that size, and near the truth beyond.
import { describe, expect, test } from 'vitest';
import { parsePattern, ranksOf } from '../../src/curves/patterns.ts';
import type { SizesResult } from '../../src/tuning/result.ts';
import { adviseSizes } from '../../src/tuning/sizes.ts';
import { type Step, simulateLru } from '../curves/brute-lru.ts';
import { tracedCalls } from '../tuning/make-trace.ts';

const KEYS = 50_000;
const NEAR = 8192;
const SALTS = [0, 1e9, 2e9];

function adviceOn(keys: readonly number[], mostKeys: number): SizesResult {
  const trace = tracedCalls(keys, (key) => ({ costNs: 1e4 + (key % 97) * 1000, bytes: 100 + (key % 50) }));
  return adviseSizes(trace, { budgetBytes: null, hitNs: 500, seed: 1, mostKeys });
}

/** At every size from 0 to all keys. */
function ratiosOf({ curve }: SizesResult): Float64Array {
  const ratios = new Float64Array(KEYS + 1);
  for (const [i, { maxsize, missRatio }] of curve.entries()) {
    ratios.fill(missRatio, maxsize, curve[i + 1]?.maxsize ?? KEYS + 1);
  }
  return ratios;
}

function ranks(pattern: string): number[] {
  return [...ranksOf(parsePattern(`${pattern},keys=${KEYS},length=300000`), 1)];
}

const patterns = ['zipf:0.7', 'zipf:1', 'uniform', 'mixed', 'phase'];

describe.each(patterns)('of %s', (pattern) => {
  const plain = ranks(pattern);

  // That all keys were followed is not taken on trust: a cache is run at some sizes.
  test('the curve is that of an LRU cache up to 8,192, and within half a percent beyond', () => {
    const exact = adviceOn(plain, Number.MAX_SAFE_INTEGER);
    expect(exact.exactUpTo).toBeNull();
    const truth = ratiosOf(exact);
    const steps = plain.map((key): Step => ({ kind: 'reference', key, bytes: 1, owner: 0 }));
    for (const maxsize of [1, 100, NEAR, 20_000]) {
      const hits = simulateLru(steps, { maxsize, maxBytes: Infinity });
      expect(truth[maxsize]).toBeCloseTo(hits.filter((isHit) => !isHit).length / hits.length, 9);
    }
    for (const salt of SALTS) {
      const keys = plain.map((key) => key + salt);
      const near = adviceOn(keys, NEAR);
      expect(near).toMatchObject({ isExact: false, exactUpTo: NEAR });
      const errors = ratiosOf(near).map((ratio, size) => Math.abs(ratio - (truth[size] ?? 0)));
      expect(Math.max(...errors.subarray(0, NEAR + 1))).toBeLessThan(1e-9);
      const beyond = errors.subarray(NEAR + 1);
      expect(Math.max(...beyond)).toBeLessThan(0.005);
      expect(beyond.reduce((sum, error) => sum + error, 0) / beyond.length).toBeLessThan(0.002);
      expect(errors.at(-1)).toBeLessThan(1e-9);
    }
  });

  test('the times up to 8,192 are those of all keys', () => {
    const [near, exact] = [adviceOn(plain, NEAR), adviceOn(plain, Number.MAX_SAFE_INTEGER)];
    let compared = 0;
    for (const { maxsize, costNs } of near.points.filter((point) => point.maxsize <= NEAR)) {
      const same = exact.points.find((point) => point.maxsize === maxsize);
      if (same === undefined) continue;
      compared++;
      expect(costNs.median / same.costNs.median).toBeCloseTo(1, 9);
      expect(costNs.high / same.costNs.high).toBeCloseTo(1, 9);
    }
    expect(compared).toBeGreaterThan(2);
  });
});
