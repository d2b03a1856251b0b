// The order of runs: in rounds, each of which has every count once, in an order of its own. What drifts while it is
// measured, such as a CPU that grows warm or a neighbour that wakes up, then hits all counts alike instead of the last.
import { Random } from '../curves/random.ts';

/** `runs` rounds of `counts`, one after the other; the same seed gives the same order. */
export function schedule(counts: readonly number[], runs: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: runs }, () => shuffled(counts, random)).flat();
}

// Fisher and Yates: each order is as likely as any other.
function shuffled(list: readonly number[], random: Random): number[] {
  const order: number[] = [];
  for (const [place, item] of list.entries()) {
    const at = random.below(place + 1);
    const moved = order[at];
    if (moved !== undefined) order[place] = moved;
    order[at] = item;
  }
  return order;
}
