// The advice on maxsize: what it chooses is nearly the best when run, and traces with little in them get sensible words.
import { describe, expect, test } from 'vitest';
import { parsePattern, ranksOf } from '../../src/curves/patterns.ts';
import { Random } from '../../src/curves/random.ts';
import type { SizesResult } from '../../src/tuning/result.ts';
import { type AdviseSizesOptions, adviseSizes } from '../../src/tuning/sizes.ts';
import { type Step, simulateLru } from '../curves/brute-lru.ts';
import { type MadeEvent, makeTrace, tracedCalls } from './make-trace.ts';

const options: AdviseSizesOptions = { budgetBytes: null, hitNs: 500, seed: 1 };

function ranks(pattern: string): number[] {
  return [...ranksOf(parsePattern(pattern), 1)];
}

/** Costs from 10 µs to 1 ms. */
function randomCosts(keys: number): number[] {
  const random = new Random(9);
  return Array.from({ length: keys }, () => Math.round(1e4 * 100 ** random.next()));
}

/** Nanoseconds a call in a run with that size. */
function timeAt(keys: readonly number[], maxsize: number, costs: readonly number[]): number {
  const steps = keys.map((key): Step => ({ kind: 'reference', key, bytes: 1, owner: 0 }));
  const hits = simulateLru(steps, { maxsize, maxBytes: Infinity });
  const missed = keys.map((key, i) => (hits[i] === true ? 0 : (costs[key] ?? 0)));
  return options.hitNs + missed.reduce((sum, cost) => sum + cost, 0) / keys.length;
}

function chosenPoint({ points, chosen }: SizesResult): SizesResult['points'][number] | undefined {
  return points.find(({ maxsize }) => maxsize === chosen);
}

describe('the chosen size', () => {
  const patterns = ['zipf:1,keys=2000', 'zipf:0.7,keys=1000', 'mixed:1,keys=1000', 'phase:1.2,keys=1000'];

  test.each(patterns)('of %s takes at most a twentieth longer in a run than the best of all', (pattern) => {
    const keys = ranks(`${pattern},length=10000`);
    const costs = randomCosts(2000);
    const result = adviseSizes(
      tracedCalls(keys, (key) => ({ costNs: costs[key] ?? 0, bytes: 100 })),
      options,
    );
    const sizes = Array.from({ length: 101 }, (_, i) => 20 * i);
    const best = Math.min(...sizes.map((size) => timeAt(keys, size, costs)));
    expect(timeAt(keys, result.chosen, costs)).toBeLessThan(1.05 * best);
    expect(result.chosen).toBeLessThan(result.needed ?? 0);
  });

  test('is estimated as what a run takes', () => {
    const keys = ranks('zipf:1,keys=1000,length=10000');
    const costs = randomCosts(1000);
    const result = adviseSizes(
      tracedCalls(keys, (key) => ({ costNs: costs[key] ?? 0, bytes: 100 })),
      options,
    );
    for (const { maxsize, costNs } of result.points.filter((_, i) => i % 9 === 0)) {
      expect(costNs.median / timeAt(keys, maxsize, costs)).toBeCloseTo(1, 9);
      expect(costNs.low).toBeLessThanOrEqual(costNs.median);
      expect(costNs.high).toBeGreaterThanOrEqual(costNs.median);
    }
  });

  test('of a loop has room for all of it', () => {
    const result = adviseSizes(
      tracedCalls(ranks('loop,keys=300,length=3000'), () => ({ costNs: 1e6, bytes: 100 })),
      options,
    );
    expect(result).toMatchObject({ chosen: 300, needed: 300, isExact: true, samplingRate: 1 });
    expect(result.reason).toBe(
      'With 300 entries, a call takes 101 µs on average, and nothing is computed twice for lack of room; with fewer, calls could be more than 2 % slower.',
    );
  });

  test('is within the byte budget, and the reason says so', () => {
    const keys = ranks('zipf:0.8,keys=1000,length=10000');
    const trace = tracedCalls(keys, (key) => ({ costNs: 1e6, bytes: 100 + (key % 3) * 100 }));
    const result = adviseSizes(trace, { ...options, budgetBytes: 40_000 });
    expect(chosenPoint(result)?.bytes).toBeLessThanOrEqual(40_000);
    expect(result.chosen).toBeGreaterThan(170);
    expect(result.reason).toContain('39.1 KiB');
    const none = adviseSizes(trace, { ...options, budgetBytes: 50 });
    expect(none).toMatchObject({
      chosen: 0,
      reason: 'Not one entry fits into 50 bytes, so nothing can be kept.',
    });
  });

  test('is 0 where a computation takes hardly longer than a lookup', () => {
    const keys = ranks('zipf:1,keys=1000,length=10000');
    const result = adviseSizes(
      tracedCalls(keys, () => ({ costNs: 5, bytes: 8 })),
      options,
    );
    expect(result.chosen).toBe(0);
    expect(result.reason).toMatch(
      /^Without keeping anything, a call takes 505 ns on average, 0\.\d % to 0\.\d % more/,
    );
  });

  test('is far from too small where the intervals of the times overlap with far smaller ones', () => {
    // Every other stretch is of few cheap calls, the others of many dear ones: times vary with the stretch, together.
    const random = new Random(2);
    const keys = Array.from({ length: 32_000 }, (_, i) =>
      Math.floor(i / 3000) % 2 === 0 ? random.below(5) : 10 + random.below(400),
    );
    const costs = keys.map((_, key) => (key < 10 ? 1000 : 100_000));
    const result = adviseSizes(
      tracedCalls(keys, (key) => ({ costNs: costs[key] ?? 0, bytes: 100 })),
      options,
    );
    const best = result.points.at(-1);
    const overlapping = result.points.find(({ costNs }) => costNs.low <= (best?.costNs.high ?? 0));
    const bestTime = timeAt(keys, best?.maxsize ?? 0, costs);
    expect(timeAt(keys, overlapping?.maxsize ?? 0, costs)).toBeGreaterThan(1.2 * bestTime);
    expect(timeAt(keys, result.chosen, costs)).toBeLessThan(1.05 * bestTime);
  });
});

