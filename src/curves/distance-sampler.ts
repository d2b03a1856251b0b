// Reuse distances in bounded memory and a few nanoseconds a reference: fixed-size SHARDS (C. Waldspurger et al.,
// FAST 2015). Only keys whose hash is below a threshold are followed, and the threshold sinks so that they are never
// more than a fixed number. Of the others between two uses of a key a part R is followed: their number is divided by R,
// and the distance counts 1/R times. Exact as long as no key had to be left out.
//
// The paper takes the threshold for R, which is off by 1.1 % at 8,192 keys, and so is the place of the cliff of a loop.
// The different keys are counted here, to some 0.1 %, so that R is the part of them that is followed.
import { DistanceHistogram } from './distance-histogram.ts';
import { DistinctCounter } from './distinct-counter.ts';
import { hashKey } from './key-hash.ts';
import { MissRatioCurve } from './miss-ratio-curve.ts';
import { ReuseDistances } from './reuse-distances.ts';

const HASHES = 2 ** 32;
/** A part of the keys is left out at once, which costs one sort for all of them. */
const LEFT_OUT = 1 / 16;

export interface DistanceSamplerOptions {
  /**
   * The most keys followed.
   * @default 8192
   */
  readonly mostKeys?: number;
  /**
   * Whether distances in bytes are wanted too.
   * @default false
   */
  readonly inBytes?: boolean;
  /**
   * How many different keys will come at most, where that is known: no distance is found larger.
   * @default Infinity
   */
  readonly distinct?: number;
  /**
   * Told of each reference to a key that is followed: its distance among all keys and in bytes, Infinity for none, and
   * how many references of the whole it stands for.
   */
  readonly onDistance?: (distance: number, byteDistance: number, weight: number) => void;
}

export class DistanceSampler {
  readonly #mostKeys: number;
  readonly #inBytes: boolean;
  readonly #mostDistance: number;
  readonly #onDistance: DistanceSamplerOptions['onDistance'];
  readonly #entries: DistanceHistogram;
  readonly #bytes: DistanceHistogram | undefined;
  #distances: ReuseDistances;
  /** Keys with a hash below this are followed. */
  #threshold = HASHES;
  /** Of all keys, from when not all are followed. */
  #distinct: DistinctCounter | undefined;
  #references = 0;
  #isExact = true;

  constructor(options: DistanceSamplerOptions = {}) {
    const { mostKeys = 8192, inBytes = false, distinct = Number.POSITIVE_INFINITY, onDistance } = options;
    this.#mostDistance = distinct;
    this.#onDistance = onDistance;
    this.#mostKeys = mostKeys;
    this.#inBytes = inBytes;
    this.#distances = new ReuseDistances({ inBytes });
    this.#entries = new DistanceHistogram(mostKeys);
    this.#bytes = inBytes ? new DistanceHistogram(0) : undefined;
  }

  get references(): number {
    return this.#references;
  }

  /** All keys were followed from the first reference on. */
  get isExact(): boolean {
    return this.#isExact;
  }

  /** Which part of the different keys is followed now; 1 for all. */
  get samplingRate(): number {
    if (this.#distinct === undefined) return 1;
    const all = this.#distinct.count();
    return all === undefined ? this.#threshold / HASHES : Math.min(1, this.#distances.size / all);
  }

  /**
   * A hit, or a miss at its completion.
   * @param key a whole number of up to 53 bits
   * @param bytes what the entry weighs; 0: as before
   * @param owner a number below 65,536 of the function it is a call of, for {@link clear}
   */
  reference(key: number, bytes: number, owner = 0): void {
    this.#references++;
    const hash = hashKey(key);
    this.#distinct?.see(hash);
    if (hash < this.#threshold) this.#follow(key, bytes, owner);
  }

  /** An entry came that nobody had asked for: no reference, but it is there from now on. */
  place(key: number, bytes: number, owner = 0): void {
    const hash = hashKey(key);
    this.#distinct?.see(hash);
    if (hash >= this.#threshold) return;
    this.#distances.reference(key, bytes, owner);
    if (this.#distances.size > this.#mostKeys) this.#leaveOut();
  }

  /** The entry of `key` was dropped on purpose; that it was dropped for room is not to be told. */
  delete(key: number): void {
    if (hashKey(key) < this.#threshold) this.#distances.delete(key);
  }

  /** All entries, or those of one owner, were dropped on purpose; what was counted stays. */
  clear(owner?: number): void {
    if (owner !== undefined) {
      this.#distances.clear(owner);
      return;
    }
    this.#distances = new ReuseDistances({ inBytes: this.#inBytes });
    this.#threshold = HASHES;
    this.#distinct = undefined;
  }

  /**
   * By a bound on entries, as far as the references went. When it is not exact, sizes below some hundred divided by the
   * sampling rate are rough: which of the few keys used most are in the sample decides there.
   */
  curve(): MissRatioCurve {
    return new MissRatioCurve(this.#entries, this.#references);
  }

  /** By a bound on bytes; undefined when it was not asked for. */
  byteCurve(): MissRatioCurve | undefined {
    return this.#bytes && new MissRatioCurve(this.#bytes, this.#references);
  }

  /** The bytes of the keys that are followed and there, from the last used on; none when bytes were not asked for. */
  bytesByRecency(): number[] {
    return this.#distances.bytesByRecency();
  }

  #follow(key: number, bytes: number, owner: number): void {
    const distance = this.#distances.reference(key, bytes, owner);
    const rate = this.samplingRate;
    const whole = this.#clamped(distanceOfAll(distance, 1, rate));
    this.#entries.add(whole, 1 / rate);
    const { byteDistance, lastBytes } = this.#distances;
    const wholeBytes = distanceOfAll(byteDistance, lastBytes, rate);
    this.#bytes?.add(wholeBytes, 1 / rate);
    this.#onDistance?.(whole, wholeBytes, 1 / rate);
    if (this.#distances.size > this.#mostKeys) this.#leaveOut();
  }

  #clamped(distance: number): number {
    return distance === Number.POSITIVE_INFINITY ? distance : Math.min(distance, this.#mostDistance);
  }

  #leaveOut(): void {
    const distances = this.#distances;
    const before = distances.size;
    const hashes = Uint32Array.from(distances.keys(), hashKey).sort();
    if (this.#distinct === undefined) {
      this.#distinct = new DistinctCounter();
      for (const hash of hashes) this.#distinct.see(hash);
    }
    this.#isExact = false;
    this.#threshold = hashes[Math.floor(before * (1 - LEFT_OUT))] ?? 0;
    for (const key of [...distances.keys()]) if (hashKey(key) >= this.#threshold) distances.forget(key);
    distances.scaleHoles(distances.size / before);
  }
}

// The key itself, of the weight `own`, is there once; the others are a sample.
function distanceOfAll(distance: number, own: number, rate: number): number {
  return Math.max(1, Math.round(own + (distance - own) / rate));
}
