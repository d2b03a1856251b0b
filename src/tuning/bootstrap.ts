// Medians, percentiles, and how far a median can be trusted.
//
// The interval is the percentile bootstrap (Efron 1979): the median of as many samples drawn from the samples, with
// repeats, again and again; the interval holds the middle 95 % of those medians. It assumes nothing of how times are
// distributed, which are neither normal nor symmetric.
import { invalidOption } from '../check.ts';
import { Random } from '../curves/random.ts';
import { PoolError, showValue } from '../errors.ts';
import type { Interval } from './result.ts';

export interface BootstrapOptions {
  /** A whole number: the same one gives the same interval. */
  readonly seed: number;
  /** How often samples are drawn again, from 1 to 100,000. @default 2_000 */
  readonly resamples?: number;
  /** How much of the medians the interval holds, above 0 and below 1. @default 0.95 */
  readonly confidence?: number;
}

const DEFAULT_RESAMPLES = 2000;
const MOST_RESAMPLES = 100_000;
const DEFAULT_CONFIDENCE = 0.95;

/**
 * The median and its interval. Few samples cannot give the confidence asked for: one gives `low = high = median`; up to
 * five give the whole range at 95 %, which holds the true median with 50, 75, 88 and 94 % (1 - 2^(1 - n)). From ten on
 * it holds it with 91 to 95 %, so measure ten times.
 * @throws PoolError ERR_ARGUMENT for no samples, or one that is not a finite number; ERR_OPTION
 */
export function medianInterval(samples: Iterable<number>, options: BootstrapOptions): Interval {
  const { seed, resamples = DEFAULT_RESAMPLES, confidence = DEFAULT_CONFIDENCE } = options;
  check('seed', Number.isSafeInteger(seed), 'a whole number', seed);
  const isCount = Number.isSafeInteger(resamples) && resamples >= 1 && resamples <= MOST_RESAMPLES;
  check('resamples', isCount, `a whole number from 1 to ${MOST_RESAMPLES}`, resamples);
  check('confidence', confidence > 0 && confidence < 1, 'a number above 0 and below 1', confidence);
  const sorted = sortedOf(samples);
  const medians = mediansOfResamples(sorted, resamples, new Random(seed)).sort();
  const tail = (1 - confidence) / 2;
  return {
    median: quantileOf(sorted, 0.5),
    low: quantileOf(medians, tail),
    high: quantileOf(medians, 1 - tail),
  };
}

/**
 * The value that a share of the samples, such as 0.99, does not exceed: between two samples by a straight line, the
 * least at 0 and the largest at 1 (type 7 of Hyndman and Fan 1996). So 0.5 is the median; and of fewer than a hundred
 * samples 0.99 lies between the two largest, which is little to go by.
 * @throws PoolError ERR_ARGUMENT for no samples, or one that is not a finite number, or a share outside 0 to 1
 */
export function percentile(samples: Iterable<number>, share: number): number {
  if (!(share >= 0 && share <= 1)) {
    throw new PoolError('ERR_ARGUMENT', `Expected a share from 0 to 1, got ${showValue(share)}.`);
  }
  return quantileOf(sortedOf(samples), share);
}

function sortedOf(samples: Iterable<number>): Float64Array {
  const sorted = Float64Array.from(samples).sort();
  if (sorted.length === 0) throw new PoolError('ERR_ARGUMENT', 'Expected samples, got none.');
  const wrong = sorted.find((sample) => !Number.isFinite(sample));
  if (wrong === undefined) return sorted;
  throw new PoolError('ERR_ARGUMENT', `Expected samples that are finite numbers, got ${showValue(wrong)}.`);
}

// Draws are counted by place among the sorted samples instead of being sorted themselves: O(n) each.
function mediansOfResamples(sorted: Float64Array, resamples: number, random: Random): Float64Array {
  const size = sorted.length;
  const drawn = new Uint32Array(size);
  return new Float64Array(resamples).map(() => {
    drawn.fill(0);
    for (let i = 0; i < size; i++) {
      const place = random.below(size);
      drawn[place] = (drawn[place] ?? 0) + 1;
    }
    const lower = rankIn(sorted, drawn, Math.ceil(size / 2));
    return size % 2 === 1 ? lower : (lower + rankIn(sorted, drawn, size / 2 + 1)) / 2;
  });
}

// The sample that stands at a rank, counted from 1, among those drawn.
function rankIn(sorted: Float64Array, drawn: Uint32Array, rank: number): number {
  let place = 0;
  for (let seen = drawn[0] ?? 0; seen < rank; seen += drawn[place] ?? 0) place++;
  return sorted[place] ?? Number.NaN;
}

function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

function check(name: string, holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw invalidOption('medianInterval', name, expected, got);
}
