// Stirling numbers of the second kind.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { domains } from './domains.ts';
import { factorial } from './factorial.ts';
import { RESULTS } from './memo-bounds.ts';
import { powersUpTo } from './powers.ts';

/**
 * S(n, k), the ways to divide n things into k groups, none empty; 0 when k > n.
 *
 * Domain: whole n and k from 0; unless k < 2 or k >= n, k * (n * log2(k) + k) of at most 2^31 and
 * n * log2(k) + k of at most 2^30 - 64: the powers below are held together. By
 *
 *   S(n, k) = (1/k!) * sum over j from 0 to k of (-1)^(k-j) (k, j) j^n
 *
 * in k products, where the recurrence S(n, k) = k S(n-1, k) + S(n-1, k-1) takes n * k additions and as many
 * entries of a memo. Source: OEIS A008277.
 *
 * @example stirling2(5, 2) === 15n
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export const stirling2: Memoized<(n: number | bigint, k: number | bigint) => bigint> = memoize(
  (n: number | bigint, k: number | bigint): bigint => {
    domains.stirling2([n, k]);
    if (k >= n) return k > n ? 0n : 1n;
    if (k < 2) return BigInt(k);
    return surjections(Number(n), Number(k)) / factorial(k);
  },
  RESULTS,
);

/** The ways to map n things onto k, each of the k taken: k! S(n, k). */
function surjections(n: number, k: number): bigint {
  const powers = powersUpTo(k, n);
  let choose = 1n; // (k, j)
  let sum = 0n;
  for (let j = k; j >= 1; j--) {
    const term = choose * (powers[j] ?? 0n);
    sum = (k - j) % 2 === 0 ? sum + term : sum - term;
    choose = (choose * BigInt(j)) / BigInt(k - j + 1);
  }
  return sum;
}
