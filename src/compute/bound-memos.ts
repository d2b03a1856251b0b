// The bound on what all memos of a thread keep together. It is held between calls: to drop entries in the midst of a
// recursion would have it compute them again and again.
import { getHeapStatistics } from 'node:v8';
import { everyMemo, INSIDE, type Memo } from './memos.ts';

/** A memo that was emptied, and what it had weighed. */
export interface Emptied {
  readonly memo: Memo;
  readonly bytes: number;
}

// Looked at after so much computing, and after more where weighing takes long: it is to take a fiftieth at the most; but
// not later than the thread has come to use so much of the bound more than at the last look.
const LEAST_MS = 5;
const SHARE = 50;
const GROWTH = 0.25;

export class MemoBound {
  readonly #most: number;
  readonly #usedBytes: () => number;
  #computedMs = 0;
  #sinceWeighedMs = 0;
  #everyMs = LEAST_MS;
  #lastBytes = 0;

  /**
   * @param most bytes; Infinity for no bound
   * @param usedBytes what the thread has in use: only when that is more can the memos be over the bound
   */
  constructor(most: number, usedBytes: () => number = threadBytes) {
    this.#most = most;
    this.#usedBytes = usedBytes;
  }

  /**
   * Empties the heaviest memos until the others keep to the bound.
   *
   * @param computedMs what was computed since it was called last
   */
  hold(computedMs: number): readonly Emptied[] {
    this.#computedMs += computedMs;
    this.#sinceWeighedMs += computedMs;
    if (this.#computedMs < LEAST_MS) return [];
    this.#computedMs = 0;
    const bytes = this.#usedBytes();
    const hasGrown = bytes > this.#lastBytes + GROWTH * this.#most;
    if (bytes <= this.#most || (!hasGrown && this.#sinceWeighedMs < this.#everyMs)) return [];
    const start = performance.now();
    const emptied = this.#empty();
    this.#everyMs = SHARE * (performance.now() - start);
    this.#sinceWeighedMs = 0;
    this.#lastBytes = bytes;
    return emptied;
  }

  #empty(): readonly Emptied[] {
    const weighed = [...everyMemo()].map((memo) => ({ memo, bytes: memo[INSIDE]?.weigh() ?? 0 }));
    weighed.sort((one, other) => other.bytes - one.bytes);
    let total = weighed.reduce((sum, { bytes }) => sum + bytes, 0);
    const emptied: Emptied[] = [];
    for (const one of weighed) {
      if (total <= this.#most || one.bytes === 0) break;
      one.memo[INSIDE]?.shed();
      total -= one.bytes;
      emptied.push(one);
    }
    return emptied;
  }
}

function threadBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
