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
  readonly stage: TuneStage;
  /** From 0 to 1, of the whole. */
  readonly fraction: number;
  /** What was found so far; may be kept, and gone on from. */
  result(): TuneResult;
}

/** The workload is recorded, the trace analysed, memos are tried, counts of workers measured. */
export type TuneStage = 'record' | 'maxsize' | 'memos' | 'workers';

export interface TuneOptions {
  /** The calls to tune for, in their order; at most 10 million. This or `trace`. */
  readonly workload?: Iterable<WorkloadCall>;
  /** A recorded trace, or its file: of it maxsize is found, and not the count of workers. */
  readonly trace?: Trace | string | URL;
  /** What the workload is called in the report. */
  readonly name?: string;
  /** Where the calls come from. @default 'workload' */
  readonly source?: 'workload' | 'pattern';
  /** Milliseconds it may take, about; a call that takes longer is ended after one and a half times of it and four seconds. @default 60_000 */
  readonly budgetMs?: number;
  /** Worker counts to measure, at most 16 of them. @default four or more, as the CPUs suggest */
  readonly counts?: readonly number[];
  /** Calls under way at once. @default 64 */
  readonly concurrency?: number;
  /** The most bytes the front cache may take; null for no bound. @default the pool's maxBytes */
  readonly maxBytes?: number | null;
  /** Of the order of runs and of the bootstrap. @default random, and told in the result */
  readonly seed?: number;
  /** What an interrupted one with the same calls, counts and concurrency had found: goes on from there. */
  readonly resume?: TuneResult;
  /** Ends it; what was measured is the result, which is not complete. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TuneProgress) => void;
}
