// Functions that call functions: each call is computed by whatever worker is free, once for all who need it.
import { call, progress } from 'memopool/worker';

/** How many primes there are below a number, and the widest gap between two of them. */
export async function primesReport(below: number): Promise<string> {
  const [count, gap] = await Promise.all([call('countPrimes', below), call('widestGap', below)]);
  return `${count} primes, at most ${gap} apart`;
}

export async function countPrimes(below: number): Promise<number> {
  const primes = (await call('primes', below)) as Uint32Array;
  return primes.length;
}

export async function widestGap(below: number): Promise<number> {
  const primes = (await call('primes', below)) as Uint32Array;
  return primes.reduce((widest, prime, i) => Math.max(widest, prime - (primes[i - 1] ?? prime)), 0);
}

/** The sieve of Eratosthenes. */
export function primes(below: number): Uint32Array {
  const isComposite = new Uint8Array(below);
  for (let n = 2; n * n < below; n++) {
    if (isComposite[n] === 1) continue;
    for (let multiple = n * n; multiple < below; multiple += n) isComposite[multiple] = 1;
    progress(n * n, below);
  }
  const found: number[] = [];
  for (let n = 2; n < below; n++) if (isComposite[n] === 0) found.push(n);
  return Uint32Array.from(found);
}
