// Miss-ratio curves: exact against an LRU cache of every size, sampled against the exact ones.
import { describe, expect, test } from 'vitest';
import { DistanceHistogram } from '../../src/curves/distance-histogram.ts';
import { DistanceSampler } from '../../src/curves/distance-sampler.ts';
import { DistinctCounter } from '../../src/curves/distinct-counter.ts';
import { hashKey } from '../../src/curves/key-hash.ts';
import { Random } from '../../src/curves/random.ts';
import { randomSteps, type Step, simulateLru } from './brute-lru.ts';
import { meanError } from './mean-error.ts';

function sample(steps: readonly Step[], sampler: DistanceSampler): DistanceSampler {
  for (const step of steps) {
    if (step.kind === 'reference') sampler.reference(step.key, step.bytes, step.owner);
    if (step.kind === 'delete') sampler.delete(step.key);
    if (step.kind === 'clear') sampler.clear(step.owner);
  }
  return sampler;
}

function missRatioOf(hits: readonly boolean[]): number {
  return hits.filter((isHit) => !isHit).length / hits.length;
}

describe('as long as all keys are followed', () => {
  test('the curves are those of LRU caches of every size and number of bytes', () => {
    const random = new Random(4);
    for (let round = 0; round < 500; round++) {
      const [keys, largest] = [1 + random.below(12), 1 + random.below(6)];
      const steps = randomSteps(random, { length: 60, keys, largest, deletions: 0.1, clears: 0.02 });
      const sampler = sample(steps, new DistanceSampler({ inBytes: true }));
      const [curve, byteCurve] = [sampler.curve(), sampler.byteCurve()];
      expect(sampler.isExact).toBe(true);
      for (let maxsize = 0; maxsize <= keys + 1; maxsize++) {
        const expected = missRatioOf(simulateLru(steps, { maxsize, maxBytes: Infinity }));
        expect(curve.at(maxsize)).toBeCloseTo(expected, 12);
      }
      for (let maxBytes = largest; maxBytes <= keys * largest; maxBytes++) {
        const expected = missRatioOf(simulateLru(steps, { maxsize: Infinity, maxBytes }));
        expect(byteCurve?.at(maxBytes)).toBeCloseTo(expected, 12);
      }
      const least = curve.at(Infinity);
      if (curve.needed !== null) {
        expect(curve.at(curve.needed)).toBe(least);
        expect(curve.at(curve.needed - 1)).toBeGreaterThan(least);
      }
    }
  });

  test('a loop misses always with room for one less than its keys, and then only at first', () => {
    const sampler = new DistanceSampler();
    for (let i = 0; i < 1000; i++) sampler.reference(i % 100, 1);
    expect(sampler.curve().points()).toEqual([
      { size: 0, missRatio: 1 },
      { size: 100, missRatio: 0.1 },
    ]);
    expect(sampler.curve().needed).toBe(100);
  });

  test('what was placed there by another is there, and was no reference', () => {
    const sampler = new DistanceSampler();
    sampler.place(1, 8);
    sampler.reference(1, 0);
    expect(sampler.references).toBe(1);
    expect(sampler.curve().at(1)).toBe(0);
  });
});

describe('with more keys than are followed', () => {
  const patterns = ['zipf:1', 'uniform', 'loop', 'scan', 'mixed', 'phase'];

  test.each(patterns)('%s is within a hundredth of the exact curve with 1,024 of 5,000 keys', (name) => {
    const keys = name === 'scan' ? 50_000 : 5000;
    const error = meanError(`${name},keys=${keys},length=50000`, { mostKeys: 1024, mostSize: 5000 });
    expect(error).toBeLessThan(0.01);
  });

  test('no more than so many keys are followed, whatever comes', () => {
    const sampler = new DistanceSampler({ mostKeys: 50 });
    for (let i = 0; i < 20_000; i++) sampler.reference(i, 1);
    expect(sampler.isExact).toBe(false);
    expect(sampler.samplingRate).toBeLessThan(1.02 * (50 / 20_000));
    expect(sampler.samplingRate).toBeGreaterThan(0.98 * (40 / 20_000));
  });

  test('deletions leave as much room as they do among all keys', () => {
    const random = new Random(5);
    const options = { length: 60_000, keys: 4000, largest: 9, deletions: 0.2, clears: 0 };
    const steps = randomSteps(random, options);
    const sampler = sample(steps, new DistanceSampler({ mostKeys: 1000, inBytes: true }));
    const curve = sampler.curve();
    for (const maxsize of [500, 1500, 2500, 3500]) {
      const expected = missRatioOf(simulateLru(steps, { maxsize, maxBytes: Infinity }));
      expect(Math.abs(curve.at(maxsize) - expected)).toBeLessThan(0.02);
      const inBytes = missRatioOf(simulateLru(steps, { maxsize: Infinity, maxBytes: 5 * maxsize }));
      expect(Math.abs((sampler.byteCurve()?.at(5 * maxsize) ?? 0) - inBytes)).toBeLessThan(0.03);
    }
  });

  test('after all was cleared, every key is followed again, and what was counted stays', () => {
    const sampler = new DistanceSampler({ mostKeys: 10 });
    for (let i = 0; i < 100; i++) sampler.reference(i, 1);
    sampler.clear();
    expect(sampler.samplingRate).toBe(1);
    expect(sampler.isExact).toBe(false);
    expect(sampler.references).toBe(100);
  });
});

test('a bucket of a histogram is at most a 512th wide, and exact below the bound', () => {
  const random = new Random(6);
  for (let i = 0; i < 3000; i++) {
    const distance = 1 + Math.floor(2 ** (48 * random.next()));
    const histogram = new DistanceHistogram(3000);
    histogram.add(distance, 1);
    histogram.add(2 ** 49, 1);
    const [first] = histogram.entries();
    const end = first?.distance ?? 0;
    expect(end).toBeGreaterThanOrEqual(distance);
    expect(end - distance).toBeLessThanOrEqual(distance <= 3000 ? 0 : distance / 512);
  }
});

test('different keys are counted within half a percent, and not at all when there are too many', () => {
  const counter = new DistinctCounter();
  for (let i = 0; i < 100_000; i++) counter.see(hashKey(i % 50_000));
  expect(Math.abs((counter.count() ?? 0) / 50_000 - 1)).toBeLessThan(0.005);
  for (let i = 0; i < 5_000_000; i++) counter.see(hashKey(i));
  expect(counter.count()).toBeUndefined();
});

test('hashes of small numbers and of large ones are spread', () => {
  for (const step of [1, 2 ** 21, 2 ** 32]) {
    const below = Array.from({ length: 4096 }, (_, i) => hashKey(i * step)).filter((hash) => hash < 2 ** 30);
    expect(Math.abs(below.length - 1024)).toBeLessThan(150);
  }
});
