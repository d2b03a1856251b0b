// Miss-ratio curves of a workload whose keys may all be remembered, as when a trace is read: exact up to a bound. Every
// reference goes through a stack of so many entries, which tells its distance or that it is beyond; and whether a key
// came before is known of all. What is left to a sample is how the references beyond the bound are spread there, so that
// the curves are exact up to the bound, and where they end.
import { DistanceSampler } from './distance-sampler.ts';
import { MissRatioCurve } from './miss-ratio-curve.ts';
import { PresentKeys } from './present-keys.ts';
import { ReuseDistances } from './reuse-distances.ts';
import { SplitHistogram } from './split-histogram.ts';

/** What is told of each reference: its distance, or that it is beyond the bound, and then perhaps a sampled one. */
export interface DistanceFollower {
  /** @param distance exact: up to the bound, or Infinity */
  distance(distance: number): void;
  /** Finite, and not below `least`. */
  beyond(least: number): void;
  /** @param weight how many of those beyond the bound it stands for */
  sample(distance: number, weight: number): void;
}

export interface NearDistancesOptions {
  /** Distances up to this are exact; so many keys are in the sample at most. */
  readonly mostKeys: number;
  /** How many different keys will come: with no more than {@link mostKeys} nothing is sampled. */
  readonly distinct: number;
  readonly follower: DistanceFollower;
}

interface Beyond {
  readonly least: number;
  readonly leastBytes: number;
  /** These are the distances themselves. */
  readonly isKnown: boolean;
}

export class NearDistances {
  readonly #mostKeys: number;
  readonly #follower: DistanceFollower;
  readonly #near: ReuseDistances;
  readonly #far: DistanceSampler | undefined;
  readonly #present = new PresentKeys();
  readonly #entries: SplitHistogram;
  readonly #bytes = new SplitHistogram(0);
  #references = 0;
  /** What is known of the last reference where it is beyond the bound; undefined where it is not. */
  #beyond: Beyond | undefined;

  constructor({ mostKeys, distinct, follower }: NearDistancesOptions) {
    this.#mostKeys = mostKeys;
    this.#follower = follower;
    this.#entries = new SplitHistogram(mostKeys);
    this.#near = new ReuseDistances({ inBytes: true, mostKept: mostKeys });
    if (distinct <= mostKeys) return;
    this.#far = new DistanceSampler({
      mostKeys,
      inBytes: true,
      distinct,
      onDistance: (distance, byteDistance, weight) => this.#sample(distance, byteDistance, weight),
    });
  }

  /** All keys are followed. */
  get isExact(): boolean {
    return this.#far === undefined;
  }

  /** Up to which size the curve by entries is exact; null when it is at all sizes. */
  get exactUpTo(): number | null {
    return this.#entries.beyond === 0 ? null : this.#mostKeys;
  }

  /** Which part of the different keys is sampled; 1 for all. */
  get samplingRate(): number {
    return this.#far?.samplingRate ?? 1;
  }

  /** A hit, or a miss at its completion; parameters as of {@link DistanceSampler.reference}. */
  reference(key: number, bytes: number, owner: number): void {
    this.#references++;
    const distance = this.#near.reference(key, bytes, owner);
    this.#beyond = undefined;
    if (distance <= this.#mostKeys) this.#add(distance, this.#near.byteDistance);
    else if (!this.#present.has(key, owner)) this.#add(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    else {
      this.#beyond = this.#beyondOf(distance);
      this.#entries.addBeyond(this.#beyond.least, 1);
      this.#bytes.addBeyond(this.#beyond.leastBytes, 1);
      this.#follower.beyond(this.#beyond.least);
    }
    this.#far?.reference(key, bytes, owner);
    if (this.#far !== undefined) this.#present.add(key);
  }

  /** An entry came that nobody had asked for. */
  place(key: number, bytes: number, owner: number): void {
    this.#near.reference(key, bytes, owner);
    this.#far?.place(key, bytes, owner);
    if (this.#far !== undefined) this.#present.add(key);
  }

  delete(key: number): void {
    this.#near.delete(key);
    this.#far?.delete(key);
    this.#present.delete(key);
  }

  clear(owner: number): void {
    this.#near.clear(owner);
    this.#far?.clear(owner);
    this.#present.clear(owner);
  }

  curve(): MissRatioCurve {
    return new MissRatioCurve(this.#entries.joined(), this.#references);
  }

  byteCurve(): MissRatioCurve {
    return new MissRatioCurve(this.#bytes.joined(), this.#references);
  }

  /** The bytes of the keys that are there, from the last used on: of all, down to some distance. */
  nearBytes(): number[] {
    return this.#near.bytesByRecency();
  }

  /** The same of the keys in the sample; none when all are followed. */
  sampledBytes(): number[] {
    return this.#far?.bytesByRecency() ?? [];
  }

  #add(distance: number, byteDistance: number): void {
    this.#entries.add(distance, 1);
    this.#bytes.add(byteDistance, 1);
    this.#follower.distance(distance);
  }

  // The stack is cut now and then only, so that it often has a key still.
  #beyondOf(distance: number): Beyond {
    return distance < Number.POSITIVE_INFINITY
      ? { least: distance, leastBytes: this.#near.byteDistance, isKnown: true }
      : { least: this.#mostKeys + 1, leastBytes: this.#near.totalBytes, isKnown: false };
  }

  // Of the reference that went through the stack just now.
  #sample(distance: number, byteDistance: number, weight: number): void {
    if (this.#beyond === undefined) return;
    const { least, leastBytes, isKnown } = this.#beyond;
    const own = isKnown ? least : Math.max(least, distance);
    this.#entries.addSample(own, weight);
    this.#bytes.addSample(isKnown ? leastBytes : Math.max(leastBytes, byteDistance), weight);
    this.#follower.sample(own, weight);
  }
}
