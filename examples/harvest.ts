import { createPool } from 'memopool';

await using pool = createPool<typeof import('./sharing/functions.ts')>({
  functions: new URL('./sharing/functions.ts', import.meta.url),
});

// 27 leads to 82, and so on down to 1: one computation, and 112 results that answer.
console.log(await pool.fn.steps(27)); // 111
console.log(await pool.fn.steps(82)); // 110
const { hits, misses, harvested } = pool.cacheInfo('steps');
console.log(hits, misses, harvested); // 1 1 111

// The built-in partitions makes a table, of which it shares 256 values.
await pool.fn.partitions(1000);
console.log(pool.peek('partitions', [999])); // 23127843459154899464880444632250n
