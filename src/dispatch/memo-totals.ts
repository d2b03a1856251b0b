// The workers' memo counters, summed per function. Workers tell with every answer; what a thread had counted stays
// in the sums when it ends, what it had kept does not.
import type { MemoCounts } from '../wire.ts';

/** The latest counters of each function's memo in one thread. */
export type ThreadMemos = Map<string, MemoCounts>;

const NONE: MemoCounts = { hits: 0, misses: 0, currsize: 0, bytes: 0, evictions: 0, oversize: 0 };

export class MemoTotals {
  readonly #live = new Set<ThreadMemos>();
  /** Of threads that have ended. */
  readonly #past = new Map<string, MemoCounts>();
  #entriesLost = 0;

  /** Entries that went with their threads. */
  get entriesLost(): number {
    return this.#entriesLost;
  }

  /** The counters of a new thread. */
  enrol(): ThreadMemos {
    const memos: ThreadMemos = new Map();
    this.#live.add(memos);
    return memos;
  }

  /** The thread has ended. */
  retire(memos: ThreadMemos): void {
    this.#live.delete(memos);
    for (const [name, counts] of memos) {
      this.#entriesLost += counts.currsize;
      const past = sum(this.#past.get(name) ?? NONE, counts);
      this.#past.set(name, { ...past, currsize: 0, bytes: 0 });
    }
  }

  /** Every memo has been cleared, and its counters with it. */
  clear(): void {
    this.#past.clear();
    for (const memos of this.#live) memos.clear();
  }

  /** By function. */
  totals(): Readonly<Record<string, MemoCounts>> {
    const totals = new Map(this.#past);
    for (const memos of this.#live) {
      for (const [name, counts] of memos) totals.set(name, sum(totals.get(name) ?? NONE, counts));
    }
    return Object.freeze(Object.fromEntries(totals));
  }
}

function sum(one: MemoCounts, other: MemoCounts): MemoCounts {
  return Object.freeze({
    hits: one.hits + other.hits,
    misses: one.misses + other.misses,
    currsize: one.currsize + other.currsize,
    bytes: one.bytes + other.bytes,
    evictions: one.evictions + other.evictions,
    oversize: one.oversize + other.oversize,
  });
}
