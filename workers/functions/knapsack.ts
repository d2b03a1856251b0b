// The 0/1 knapsack problem.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * The greatest total value of items whose total weight is at most `capacity`; item i weighs `weights[i]`, is worth
 * `values[i]`, and is taken once or not at all.
 *
 * Domain: whole numbers from 0, so that sums are exact (cents, not euros); all values together at most 2^53 - 1; at
 * most 2^20 items; with s the least of 2^items, capacity + 1, all weights + 1 and all values + 1: s at most 2^22
 * and items * s at most 2^32. Item by item, keeping only packings that no lighter one equals in value: at most s of
 * them, so a large capacity costs nothing by itself. Source: Nemhauser and Ullmann, Management Science 15 (1969).
 *
 * @example knapsack([12, 1, 4, 1, 2], [4, 2, 10, 1, 2], 15) === 15
 * @throws PoolError ERR_ARGUMENT
 */
export const knapsack: Memoized<
  (weights: readonly number[], values: readonly number[], capacity: number) => number
> = memoize(
  (weights: readonly number[], values: readonly number[], capacity: number): number => {
    domains.knapsack([weights, values, capacity]);
    let packings: Packings = { weights: [0], values: [0] };
    for (let i = 0; i < weights.length; i++) {
      packings = withItem(packings, { weight: weights[i] ?? 0, value: values[i] ?? 0, capacity });
    }
    return packings.values.at(-1) ?? 0;
  },
  { ...RESULTS, typed: true },
);

/** Weights and values, both strictly ascending: who carries more gains more. */
interface Packings {
  readonly weights: readonly number[];
  readonly values: readonly number[];
}

interface Item {
  readonly weight: number;
  readonly value: number;
  readonly capacity: number;
}

// Merges the packings without the item and those with it, in order of weight, and drops what gains nothing.
function withItem(packings: Packings, { weight, value, capacity }: Item): Packings {
  const weights: number[] = [];
  const values: number[] = [];
  let best = -1;
  let without = 0;
  let taken = 0;
  for (;;) {
    const base = packings.weights[taken] ?? Infinity;
    const joined = base <= capacity - weight ? base + weight : Infinity; // base + weight alone may pass 2^53
    const left = packings.weights[without] ?? Infinity;
    const lightest = Math.min(joined, left);
    if (lightest === Infinity) return { weights, values };
    const gain = joined < left ? (packings.values[taken++] ?? 0) + value : (packings.values[without++] ?? 0);
    if (gain <= best) continue;
    best = gain;
    if (weights.at(-1) === lightest) {
      weights.pop();
      values.pop();
    }
    weights.push(lightest);
    values.push(gain);
  }
}
