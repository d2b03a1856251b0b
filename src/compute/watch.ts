// Watches whether one call computes again what the memo's bound evicted during that same call, and how large the memo
// would have to be. It says so once.
//
// Hits recorded at lookup and misses at completion, the smallest maxsize that computes nothing twice is the largest
// reuse distance of the run without a bound (Mattson et al., IBM Systems Journal 9 (1970)). That run can be had within
// the bounded one. As long as nothing is computed twice they are the same, and its keys in order of recency are those of
// the table, then the evicted ones, the latest first: so it is enough that the table marks what it evicts. From the
// first recomputation on a `Recency` keeps that order; what runs beneath a recomputation would not run without a bound,
// and is not recorded.
import type { MemoKey } from '../values/key.ts';
import type { Table } from './lru.ts';
import { Recency } from './recency.ts';

/** A table whose evicted entries can be watched. */
export interface WatchedTable extends Table {
  /** The keys in the order of their eviction, the oldest first. */
  keys(): Iterable<MemoKey>;
  /** Whether `key` was evicted and marked. */
  isMarked(key: MemoKey): boolean;
  /** Takes the marks off `keys`, where they are marked. */
  unmark(keys: readonly MemoKey[]): void;
}

export interface Finding {
  /** Results computed twice so far. */
  readonly recomputed: number;
  /** The memo would have to hold at least so many. */
  readonly needed: number;
}

export interface WatchOptions {
  /** The marked keys, and a quarter of the most that are recorded. @default 2048 */
  readonly mostMarked?: number;
  /** Told at once when so many results were computed twice, before the call ends. @default 1000 */
  readonly mostRecomputed?: number;
  /** The most uses recorded. @default 1_000_000 */
  readonly mostSteps?: number;
}

// After a call that evicted and computed nothing twice, ever more calls are not watched.
const MOST_SKIPPED = 15;

// A longer text would keep more memory than the mark is worth.
const LONGEST_MARKED = 256;

export class Watch {
  // What the wrappers of a memo read and write at every level of a recursion stands here bare.

  /** Computations under way, one inside the other. */
  depth = 0;
  /** Whoever comes out of this level, or one further out, calls {@link leave}; -1 for nobody. */
  told = -1;
  /** Counts the outermost calls. Entries carry it: what an earlier call computed, this one does not compute twice. */
  outermost = 0;
  /** Uses are to be told: look-ups by {@link look}, completions by {@link enter}. */
  isRecording = false;

  readonly #mostMarked: number;
  readonly #mostRecomputed: number;
  readonly #mostSteps: number;
  readonly #table: WatchedTable;
  #tell: (finding: Finding) => void = () => {};
  #marked: MemoKey[] = [];
  /** How many may be marked still, and then how many evictions go by unmarked. */
  #marksLeft: number;
  #restLeft = 0;
  /** Doubles each time that nothing was found. */
  #rest: number;
  /** How many calls go by unwatched, and the first one that does not. */
  #skipped = 0;
  #watchedFrom = 0;
  #recomputed = 0;
  #needed = 0;
  #recency: Recency | undefined;
  #stepsLeft = 0;
  /** The level beneath which nothing is recorded; -1 while everything is. */
  #suspended = -1;
  /** It has been told. */
  #isOver = false;

  constructor(table: WatchedTable, options: WatchOptions = {}) {
    const { mostMarked = 2048, mostRecomputed = 1000, mostSteps = 1_000_000 } = options;
    this.#table = table;
    this.#mostMarked = mostMarked;
    this.#mostRecomputed = mostRecomputed;
    this.#mostSteps = mostSteps;
    this.#marksLeft = mostMarked;
    this.#rest = mostMarked;
  }

  /** From now on what is found is told. */
  begin(tell: (finding: Finding) => void): void {
    this.#tell = tell;
  }

