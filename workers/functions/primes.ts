// The primes in order, in pieces that fit the processor's cache.

import { checkpoint } from '../../src/compute/stop.ts';

const SEGMENT = 2 ** 17;

/** Visits every prime up to `limit`, at most 2^31 - 1, in ascending order; holds 128 KiB whatever the limit. */
export function forEachPrime(limit: number, visit: (prime: number) => void): void {
  forEachPrimeAbove(0, limit, visit);
}

/** As {@link forEachPrime}, for the primes above `floor` only: the cost is that of the piece, and of sqrt(limit). */
export function forEachPrimeAbove(floor: number, limit: number, visit: (prime: number) => void): void {
  if (limit < 2) return;
  if (floor < 2) visit(2);
  if (limit < 3) return;
  const small = oddPrimes(Math.floor(Math.sqrt(limit)));
  // Slot i stands for the odd number 2i + 1; slot 0 is no prime.
  const start = Math.max(1, Math.floor((floor + 1) / 2));
  const end = Math.floor((limit - 1) / 2) + 1;
  const isComposite = new Uint8Array(Math.max(0, Math.min(SEGMENT, end - start)));
  for (let from = start; from < end; from += SEGMENT) {
    checkpoint();
    const to = Math.min(from + SEGMENT, end);
    isComposite.fill(0);
    for (const prime of small) crossOut(isComposite, { prime, from, to });
    for (let i = from; i < to; i++) if (isComposite[i - from] === 0) visit(2 * i + 1);
  }
}

function crossOut(isComposite: Uint8Array, range: { prime: number; from: number; to: number }): void {
  const { prime, from, to } = range;
  const first = (prime * prime - 1) / 2;
  const skipped = first >= from ? 0 : Math.ceil((from - first) / prime) * prime;
  for (let i = first + skipped - from; i < to - from; i += prime) isComposite[i] = 1;
}

function oddPrimes(limit: number): number[] {
  const isComposite = new Uint8Array(limit + 1);
  const primes: number[] = [];
  for (let candidate = 3; candidate <= limit; candidate += 2) {
    if (isComposite[candidate] === 1) continue;
    primes.push(candidate);
    for (let i = candidate * candidate; i <= limit; i += candidate) isComposite[i] = 1;
  }
  return primes;
}
