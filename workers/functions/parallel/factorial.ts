// Factorials by all workers of a pool: products over two ranges of primes, and their product in slices.
import { type Parallel, parallelAs } from '../../../src/compute/parallel.ts';
import { runningCall } from '../../../src/compute/running.ts';
import { domains } from '../domains.ts';
import { factorial as alone, powersOfTwo } from '../factorial.ts';
import { type Divided, divided, turned } from './divided.ts';
import { base, combine, cost, type FactorialPart, split } from './factorial-parts.ts';
import { factorialBits } from './prime-product.ts';
import { type Halves, slice, together } from './slices.ts';

/** The product of the powers of the primes above `from`, up to `to`, that divide n!. */
export const primes: Parallel<FactorialPart, bigint> = parallelAs('factorial/primes', {
  split,
  base,
  combine,
  cost,
});

/** A slice of the product of all of them but 2. */
export function oddSlice(n: number, part: 'lower' | 'upper'): Promise<bigint> | undefined {
  const halves = halvesOf(n);
  return halves && slice(part, halves);
}

export const factorial: Divided<typeof alone.wrapped> = divided(alone, domains.factorial, (n) => {
  const top = Number(n);
  const halves = halvesOf(top);
  if (halves === undefined) return undefined;
  const isAlone = runningCall()?.workers === 1;
  const odd = isAlone ? primes(top, 2, top) : together('factorial/slice', [top], halves.cut);
  return turned(odd, (value) => value << BigInt(powersOfTwo(top)));
});

function halvesOf(n: number): Halves | undefined {
  const [left, right] = split(n, 2, n) ?? [];
  if (left === undefined || right === undefined) return undefined;
  return {
    name: 'factorial/primes',
    calls: [left, right],
    parts: 1,
    costs: [cost(...left), cost(...right)],
    cut: Math.floor(factorialBits(n, { from: right[1], to: right[2] }) / 2),
  };
}
