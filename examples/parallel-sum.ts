import { createPool } from 'memopool';

await using pool = createPool<typeof import('./own-functions/divisors.ts')>({
  functions: new URL('./own-functions/divisors.ts', import.meta.url),
});

const n = 100_000_000;
const pairs = await pool.run('pairsUpTo', [n, 1, n + 1], {
  onProgress: ({ done = 0, total = 1 }) => console.error(`${Math.round((100 * done) / total)} %`),
});
console.log(pairs); // 1857511568

// Its parts were calls of their own, and are as any other.
console.log(pool.cacheInfo('pairsUpTo').misses > 1); // true
