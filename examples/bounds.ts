import { createPool } from 'memopool';

// At most 3 results, and at most a million bytes of them.
await using pool = createPool({ workers: 1, maxsize: 3, maxBytes: 1_000_000 });

for (const n of [10, 20, 30, 40]) await pool.fn.fibonacci(n);
console.log(pool.peek('fibonacci', [10])); // undefined
console.log(pool.peek('fibonacci', [40])); // 102334155n

await pool.fn.fibonacci(20_000_000); // 1.7 MB: returned, not kept
const { currsize, evictions, oversize } = pool.cacheInfo();
console.log(currsize, evictions, oversize); // 3 1 1

await pool.cacheClear(); // the front cache and every worker's memos
console.log(pool.cacheInfo().currsize, pool.stats().workers); // 0 1
