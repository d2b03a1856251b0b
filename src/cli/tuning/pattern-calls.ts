// Calls of one whole number each, in the order of a pattern: which rank is called when is the pattern's, and which number a
// rank stands for is drawn by the seed, because in a real workload the most wanted arguments are seldom the smallest.
import { type Pattern, ranksOf } from '../../curves/patterns.ts';
import { Random } from '../../curves/random.ts';
import type { WorkloadCall } from '../../tuning/options.ts';
import { UsageError } from '../failure.ts';
import type { Range } from './flags.ts';

// As many as a workload file may have.
const MOST_CALLS = 1_000_000;

/** @throws UsageError when the range has fewer numbers than the pattern has keys, and for a pattern too long */
export function patternCalls(
  name: string,
  pattern: Pattern,
  { range, seed }: { readonly range: Range; readonly seed: number },
): WorkloadCall[] {
  const { keys, length } = pattern;
  if (length > MOST_CALLS) {
    throw new UsageError(`--pattern: expected a length of at most ${MOST_CALLS}, got ${length}.`);
  }
  const numbers = shuffled(range, keys, new Random(seed));
  const calls: WorkloadCall[] = [];
  for (const rank of ranksOf(pattern, seed)) calls.push({ name, args: [numbers[rank] ?? range.low] });
  return calls;
}

// The first steps of Fisher and Yates's shuffle, with a map in the place of an array as long as the range.
function shuffled({ low, high }: Range, keys: number, random: Random): number[] {
  const size = high - low + 1;
  if (size < keys) {
    throw new UsageError(
      `--args: expected at least as many numbers as the pattern has keys, ${keys}; got ${size}.`,
    );
  }
  const moved = new Map<number, number>();
  const drawn: number[] = [];
  for (let next = 0; next < keys; next++) {
    const at = next + Math.floor(random.next() * (size - next));
    drawn.push(low + (moved.get(at) ?? at));
    moved.set(at, moved.get(next) ?? next);
  }
  return drawn;
}
