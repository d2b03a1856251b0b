// The Ackermann-Peter function: the recursion that no loop of fixed depth can replace.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * A(0, n) = n + 1, A(m, 0) = A(m-1, 1), A(m, n) = A(m-1, A(m, n-1)).
 *
 * Domain: arguments whose value is at most 65535: n up to 65534 for m = 0, 65533 for 1, 32766 for 2, 13 for 3,
 * 1 for 4, 0 for 5. It is computed as it stands, each pair of arguments once. Source: OEIS A143796; Peter (1935).
 *
 * @example ackermann(2, 3) === 9
 * @throws PoolError ERR_ARGUMENT
 */
export const ackermann: Memoized<(m: number, n: number) => number> = memoize(
  (m: number, n: number): number => {
    domains.ackermann([m, n]);
    return step(m, n);
  },
  { ...RESULTS, typed: true },
);

// Below STRIDE the recursion in n is left as it is; above, every STRIDE-th value is found first, from the lowest,
// so that it is never deeper than STRIDE for each m and fits the stack of any thread.
const STRIDE = 256;

/** The 164,000 pairs of the whole domain weigh some 20 MiB; evicting one would compute those below it again. */
const MAX_STEPS = 200_000;

const step: Memoized<(m: number, n: number) => number> = memoize(
  (m: number, n: number): number => {
    if (m === 0) return n + 1;
    if (n === 0) return step(m - 1, 1);
    if (n % STRIDE === 0) for (let lower = STRIDE; lower < n; lower += STRIDE) step(m, lower);
    return step(m - 1, step(m, n - 1));
  },
  { maxsize: MAX_STEPS, key: (m, n) => m * 2 ** 20 + n },
);