test('the points go from 0 to all keys, at most 60, with the chosen and the needed one among them', () => {
  const keys = ranks('zipf:1,keys=5000,length=20000');
  const result = adviseSizes(
    tracedCalls(keys, () => ({ costNs: 1e6, bytes: 64 })),
    { ...options, budgetBytes: 64_000 },
  );
  const sizes = result.points.map(({ maxsize }) => maxsize);
  expect(sizes.length).toBeLessThanOrEqual(60);
  expect(sizes.length).toBeGreaterThan(30);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(sizes).toEqual(expect.arrayContaining([0, result.chosen, result.needed, result.distinct]));
  for (const { missRatio, optimalMissRatio } of result.points) {
    expect(optimalMissRatio).toBeLessThanOrEqual(missRatio);
    expect(optimalMissRatio).toBeGreaterThanOrEqual(result.distinct / result.references - 1e-12);
  }
  expect(result.byBytes.at(-1)?.missRatio).toBe(result.curve.at(-1)?.missRatio);
});

test('the same trace and seed give the same again', () => {
  const trace = tracedCalls(ranks('zipf,keys=500,length=5000'), (key) => ({ costNs: 1e5 + key, bytes: 8 }));
  expect(adviseSizes(trace, options)).toEqual(adviseSizes(trace, options));
});

test('of more keys than are followed a sample tells nearly the same', () => {
  const keys = ranks('zipf:0.9,keys=6000,length=40000');
  const costs = randomCosts(6000);
  const trace = tracedCalls(keys, (key) => ({ costNs: costs[key] ?? 0, bytes: 100 }));
  const result = adviseSizes(trace, { ...options, mostKeys: 1500 });
  expect(result.isExact).toBe(false);
  expect(result.samplingRate).toBeLessThan(0.5);
  const best = timeAt(keys, 6000, costs);
  expect(timeAt(keys, result.chosen, costs)).toBeLessThan(1.05 * best);
});

test.each([700, 1000, 1300, 1600])(
  'a loop of %i keys fits, though only a sample of them is followed',
  (keys) => {
    const trace = tracedCalls(ranks(`loop,keys=${keys},length=${8 * keys}`), () => ({
      costNs: 1e6,
      bytes: 8,
    }));
    const result = adviseSizes(trace, { ...options, mostKeys: 300 });
    expect(result).toMatchObject({ isExact: false, chosen: keys, needed: keys });
  },
);

