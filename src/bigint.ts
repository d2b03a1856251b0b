// Arithmetic of big numbers on the calling thread: the public surface of `memopool/bigint`, and nothing else.
export { fromDecimal, multiply, power, square, toDecimal } from '../workers/functions/bigint.ts';
