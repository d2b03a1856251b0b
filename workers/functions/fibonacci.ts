// Fibonacci numbers: the example of the project.
import { setMaker } from '../../src/compute/made.ts';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { byKernel } from './by-kernel.ts';
import { FIBONACCI } from './domains/growth.ts';
import { domains } from './domains.ts';
import { fibonacciPair, setGoal, twiceSign } from './fibonacci-pair.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * The Fibonacci number F(n): F(0) = 0, F(1) = 1, F(n) = F(n-1) + F(n-2), and F(-n) = (-1)^(n+1) F(n).
 *
 * Domain: n from -1546639204 to 1546639204, the last whose words V8's BigInt can add without passing its limit.
 * Recursive fast doubling on pairs, see {@link fibonacciPair}; the last doubling takes one product. The cost is
 * that of some three products of half the result's length. Source: OEIS A000045.
 *
 * @example fibonacci(90) === 2880067194370816120n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const fibonacci: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.fibonacci([n]);
  const index = Number(n);
  if (index < 0) return index % 2 === 0 ? -fibonacci(-index) : fibonacci(-index);
  if (index < 2) return BigInt(index);
  const half = Math.floor(index / 2);
  setGoal(half);
  const [a, b] = fibonacciPair(half);
  if (index % 2 === 0) return a * (a + (b << 1n));
  const twice = a << 1n;
  return (twice + b) * (twice - b) + twiceSign(half);
}, RESULTS);

setMaker(fibonacci, byKernel({ sequence: FIBONACCI, name: 'fibonacci', negativeRemainder: 0 }));
