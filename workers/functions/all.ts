// The built-in functions, all of them: what the types of a pool know. A worker loads them one by one, by index.ts.
export { ackermann } from './ackermann.ts';
export { bell } from './bell.ts';
export { fromDecimal, multiply, power, square, toDecimal } from './bigint.ts';
export { catalan } from './catalan.ts';
export { fibonacci } from './fibonacci.ts';
export { fibonacciMod } from './fibonacci-mod.ts';
export { knapsack } from './knapsack.ts';
export { linearRecurrence } from './linear-recurrence.ts';
export { lucas } from './lucas.ts';
export { binomial } from './parallel/binomial.ts';
export { editDistance } from './parallel/edit-distance.ts';
export { factorial } from './parallel/factorial.ts';
export { lcs } from './parallel/lcs.ts';
export { partitions } from './parallel/partitions.ts';
export { stirling2 } from './stirling2.ts';
