// Binomial coefficients as products over ranges of primes, for k that is not small beside n.
import { multiply } from '../../../src/kernels/select.ts';
import { factorialBits, factorialExponent, halvePrimes, primeProduct } from './prime-product.ts';

/** n, k, and the primes whose powers in (n, k) are wanted: above `from`, up to `to`. All of it is (n, k, 0, n). */
export type BinomialPart = readonly [n: number, k: number, from: number, to: number];

/** Two parts that cost about the same, or undefined for one that is not worth a worker of its own. */
export function split(...[n, k, from, to]: BinomialPart): readonly BinomialPart[] | undefined {
  if (cost(n, k, from, to) < Math.max(MIN_DIVIDED, MIN_SHARE * cost(n, k, 0, n))) return undefined;
  const halves = halvePrimes({ from, to }, (part) => cost(n, k, part.from, part.to));
  return halves?.map((part): BinomialPart => [n, k, part.from, part.to]);
}

/** The product of the powers of the primes above `from`, up to `to`, that divide (n, k); 0 <= k <= n < 2^31. */
export function base(...[n, k, from, to]: BinomialPart): bigint {
  return primeProduct({ from, to }, (prime) => exponent(n, k, prime));
}

export function combine(left: bigint, right: bigint): bigint {
  return multiply(left, right);
}

/** The time of a part: nearly every exponent is 0 or 1, so it goes with the bits, and with the numbers sieved. */
export function cost(...[n, k, from, to]: BinomialPart): number {
  return BITS_WEIGHT * bits(n, k, from, to) + (to - from);
}

/** About the bits of a part's value. */
export function bits(...[n, k, from, to]: BinomialPart): number {
  const range = { from, to };
  return Math.max(0, factorialBits(n, range) - factorialBits(k, range) - factorialBits(n - k, range));
}

// A bit of the value beside a number sieved, and the least time that pays: measured for (n, n/2) and (n, n/64).
const BITS_WEIGHT = 2;
const MIN_DIVIDED = 2 ** 21;

// Four parts at most: one more level of products takes what shorter parts save.
const MIN_SHARE = 3 / 8;

// Kummer counts borrows; by Legendre it is a difference.
function exponent(n: number, k: number, prime: number): number {
  return factorialExponent(n, prime) - factorialExponent(k, prime) - factorialExponent(n - k, prime);
}
