// Factorials as products over ranges of primes.
import { multiply } from '../../../src/kernels/select.ts';
import { factorialBits, factorialExponent, halvePrimes, primeProduct } from './prime-product.ts';

/** n, and the primes whose powers in n! are wanted: above `from`, up to `to`. All of n! is (n, 0, n). */
export type FactorialPart = readonly [n: number, from: number, to: number];

/** Two parts that cost about the same, or undefined for one that is not worth a worker of its own. */
export function split(n: number, from: number, to: number): readonly FactorialPart[] | undefined {
  if (cost(n, from, to) < Math.max(MIN_DIVIDED, MIN_SHARE * cost(n, 0, n))) return undefined;
  const halves = halvePrimes({ from, to }, (part) => cost(n, part.from, part.to));
  return halves?.map((part): FactorialPart => [n, part.from, part.to]);
}

/** The product of the powers of the primes above `from`, up to `to`, that divide n!. */
export function base(n: number, from: number, to: number): bigint {
  return primeProduct({ from, to }, (prime) => factorialExponent(n, prime));
}

export function combine(left: bigint, right: bigint): bigint {
  return multiply(left, right);
}

/** The time of a part: that of squarings goes with the bits of the value, that of products with the primes. */
export function cost(n: number, from: number, to: number): number {
  return factorialBits(n, { from, to }) + BITS_PER_NUMBER * (to - from);
}

// What a number of the range weighs beside a bit of the value: for n = 10^6 and 4 * 10^6, halves that take as long.
const BITS_PER_NUMBER = 4;

// Some 20 ms of one thread. What two would save goes into one more product as long as both.
const MIN_DIVIDED = 2 ** 21;

// So there are two parts at most: the product of four is one more level of some 50 ms for n = 10^6, which takes what
// the shorter parts save, on four threads too.
const MIN_SHARE = 3 / 4;
