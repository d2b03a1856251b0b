// What tuning is asked for.
import type { Trace } from '../curves/trace.ts';
import type { TuneResult } from './result.ts';

/** One call of a workload. */
export interface WorkloadCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** How far it is. */
export interface TuneProgress {
  readonly stage: 'warm-up' | 'workers' | 'maxsize' | 'memos';
  /** From 0 to 1, of the whole. */
  readonly fraction: number;
  /** What was found so far; may be kept, and gone on from. */
  result(): TuneResult;
}

export interface TuneOptions {
  /** The calls to tune for, in their order; or a recorded trace, from which the worker count cannot be found. */
  readonly workload?: Iterable<WorkloadCall>;
  readonly trace?: Trace | string | URL;
  /** Milliseconds it may take. @default 60_000 */
  readonly budgetMs?: number;
  /** Worker counts to measure. @default 1, 2, ... as the CPUs suggest */
  readonly counts?: readonly number[];
  /** Calls under way at once. @default 64 */
  readonly concurrency?: number;
  /** The most bytes the front cache may take. @default the pool's maxBytes */
  readonly maxBytes?: number | null;
  /** @default random, and told in the result */
  readonly seed?: number;
  /** What an interrupted one had found: goes on from there. */
  readonly resume?: TuneResult;
  /** Ends it; what was measured is the result, which is not complete. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TuneProgress) => void;
}
