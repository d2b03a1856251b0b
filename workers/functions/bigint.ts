// Arithmetic of big numbers as functions: on this thread when they are called, on a pool by their names.
//
// Nothing is memoized here: arguments may be as long as results, and the front cache of a pool keeps what is asked for again.
import * as decimal from '../../src/kernels/decimal.ts';
import * as powers from '../../src/kernels/power.ts';
import * as products from '../../src/kernels/select.ts';
import { domains } from './domains.ts';

/**
 * The product a * b.
 *
 * Domain: whole numbers or bigints whose product has at most 2^30 - 64 bits. By V8 below some 50,000 bits each; above, by a
 * floating-point transform of O(n log n), whose product is compared with that of the factors modulo two random primes of
 * 60 bits before it is returned. Source: Crandall and Fagin, "Discrete weighted transforms and large-integer arithmetic",
 * Math. Comp. 62 (1994).
 *
 * @example multiply(10n ** 20n, -3) === -300000000000000000000n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function multiply(a: number | bigint, b: number | bigint): bigint {
  domains.multiply([a, b]);
  return products.multiply(BigInt(a), BigInt(b));
}

/**
 * The square a * a, in about two thirds of the time of a product.
 *
 * Domain: a whole number or bigint whose square has at most 2^30 - 64 bits.
 *
 * @example square(-12) === 144n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function square(a: number | bigint): bigint {
  domains.square([a]);
  return products.square(BigInt(a));
}

/**
 * The power a^n, with a^0 = 1.
 *
 * Domain: whole a, and whole n from 0 with n * log2 |a| below 2^30 - 64. By squaring: O(m log m) for a result of m bits.
 *
 * @example power(3, 40) === 12157665459056928801n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function power(a: number | bigint, n: number | bigint): bigint {
  domains.power([a, n]);
  return powers.power(BigInt(a), BigInt(n));
}

/**
 * The decimal text of a whole number or bigint, as its `toString()` makes it.
 *
 * By V8 below 36,000 bits; above, by divide and conquer in decimal arithmetic, O(n log^2 n), and certified as
 * {@link multiply} is. Source: Brent and Zimmermann, "Modern Computer Arithmetic" (2010), section 1.7.
 *
 * @example toDecimal(-(2n ** 70n)) === '-1180591620717411303424'
 * @throws PoolError ERR_ARGUMENT
 */
export function toDecimal(value: number | bigint): string {
  domains.toDecimal([value]);
  return decimal.toDecimal(BigInt(value));
}

/**
 * The bigint of a decimal text: digits from 0 to 9, and nothing else but a minus before them.
 *
 * Domain: texts of at most 323228477 digits. By V8 below 40,000 digits; above, as {@link toDecimal} the other way.
 *
 * @example fromDecimal('-1180591620717411303424') === -(2n ** 70n)
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function fromDecimal(text: string): bigint {
  domains.fromDecimal([text]);
  return decimal.fromDecimal(text);
}
