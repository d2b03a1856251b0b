// For modules whose functions a pool computes: calls of their own. The public surface, and nothing else.
export { call, progress } from './compute/call.ts';
export { type Parallel, type ParallelOptions, parallel } from './compute/parallel.ts';
export { checkpoint, StopError } from './compute/stop.ts';
