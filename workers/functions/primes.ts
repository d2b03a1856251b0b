// The primes in order, in pieces that fit the processor's cache.

const SEGMENT = 2 ** 17;

/** Visits every prime up to `limit`, at most 2^31 - 1, in ascending order; holds 128 KiB whatever the limit. */
export function forEachPrime(limit: number, visit: (prime: number) => void): void {
  if (limit < 2) return;
  visit(2);
  if (limit < 3) return;
  const small = oddPrimes(Math.floor(Math.sqrt(limit)));
  // Slot i stands for the odd number 2i + 1.
  const end = Math.floor((limit - 1) / 2) + 1;
  const isComposite = new Uint8Array(Math.min(SEGMENT, end));
  for (let from = 0; from < end; from += SEGMENT) {
    const to = Math.min(from + SEGMENT, end);
    isComposite.fill(0);
    for (const prime of small) crossOut(isComposite, { prime, from, to });
    for (let i = Math.max(from, 1); i < to; i++) if (isComposite[i - from] === 0) visit(2 * i + 1);
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
