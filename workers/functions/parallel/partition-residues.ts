// Partition numbers modulo primes that a double multiplies exactly: the pentagonal recurrence in typed arrays.
import { type Memoized, memoize } from '../../../src/compute/memoize.ts';
import { checkpoint } from '../../../src/compute/stop.ts';
import { STEPS } from '../memo-bounds.ts';

/** The largest n that the tables have room for. */
export const MAX_TABULATED = 100_000;

// The 27 largest primes below 2^44, for p(100000) has fewer than 27 times 43.99 bits. Up to n = 100000 the
// recurrence has 516 terms, 258 or fewer of them of one sign: their sum stays below 2^53.
const MODULI: readonly number[] = [
  17, 117, 119, 129, 143, 149, 287, 327, 359, 377, 429, 495, 527, 539, 575, 587, 597, 603, 609, 675, 723, 749,
  785, 825, 839, 869, 933,
].map((below) => 2 ** 44 - below);

const MODULUS_BITS = 43.99;

/**
 * So many moduli, from the first, have a product above p(n): p(n) < e^(pi sqrt(2n / 3)) for n from 1.
 * Source: Apostol, "Introduction to Analytic Number Theory", theorem 14.5.
 */
export function moduliFor(n: number): number {
  return Math.max(1, Math.ceil((Math.PI * Math.sqrt((2 * n) / 3)) / Math.LN2 / MODULUS_BITS));
}

export function modulus(index: number): bigint {
  return BigInt(MODULI[index] ?? 1);
}

/** [p(from), ..., p(to)] modulo the modulus of that index; `to` is at most MAX_TABULATED. */
export function partitionResidues(index: number, from: number, to: number): Float64Array {
  const residues = table(index);
  extend(residues, to);
  return residues.values.slice(PADDING + from, PADDING + to + 1);
}

interface Residues {
  readonly modulus: number;
  /** PADDING zeros, then p(0), p(1), ... up to p(filled - 1). */
  readonly values: Float64Array;
  filled: number;
}

// Terms are taken four at a time, so the last of them reach below p(0): by 4k + 2 at most, with k up to 257.
const PADDING = 2048;

/**
 * What is known for a modulus; a later call goes on from there. All tables weigh 21 MiB, whole from the start for
 * the memo, while the system gives pages only to what is filled.
 */
const table: Memoized<(index: number) => Residues> = memoize((index: number): Residues => {
  const values = new Float64Array(PADDING + MAX_TABULATED + 1);
  values[PADDING] = 1;
  return { modulus: MODULI[index] ?? 1, values, filled: 1 };
}, STEPS);

/** 1, 2, 5, 7, 12, 15, ...: k (3k-1) / 2 and k (3k+1) / 2 for k from 1 to 260. */
const PENTAGONAL: Int32Array = Int32Array.from({ length: 520 }, (_, i) => {
  const k = Math.floor(i / 2) + 1;
  return (k * (3 * k - 1)) / 2 + (i % 2) * k;
});

// p(n) = p(n-1) + p(n-2) - p(n-5) - p(n-7) + + - - ...
function extend(residues: Residues, to: number): void {
  const { modulus: m, values } = residues;
  const gaps = PENTAGONAL; // of the function, where it is known not to change: a third of the time
  for (let n = residues.filled; n <= to; n++) {
    checkpoint();
    const at = PADDING + n;
    let sum = 0;
    for (let i = 0; (gaps[i] ?? n) <= n; i += 4) {
      const added = (values[at - (gaps[i] ?? 0)] ?? 0) + (values[at - (gaps[i + 1] ?? 0)] ?? 0);
      const taken = (values[at - (gaps[i + 2] ?? 0)] ?? 0) + (values[at - (gaps[i + 3] ?? 0)] ?? 0);
      sum += added - taken;
    }
    // The quotient is below 2^9 and the product below 2^53: the rest is exact, or off by one m when it rounded up.
    const rest = sum - Math.floor(sum / m) * m;
    values[at] = rest < 0 ? rest + m : rest;
  }
  residues.filled = Math.max(residues.filled, to + 1);
}
