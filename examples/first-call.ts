import { createPool } from 'memopool';

await using pool = createPool({ workers: 2, maxsize: 1024 });

const f = await pool.run('fibonacci', [1_000_000]); // a bigint, computed in a worker thread
const again = await pool.fn.fibonacci(1_000_000); // the same bigint, from the front cache

console.log(f === again); // true
console.log(f % 10_000_000_000n); // 8242546875n
console.log(pool.cacheInfo().hits, pool.cacheInfo().misses); // 1 1
