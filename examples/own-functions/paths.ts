// The functions of your own: a module of pure functions, memoized where they recurse.
import { memoize } from 'memopool/memoize';

/** Ways through a grid of `width` by `height` steps, going right and down only. */
export const paths: (width: number, height: number) => bigint = memoize(
  (width: number, height: number): bigint =>
    width === 0 || height === 0 ? 1n : paths(width - 1, height) + paths(width, height - 1),
  { maxsize: null },
);

/** The number of steps of the Collatz sequence from `start` down to 1. */
export function collatzSteps(start: number): number {
  let steps = 0;
  for (let n = start; n !== 1; n = n % 2 === 0 ? n / 2 : 3 * n + 1) steps++;
  return steps;
}