  /** Told by the table of an eviction while something is computed: whether to mark the key. */
  marks(key: MemoKey): boolean {
    if (this.#marksLeft === 0 && !this.#goesOn()) return false;
    if (typeof key === 'string' && key.length > LONGEST_MARKED) return false;
    this.#marked.push(key);
    this.#marksLeft--;
    if (this.told < 0) this.told = 0;
    return true;
  }

  /** Told by the table that it was asked for a marked key: it will be computed again. */
  again(key: MemoKey): void {
    this.#recomputed++;
    if (this.#recomputed === 1) this.#record(key);
    else if (this.#recomputed >= this.#mostRecomputed) this.#finish();
  }

  /** The call that brought a level about is over, whether it returned or threw. */
  leave(level: number): void {
    if (level <= this.#suspended) {
      this.#suspended = -1;
      this.told = 0;
    }
    if (level > 0) return;
    if (this.#recomputed > 0) this.#finish();
    else this.stop();
  }

  /** Forgets what was seen of the call under way; what is outside of it goes on being watched. */
  stop(): void {
    const marked = this.#marked;
    this.#marked = [];
    this.#recomputed = 0;
    this.#needed = 0;
    this.#suspended = -1;
    this.#recency = undefined;
    this.isRecording = false;
    if (this.#isOver || this.depth > 0) {
      this.#marksLeft = 0;
      this.#restLeft = Number.POSITIVE_INFINITY;
    } else {
      this.#marksLeft = 0;
      this.#restLeft = 0;
      this.#rest = this.#mostMarked;
      // It fitted, and so will the next calls, mostly.
      this.#skipped = Math.min(MOST_SKIPPED, 2 * this.#skipped + 1);
      this.#watchedFrom = this.outermost + 1 + this.#skipped;
    }
    this.told = this.#isOver || this.depth === 0 ? -1 : 0;
    this.#table.unmark(marked);
  }

  /** A look-up, after that in the table. */
  look(key: MemoKey, isHit: boolean): void {
    const recency = this.#recency;
    if (recency === undefined || this.#suspended >= 0) return;
    if (this.#stepsLeft-- <= 0) {
      this.#finish();
      return;
    }
    // A miss that is one without a bound too enters when it completes.
    if (!isHit && !recency.has(key)) return;
    this.#needed = Math.max(this.#needed, recency.use(key));
    if (!isHit) this.#suspend();
  }

  /** A completion. */
  enter(key: MemoKey): void {
    const recency = this.#recency;
    if (recency !== undefined && this.#suspended < 0 && !recency.has(key)) recency.use(key);
  }

  // Last in what calls it: a stack that ends before leaves nothing suspended.
  #suspend(): void {
    this.#suspended = this.depth;
    this.told = this.depth;
  }

  // All marks are used up. One window of evictions after the other is watched, between them ever longer ones are not:
  // what is seen of a long call that computes nothing twice is to cost it nothing.
  #goesOn(): boolean {
    if (this.#restLeft > 0) {
      this.#restLeft--;
      return false;
    }
    if (this.#marked.length === 0) {
      if (this.outermost < this.#watchedFrom) return false;
      this.#marksLeft = this.#mostMarked;
      return true;
    }
    const marked = this.#marked;
    this.#marked = [];
    if (this.#recomputed === 0) {
      this.#restLeft = this.#rest;
      this.#rest *= 2;
    }
    this.#table.unmark(marked);
    return false;
  }

  // The first recomputation: until now the table's order and its evictions are those of the run without a bound.
  #record(key: MemoKey): void {
    const table = this.#table;
    const evicted = this.#evictedOnce(table);
    this.#needed = table.size + evicted.length - evicted.indexOf(key);
    if (table.size <= 2 * this.#mostMarked) {
      const recency = new Recency(4 * this.#mostMarked);
      for (const one of evicted) recency.use(one);
      for (const one of table.keys()) recency.use(one);
      recency.use(key);
      this.#recency = recency;
      this.#stepsLeft = this.#mostSteps;
      this.isRecording = true;
    }
    this.#suspend();
  }

  // What a call computes within itself is evicted twice without having been asked for in between.
  #evictedOnce(table: WatchedTable): MemoKey[] {
    const latestFirst = this.#marked.toReversed().filter((key) => table.isMarked(key));
    return [...new Set(latestFirst)].reverse();
  }

  #finish(): void {
    const finding = { recomputed: this.#recomputed, needed: this.#needed };
    this.#isOver = true;
    this.stop();
    this.#tell(finding);
  }
}
