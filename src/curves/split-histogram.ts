// Distances known exactly up to a bound. Of those beyond it their number is known exactly, and how they are spread from
// a sample.
import { DistanceHistogram } from './distance-histogram.ts';

export class SplitHistogram {
  readonly #exact: number;
  readonly #near: DistanceHistogram;
  readonly #far: DistanceHistogram;
  #beyond = 0;
  #least = 1;

  /** @param exact distances up to this, or a little more, have buckets of their own */
  constructor(exact: number) {
    this.#exact = exact;
    this.#near = new DistanceHistogram(exact);
    this.#far = new DistanceHistogram(exact);
  }

  /** The weight of those beyond the bound. */
  get beyond(): number {
    return this.#beyond;
  }

  /** Those of the sample. */
  get sample(): DistanceHistogram {
    return this.#far;
  }

  /** @param distance within the bound, or Infinity */
  add(distance: number, weight: number): void {
    this.#near.add(distance, weight);
  }

  /** One beyond the bound, whether in the sample or not: its distance is finite and not below `least`. */
  addBeyond(least: number, weight: number): void {
    this.#beyond += weight;
    if (least > this.#least) this.#least = least;
  }

  /** One of the sample, beyond the bound. */
  addSample(distance: number, weight: number): void {
    this.#far.add(distance, weight);
  }

  /**
   * All together, the sample in proportion to what is beyond the bound.
   * @param spread a sample to take where there is none of its own
   */
  joined(spread: DistanceHistogram = this.#far): DistanceHistogram {
    const all = new DistanceHistogram(this.#exact);
    all.addAll(this.#near, 1);
    if (this.#beyond === 0) return all;
    const far = this.#far.finite > 0 ? this.#far : spread;
    if (far.finite > 0) all.addAll(far, this.#beyond / far.finite);
    else all.add(this.#least, this.#beyond);
    return all;
  }
}
