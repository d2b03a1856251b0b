// Exact reuse distances: how many other keys came since a key came last, itself counted, which is the smallest size of
// an LRU cache that still has it; and the same in bytes. By B. Bennett and V. Kruskal, IBM J. Res. Dev. 19 (1975).
// What is deleted is followed exactly, for all sizes at once: see holed-stack.ts.
//
// With a bound, keys and holes whose distance has come to be beyond it are forgotten, now and then, when places are
// numbered anew. Depths never shrink, so they are of no cache within the bound any more: a key that comes again is new to
// all of these, and one that is deleted leaves no room in them. What lies higher is as deep as before, and room is taken
// from the topmost hole first, so no distance within the bound is another for it, nor any of those references' in bytes.
import { HoledStack } from './holed-stack.ts';

const FIRST_PLACES = 1024;

/** One object for each key, so that a use looks it up once and places are numbered anew without the map. */
interface Known {
  readonly key: number;
  owner: number;
  /** Of its last use; 0 when it was deleted. */
  place: number;
}

export interface ReuseDistancesOptions {
  /** Whether distances in bytes are wanted too. */
  readonly inBytes: boolean;
  /**
   * Distances up to this are wanted, and larger ones may be Infinity instead.
   * @default Infinity
   */
  readonly mostKept?: number;
}

/**
 * Its memory grows with the bound, and without one with the different keys it was given: who gives it keys without end
 * has to forget some.
 */
export class ReuseDistances {
  readonly #known = new Map<number, Known>();
  /** By place, of the keys that are there. */
  #at: (Known | undefined)[] = new Array<Known | undefined>(FIRST_PLACES + 1).fill(undefined);
  readonly #mostKept: number;
  #places = FIRST_PLACES;
  #next = 1;
  #entries: HoledStack = new HoledStack(FIRST_PLACES);
  #bytes: HoledStack | undefined;
  #byteDistance = Number.POSITIVE_INFINITY;
  #lastBytes = 0;

  constructor({ inBytes, mostKept = Number.POSITIVE_INFINITY }: ReuseDistancesOptions) {
    this.#mostKept = mostKept;
    this.#bytes = inBytes ? new HoledStack(FIRST_PLACES) : undefined;
  }

  /** Different keys that came, those forgotten not; without a bound those deleted included. */
  get size(): number {
    return this.#known.size;
  }

  /** The distance of the last reference in bytes; Infinity when the key was not there, or bytes were not asked for. */
  get byteDistance(): number {
    return this.#byteDistance;
  }

  /** What the entry of the last reference weighs, as far as is known; 0 when bytes were not asked for. */
  get lastBytes(): number {
    return this.#lastBytes;
  }

  /** What all that is there weighs, holes included: the bytes from the top to the lowest place; 0 when not asked for. */
  get totalBytes(): number {
    return this.#bytes?.total ?? 0;
  }

  /** Of all those of {@link size}. */
  keys(): IterableIterator<number> {
    return this.#known.keys();
  }

