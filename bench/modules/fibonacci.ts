// The functions of bench/deep-recursion: a Fibonacci number by plain memoized recursion, and by a loop.
import { memoize } from 'memopool/memoize';

export const recursive: (n: number) => bigint = memoize((n: number): bigint =>
  n < 2 ? BigInt(n) : recursive(n - 1) + recursive(n - 2),
);

export function loop(n: number): bigint {
  let [current, next] = [0n, 1n];
  for (let step = 0; step < n; step++) [current, next] = [next, current + next];
  return current;
}
