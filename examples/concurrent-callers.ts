import { createPool } from 'memopool';

await using pool = createPool();

// A thousand requests for the same number at the same moment: one computation.
const answers = await Promise.all(Array.from({ length: 1000 }, () => pool.fn.lucas(50_000)));

const { misses, joins, hits } = pool.cacheInfo('lucas');
console.log(new Set(answers).size); // 1
console.log(misses, joins, hits); // 1 999 0
