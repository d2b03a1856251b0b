// memopool: a memoized compute pool on worker threads. The public surface, and nothing else.
export type { MemoInfo, Memoized, MemoizeOptions, MemoParameters } from './compute/memoize.ts';
export { memoize } from './compute/memoize.ts';
export type { DispatchStats } from './dispatch/dispatcher.ts';
export { AbortError, type ErrorCode, PoolError, type PoolErrorOptions } from './errors.ts';
export type { Progress } from './front/flight.ts';
export type { PoolOptions } from './options.ts';
export { createPool } from './pool.ts';
export type { BuiltIns, Pool, PoolFunctions, PoolStats, RunOptions } from './pool-types.ts';
export type { CacheInfo } from './stats.ts';
export type { Phase, ResultForm } from './types.ts';
