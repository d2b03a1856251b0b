// How deep each place of an LRU stack lies, by weight, for every size of cache at once, deletions included.
//
// A cache of size C holds what lies at a depth of at most C: the stack of Mattson et al., IBM Systems Journal 9 (1970).
// What is deleted leaves a hole of its weight: caches that held it have so much room. A key that comes to the top makes
// room for itself from the holes above where it was, the topmost first: in caches too small to have held it they are
// room, which now is taken. The larger ones held it, and have as much room as before: what was taken lies as a hole
// where the key was. So no depth ever shrinks but by coming to the top, as nothing evicted ever comes back by itself.
import { Fenwick } from './fenwick.ts';
import { popHeap, pushHeap } from './heap.ts';

export class HoledStack {
  #tree: Fenwick;
  /** Of a key or of what is left of a hole, by place; places go from 1 on, the largest is the top. */
  #weights: Float64Array;
  #total = 0;
  /** Places of holes, as a heap whose first is the topmost. */
  readonly #holes: number[] = [];

  constructor(places: number) {
    this.#tree = new Fenwick(places);
    this.#weights = new Float64Array(places + 1);
  }

  /** The weight from `place` to the top, its own included. */
  depthOf(place: number): number {
    return this.#total - this.#tree.sumTo(place - 1);
  }

  /** All that is in it. */
  get total(): number {
    return this.#total;
  }

  weightOf(place: number): number {
    return this.#weights[place] ?? 0;
  }

  /** A key comes to the top, at the place `to`, from the place `from`, or from nowhere when that is 0. */
  raise(from: number, to: number, weight: number): void {
    const filled = this.#fill(from, weight);
    if (from > 0) {
      this.#set(from, filled);
      if (filled > 0) pushHeap(this.#holes, from);
    }
    this.#set(to, weight);
  }

  /** What is at `place` was deleted. */
  makeHole(place: number): void {
    if (this.weightOf(place) > 0) pushHeap(this.#holes, place);
  }

  /** What is at `place` is gone as if it had never been there. */
  remove(place: number): void {
    this.#set(place, 0);
  }

  /** Makes all holes smaller. */
  scaleHoles(factor: number): void {
    for (const place of this.#holes) this.#set(place, this.weightOf(place) * factor);
  }

  isHole(): (place: number) => boolean {
    const holes = new Set(this.#holes);
    return (place) => holes.has(place) && this.weightOf(place) > 0;
  }

  /**
   * Moves the weight of each place to `placeOf[place]`, in the same order; holes may come together. What goes to place 0
   * is gone: where that is the lowest part of the stack, no depth above is another for it.
   */
  renumber(placeOf: Int32Array, places: number): void {
    const weights = new Float64Array(places + 1);
    let total = 0;
    for (let place = 1; place < placeOf.length; place++) {
      const to = placeOf[place] ?? 0;
      if (to === 0) continue;
      weights[to] = (weights[to] ?? 0) + this.weightOf(place);
      total += this.weightOf(place);
    }
    const holes = new Set(this.#holes.map((place) => placeOf[place] ?? 0));
    holes.delete(0);
    this.#holes.length = 0;
    for (const place of holes) pushHeap(this.#holes, place);
    this.#tree = new Fenwick(places);
    this.#tree.fill(weights);
    this.#weights = weights;
    this.#total = total;
  }

  // Takes up to `weight` from the holes above `from`; gives how much there was.
  #fill(from: number, weight: number): number {
    let left = weight;
    for (let hole = this.#holes[0]; left > 0 && hole !== undefined && hole > from; hole = this.#holes[0]) {
      const room = this.weightOf(hole);
      if (room > left) {
        this.#set(hole, room - left);
        return weight;
      }
      popHeap(this.#holes);
      this.#set(hole, 0);
      left -= room;
    }
    return weight - left;
  }

  #set(place: number, weight: number): void {
    const by = weight - this.weightOf(place);
    if (by === 0) return;
    this.#weights[place] = weight;
    this.#tree.add(place, by);
    this.#total += by;
  }
}