  /**
   * A use of `key`; gives its distance, 1 when it was the last used; Infinity when it is new, or was deleted.
   * @param bytes what the entry weighs; 0: as before
   * @param owner a number below 65,536 of the function it is a call of, for {@link clear}
   */
  reference(key: number, bytes: number, owner = 0): number {
    // Before the key is looked up: it may be forgotten here.
    if (this.#next > this.#places) this.#renumber();
    const known = this.#known.get(key) ?? this.#meet(key);
    known.owner = owner;
    const top = this.#next - 1;
    if (known.place === top && this.#bytes === undefined && top > 0) return 1;
    const from = known.place;
    const to = this.#next++;
    const isThere = from > 0;
    const distance = isThere ? this.#entries.depthOf(from) : Number.POSITIVE_INFINITY;
    this.#entries.raise(from, to, 1);
    if (this.#bytes !== undefined) {
      this.#byteDistance = isThere ? this.#bytes.depthOf(from) : Number.POSITIVE_INFINITY;
      this.#lastBytes = bytes > 0 || !isThere ? bytes : this.#bytes.weightOf(from);
      this.#bytes.raise(from, to, this.#lastBytes);
    }
    if (isThere) this.#at[from] = undefined;
    this.#at[to] = known;
    known.place = to;
    return distance;
  }

  /** The entry of `key` was dropped on purpose: it leaves room. */
  delete(key: number): void {
    const known = this.#known.get(key);
    if (known === undefined || known.place === 0) return;
    const { place } = known;
    known.place = 0;
    if (this.#mostKept < Number.POSITIVE_INFINITY) this.#known.delete(key);
    this.#at[place] = undefined;
    this.#entries.makeHole(place);
    this.#bytes?.makeHole(place);
  }

  /** Deletes what belongs to `owner`. */
  clear(owner: number): void {
    for (let place = 1; place < this.#next; place++) {
      const known = this.#at[place];
      if (known?.owner === owner) this.delete(known.key);
    }
  }

  /** The bytes of the keys that are there, from the last used on; none when bytes were not asked for. */
  bytesByRecency(): number[] {
    const bytes: number[] = [];
    if (this.#bytes === undefined) return bytes;
    for (let place = this.#next - 1; place > 0; place--) {
      if (this.#at[place] !== undefined) bytes.push(this.#bytes.weightOf(place));
    }
    return bytes;
  }

  /** As if `key` had never come. */
  forget(key: number): void {
    const place = this.#known.get(key)?.place ?? 0;
    this.#known.delete(key);
    if (place === 0) return;
    this.#at[place] = undefined;
    this.#entries.remove(place);
    this.#bytes?.remove(place);
  }

  /** Makes the room that deletions left smaller, for when a part of all keys was forgotten. */
  scaleHoles(factor: number): void {
    this.#entries.scaleHoles(factor);
    this.#bytes?.scaleHoles(factor);
  }

  // Puts the keys and holes next to one another, from 1 on. Holes without a key between them become one, so that there
  // are at most twice as many places as keys, and one; half of the places are free then, or there will be twice as many.
  #renumber(): void {
    const placeOf = new Int32Array(this.#next);
    const lowest = this.#forgetDeep();
    const isHole = this.#entries.isHole();
    const isByteHole = this.#bytes?.isHole();
    let last = 0;
    let isAfterHole = false;
    for (let place = lowest; place < this.#next; place++) {
      const isKey = this.#at[place] !== undefined;
      if (!isKey && !isHole(place) && isByteHole?.(place) !== true) continue;
      if (isKey || !isAfterHole) last++;
      isAfterHole = !isKey;
      placeOf[place] = last;
    }
    while (last > this.#places / 2) this.#places *= 2;
    this.#entries.renumber(placeOf, this.#places);
    this.#bytes?.renumber(placeOf, this.#places);
    this.#moveKeys(placeOf);
    this.#next = last + 1;
  }

  // Gives the lowest place that is within the bound.
  #forgetDeep(): number {
    if (this.#entries.total <= this.#mostKept) return 1;
    let lowest = this.#next;
    for (let depth = 0; depth < this.#mostKept && lowest > 1; ) depth += this.#entries.weightOf(--lowest);
    for (let place = 1; place < lowest; place++) {
      const known = this.#at[place];
      if (known === undefined) continue;
      this.#at[place] = undefined;
      this.#known.delete(known.key);
      known.place = 0;
    }
    return lowest;
  }

  #moveKeys(placeOf: Int32Array): void {
    const at = new Array<Known | undefined>(this.#places + 1).fill(undefined);
    for (let place = 1; place < placeOf.length; place++) {
      const known = this.#at[place];
      if (known === undefined) continue;
      const to = placeOf[place] ?? 0;
      known.place = to;
      at[to] = known;
    }
    this.#at = at;
  }

  #meet(key: number): Known {
    const known = { key, owner: 0, place: 0 };
    this.#known.set(key, known);
    return known;
  }
}
