// Terms of linear recurrences with constant coefficients, far out.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { type PoolError, showValue } from '../../src/errors.ts';
import { bitLength, RESULT_BITS, refusal, resultTooLarge } from './domains/checks.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';

type Integers = readonly (number | bigint)[];
type Polynomial = readonly bigint[];

/**
 * a(n) of the sequence a(n) = c1 a(n-1) + c2 a(n-2) + ... + ck a(n-k), given [c1, ..., ck] and the first values
 * [a(0), ..., a(k-1)].
 *
 * Domain: whole coefficients and start, 1 to 256 of each, as many of the one as of the other; n from 0 to
 * 2^1024 - 1, as long as no number on the way passes 2^30 - 64 bits, nor 2^32 / k^2, where it takes minutes. (A
 * sequence that repeats, or grows as a power of n, has no other bound; one that doubles ends near n = 2^30.)
 *
 * By Bostan and Mori: a(n) is the coefficient of x^n in P(x) / Q(x) with Q = 1 - c1 x - ... - ck x^k; multiplied
 * by Q(-x) on both sides, half of the terms go, and n is halved. k^2 products a halving.
 * Source: Bostan and Mori, "A simple and fast algorithm for computing the N-th term of a linearly recurrent
 * sequence", SOSA 2021; Fiduccia, SIAM J. Comput. 14 (1985).
 *
 * @example linearRecurrence([1, 1], [0, 1], 90) === 2880067194370816120n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const linearRecurrence: Memoized<
  (coefficients: Integers, start: Integers, n: number | bigint) => bigint
> = memoize((coefficients: Integers, start: Integers, n: number | bigint): bigint => {
  domains.linearRecurrence([coefficients, start, n]);
  if (n < start.length) return BigInt(start[Number(n)] ?? 0);
  const index = BigInt(n);
  const denominator = [1n, ...coefficients.map((c) => -BigInt(c))];
  refuseGrowth(denominator, index);
  try {
    return coefficientOf(numerator(start.map(BigInt), denominator), denominator, index);
  } catch (error) {
    // The estimate was short by a little.
    if (error instanceof RangeError && error.message.includes('BigInt')) {
      throw resultTooLarge(WHERE, 'a smaller n, or smaller values', showValue(index));
    }
    throw error;
  }
}, RESULTS);

const WHERE = 'linearRecurrence(coefficients, start, n)';
const MAX_WORK_BITS = 2 ** 32;

/**
 * Halves n in the denominator alone, until its numbers are long enough to tell how long they will become.
 *
 * The denominator after s halvings has the 2^s-th powers of the roots. A product of roots of size M gives a
 * coefficient of 2^s * log2(M) bits, and up to the `order` bits of the binomial coefficient for how many products
 * it sums: bits beyond those grow in proportion, and roots of size 1 never give any.
 */
function refuseGrowth(denominator: Polynomial, index: bigint): void {
  const order = denominator.length - 1;
  const limit = Math.min(RESULT_BITS, Math.floor(MAX_WORK_BITS / order ** 2));
  let halved = denominator;
  for (let rest = index; rest > 0n; rest >>= 1n) {
    const excess = halved.reduce((most, c) => Math.max(most, bitLength(c)), 0) - 1 - order;
    if (excess > 4096 + 16 * order) {
      if (excess * Number(rest) <= limit) return;
      throw growthRefusal({ index, limit, largest: (limit / excess) * Number(index / rest) });
    }
    halved = everyOther(halved, alternated(halved), 0);
  }
}

interface Growth {
  readonly index: bigint;
  readonly limit: number;
  readonly largest: number;
}

function growthRefusal({ index, limit, largest }: Growth): PoolError {
  const expected = `n up to about ${Math.floor(largest)} for these coefficients`;
  if (limit === RESULT_BITS) return resultTooLarge(WHERE, expected, showValue(index));
  return refusal(WHERE, `${expected}, where numbers have ${limit} bits`, showValue(index));
}

/** The numerator that makes P / Q begin with the start values: their product, cut to k terms. */
function numerator(start: Polynomial, denominator: Polynomial): Polynomial {
  return start.map((_, i) => {
    let sum = 0n;
    for (let j = 0; j <= i; j++) sum += (start[i - j] ?? 0n) * (denominator[j] ?? 0n);
    return sum;
  });
}

// The constant term of the denominator is 1 and stays it.
function coefficientOf(p: Polynomial, q: Polynomial, index: bigint): bigint {
  if (index === 0n) return p[0] ?? 0n;
  const mirrored = alternated(q);
  const halved = index >> 1n;
  const next = halved === 0n ? q : everyOther(q, mirrored, 0);
  return coefficientOf(everyOther(p, mirrored, Number(index & 1n)), next, halved);
}

/** q(-x) */
function alternated(q: Polynomial): Polynomial {
  return q.map((c, i) => (i % 2 === 0 ? c : -c));
}

/** The coefficients of x^first, x^(first+2), ... in a(x) * b(x). */
function everyOther(a: Polynomial, b: Polynomial, first: number): Polynomial {
  const terms: bigint[] = [];
  for (let i = first; i <= a.length + b.length - 2; i += 2) {
    let sum = 0n;
    for (let j = Math.max(0, i - b.length + 1); j <= Math.min(i, a.length - 1); j++) {
      const one = a[j] ?? 0n;
      if (one !== 0n) sum += one * (b[i - j] ?? 0n);
    }
    terms.push(sum);
  }
  return terms;
}
