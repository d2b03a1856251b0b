// Binomial coefficients by their prime factors.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { multiply } from '../../src/kernels/select.ts';
import { MAX_SIEVED } from './domains/numbers.ts';
import { domains } from './domains.ts';
import { factorial } from './factorial.ts';
import { RESULTS } from './memo-bounds.ts';
import { forEachPrime } from './primes.ts';
import { Product } from './product.ts';

// Below this ratio of n to k the sieve is faster than numerator, k! and a division: measured for n from 10^3 to
// 10^7, where the two are level at ratios from 4 to 256.
const SIEVED_RATIO = 128;

/**
 * The binomial coefficient (n, k) = n! / (k! (n-k)!): the ways to choose k of n; 0 when k > n.
 *
 * Domain: whole n and k from 0 whose coefficient has at most 2^30 - 64 bits; for n from 2^31, whose numerator
 * n (n-1) ... (n-k+1) has. With k near n it is computed as (n, n-k). Where k is small beside n: numerator by k!;
 * otherwise the product of the primes up to n, each with the exponent that Kummer's theorem gives it.
 * Source: OEIS A007318; P. Goetgheluck, "Computing binomial coefficients", Amer. Math. Monthly 94 (1987).
 *
 * @example binomial(5, 2) === 10n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const binomial: Memoized<(n: number | bigint, k: number | bigint) => bigint> = memoize(
  (n: number | bigint, k: number | bigint): bigint => {
    domains.binomial([n, k]);
    if (k > n) return 0n;
    const rest = BigInt(n) - BigInt(k);
    if (k > rest) return binomial(n, rest);
    const chosen = Number(k); // the domain leaves no room for a half of n that is not exact
    if (isSieved(n, chosen)) return fromPrimes(Number(n), chosen);
    return fallingProduct(BigInt(n), chosen) / factorial(chosen);
  },
  RESULTS,
);

/** Whether (n, k), with k up to n / 2, is the product of its primes, and not of k numbers. */
export function isSieved(n: number | bigint, k: number): boolean {
  return n <= MAX_SIEVED && Number(n) < SIEVED_RATIO * k;
}

function fromPrimes(n: number, k: number): bigint {
  const product = new Product();
  forEachPrime(n, (prime) => {
    for (let power = borrows(n, k, prime); power > 0; power--) product.times(prime);
  });
  return product.value();
}

// Kummer: the exponent of p in (n, k) is the number of borrows when k is subtracted from n in base p.
function borrows(n: number, k: number, prime: number): number {
  let count = 0;
  let borrow = 0;
  let top = n;
  let bottom = k;
  while (top > 0) {
    borrow = top % prime < (bottom % prime) + borrow ? 1 : 0;
    count += borrow;
    top = Math.floor(top / prime);
    bottom = Math.floor(bottom / prime);
  }
  return count;
}

/** n (n-1) ... (n-count+1), by halves. */
function fallingProduct(n: bigint, count: number): bigint {
  if (count === 0) return 1n;
  if (count === 1) return n;
  const half = Math.floor(count / 2);
  return multiply(fallingProduct(n, half), fallingProduct(n - BigInt(half), count - half));
}
