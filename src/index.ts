// memopool: a memoized compute pool on worker threads. The public surface, and nothing else.
export type { Share } from './answer.ts';
export type { MemoInfo, Memoized, MemoizeOptions, MemoParameters } from './compute/memoize.ts';
export { memoize } from './compute/memoize.ts';
export { createPool } from './create-pool.ts';
export type { Trace, TraceHeader, TraceKind } from './curves/trace.ts';
export type { CallEvent, ClearEvent, CompleteEvent, ErrorEvent, EvictEvent } from './diagnostics.ts';
export type { DispatchStats } from './dispatch/dispatcher.ts';
export { AbortError, type ErrorCode, PoolError, type PoolErrorOptions } from './errors.ts';
export type { Progress } from './front/caller.ts';
export type { PoolOptions } from './options.ts';
export type {
  BuiltIns,
  CacheParameters,
  MapOptions,
  MapProgress,
  Pool,
  PoolFunctions,
  PoolStats,
  RunOptions,
  Settled,
  StreamOptions,
} from './pool-types.ts';
export { readTrace, type TraceChunks } from './recording/read-trace.ts';
export type { LiveCurve, LivePoint, Recording, RecordingSummary, RecordOptions } from './recording-types.ts';
export { type CacheInfo, cacheInfoSince } from './stats.ts';
export type {
  TuneOptions,
  TuneProgress,
  TuneStage,
  WorkloadCall,
} from './tuning/options.ts';
export type {
  Advice,
  CountResult,
  Interval,
  Lane,
  LanePhase,
  Machine,
  MemoResult,
  RunSample,
  ScalabilityFit,
  SizePoint,
  SizesResult,
  Subject,
  Timeline,
  TimeParts,
  TuneResult,
  WorkersResult,
} from './tuning/result.ts';
export type { Phase, ResultForm } from './types.ts';
export { BigintHandle } from './values/bigint-handle.ts';
export { DigitsHandle } from './values/digits-handle.ts';
export type { MemoCounts } from './wire.ts';
