// What a map has met already: the calls of one list by key, so that one that comes again is not computed again, also
// where the front cache keeps nothing or has dropped it meanwhile.
import { serialize } from 'node:v8';
import type { Share } from '../answer.ts';
import { BigintHandle } from '../values/bigint-handle.ts';
import { decode } from '../values/decode.ts';
import { DigitsHandle } from '../values/digits-handle.ts';
import type { MemoKey } from '../values/key.ts';
import { weigh } from '../values/weigh.ts';

// Of keys; beyond it a call that comes again is an ordinary call, which the front cache may have.
const MOST_BYTES = 64 * 2 ** 20;

export class Repeats {
  readonly #limit: number;
  readonly #isLive: (index: number) => boolean;
  readonly #indexes = new Map<MemoKey, number>();
  #bytes = 0;
  #sweptAt = 0;

  /**
   * @param limit the most calls to know of
   * @param isLive whether the result of the item at an index is still to be had; what is not is forgotten in time
   */
  constructor(limit: number, isLive: (index: number) => boolean) {
    this.#limit = limit;
    this.#isLive = isLive;
  }

  /** Notes that the item at `index` has this key; the index of the item that had it before. */
  enter(key: MemoKey, index: number): number | undefined {
    const earlier = this.#indexes.get(key);
    if (earlier === undefined) {
      if (this.#isFull && !this.#sweep(index)) return undefined;
      this.#bytes += weigh(key);
    }
    this.#indexes.set(key, index);
    return earlier;
  }

  // Not at every item, where nothing can be forgotten.
  #sweep(index: number): boolean {
    if (index - this.#sweptAt < this.#limit / 2) return false;
    this.#sweptAt = index;
    for (const [key, at] of this.#indexes) {
      if (this.#isLive(at)) continue;
      this.#indexes.delete(key);
      this.#bytes -= weigh(key);
    }
    return !this.#isFull;
  }

  get #isFull(): boolean {
    return this.#indexes.size >= this.#limit || this.#bytes >= MOST_BYTES;
  }
}

/** A result for one more receiver: a copy of its own where `run` would give one. */
export function copyResult(value: unknown, share: Share): unknown {
  if (typeof value !== 'object' || value === null || share === 'reference') return value;
  if (value instanceof BigintHandle || value instanceof DigitsHandle) return value;
  if (Object.isFrozen(value)) return value; // only what was frozen whole
  return decode(serialize(value));
}
