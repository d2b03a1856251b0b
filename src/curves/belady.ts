// The fewest misses that any policy could have had, one that knows the future included: L. Belady, IBM Systems Journal
// 5 (1966). What is used again the latest is not kept, be it the newcomer itself: a result may be handed on and not
// kept, so that no policy of a cache is below this bound.
//
// Seen from the keys: between two uses of a key lies an interval in which it is worth keeping. A cache of size C may
// have C of them open at any time; to drop the one that ends last, whenever there is one too many, keeps the most.
import { popHeap, pushHeap } from './heap.ts';

const NEVER = -1;

export class FutureUses {
  /** Where the interval that begins at each event ends; NEVER when nothing is won by keeping the key. */
  #ends: Int32Array = new Int32Array(1024);
  #length = 0;
  #references = 0;
  readonly #last = new Map<number, number>();

  /** Events so far: what {@link misses} goes through. */
  get length(): number {
    return this.#length;
  }

  get references(): number {
    return this.#references;
  }

  reference(key: number): void {
    const before = this.#last.get(key);
    if (before !== undefined) this.#ends[before] = this.#length;
    this.#references++;
    this.#append(key);
  }

  /** The entry came by itself: keeping an older one until now would have won nothing. */
  place(key: number): void {
    this.#append(key);
  }

  /** The entry was dropped on purpose: so was whatever any cache kept of it. */
  delete(key: number): void {
    this.#last.delete(key);
  }

  /** Of all references, with room for `maxsize` entries of any weight. */
  misses(maxsize: number): number {
    const isKept = new Uint8Array(this.#length);
    let open = 0;
    let hits = 0;
    let ends: number[] = [];
    for (let now = 0; now < this.#length; now++) {
      if (isKept[now] === 1) {
        hits++;
        open--;
      }
      const end = this.#ends[now] ?? NEVER;
      if (end === NEVER || maxsize === 0) continue;
      isKept[end] = 1;
      pushHeap(ends, end);
      open++;
      if (open > maxsize) {
        // The last to end is still open, because this one is.
        isKept[popHeap(ends) ?? end] = 0;
        open--;
      }
      // Those that have ended are at the far side of the heap, and leave it now and then.
      if (ends.length > 2 * open + 64) ends = ends.filter((one) => one > now).sort((a, b) => b - a);
    }
    return this.#references - hits;
  }

  #append(key: number): void {
    if (this.#length === this.#ends.length) {
      const grown = new Int32Array(2 * this.#length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#ends[this.#length] = NEVER;
    this.#last.set(key, this.#length);
    this.#length++;
  }
}
