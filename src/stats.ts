// The counters of the front cache: the rule for each written once, and the snapshots users see.

/**
 * What happened to the calls of one function since the last clear; `hits + misses + joins` is the number of calls.
 */
export class Counters {
  /** The function whose calls are counted; empty for those of several. */
  readonly name: string;
  /** Calls answered from the front cache; counted at lookup. */
  hits = 0;
  /** Calls that started a computation; counted when it starts, whatever becomes of it. */
  misses = 0;
  /** Calls that joined a computation under way. */
  joins = 0;
  /** Computations that ended with an error; what was cancelled is none. */
  errors = 0;
  /** Entries dropped to keep the bounds. */
  evictions = 0;
  /** Results too large to be kept at all. */
  oversize = 0;
  /** Milliseconds of computing that hits were spared: what each hit's result had taken. */
  savedMs = 0;
  /** Results kept that a function shared, and nobody had called for; counted when they enter. */
  harvested = 0;
  /** Entries now; not a count of events, so a reset leaves it to the cache. */
  currsize = 0;
  /** Bytes of the entries now. */
  bytes = 0;

  constructor(name = '') {
    this.name = name;
  }

  /** Back to zero, but for what the cache still holds. */
  reset(): void {
    this.hits = 0;
    this.misses = 0;
    this.joins = 0;
    this.errors = 0;
    this.evictions = 0;
    this.oversize = 0;
    this.savedMs = 0;
    this.harvested = 0;
  }

  add(other: Counters): void {
    this.hits += other.hits;
    this.misses += other.misses;
    this.joins += other.joins;
    this.errors += other.errors;
    this.evictions += other.evictions;
    this.oversize += other.oversize;
    this.savedMs += other.savedMs;
    this.harvested += other.harvested;
    this.currsize += other.currsize;
    this.bytes += other.bytes;
  }
}

/** The front cache's counters at one moment, of one function or of all; see {@link Counters} for each rule. */
export interface CacheInfo {
  readonly hits: number;
  readonly misses: number;
  readonly joins: number;
  /** The most entries there may be; null for no bound. */
  readonly maxsize: number | null;
  readonly currsize: number;
  /** What the entries weigh: values, keys and a fixed share of bookkeeping each. */
  readonly bytes: number;
  /** The most bytes there may be; null for no bound. */
  readonly maxBytes: number | null;
  readonly evictions: number;
  readonly oversize: number;
  readonly errors: number;
  /** Milliseconds of computing that hits were spared. */
  readonly savedMs: number;
  /** Results kept that a function shared, and nobody had called for. */
  readonly harvested: number;
}

export function cacheInfo(
  counters: Counters,
  bounds: { readonly maxsize: number | null; readonly maxBytes: number | null },
): CacheInfo {
  const { hits, misses, joins, currsize, bytes, evictions, oversize, errors, savedMs, harvested } = counters;
  const { maxsize, maxBytes } = bounds;
  return Object.freeze({
    hits,
    misses,
    joins,
    maxsize,
    currsize,
    bytes,
    maxBytes,
    evictions,
    oversize,
    errors,
    savedMs,
    harvested,
  });
}

/**
 * What happened between two snapshots of the same counters: events as differences, the state as it is in `later`.
 */
export function cacheInfoSince(earlier: CacheInfo, later: CacheInfo): CacheInfo {
  return Object.freeze({
    ...later,
    hits: later.hits - earlier.hits,
    misses: later.misses - earlier.misses,
    joins: later.joins - earlier.joins,
    evictions: later.evictions - earlier.evictions,
    oversize: later.oversize - earlier.oversize,
    errors: later.errors - earlier.errors,
    savedMs: later.savedMs - earlier.savedMs,
    harvested: later.harvested - earlier.harvested,
  });
}
