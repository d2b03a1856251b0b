// Products of prime powers over ranges of primes: what factorials and binomial coefficients are, in parts.
import { multiply, square } from '../../../src/kernels/select.ts';
import { forEachPrimeAbove } from '../primes.ts';
import { Product } from '../product.ts';

/** The primes above `from`, up to `to`. */
export interface PrimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The product of p^exponentOf(p) over the primes of the range; exponents are whole numbers from 0 to 2^31 - 1.
 *
 * The primes are sorted by the bits of their exponents, and the products of each bit are put together from the
 * highest bit by squaring: a long exponent costs squarings of the result's length, each half of the next.
 * Source: Borwein, "On the complexity of calculating factorials", J. Algorithms 6 (1985).
 */
export function primeProduct(range: PrimeRange, exponentOf: (prime: number) => number): bigint {
  const byBit: Product[] = [];
  forEachPrimeAbove(range.from, range.to, (prime) => {
    let bit = 0;
    for (let exponent = exponentOf(prime); exponent > 0; exponent >>= 1, bit++) {
      byBit[bit] ??= new Product();
      if (exponent % 2 === 1) byBit[bit]?.times(prime);
    }
  });
  return byBit.reduceRight((power, product) => multiply(square(power), product.value()), 1n);
}

/** Legendre: the exponent of a prime in n!. */
export function factorialExponent(n: number, prime: number): number {
  let sum = 0;
  for (let rest = Math.floor(n / prime); rest > 0; rest = Math.floor(rest / prime)) sum += rest;
  return sum;
}

/**
 * About the bits that the powers of the primes of a range have in n!: primes lie so that the sum of their
 * logarithms is near the length of a range, so this is the integral of floor(n / x), and of n / x where x is small.
 */
export function factorialBits(n: number, range: PrimeRange): number {
  return (weightUpTo(n, range.to) - weightUpTo(n, range.from)) / Math.LN2;
}

const EXACT_QUOTIENTS = 64;

function weightUpTo(n: number, limit: number): number {
  const smooth = Math.min(limit, n / EXACT_QUOTIENTS);
  let weight = smooth < 1 ? 0 : n * Math.log(smooth);
  for (let quotient = EXACT_QUOTIENTS - 1; quotient >= 1; quotient--) {
    const start = n / (quotient + 1);
    const end = Math.min(limit, n / quotient);
    if (end > start) weight += quotient * (end - start);
  }
  return weight;
}

/** Two neighbouring ranges whose costs are as equal as can be; undefined where one of them would be empty. */
export function halvePrimes(
  range: PrimeRange,
  costOf: (part: PrimeRange) => number,
): readonly [PrimeRange, PrimeRange] | undefined {
  const half = costOf(range) / 2;
  let low = range.from;
  let high = range.to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (costOf({ from: range.from, to: middle }) < half) low = middle;
    else high = middle;
  }
  if (high >= range.to) return undefined;
  return [
    { from: range.from, to: high },
    { from: high, to: range.to },
  ];
}
