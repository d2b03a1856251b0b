// The last product of a product tree, which V8 computes on one thread: in slices of one factor, each by a worker. Two slices
// take two thirds of the time of the whole each (Node 20: 59 and 90 ms for 9.2 million bits by as many).
import { ask } from '../../../src/compute/call.ts';
import { multiply } from '../../../src/kernels/select.ts';

/** A product of two, each of which is a call. */
export interface Halves {
  /** The function of both. */
  readonly name: string;
  readonly calls: readonly [left: readonly unknown[], right: readonly unknown[]];
  /** Into how many parts each is to be divided. */
  readonly parts: number;
  /** What each costs, in one unit. */
  readonly costs: readonly [number, number];
  /** About half the bits of the second: where it is cut. */
  readonly cut: number;
}

// What the last product costs beside its factors, about.
const LAST_PRODUCT = 0.4;

/** A slice of the product: the first factor by the lower part of the second, or by the upper one. */
export async function slice(part: 'lower' | 'upper', halves: Halves): Promise<bigint> {
  const { name, calls, parts, costs, cut } = halves;
  const total = (1 + LAST_PRODUCT) * (costs[0] + costs[1]);
  const factors = calls.map((args, i) => ask({ name, args, parts, weight: costs[i] ?? 0, total }));
  const [left, right] = (await Promise.all(factors)) as [bigint, bigint];
  return multiply(left, part === 'lower' ? BigInt.asUintN(cut, right) : right >> BigInt(cut));
}

/** The product of its slices, each a call of the function `name` with its arguments and which slice it is. */
export async function together(name: string, args: readonly unknown[], cut: number): Promise<bigint> {
  const slices = ['lower', 'upper'].map((part) =>
    ask({ name, args: [...args, part], parts: 0, weight: 1, total: 0 }),
  );
  const [lower, upper] = (await Promise.all(slices)) as [bigint, bigint];
  return (upper << BigInt(cut)) + lower;
}
