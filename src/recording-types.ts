// What users see of a recording: what it is asked for, what it tells, and the curve of a running pool.

export interface RecordOptions {
  /**
   * The file to write a trace to, which must not exist; gzipped when its name ends with `.gz`. Without it the pool only
   * keeps the curve of `stats()`.
   */
  readonly file?: string | URL;
  /**
   * The most bytes of the trace, before it is gzipped. What comes later is counted and left out.
   * @default 67_108_864 (64 MiB)
   */
  readonly maxFileBytes?: number;
  /**
   * Whether a file that exists is replaced.
   * @default false
   */
  readonly force?: boolean;
}

/** What a recording has come to. */
export interface RecordingSummary {
  /** The path of the trace; undefined when none is written. */
  readonly file: string | undefined;
  /** Events recorded. */
  readonly events: number;
  /** Events left out of the file. */
  readonly left: number;
  /** The size of the file. */
  readonly bytes: number;
}

/** A recording of a pool; it ends with the pool at the latest. */
export interface Recording {
  /** The path of the trace; undefined when none is written. */
  readonly file: string | undefined;
  /** Events recorded so far. */
  readonly events: number;
  /** Events left out of the file so far: after `maxFileBytes`, or because the disk was too slow. */
  readonly left: number;

  /**
   * Ends it; resolves when the file is whole. Stopping again tells the same.
   *
   * Rejects with ERR_OPTION when the file could not be written.
   */
  stop(): Promise<RecordingSummary>;

  /** `await using recording = pool.record()`: {@link stop} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What other sizes of the front cache would have done for the calls since the recording began. */
export interface LiveCurve {
  /** Calls answered from the front cache or computed. Those that joined a computation are not among them. */
  readonly calls: number;
  /** Those of them that no size would have answered, about: as many as there are different calls, where nothing is cleared. */
  readonly distinct: number;
  /** Every call was followed; else a sample of them by hash. */
  readonly isExact: boolean;
  /** Which part of the different calls is followed; 1 for all. */
  readonly samplingRate: number;
  /** From small to large, up to what would have held everything; the pool's own maxsize is among them. */
  readonly points: readonly LivePoint[];
}

export interface LivePoint {
  readonly maxsize: number;
  /** The part of the calls that a front cache of that size would have answered. */
  readonly hitRatio: number;
}
