// Catalan numbers.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { binomial } from './binomial.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * The Catalan number C(n) = (2n, n) / (n + 1): binary trees with n nodes, ways to balance n pairs of brackets.
 *
 * Domain: n from 0 to 536870880, so that (2n, n) has at most 2^30 - 64 bits. Its cost is that of
 * {@link binomial}, whose memo it shares. Source: OEIS A000108.
 *
 * @example catalan(10) === 16796n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const catalan: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.catalan([n]);
  const pairs = Number(n);
  return binomial(2 * pairs, pairs) / BigInt(pairs + 1);
}, RESULTS);
