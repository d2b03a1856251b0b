import { cacheInfoSince, createPool } from 'memopool';

await using pool = createPool({ workers: 1, share: 'freeze' });

await pool.fn.partitions(5000);
const before = pool.cacheInfo();
for (let call = 0; call < 10; call++) await pool.fn.partitions(5000);
const since = cacheInfoSince(before, pool.cacheInfo());
console.log(since.hits, since.misses, since.savedMs > 0); // 10 0 true

console.log(await pool.cacheDelete('partitions', [5000])); // true
console.log(pool.peek('partitions', [5000])); // undefined

await pool.fn.partitions(6000);
console.log(pool.stats().memos['partitions']?.misses); // 2
