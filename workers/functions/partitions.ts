// Partition numbers by Euler's pentagonal recurrence.
import { systemClock } from '../../src/clock.ts';
import { offer } from '../../src/compute/harvest.ts';
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { domains, MAX_PARTITIONS } from './domains.ts';
import { RESULTS, STEPS } from './memo-bounds.ts';
import { base, partitionCall } from './parallel/partition-parts.ts';

/**
 * p(n), the ways to write n as a sum of whole numbers from 1 whose order does not matter; p(0) = 1.
 *
 * Domain: n from 0 to 100000, where it takes seconds. Recursive, by the pentagonal number theorem,
 *
 *   p(n) = p(n-1) + p(n-2) - p(n-5) - p(n-7) + ... with the numbers k (3k-1) / 2 and k (3k+1) / 2,
 *
 * in n^1.5 additions in all; a later call goes on from the values already known. From n = 7000 on by the residues of the
 * same sums (parallel/partition-residues), which all workers of a pool compute together. The values made together with
 * p(n), 255 of them, are shared with the pool. Source: OEIS A000041.
 *
 * @example partitions(100) === 190569292n
 * @throws PoolError ERR_ARGUMENT
 */
export const partitions: Memoized<(n: number | bigint) => bigint> = memoize((n: number | bigint): bigint => {
  domains.partitions([n]);
  const total = Number(n);
  const start = systemClock.now();
  if (isByResidues(total)) {
    const { values } = base(...partitionCall(total, SHARED));
    shareLast(n, values, systemClock.now() - start);
    return values.at(-1) ?? 0n;
  }
  const values = block(Math.floor(total / BLOCK));
  shareOthers(n, values, (systemClock.now() - start) / BLOCK);
  return values[total % BLOCK] ?? 0n;
}, RESULTS);

const BLOCK = 256;

// From here on residues in doubles are faster than the sums themselves, on one thread too.
const LEAST_BY_RESIDUES = 7000;

export function isByResidues(n: number): boolean {
  return n >= LEAST_BY_RESIDUES;
}

/** How many values up to p(n) are made with it. */
export const SHARED = 256;

/** Shares the values before the last, which is p(n). */
export function shareLast(n: number | bigint, values: readonly bigint[], ms: number): void {
  const first = Number(n) - values.length + 1;
  share(n, { first, values }, ms / values.length);
}

/**
 * p(BLOCK * index) and the BLOCK - 1 after it. A block a memo entry, so that a term costs an element and not a
 * lookup, and all entries up to p(100000) weigh 11 MiB: the memo holds what the recursion needs.
 */
const block: Memoized<(index: number) => readonly bigint[]> = memoize((index: number): readonly bigint[] => {
  const blocks: (readonly bigint[])[] = [];
  // Ascending, so each block finds those before it: the recursion is two levels deep, not `index`.
  for (let i = 0; i < index; i++) blocks.push(block(i));
  const values: bigint[] = [];
  blocks.push(values);
  const first = index * BLOCK;
  for (let n = first; n < first + BLOCK; n++) values.push(n === 0 ? 1n : pentagonalSum(blocks, n));
  return values;
}, STEPS);

// Called as this one was: 7 and 7n are two calls. None beyond the domain, where a call is an error.
function shareOthers(n: number | bigint, values: readonly bigint[], costMs: number): void {
  share(n, { first: Number(n) - (Number(n) % BLOCK), values }, costMs);
}

interface Row {
  /** What the first value belongs to. */
  readonly first: number;
  readonly values: readonly bigint[];
}

function share(n: number | bigint, { first, values }: Row, costMs: number): void {
  for (const [i, value] of values.entries()) {
    const other = first + i;
    if (other === Number(n) || other > MAX_PARTITIONS) continue;
    offer(partitions, [typeof n === 'bigint' ? BigInt(other) : other], { value, costMs });
  }
}

function pentagonalSum(blocks: readonly (readonly bigint[])[], n: number): bigint {
  const at = (i: number): bigint => (i < 0 ? 0n : (blocks[Math.floor(i / BLOCK)]?.[i % BLOCK] ?? 0n));
  let sum = 0n;
  for (let k = 1, pentagonal = 1; pentagonal <= n; pentagonal += 3 * k + 1, k++) {
    const terms = at(n - pentagonal) + at(n - pentagonal - k);
    sum = k % 2 === 1 ? sum + terms : sum - terms;
  }
  return sum;
}
