// Two neighbours of the Fibonacci sequence by fast doubling: what `fibonacci` and `lucas` share.
import { progress } from '../../src/compute/call.ts';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { STEPS } from './memo-bounds.ts';

/** [F(k), F(k-1)] */
export type FibonacciPair = readonly [bigint, bigint];

/**
 * [F(k), F(k-1)] for a whole k from 0, in two squarings a doubling:
 *
 *   F(2k+1) = 4 F(k)^2 - F(k-1)^2 + 2 (-1)^k
 *   F(2k-1) = F(k)^2 + F(k-1)^2
 *   F(2k)   = F(2k+1) - F(2k-1)
 *
 * The fastest of the formulations measured: V8 squares in 0.77 to 0.9 of the time of a product (2000 words and
 * more). Medians for n = 10^6 (10^7), 15 (5) runs each in turn in one process, Node 20.20.2 on AMD EPYC, the last
 * doubling in one product or its least:
 *
 *   [F(k), F(k-1)], two squarings               4.8 ms (70 ms)
 *   [F(k), L(k)], a product and a squaring      4.8 ms (70 ms), but 74 ms for n = 10^7 + 1
 *   [F(k), F(k+1)], a product and two squarings 6.3 ms (89 ms)
 *
 * Source: GMP manual, "Fibonacci Numbers Algorithm".
 */
export const fibonacciPair: Memoized<(k: number) => FibonacciPair> = memoize((k: number): FibonacciPair => {
  if (k === 0) return [0n, 1n];
  const half = Math.floor(k / 2);
  const [a, b] = fibonacciPair(half);
  const aa = a * a;
  const bb = b * b;
  const below = aa + bb;
  const above = (aa << 2n) - bb + twiceSign(half);
  const middle = above - below;
  if (k >= LEAST_TOLD) progress(PAIR_SHARE * k, goal);
  return k % 2 === 0 ? [middle, below] : [above, middle];
}, STEPS);

// A pair takes twice the time of that for half of k, about; and of a Fibonacci number's that of all but the last product
// (n = 10^8, Node 20: 660 of 1070 ms).
const PAIR_SHARE = 0.62;
const LEAST_TOLD = 2 ** 20;
let goal = 1;

/** The pair that is computed from now on: how far it is, is told in parts of it. */
export function setGoal(k: number): void {
  goal = k;
}

/** 2 (-1)^k */
export function twiceSign(k: number): bigint {
  return k % 2 === 0 ? 2n : -2n;
}
