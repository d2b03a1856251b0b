// Keys in the order of their last use, which tells of each how many others were used since: its reuse distance.
// A counter of used places in a Fenwick tree (P. Fenwick, Software: Practice and Experience 24 (1994)), as in
// Bennett and Kruskal, IBM J. Res. Dev. 19 (1975); O(log n) a use.
import type { MemoKey } from '../values/key.ts';

export class Recency {
  readonly #most: number;
  /** The place of each key; larger is more recent. Places begin at 1. */
  readonly #places = new Map<MemoKey, number>();
  /** At i, how many of the places from i - (i & -i) + 1 to i are a key's last. */
  readonly #counts: Int32Array;
  #next = 1;

  /** @param most keys kept; the least recent ones are forgotten beyond */
  constructor(most: number) {
    this.#most = most;
    this.#counts = new Int32Array(2 * most + 1);
  }

  get size(): number {
    return this.#places.size;
  }

  /** Makes `key` the most recent; gives its place in the order before, the most recent being 1; 0 when it is new. */
  use(key: MemoKey): number {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#append(key);
      return 0;
    }
    const distance = this.#places.size - this.#countTo(place) + 1;
    this.#change(place, -1);
    this.#places.delete(key);
    this.#append(key);
    return distance;
  }

  has(key: MemoKey): boolean {
    return this.#places.has(key);
  }

  #append(key: MemoKey): void {
    if (this.#next > 2 * this.#most) this.#renumber();
    this.#places.set(key, this.#next);
    this.#change(this.#next, 1);
    this.#next++;
  }

  // The Map has the keys in the order of their use, because every use enters them anew.
  #renumber(): void {
    const keys = [...this.#places.keys()].slice(-(this.#most - 1));
    this.#places.clear();
    this.#counts.fill(0);
    this.#next = 1;
    for (const key of keys) this.#append(key);
  }

  #change(place: number, by: number): void {
    for (let i = place; i < this.#counts.length; i += i & -i) this.#counts[i] = (this.#counts[i] ?? 0) + by;
  }

  #countTo(place: number): number {
    let count = 0;
    for (let i = place; i > 0; i -= i & -i) count += this.#counts[i] ?? 0;
    return count;
  }
}
