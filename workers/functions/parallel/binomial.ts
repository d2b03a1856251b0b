// Binomial coefficients by all workers of a pool: products over two ranges of primes, and their product in slices.
import { type Parallel, parallelAs } from '../../../src/compute/parallel.ts';
import { runningCall } from '../../../src/compute/running.ts';
import { binomial as alone, isSieved } from '../binomial.ts';
import { domains } from '../domains.ts';
import { type BinomialPart, base, bits, combine, cost, split } from './binomial-parts.ts';
import { type Divided, divided } from './divided.ts';
import { type Halves, slice, together } from './slices.ts';

/** The product of the powers of the primes above `from`, up to `to`, that divide (n, k). */
export const primes: Parallel<BinomialPart, bigint> = parallelAs('binomial/primes', {
  split,
  base,
  combine,
  cost,
});

/** A slice of the product of all of them. */
export function primesSlice(n: number, k: number, part: 'lower' | 'upper'): Promise<bigint> | undefined {
  const halves = halvesOf(n, k);
  return halves && slice(part, halves);
}

export const binomial: Divided<typeof alone.wrapped> = divided(alone, domains.binomial, (n, k) => {
  if (k > n) return undefined;
  const rest = BigInt(n) - BigInt(k);
  const [top, least] = [Number(n), Number(k > rest ? rest : k)];
  const halves = isSieved(n, least) ? halvesOf(top, least) : undefined;
  if (halves === undefined) return undefined;
  if (runningCall()?.workers === 1) return primes(top, least, 0, top);
  return together('binomial/slice', [top, least], halves.cut);
});

function halvesOf(n: number, k: number): Halves | undefined {
  const [left, right] = split(n, k, 0, n) ?? [];
  if (left === undefined || right === undefined) return undefined;
  return {
    name: 'binomial/primes',
    calls: [left, right],
    parts: 1,
    costs: [cost(...left), cost(...right)],
    cut: Math.floor(bits(...right) / 2),
  };
}
