// Keys in the order of their last use, which tells of each how many others were used since: its reuse distance.
// A counter of used places in a Fenwick tree, as in Bennett and Kruskal, IBM J. Res. Dev. 19 (1975); O(log n) a use.
import { Fenwick } from '../curves/fenwick.ts';
import type { MemoKey } from '../values/key.ts';

export class Recency {
  readonly #most: number;
  /** The place of each key; larger is more recent. Places begin at 1. */
  readonly #places = new Map<MemoKey, number>();
  /** 1 at each place that is a key's last. */
  readonly #counts: Fenwick;
  #next = 1;

  /** @param most keys kept; the least recent ones are forgotten beyond */
  constructor(most: number) {
    this.#most = most;
    this.#counts = new Fenwick(2 * most);
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
    const distance = this.#places.size - this.#counts.sumTo(place) + 1;
    this.#counts.add(place, -1);
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
    this.#counts.add(this.#next, 1);
    this.#next++;
  }

  // The Map has the keys in the order of their use, because every use enters them anew.
  #renumber(): void {
    const keys = [...this.#places.keys()].slice(-(this.#most - 1));
    this.#places.clear();
    this.#counts.clear();
    this.#next = 1;
    for (const key of keys) this.#append(key);
  }
}
