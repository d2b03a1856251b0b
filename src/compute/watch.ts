// Watches whether one call computes again what the memo's bound evicted during that same call, and how large the memo
// would have to be. It says so once.
//
// Hits recorded at lookup and misses at completion, the smallest maxsize that computes nothing twice is the largest
// reuse distance of the run without a bound (Mattson et al., IBM Systems Journal 9 (1970)). That run can be had within
// the bounded one. As long as nothing is computed twice they are the same, and its keys in order of recency are those of
// the table, then the evicted ones, the latest first: so it is enough that the table marks what it evicts. From the
// first recomputation on a `Recency` keeps that order; what runs beneath a recomputation would not run without a bound,
// and is not recorded.
import type { AnyFunction } from '../types.ts';
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
  /** Until {@link show}, `get` finds nothing. */
  hide(): void;
  show(): void;
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
  // What a memo and its table read at every level of a recursion stands here bare.

  /** The memo's era; negative while the watch is to know of every miss: of the outermost, and of all while recording. */
  era = -1;
  /** Uses are recorded. The table gives nothing then, so that hits look like misses, and cost nothing at other times. */
  isRecording = false;
  /** Which outermost call is under way; 0 for none, and for one that is not watched. Entries carry it. */
  own = 0;

  readonly #mostMarked: number;
  readonly #mostRecomputed: number;
  readonly #mostSteps: number;
  readonly #table: WatchedTable;
  #tell: (finding: Finding) => void = () => {};
  #outermost = 0;
  /** The first outermost call to be watched, and how many went by before. */
  #watchedFrom = 1;
  #skipped = 0;
  /** Something was marked in the call under way. */
  #hasMarked = false;
  #marked: MemoKey[] = [];
  /** How many may be marked still, and then how many evictions go by unmarked. */
  #marksLeft: number;
  #restLeft = 0;
  /** Doubles each time that nothing was found. */
  #rest: number;
  #recomputed = 0;
  #needed = 0;
  #recency: Recency | undefined;
  #stepsLeft = 0;

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

  /** While recording, what the table has of `key`. */
  look(key: MemoKey): unknown {
    this.#table.show();
    const found = this.#table.get(key);
    if (found !== undefined) this.#use(key);
    if (this.isRecording) this.#table.hide();
    return found;
  }

  /** Calls `fn` for the outermost level, and notices its end, whether it returns or throws. Levels within go without. */
  computeOutermost(fn: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
    // Left by a call that ended where the stack did.
    if (this.#hasMarked) this.stop();
    this.#outermost++;
    this.own = this.#outermost < this.#watchedFrom ? 0 : this.#outermost;
    this.era = -this.era;
    try {
      // Without the array it is faster.
      return args.length === 1 ? fn.call(self, args[0]) : fn.apply(self, args as unknown[]);
    } finally {
      // First, and without a call, for which there may be no stack left.
      this.own = 0;
      this.isRecording = false;
      if (this.era > 0) this.era = -this.era;
      if (this.#hasMarked) this.#leave();
    }
  }

  /** While recording, computes what {@link look} did not find. Nothing is recorded beneath what is computed again. */
  compute(key: MemoKey, call: () => unknown): unknown {
    const recency = this.#recency;
    if (recency?.has(key) !== true) {
      const value = call();
      this.enter(key);
      return value;
    }
    this.#use(key);
    if (!this.isRecording) return call();
    this.#pause();
    try {
      return call();
    } finally {
      if (this.#recency !== undefined) this.#resume();
    }
  }

  /** Told by the table of an eviction in a call that is watched: whether to mark the key. */
  marks(key: MemoKey): boolean {
    if (typeof key === 'string' && key.length > LONGEST_MARKED) return false;
    if (this.#marksLeft === 0 && !this.#goesOn()) return false;
    this.#hasMarked = true;
    this.#marked.push(key);
    this.#marksLeft--;
    return true;
  }

  /** Told by the table that it was asked for a marked key: it will be computed again. */
  again(key: MemoKey): void {
    // That look-up is made again at once, now recorded.
    if (this.own === 0 || (this.#needed === 0 && this.#record(key))) return;
    this.#recomputed++;
    if (this.#recomputed >= this.#mostRecomputed) this.#finish();
  }

  /** A completion of what began before the recording. What is one without a bound too enters when it completes. */
  enter(key: MemoKey): void {
    if (this.isRecording && this.#recency?.has(key) === false) this.#recency.use(key);
  }

  /** Forgets what was seen of the call under way, and does not watch the rest of it. */
  stop(): void {
    const marked = this.#marked;
    if (this.isRecording) this.#pause();
    else this.#table.show();
    this.own = 0;
    this.#recency = undefined;
    this.#recomputed = 0;
    this.#needed = 0;
    this.#marked = [];
    this.#marksLeft = this.#mostMarked;
    this.#restLeft = 0;
    this.#rest = this.#mostMarked;
    this.#table.unmark(marked);
    this.#hasMarked = false;
  }

  // Here and below the call comes first: where the stack ends in it, the recording is wholly on or wholly off.
  #pause(): void {
    this.#table.show();
    this.isRecording = false;
    this.era = -this.era;
  }

  #resume(): void {
    this.#table.hide();
    this.isRecording = true;
    this.era = -this.era;
  }

  #leave(): void {
    if (this.#recomputed > 0) {
      this.#finish();
      return;
    }
    // It fitted, and so will the next calls, mostly.
    this.#skipped = Math.min(MOST_SKIPPED, 2 * this.#skipped + 1);
    this.#watchedFrom = this.#outermost + 1 + this.#skipped;
    this.stop();
  }

  #use(key: MemoKey): void {
    const recency = this.#recency;
    if (recency === undefined) return;
    if (this.#stepsLeft-- <= 0) this.#finish();
    else this.#needed = Math.max(this.#needed, recency.use(key));
  }

  // All marks are used up. One window of evictions after the other is watched, between them ever longer ones are not:
  // what is seen of a long call that computes nothing twice is to cost it nothing.
  #goesOn(): boolean {
    if (this.#restLeft > 0) {
      this.#restLeft--;
      return false;
    }
    if (this.#marked.length === 0) {
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
  #record(key: MemoKey): boolean {
    const table = this.#table;
    const evicted = this.#evictedOnce(table);
    this.#needed = table.size + evicted.length - evicted.indexOf(key);
    if (table.size > 2 * this.#mostMarked) return false;
    const recency = new Recency(4 * this.#mostMarked);
    for (const one of evicted) recency.use(one);
    for (const one of table.keys()) recency.use(one);
    recency.use(key);
    this.#recency = recency;
    this.#stepsLeft = this.#mostSteps;
    this.#resume();
    return true;
  }

  // What a call computes within itself is evicted twice without having been asked for in between.
  #evictedOnce(table: WatchedTable): MemoKey[] {
    const latestFirst = this.#marked.toReversed().filter((key) => table.isMarked(key));
    return [...new Set(latestFirst)].reverse();
  }

  #finish(): void {
    const finding = { recomputed: this.#recomputed, needed: this.#needed };
    this.#watchedFrom = Number.POSITIVE_INFINITY;
    this.stop();
    this.#tell(finding);
  }
}
