// What the misses of each stretch of a trace cost at every size, and how far sums over stretches can be trusted: the
// bootstrap over blocks (H. Künsch, Annals of Statistics 17 (1989)), since calls that follow one another are alike.
import { DistanceHistogram } from '../curves/distance-histogram.ts';
import { Random } from '../curves/random.ts';
import { SplitHistogram } from '../curves/split-histogram.ts';
import type { Interval } from './result.ts';

const BLOCKS = 32;
/** Up to this distance, sizes are told apart one by one. */
const EXACT = 8192;
const RESAMPLES = 1000;
const TAIL = 0.025;

export class BlockCosts {
  readonly #references: number;
  readonly #hitNs: number;
  /** By blocks: costs by distance, and of all references. */
  readonly #histograms: readonly SplitHistogram[];
  readonly #wholeCosts: Float64Array;
  /** By blocks: misses' cost at a size, made when it is first asked for. */
  readonly #missCosts = new Map<number, Float64Array>();
  #suffixes: readonly Suffixes[] | undefined;
  readonly #draws: readonly Uint8Array[];

  /** @param references that will come: the blocks have equally many of them */
  constructor(references: number, hitNs: number, seed: number) {
    this.#references = references;
    this.#hitNs = hitNs;
    const blocks = Math.max(1, Math.min(BLOCKS, references));
    this.#histograms = Array.from({ length: blocks }, () => new SplitHistogram(EXACT));
    this.#wholeCosts = new Float64Array(blocks);
    const random = new Random(seed);
    this.#draws = Array.from({ length: RESAMPLES }, () =>
      Uint8Array.from({ length: blocks }, () => random.below(blocks)),
    );
  }

  get blocks(): number {
    return this.#histograms.length;
  }

  blockOf(reference: number): number {
    return Math.floor((reference * this.blocks) / this.#references);
  }

  /** Any reference. */
  addReference(block: number, costNs: number): void {
    this.#wholeCosts[block] = (this.#wholeCosts[block] ?? 0) + costNs;
  }

  /** One whose distance is known. */
  addDistance(block: number, distance: number, costNs: number): void {
    this.#histograms[block]?.add(distance, costNs);
  }

  /** One of which only the least is known that its distance can be. */
  addBeyond(block: number, least: number, costNs: number): void {
    this.#histograms[block]?.addBeyond(least, costNs);
  }

  /** One of these that a sample tells of, with the cost of all that it stands for. */
  addSample(block: number, distance: number, costNs: number): void {
    this.#histograms[block]?.addSample(distance, costNs);
  }

  /** Nanoseconds a call at a size, and how far the trace tells: the middle 95 % of what blocks drawn again give. */
  timeAt(size: number): Interval {
    const costs = this.#missCostsAt(size);
    const perBlock = this.#references / this.blocks;
    const times = this.#resampled((draw) => this.#hitNs + sumOf(costs, draw) / draw.length / perBlock);
    return intervalOf(this.meanAt(size), times);
  }

  /** Nanoseconds a call at a size. */
  meanAt(size: number): number {
    const costs = this.#missCostsAt(size);
    return this.#hitNs + costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, this.#references);
  }

  /** How many times as long a call takes at `size` as at `other`, both on the same blocks. */
  ratio(size: number, other: number): Interval {
    const [costs, others] = [this.#missCostsAt(size), this.#missCostsAt(other)];
    const perBlock = this.#references / this.blocks;
    const ratios = this.#resampled((draw) => {
      const hits = this.#hitNs * perBlock * draw.length;
      return quotient(hits + sumOf(costs, draw), hits + sumOf(others, draw));
    });
    return intervalOf(quotient(this.meanAt(size), this.meanAt(other)), ratios);
  }

  #missCostsAt(size: number): Float64Array {
    const made = this.#missCosts.get(size);
    if (made !== undefined) return made;
    this.#suffixes ??= this.#joined().map(suffixesOf);
    const costs =
      size === 0
        ? this.#wholeCosts
        : Float64Array.from(this.#suffixes, (suffixes) => costBeyond(suffixes, size));
    this.#missCosts.set(size, costs);
    return costs;
  }

  // A block without a sample is taken to be as all are together.
  #joined(): DistanceHistogram[] {
    const spread = new DistanceHistogram(EXACT);
    for (const { sample } of this.#histograms) spread.addAll(sample, 1);
    return this.#histograms.map((histogram) => histogram.joined(spread));
  }

  #resampled(statistic: (draw: Uint8Array) => number): Float64Array {
    return Float64Array.from(this.#draws, statistic).sort();
  }
}

/** What distances from each on cost together, the infinite ones included. */
interface Suffixes {
  readonly distances: readonly number[];
  /** One more than distances: the last is of the infinite ones. */
  readonly costs: readonly number[];
}

function suffixesOf(histogram: DistanceHistogram): Suffixes {
  const entries = [...histogram.entries()];
  const costs = new Array<number>(entries.length + 1);
  let sum = histogram.infinite;
  costs[entries.length] = sum;
  for (let i = entries.length - 1; i >= 0; i--) {
    sum += entries[i]?.weight ?? 0;
    costs[i] = sum;
  }
  return { distances: entries.map(({ distance }) => distance), costs };
}

function costBeyond({ distances, costs }: Suffixes, size: number): number {
  let low = 0;
  let high = distances.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((distances[middle] ?? 0) <= size) low = middle + 1;
    else high = middle;
  }
  return costs[low] ?? 0;
}

function sumOf(costs: Float64Array, draw: Uint8Array): number {
  let sum = 0;
  for (const block of draw) sum += costs[block] ?? 0;
  return sum;
}

function intervalOf(estimate: number, sorted: Float64Array): Interval {
  const low = sorted[Math.floor(TAIL * sorted.length)] ?? estimate;
  const high = sorted[Math.ceil((1 - TAIL) * sorted.length) - 1] ?? estimate;
  return { median: estimate, low: Math.min(low, estimate), high: Math.max(high, estimate) };
}

// Nothing is as long as nothing.
function quotient(time: number, other: number): number {
  if (time === other) return 1;
  return time / other;
}
