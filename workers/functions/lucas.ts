// Lucas numbers, the companions of the Fibonacci numbers.
import { setMaker } from '../../src/compute/made.ts';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { byKernel } from './by-kernel.ts';
import { LUCAS } from './domains/growth.ts';
import { domains } from './domains.ts';
import { fibonacciPair, twiceSign } from './fibonacci-pair.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * The Lucas number L(n): L(0) = 2, L(1) = 1, L(n) = L(n-1) + L(n-2), and L(-n) = (-1)^n L(n).
 *
 * Domain: n from -1546639202 to 1546639202, so that the result stays within V8's BigInt. From the Fibonacci pair
 * of k = floor(n / 2), in one more product:
 *
 *   L(2k)   = L(k)^2 - 2 (-1)^k        with L(k) = F(k) + 2 F(k-1)
 *   L(2k+1) = 5 F(k-1) (2 F(k) + F(k-1)) - 4 (-1)^k
 *
 * Source: OEIS A000032; GMP manual, "Lucas Numbers Algorithm".
 *
 * @example lucas(10) === 123n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const lucas: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.lucas([n]);
  const index = Number(n);
  if (index < 0) return index % 2 === 0 ? lucas(-index) : -lucas(-index);
  const half = Math.floor(index / 2);
  const [a, b] = fibonacciPair(half);
  if (index % 2 === 0) {
    const root = a + (b << 1n);
    return root * root - twiceSign(half);
  }
  return 5n * (b * ((a << 1n) + b)) - 2n * twiceSign(half);
}, RESULTS);

setMaker(lucas, byKernel({ sequence: LUCAS, name: 'lucas', negativeRemainder: 1 }));
