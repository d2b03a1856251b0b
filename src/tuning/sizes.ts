// Which maxsize a trace asks for, and the miss ratios and times at all others.
//
// A call's time at a size is that of a lookup, and when it misses the cost of its key as measured. An LRU cache holds
// all that a smaller one holds, so no size is faster than a larger one, and what there is to choose is how little is
// enough: the smallest size that takes at most 2 % longer than the best one within the byte budget, with the upper end
// of the ratio's 95 % interval too. The ratio is taken on the same stretches of the trace for both. That the two times'
// own intervals overlap says next to nothing: where stretches differ, both move together, and sizes far too small have
// intervals that overlap the best one's. Nor can the ratio's interval be asked to include 1, which it never goes below:
// that would ask for every single miss to be saved.
import type { MissRatioCurve } from '../curves/miss-ratio-curve.ts';
import { NearDistances } from '../curves/near-distances.ts';
import type { Trace } from '../curves/trace.ts';
import { BlockCosts } from './block-costs.ts';
import { optimalMissRatios } from './optimum.ts';
import { follow, type KeyCosts, keyCosts } from './references.ts';
import { Residents } from './residents.ts';
import type { SizePoint, SizesResult } from './result.ts';
import { sizeReason } from './size-reason.ts';

/** How much slower than the best size the chosen one may be. */
const TOLERANCE = 1.02;
const MOST_POINTS = 60;
/** What a pool has when nothing was said. */
const DEFAULT_MAXSIZE = 1024;

export interface AdviseSizesOptions {
  /** The most bytes the cache may take; null for no bound. */
  readonly budgetBytes: number | null;
  /** Nanoseconds of a call that is answered from the front cache. */
  readonly hitNs: number;
  /** Of the bootstrap: gives the same again. */
  readonly seed: number;
  /**
   * Sizes up to this are told of exactly. With more different keys the larger ones are told of by a sample of that many.
   * @default 8192
   */
  readonly mostKeys?: number;
}

export function adviseSizes(trace: Trace, options: AdviseSizesOptions): SizesResult {
  const { budgetBytes, hitNs, seed, mostKeys = 8192 } = options;
  const costs = keyCosts(trace);
  const { references, distinct, joins, missNs } = costs;
  const times = new BlockCosts(references, hitNs, seed);
  const residents = new Residents();
  const distances = run(trace, { costs, times, residents, mostKeys });
  const curve = distances.curve();
  const { isExact, exactUpTo, samplingRate } = distances;
  const atLeast = (size: number) =>
    size <= (exactUpTo ?? size) ? size : Math.min(costs.keys, withMargin(size, samplingRate));
  const needed = curve.needed === null ? null : atLeast(curve.needed);
  const best = residents.mostWithin(budgetBytes, needed ?? 0);
  const chosen = references === 0 ? setMaxsize(trace) : Math.min(best, atLeast(choose(costs, times, best)));
  const sizes = pointSizes([0, chosen, best, needed ?? 0, distinct]);
  return {
    references,
    distinct,
    joins,
    isExact,
    samplingRate,
    exactUpTo,
    curve: curve.points().map(({ size, missRatio }) => ({ maxsize: size, missRatio })),
    byBytes: distances
      .byteCurve()
      .points()
      .map(({ size, missRatio }) => ({ maxBytes: size, missRatio })),
    points: pointsAt(sizes, { curve, times, residents, optimal: optimalMissRatios(trace, costs, sizes) }),
    needed,
    hitNs,
    missNs,
    budgetBytes,
    chosen,
    reason: sizeReason({
      references,
      needed,
      missNs,
      best,
      bestNs: times.meanAt(best),
      budgetBytes,
      chosen,
      chosenNs: times.meanAt(chosen),
      ratio: times.ratio(chosen, best),
    }),
  };
}

interface Followers {
  readonly costs: KeyCosts;
  readonly times: BlockCosts;
  readonly residents: Residents;
  readonly mostKeys: number;
}

function run(trace: Trace, { costs, times, residents, mostKeys }: Followers): NearDistances {
  let [block, cost, done] = [0, 0, 0];
  const distances = new NearDistances({
    mostKeys,
    distinct: costs.keys,
    follower: {
      distance: (distance) => times.addDistance(block, distance, cost),
      beyond: (least) => times.addBeyond(block, least, cost),
      sample: (distance, weight) => times.addSample(block, distance, cost * weight),
    },
  });
  follow(trace, costs, {
    reference(key, bytes, owner) {
      cost = costs.costOf(key);
      times.addReference(block, cost);
      distances.reference(key, bytes, owner);
      done++;
      const next = times.blockOf(done);
      if (next !== block) residents.look(distances);
      block = next;
    },
    place: (key, bytes, owner) => distances.place(key, bytes, owner),
    delete: (key) => distances.delete(key),
    clear: (owner) => distances.clear(owner),
  });
  return distances;
}

// Where a loop begins to hit, one entry too few is as bad as none. Among a part R of the keys a distance d is found with
// a standard error of sqrt(d (1 - R) / R) at most: three of them are put on top.
function withMargin(size: number, rate: number): number {
  return Math.ceil(size + 3 * Math.sqrt((size * (1 - rate)) / rate));
}

function setMaxsize({ header }: Trace): number {
  return header?.maxsize ?? DEFAULT_MAXSIZE;
}

function choose(costs: KeyCosts, times: BlockCosts, best: number): number {
  // Without costs all sizes take the same: then misses decide.
  if (costs.missNs === 0) return best;
  let [low, high] = [0, best];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (times.ratio(middle, best).high <= TOLERANCE) high = middle;
    else low = middle + 1;
  }
  return low;
}

// The ones to be there, and between them some in even steps of a logarithm.
function pointSizes(wanted: readonly number[]): number[] {
  const sizes = new Set(wanted);
  const largest = Math.max(...wanted);
  const steps = MOST_POINTS - sizes.size - 1;
  for (let step = 0; step <= steps; step++) sizes.add(Math.round(largest ** (step / steps)));
  return [...sizes].filter((size) => size <= largest).sort((a, b) => a - b);
}

interface PointParts {
  readonly curve: MissRatioCurve;
  readonly times: BlockCosts;
  readonly residents: Residents;
  readonly optimal: readonly (number | null)[];
}

function pointsAt(sizes: readonly number[], { curve, times, residents, optimal }: PointParts): SizePoint[] {
  return sizes.map((maxsize, i) => {
    const missRatio = curve.at(maxsize);
    const best = optimal[i] ?? null;
    return {
      maxsize,
      missRatio,
      // Both may be of samples, of different ones: the bound is not to look broken for that.
      optimalMissRatio: best === null ? null : Math.min(best, missRatio),
      costNs: times.timeAt(maxsize),
      bytes: residents.bytesAt(maxsize),
    };
  });
}
