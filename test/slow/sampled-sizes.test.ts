// The advice on maxsize with far more keys than are followed, held against runs.
import { expect, test } from 'vitest';
import { parsePattern, ranksOf } from '../../src/curves/patterns.ts';
import { adviseSizes } from '../../src/tuning/sizes.ts';
import { type Step, simulateLru } from '../curves/brute-lru.ts';
import { tracedCalls } from '../tuning/make-trace.ts';

const HIT_NS = 500;

function costOf(key: number): number {
  return 10_000 + (key % 97) * 1000;
}

function timeAt(keys: readonly number[], maxsize: number): number {
  const steps = keys.map((key): Step => ({ kind: 'reference', key, bytes: 100, owner: 0 }));
  const hits = simulateLru(steps, { maxsize, maxBytes: Infinity });
  const costs = keys.map((key, i) => (hits[i] === true ? 0 : costOf(key)));
  return HIT_NS + costs.reduce((sum, cost) => sum + cost, 0) / keys.length;
}

test.each([
  'zipf:1,keys=50000',
  'zipf:0.8,keys=30000',
  'mixed,keys=50000',
  'phase,keys=50000',
  'loop,keys=9000',
  'loop,keys=20000',
])(
  'the size chosen for %s takes at most a twentieth longer than all of it, without and with a budget',
  (pattern) => {
    const keys = [...ranksOf(parsePattern(`${pattern},length=500000`), 1)];
    const trace = tracedCalls(keys, (key) => ({ costNs: costOf(key), bytes: 100 }));
    const free = adviseSizes(trace, { budgetBytes: null, hitNs: HIT_NS, seed: 1 });
    expect(free.isExact).toBe(false);
    // A larger LRU cache is never slower: the best of all sizes is the largest.
    expect(timeAt(keys, free.chosen)).toBeLessThan(1.05 * timeAt(keys, free.distinct));
    const bound = adviseSizes(trace, { budgetBytes: 1e6, hitNs: HIT_NS, seed: 1 });
    expect(bound.chosen).toBeLessThan(10_300);
    expect(timeAt(keys, bound.chosen)).toBeLessThan(1.05 * timeAt(keys, 10_000));
  },
);
