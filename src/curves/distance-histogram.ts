// How often each distance came, in bounded memory: exact up to a bound, and then by buckets whose width is at most a
// 512th of where they lie, as in G. Tene's HdrHistogram. What a miss-ratio curve is read from.

/** Buckets in each doubling. */
const PARTS = 512;
const PARTS_LOG = 9;
/** Doublings above the exact ones that have buckets; distances beyond 2^50 are counted as that. */
const LARGEST_LOG = 50;

export class DistanceHistogram {
  readonly #exactLog: number;
  readonly #exact: number;
  /** By bucket; grows with the largest one used. */
  #counts: Float64Array = new Float64Array(PARTS);
  #infinite = 0;
  #finite = 0;
  #largest = 0;

  /** @param exact distances up to this, or a little more, have buckets of their own */
  constructor(exact: number) {
    this.#exactLog = Math.max(PARTS_LOG, Math.ceil(Math.log2(Math.max(exact, 1))));
    this.#exact = 2 ** this.#exactLog;
  }

  /** The largest finite distance; 0 when there was none. */
  get largest(): number {
    return this.#largest;
  }

  /** The weight of all finite distances, and of the infinite ones. */
  get finite(): number {
    return this.#finite;
  }

  get infinite(): number {
    return this.#infinite;
  }

  /** @param distance whole, from 1 on, or Infinity */
  add(distance: number, weight: number): void {
    if (distance === Number.POSITIVE_INFINITY) {
      this.#infinite += weight;
      return;
    }
    const bucket = this.#bucketOf(distance);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + weight;
    this.#finite += weight;
    if (distance > this.#largest) this.#largest = distance;
  }

  /** Everything of another, its weights multiplied by `factor`. */
  addAll(other: DistanceHistogram, factor: number): void {
    for (const { distance, weight } of other.entries()) this.add(distance, weight * factor);
    if (other.infinite > 0) this.add(Number.POSITIVE_INFINITY, other.infinite * factor);
  }

  /** The weights from the smallest distance to the largest; a bucket of many is at its largest distance. */
  *entries(): Generator<{ readonly distance: number; readonly weight: number }> {
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      const weight = this.#counts[bucket] ?? 0;
      if (weight > 0) yield { distance: Math.min(this.#endOf(bucket), this.#largest), weight };
    }
  }

  // Distance 1 is bucket 0. A doubling above the exact ones is cut into PARTS.
  #bucketOf(distance: number): number {
    const place = Math.min(distance, 2 ** LARGEST_LOG) - 1;
    if (place < this.#exact) return place;
    let doublings = 0;
    let width = this.#exact / PARTS;
    while (place >= 2 * PARTS * width) {
      doublings++;
      width *= 2;
    }
    return this.#exact + doublings * PARTS + (Math.floor(place / width) - PARTS);
  }

  #endOf(bucket: number): number {
    if (bucket < this.#exact) return bucket + 1;
    const beyond = bucket - this.#exact;
    const width = 2 ** (this.#exactLog - PARTS_LOG + Math.floor(beyond / PARTS));
    return (PARTS + (beyond % PARTS) + 1) * width;
  }

  #grow(bucket: number): void {
    const grown = new Float64Array(2 * (bucket + 1));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
