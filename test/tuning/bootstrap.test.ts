import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/curves/random.ts';
import { medianInterval, percentile } from '../../src/tuning/bootstrap.ts';

const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });
const someSamples = fc.array(finite, { minLength: 1, maxLength: 40 });

describe('the interval of a median', () => {
  test('is the sample itself when there is but one', () => {
    expect(medianInterval([3.5], { seed: 1 })).toEqual({ median: 3.5, low: 3.5, high: 3.5 });
  });

  test.each([2, 3, 4, 5])('is the whole range of %d samples', (size) => {
    const samples = Array.from({ length: size }, (_, i) => 10 + i);
    expect(medianInterval(samples, { seed: 1 })).toMatchObject({ low: 10, high: 9 + size });
  });

  test('is the same for the same seed, whatever the order of the samples', () => {
    const samples = [5, 3, 8, 1, 9, 2, 7, 4, 6, 11];
    const interval = medianInterval(samples, { seed: 42 });
    expect(medianInterval(samples.toReversed(), { seed: 42 })).toEqual(interval);
    expect(interval.median).toBe(5.5);
  });

  test('differs a little by the seed, because it is drawn', () => {
    const random = new Random(1);
    const samples = Array.from({ length: 20 }, () => random.next());
    const lows = new Set([1, 2, 3, 4, 5].map((seed) => medianInterval(samples, { seed, resamples: 50 }).low));
    expect(lows.size).toBeGreaterThan(1);
  });

  test('holds the median, and lies within the samples', () => {
    fc.assert(
      fc.property(someSamples, fc.integer(), (samples, seed) => {
        const { median, low, high } = medianInterval(samples, { seed, resamples: 200 });
        return Math.min(...samples) <= low && low <= median && median <= high && high <= Math.max(...samples);
      }),
    );
  });

  test('is the one found by drawing, sorting and taking the middle', () => {
    const samples = [9, 1, 4, 4, 7, 2, 8];
    const random = new Random(7);
    const sorted = samples.toSorted((a, b) => a - b);
    const medians = Array.from({ length: 501 }, () => {
      const drawn = samples.map(() => sorted[random.below(samples.length)] ?? 0);
      return percentile(drawn, 0.5);
    });
    expect(medianInterval(samples, { seed: 7, resamples: 501 })).toEqual({
      median: 4,
      low: percentile(medians, 0.025),
      high: percentile(medians, 0.975),
    });
  });

  test('is wider the more it is to be trusted', () => {
    const samples = Array.from({ length: 30 }, (_, i) => i);
    const of = (confidence: number) => medianInterval(samples, { seed: 1, confidence });
    expect(of(0.99).low).toBeLessThan(of(0.5).low);
    expect(of(0.99).high).toBeGreaterThan(of(0.5).high);
  });

  test.each([
    ['exponential', (random: Random) => -Math.log(1 - random.next()), Math.LN2],
    ['uniform', (random: Random) => random.next(), 0.5],
  ])('of ten %s samples holds the true median nine times in ten or more', (_, draw, truth) => {
    const random = new Random(2);
    const held = Array.from({ length: 400 }, (_unused, seed) => {
      const samples = Array.from({ length: 10 }, () => draw(random));
      const { low, high } = medianInterval(samples, { seed, resamples: 400 });
      return low <= truth && truth <= high;
    });
    expect(held.filter(Boolean).length / held.length).toBeGreaterThan(0.9);
  });

  test.each([[[]], [[1, Number.NaN]], [[Infinity]]])('is refused of %j', (samples) => {
    expect(() => medianInterval(samples, { seed: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT' }),
    );
  });

  test.each([
    { seed: 0.5 },
    { seed: 1, resamples: 0 },
    { seed: 1, resamples: 1e9 },
    { seed: 1, confidence: 1 },
    { seed: 1, confidence: Number.NaN },
  ])('is refused with the options %j', (options) => {
    expect(() => medianInterval([1], options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
  });
});

describe('a percentile', () => {
  test('lies on a straight line between the two samples around it', () => {
    const samples = [40, 10, 30, 20];
    expect([0, 0.5, 0.75, 0.9, 1].map((share) => percentile(samples, share))).toEqual([10, 25, 32.5, 37, 40]);
  });

  test('of one sample is that sample', () => {
    expect(percentile([7], 0.99)).toBe(7);
  });

  test('does not fall when the share grows', () => {
    fc.assert(
      fc.property(someSamples, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (samples, shares) => {
        const found = shares.toSorted((a, b) => a - b).map((share) => percentile(samples, share));
        return found.every((value, i) => i === 0 || value >= (found[i - 1] ?? 0) - 1e-6);
      }),
    );
  });

  test('is refused outside 0 to 1, and of no samples', () => {
    expect(() => percentile([1], 99)).toThrow('Expected a share from 0 to 1, got 99.');
    expect(() => percentile([], 0.5)).toThrow('Expected samples, got none.');
  });
});
