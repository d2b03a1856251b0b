// The counters of the front cache: the rule for each written once, and the snapshots users see.

/**
 * What happened to the calls of one function since the last clear; `hits + misses + joins` is the number of calls.
 */
export class Counters {
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
  /** Entries now; not a count of events, so a reset leaves it to the cache. */
  currsize = 0;
  /** Bytes of the entries now. */
  bytes = 0;

  /** Back to zero, but for what the cache still holds. */
  reset(): void {
    this.hits = 0;
    this.misses = 0;
    this.joins = 0;
    this.errors = 0;
    this.evictions = 0;
    this.oversize = 0;
  }

  add(other: Counters): void {
    this.hits += other.hits;
    this.misses += other.misses;
    this.joins += other.joins;
    this.errors += other.errors;
    this.evictions += other.evictions;
    this.oversize += other.oversize;
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
}

export function cacheInfo(
  counters: Counters,
  bounds: { readonly maxsize: number | null; readonly maxBytes: number | null },
): CacheInfo {
  const { hits, misses, joins, currsize, bytes, evictions, oversize, errors } = counters;
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
  });
}
