// Partition numbers from their residues by the Chinese remainder theorem, a part a range of moduli.
import { moduliFor, modulus, partitionResidues } from './partition-residues.ts';

/**
 * The last `count` of p(0), ..., p(n) modulo the moduli from `from` up to but without `to`; count <= n + 1.
 * All that p(n) needs is {@link partitionCall}.
 */
export type PartitionPart = readonly [n: number, count: number, from: number, to: number];

/** Numbers below a modulus, which they are the residues for. */
export interface Residues {
  readonly modulus: bigint;
  readonly values: readonly bigint[];
}

/** The part whose values are p(n - count + 1), ..., p(n) themselves. */
export function partitionCall(n: number, count: number): PartitionPart {
  return [n, Math.min(count, n + 1), 0, moduliFor(n)];
}

/** Two ranges of moduli, or undefined for what is not worth a worker of its own. */
export function split(...[n, count, from, to]: PartitionPart): readonly PartitionPart[] | undefined {
  if (to - from < 2 || cost(n, count, from, to) < MIN_DIVIDED) return undefined;
  const middle = Math.ceil((from + to) / 2);
  return [
    [n, count, from, middle],
    [n, count, middle, to],
  ];
}

export function base(...[n, count, from, to]: PartitionPart): Residues {
  if (to - from > 1) {
    const middle = Math.ceil((from + to) / 2);
    return combine(base(n, count, from, middle), base(n, count, middle, to));
  }
  return { modulus: modulus(from), values: Array.from(partitionResidues(from, n - count + 1, n), BigInt) };
}

/** The only numbers below the product of both moduli with the residues of both (Garner). */
export function combine(left: Residues, right: Residues): Residues {
  const inverse = inverseOf(left.modulus % right.modulus, right.modulus);
  const values = left.values.map((value, i) => {
    const times = (((right.values[i] ?? 0n) - value) * inverse) % right.modulus;
    return value + left.modulus * (times < 0n ? times + right.modulus : times);
  });
  return { modulus: left.modulus * right.modulus, values };
}

/** The time of a part whose tables are empty, in additions: some sqrt(k) of them for p(k) and each modulus. */
export function cost(...[n, , from, to]: PartitionPart): number {
  return (to - from) * (n + 1) ** 1.5;
}

// Some 3 ms of one thread.
const MIN_DIVIDED = 2 ** 22;

/** The inverse modulo m of a number from 1 to m - 1 that has no divisor in common with m (Euclid). */
function inverseOf(value: bigint, m: bigint): bigint {
  let [high, low] = [m, value];
  let [before, factor] = [0n, 1n];
  while (low > 1n) {
    const quotient = high / low;
    [high, low] = [low, high - quotient * low];
    [before, factor] = [factor, before - quotient * factor];
  }
  return factor < 0n ? factor + m : factor;
}
