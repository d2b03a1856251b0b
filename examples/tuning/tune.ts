import { createPool } from 'memopool';

await using pool = createPool<typeof import('./shop.ts')>({
  functions: new URL('./shop.ts', import.meta.url),
});

// 40 customers who come again and again, and one comparison of names.
const customers = Array.from({ length: 400 }, (_, i) => ({ name: 'quote', args: [i % 40] }));
const workload = [...customers, { name: 'distance', args: [30, 30] }];

const { advice, sizes, memos } = await pool.tune({ workload, budgetMs: 5000, counts: [1, 2] });
console.log(sizes?.needed); // 40
console.log(memos.map(({ call, needed, maxsize }) => `${call}: ${maxsize} of ${needed}`)); // [ 'distance(30, 30): 58 of 62' ]
console.log(advice.lines.length); // 2
