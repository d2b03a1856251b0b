// Factorials by prime swing.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { multiply, square } from '../../src/kernels/select.ts';
import { domains } from './domains.ts';
import { RESULTS, STEPS } from './memo-bounds.ts';
import { forEachPrime } from './primes.ts';
import { Product } from './product.ts';

/**
 * The factorial n! = 1 * 2 * ... * n, with 0! = 1.
 *
 * Domain: n from 0 to 44787924, the last whose factorial V8's BigInt holds. Recursive, by
 * n! = (floor(n/2)!)^2 * swing(n), where the primes of the swing are known beforehand; the powers of two are left
 * out and shifted in at the end. Its cost is that of a few products of the result's length.
 * Source: OEIS A000142; P. Luschny, "Fast Factorial Functions" (prime swing), OEIS A056040.
 *
 * @example factorial(20) === 2432902008176640000n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const factorial: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.factorial([n]);
  const top = Number(n);
  return oddFactorial(top) << BigInt(powersOfTwo(top));
}, RESULTS);

/** The largest odd divisor of n!. */
const oddFactorial: Memoized<(n: number) => bigint> = memoize((n: number): bigint => {
  if (n < 3) return 1n;
  const half = oddFactorial(Math.floor(n / 2));
  return multiply(square(half), oddSwing(n));
}, STEPS);

// The exponent of p in n! / (floor(n/2)!)^2 is the number of odd ones among floor(n/p), floor(n/p^2), ...
function oddSwing(n: number): bigint {
  const swing = new Product();
  forEachPrime(n, (prime) => {
    if (prime === 2) return;
    for (let rest = Math.floor(n / prime); rest > 0; rest = Math.floor(rest / prime)) {
      if (rest % 2 === 1) swing.times(prime);
    }
  });
  return swing.value();
}

/** Legendre: the exponent of 2 in n!. */
export function powersOfTwo(n: number): number {
  return n - popcount(n);
}

function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
