import { createPool } from 'memopool';

await using pool = createPool<typeof import('./own-functions/primes.ts')>({
  functions: new URL('./own-functions/primes.ts', import.meta.url),
});

console.log(await pool.fn.primesReport(1_000_000)); // 78498 primes, at most 114 apart

// Both parts needed the primes: they were computed once, and now they are there for everybody.
console.log(pool.cacheInfo('primes').misses); // 1
console.log(pool.peek('primes', [1_000_000])?.at(-1)); // 999983
