// The miss ratio of an LRU cache at every size, from a histogram of reuse distances: one pass over a workload tells of
// all sizes, because a larger LRU cache holds all that a smaller one does.
import type { DistanceHistogram } from './distance-histogram.ts';

/** A sum of weights is not off by more for rounding. */
const ROUNDING = 1e-9;

export interface CurvePoint {
  readonly size: number;
  readonly missRatio: number;
}

export class MissRatioCurve {
  /** References that the curve tells of. */
  readonly references: number;
  /** The smallest size at which nothing that was there is missed: the largest finite distance; null when there is none. */
  readonly needed: number | null;
  readonly #sizes: Float64Array;
  readonly #missRatios: Float64Array;

  /**
   * @param references how many there were. Where the histogram, of a sample, has another sum, the difference goes to the
   * smallest distance: it is mostly due to the few keys used most, which are in the sample or not (SHARDS-adj).
   */
  constructor(histogram: DistanceHistogram, references: number) {
    this.references = references;
    this.needed = histogram.largest > 0 ? histogram.largest : null;
    const sizes = [0];
    const missRatios = [1];
    let hits = references - histogram.finite - histogram.infinite;
    if (hits > ROUNDING * references && this.needed !== null) pushPoint(1, (references - hits) / references);
    for (const { distance, weight } of histogram.entries()) {
      hits += weight;
      pushPoint(distance, (references - hits) / references);
    }
    this.#sizes = Float64Array.from(sizes);
    this.#missRatios = Float64Array.from(missRatios);

    function pushPoint(size: number, ratio: number): void {
      const missRatio = Math.min(1, Math.max(0, ratio));
      const last = sizes.length - 1;
      if (missRatio === missRatios[last]) return;
      if (size === sizes[last]) {
        missRatios[last] = missRatio;
        return;
      }
      sizes.push(size);
      missRatios.push(missRatio);
    }
  }

  /** At a bound of `size`, of entries or of bytes as the distances were. */
  at(size: number): number {
    let low = 0;
    let high = this.#sizes.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#sizes[middle] ?? 0) <= size) low = middle;
      else high = middle;
    }
    return this.#missRatios[low] ?? 1;
  }

  /** Where the miss ratio changes, from size 0 on. */
  points(): CurvePoint[] {
    return Array.from(this.#sizes, (size, i) => ({ size, missRatio: this.#missRatios[i] ?? 1 }));
  }
}
