// Eight recursions, each with a memo: how small the memo may be depends on the order in which they ask for what they need.
// `npx memopool tune examples/recursive-functions.ts#fib` finds the smallest that computes nothing twice.
import { type Memoized, memoize } from 'memopool/memoize';

/** Fibonacci numbers. */
export const fib: Memoized<(n: number) => number> = memoize(
  (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)),
  { maxsize: null },
);

/** Tribonacci numbers: each the sum of the three before. */
export const tribonacci: Memoized<(n: number) => number> = memoize(
  (n: number): number => {
    if (n < 3) return n < 2 ? 0 : 1;
    return tribonacci(n - 1) + tribonacci(n - 2) + tribonacci(n - 3);
  },
  { maxsize: null },
);

/** Binomial coefficients by Pascal's rule. */
export const binomial: Memoized<(n: number, k: number) => number> = memoize(
  (n: number, k: number): number => {
    if (k === 0 || k === n) return 1;
    return binomial(n - 1, k - 1) + binomial(n - 1, k);
  },
  { maxsize: null },
);

/** Catalan numbers by their convolution. */
export const catalan: Memoized<(n: number) => number> = memoize(
  (n: number): number => {
    if (n === 0) return 1;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += catalan(i) * catalan(n - 1 - i);
    return sum;
  },
  { maxsize: null },
);

/** The ways to write n as a sum of parts up to `largest`, whatever their order. */
export const partitions: Memoized<(n: number, largest: number) => number> = memoize(
  (n: number, largest: number): number => {
    if (n === 0) return 1;
    if (n < 0 || largest === 0) return 0;
    return partitions(n - largest, largest) + partitions(n, largest - 1);
  },
  { maxsize: null },
);

/** The length of a longest common subsequence. Its memo is of one call, because its key leaves out the texts. */
export function lcs(a: string, b: string): number {
  const length = memoize(
    (i: number, j: number): number => {
      if (i === 0 || j === 0) return 0;
      if (a[i - 1] === b[j - 1]) return length(i - 1, j - 1) + 1;
      return Math.max(length(i - 1, j), length(i, j - 1));
    },
    { maxsize: null },
  );
  return length(a.length, b.length);
}

/** The fewest characters to insert, delete or replace. */
export function editDistance(a: string, b: string): number {
  const distance = memoize(
    (i: number, j: number): number => {
      if (i === 0 || j === 0) return i + j;
      const replaced = a[i - 1] === b[j - 1] ? 0 : 1;
      return Math.min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + replaced);
    },
    { maxsize: null },
  );
  return distance(a.length, b.length);
}

/** The most value of things that weigh at most `capacity` together. */
export function knapsack(weights: readonly number[], values: readonly number[], capacity: number): number {
  const best = memoize(
    (count: number, room: number): number => {
      if (count === 0) return 0;
      const weight = weights[count - 1] ?? 0;
      const without = best(count - 1, room);
      if (weight > room) return without;
      return Math.max(without, best(count - 1, room - weight) + (values[count - 1] ?? 0));
    },
    { maxsize: null },
  );
  return best(weights.length, capacity);
}
