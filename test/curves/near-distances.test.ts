// Curves that are exact up to a bound: against an LRU cache of every size up to it, and where they end.
import { expect, test } from 'vitest';
import type { MissRatioCurve } from '../../src/curves/miss-ratio-curve.ts';
import { NearDistances } from '../../src/curves/near-distances.ts';
import { Random } from '../../src/curves/random.ts';
import { randomSteps, type Step, simulateLru } from './brute-lru.ts';

interface Told {
  distances: number;
  beyond: number;
}

function follow(steps: readonly Step[], mostKeys: number): { distances: NearDistances; told: Told } {
  const told: Told = { distances: 0, beyond: 0 };
  const distances = new NearDistances({
    mostKeys,
    distinct: new Set(steps.map((step) => (step.kind === 'reference' ? step.key : 0))).size,
    follower: {
      distance: () => told.distances++,
      beyond: () => told.beyond++,
      sample: () => {},
    },
  });
  for (const step of steps) {
    if (step.kind === 'reference') distances.reference(step.key, step.bytes, step.owner);
    if (step.kind === 'delete') distances.delete(step.key);
    if (step.kind === 'clear') distances.clear(step.owner);
  }
  return { distances, told };
}

function missRatio(steps: readonly Step[], maxsize: number): number {
  const hits = simulateLru(steps, { maxsize, maxBytes: Infinity });
  return hits.filter((isHit) => !isHit).length / hits.length;
}

function isFalling(curve: MissRatioCurve): boolean {
  const ratios = curve.points().map((point) => point.missRatio);
  return ratios.every((ratio, i) => i === 0 || ratio <= (ratios[i - 1] ?? 1));
}

test.each([3, 4, 6, 10])(
  'with a bound of %i random traces are exact at every size up to it, deletions and clears included, and at the end',
  (mostKeys) => {
    const random = new Random(mostKeys);
    for (let round = 0; round < 150; round++) {
      const keys = 1 + random.below(4 * mostKeys);
      const [deletions, clears] = round % 3 === 0 ? [0, 0] : [0.3 * random.next(), 0.03 * random.next()];
      const steps = randomSteps(random, { length: 400, keys, largest: 5, deletions, clears });
      const { distances, told } = follow(steps, mostKeys);
      const curve = distances.curve();
      for (let maxsize = 0; maxsize <= mostKeys; maxsize++) {
        expect(curve.at(maxsize)).toBeCloseTo(missRatio(steps, maxsize), 9);
      }
      const least = missRatio(steps, keys);
      expect(curve.at(Infinity)).toBeCloseTo(least, 9);
      expect(distances.byteCurve().at(Infinity)).toBeCloseTo(least, 9);
      expect([isFalling(curve), isFalling(distances.byteCurve())]).toEqual([true, true]);
      expect(told.distances + told.beyond).toBe(curve.references);
      expect(distances.exactUpTo).toBe(told.beyond === 0 ? null : mostKeys);
    }
  },
);

test('with more keys than the bound, of which none comes back from beyond it, all sizes are exact', () => {
  const random = new Random(1);
  // Each key comes again among the ten after it or never.
  const steps = Array.from({ length: 5000 }, (_, i): Step => {
    const key = Math.floor(i / 10) + random.below(10);
    return { kind: 'reference', key, bytes: 1, owner: 0 };
  });
  const { distances } = follow(steps, 30);
  expect(distances).toMatchObject({ isExact: false, exactUpTo: null });
  const curve = distances.curve();
  for (const maxsize of [1, 2, 5, 9, 10, 11, 100]) {
    expect(curve.at(maxsize)).toBeCloseTo(missRatio(steps, maxsize), 12);
  }
  const needed = curve.needed ?? 0;
  expect(missRatio(steps, needed)).toBe(missRatio(steps, 1000));
  expect(missRatio(steps, needed - 1)).toBeGreaterThan(missRatio(steps, 1000));
});

test('a loop just above the bound misses always up to it, and not at all at its own size', () => {
  const steps = Array.from({ length: 4000 }, (_, i): Step => {
    return { kind: 'reference', key: i % 130, bytes: 1, owner: 0 };
  });
  const curve = follow(steps, 128).distances.curve();
  expect(curve.at(128)).toBe(1);
  expect(curve.at(130)).toBeCloseTo(130 / 4000, 12);
});
