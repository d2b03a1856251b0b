// The built-in functions, all of them: what the types of a pool know. A worker loads them one by one, by index.ts.
export { ackermann } from './ackermann.ts';
export { bell } from './bell.ts';
export { binomial } from './binomial.ts';
export { catalan } from './catalan.ts';
export { editDistance } from './edit-distance.ts';
export { factorial } from './factorial.ts';
export { fibonacci } from './fibonacci.ts';
export { fibonacciMod } from './fibonacci-mod.ts';
export { knapsack } from './knapsack.ts';
export { lcs } from './lcs.ts';
export { linearRecurrence } from './linear-recurrence.ts';
export { lucas } from './lucas.ts';
export { partitions } from './partitions.ts';
export { stirling2 } from './stirling2.ts';