describe('the events of a trace', () => {
  const at = (result: SizesResult, maxsize: number) =>
    result.curve.findLast((point) => point.maxsize <= maxsize)?.missRatio;

  function advise(...events: readonly MadeEvent[]): SizesResult {
    return adviseSizes(makeTrace(events), options);
  }

  const complete = (key: number, owner = 0): MadeEvent => ({
    kind: 'complete',
    key,
    costNs: 1000,
    bytes: 8,
    owner,
  });
  const hit = (key: number): MadeEvent => ({ kind: 'hit', key });

  test('those that joined are counted apart', () => {
    const result = advise({ kind: 'join', key: 1 }, complete(1), hit(1));
    expect(result).toMatchObject({ references: 2, joins: 1, distinct: 1 });
  });

  test('a shared result is there without a reference', () => {
    const result = advise({ kind: 'share', key: 1, bytes: 8, costNs: 5 }, hit(1));
    expect(result).toMatchObject({ references: 1, needed: 1 });
    expect(at(result, 1)).toBe(0);
  });

  test('shared results that nobody asks for take room', () => {
    const share = (key: number): MadeEvent => ({ kind: 'share', key, bytes: 8, costNs: 5 });
    expect(advise(complete(1), share(2), share(3), hit(1))).toMatchObject({
      distinct: 1,
      needed: 3,
      chosen: 3,
    });
  });

  test('what the recorded cache had no room for, a larger one has', () => {
    const result = advise(complete(1), complete(2), { kind: 'evict', key: 1 }, complete(1));
    expect(result.needed).toBe(2);
    expect(at(result, 2)).toBeCloseTo(2 / 3, 12);
  });

  test('what was deleted or cleared is missed at every size', () => {
    const deleted = advise(complete(1), { kind: 'delete', key: 1 }, complete(1));
    expect(deleted).toMatchObject({ needed: null, chosen: 0 });
    const cleared = advise(
      complete(1, 0),
      complete(2, 1),
      { kind: 'clear', key: 0, owner: 1 },
      complete(2, 1),
      hit(1),
    );
    expect(cleared.needed).toBe(2);
    expect(at(cleared, 2)).toBe(0.75);
  });
});

describe('a trace with little in it', () => {
  test('of nothing keeps to what was set', () => {
    const result = adviseSizes(makeTrace([]), options);
    expect(result).toMatchObject({ references: 0, needed: null, chosen: 1024 });
    expect(result.reason).toContain('nothing speaks for another maxsize than 1,024');
    const header = { startedAt: '2026-01-01T00:00:00Z', maxsize: 77, maxBytes: null, workers: 2 };
    const set = adviseSizes(makeTrace([], header), options);
    expect(set.chosen).toBe(77);
    expect(chosenPoint(set)).toBeDefined();
  });

  test('of hits only computes nothing twice', () => {
    const keys = [1, 2, 3, 1, 2, 3];
    const result = adviseSizes(makeTrace(keys.map((key) => ({ kind: 'hit', key }))), options);
    expect(result).toMatchObject({ needed: 3, chosen: 3, missNs: 0 });
    expect(result.reason).toBe(
      'The trace does not tell what a computation costs. With 3 entries, nothing is computed twice for lack of room.',
    );
  });

  test('of one key needs one entry', () => {
    const result = adviseSizes(
      tracedCalls([5, 5, 5, 5], () => ({ costNs: 1e6, bytes: 8 })),
      options,
    );
    expect(result).toMatchObject({ needed: 1, chosen: 1, distinct: 1 });
    expect(chosenPoint(result)?.bytes).toBe(8);
  });

  test('of different keys only keeps nothing, and says why', () => {
    const result = adviseSizes(
      tracedCalls(ranks('scan,length=500'), () => ({ costNs: 1e6, bytes: 8 })),
      options,
    );
    expect(result).toMatchObject({ needed: null, chosen: 0 });
    expect(result.reason).toContain('keeping results saves nothing');
  });
});
