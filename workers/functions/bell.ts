// Bell numbers by Dobinski's formula in fixed point.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { bitLength } from './domains/checks.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';
import { powersUpTo } from './powers.ts';

/**
 * The Bell number B(n), the ways to divide n things into groups; B(0) = 1.
 *
 * Domain: n from 0 to 10000, where it takes seconds and some 200 MiB while it runs. By Dobinski's formula
 *
 *   B(n) = (1/e) * sum over k from 1 of k^n / k!
 *
 * cut where the rest is too small to matter, and rounded. The recurrence B(n) = sum of (n-1, k) B(k) would need
 * every smaller Bell number. Source: OEIS A000110; Dobinski (1877).
 *
 * @example bell(10) === 115975n
 * @throws PoolError ERR_ARGUMENT
 */
export const bell: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.bell([n]);
  return n < 2 ? 1n : dobinski(Number(n));
}, RESULTS);

const GUARD_BITS = 32n;

// The errors of the three steps together stay below 1/8, so rounding gives the whole number.
function dobinski(n: number): bigint {
  const last = lastTerm(n);
  const powers = powersUpTo(last, n);
  // 1^n + (2^n + (3^n + ...) / 3) / 2: each division loses less than one unit, which the later ones divide again,
  // so the sum loses less than e units of 2^-32.
  let sum = 0n;
  for (let k = last; k >= 1; k--) sum = ((powers[k] ?? 0n) << GUARD_BITS) + sum / BigInt(k + 1);
  // e to as many bits as the sum has: the quotient is off by a few units of 2^-32.
  const precision = BigInt(bitLength(sum));
  const quotient = (sum << precision) / scaledE(precision);
  return (quotient + (1n << (GUARD_BITS - 1n))) >> GUARD_BITS;
}

/**
 * The k after which the rest of the sum is below 1/16. For k > n > 1 the ratio of neighbouring terms,
 * (1 + 1/k)^n / (k + 1), is below e / 4, so the rest is below three times the term of k, which is below 1/64.
 */
function lastTerm(n: number): number {
  let logFactorial = 0;
  for (let k = 1; ; k++) {
    logFactorial += Math.log(k);
    const logTerm = n * Math.log(k) - logFactorial;
    if (k > n && logTerm < Math.log(1 / 64)) return k;
  }
}

// 1 + (1 + (1 + ...) / 3) / 2, in units of 2^-precision, from where 1/k! is below one unit.
function scaledE(precision: bigint): bigint {
  const one = 1n << precision;
  let terms = 2;
  for (let bits = 1; bits < precision; terms++) bits += Math.log2(terms + 1);
  let sum = one;
  for (let k = terms; k >= 1; k--) sum = one + sum / BigInt(k);
  return sum;
}
