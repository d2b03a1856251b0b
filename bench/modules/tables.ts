// The functions of bench/affinity: recursions whose memos serve their neighbours, and the same by loops.
import { threadId } from 'node:worker_threads';
import { memoize } from 'memopool/memoize';

const PRIME = 1_000_003;

/** The nth term of the recurrence of a table, all of whose terms before it are computed for it. */
export const term: (table: number, n: number) => number = memoize(
  (table: number, n: number): number =>
    n < 2 ? table + n : (term(table, n - 1) * (table + 3) + term(table, n - 2)) % PRIME,
  { maxsize: null },
);

/** The same with a memo for about thirty tables. */
export const boundedTerm: (table: number, n: number) => number = memoize(
  (table: number, n: number): number =>
    n < 2 ? table + n : (boundedTerm(table, n - 1) * (table + 3) + boundedTerm(table, n - 2)) % PRIME,
  { maxsize: 50_000 },
);

export const rabbits: (n: number) => number = memoize(
  (n: number): number => (n < 2 ? n : (rabbits(n - 1) + rabbits(n - 2)) % PRIME),
  { maxsize: null },
);

export const cows: (n: number) => number = memoize(
  (n: number): number => (n < 3 ? 1 : (cows(n - 1) + cows(n - 3)) % PRIME),
  { maxsize: null },
);

/** The thread that it ran on. */
export function where(_call: number): number {
  return threadId;
}

export function termsByLoop(table: number, last: number): readonly number[] {
  return grow([table, table + 1], last, (one, other) => one * (table + 3) + other);
}

export function rabbitsByLoop(last: number): readonly number[] {
  return grow([0, 1], last, (one, other) => one + other);
}

export function cowsByLoop(last: number): readonly number[] {
  return grow([1, 1, 1], last, (one, _, third) => one + third);
}

/** @param step a term from the last, the one before it, and the one before that */
function grow(
  terms: number[],
  last: number,
  step: (one: number, other: number, third: number) => number,
): readonly number[] {
  const before = (at: number) => terms[at] ?? 0;
  for (let at = terms.length; at <= last; at++) {
    terms.push(step(before(at - 1), before(at - 2), before(at - 3)) % PRIME);
  }
  return terms;
}
