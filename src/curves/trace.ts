// A trace: what happened at a front cache, event by event, in columns, because a million of them is nothing unusual.
// Keys are hashed: a trace tells which calls were the same, and of what function, not what their arguments were.

/** What an event is of; its place in this list is its number in {@link Trace.kinds}. */
export const TRACE_KINDS = [
  /** A call was answered from the front cache. */
  'hit',
  /** A call joined a computation under way. */
  'join',
  /** A computation was answered, and its result entered the front cache, or would have. */
  'complete',
  /** A result that nobody had called for entered it. */
  'share',
  /** An entry was dropped to keep the bounds. */
  'evict',
  /** An entry was dropped because the user said so. */
  'delete',
  /** All entries of a function were. */
  'clear',
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

/** The settings of the pool that was recorded. */
export interface TraceHeader {
  /** When the recording began, as an ISO 8601 text in UTC. */
  readonly startedAt: string;
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly workers: number;
}

export interface Trace {
  readonly header: TraceHeader | undefined;
  /** Names of functions, by the numbers in {@link functionOf}. */
  readonly functions: readonly string[];
  /** How many events there are; columns may be longer. */
  readonly length: number;
  /** Microseconds since the recording began. */
  readonly timesUs: Float64Array;
  /** Places in {@link TRACE_KINDS}. */
  readonly kinds: Uint8Array;
  readonly functionOf: Uint16Array;
  /** Whole numbers of up to 53 bits, well mixed: a function, a form and arguments have one. 0 for `clear`. */
  readonly keys: Float64Array;
  /** Of `complete` and `share`: what the entry weighs, its bookkeeping included; else 0. */
  readonly bytes: Float64Array;
  /** Of `complete` and `share`: nanoseconds that computing it took; else 0. */
  readonly costsNs: Float64Array;
  /** Events that came after the trace was full, and are not in it. */
  readonly left: number;
  /** The file ends in the middle, as after a crash: what came before that is here, and {@link left} is not known. */
  readonly isCut?: boolean;
}
