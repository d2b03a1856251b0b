// Functions that share what they compute on the way with the pool that runs them.
import { memoize } from 'memopool/memoize';

/** The number of steps of the Collatz sequence from `n` down to 1. Every number on the way is shared. */
export const steps: (n: number) => number = memoize(
  (n: number): number => (n === 1 ? 0 : 1 + steps(n % 2 === 0 ? n / 2 : 3 * n + 1)),
  { maxsize: null, share: 'all' },
);

/** Ways through a grid. Those are shared that took a millisecond at the least, with all that was computed for them. */
export const paths: (width: number, height: number) => bigint = memoize(
  (width: number, height: number): bigint =>
    width === 0 || height === 0 ? 1n : paths(width - 1, height) + paths(width, height - 1),
  { maxsize: null, share: (_args, cost) => cost >= 1 },
);
