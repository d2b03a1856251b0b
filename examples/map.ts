import { createPool } from 'memopool';

await using pool = createPool();

// Many calls of one function: an array of arguments each, results in the same order. [10] is computed once.
const results = await pool.map('fibonacci', [[10], [90], [10], [50]]);
console.log(results.join(' ')); // 55 2880067194370816120 55 12586269025

// With an error for each item instead of the first error for the whole.
const settled = await pool.map('factorial', [[5], [-1]], { errors: 'settle' });
console.log(settled.map(({ index, status }) => `${index} ${status}`).join(', ')); // 0 fulfilled, 1 rejected

// A list without end, read as far ahead as the window: who stops reading cancels the rest.
function* odd(): Generator<[number]> {
  for (let n = 1; ; n += 2) yield [n];
}
for await (const p of pool.stream('partitions', odd(), { window: 100 })) {
  if (p < 10n ** 12n) continue;
  console.log(p); // 1071823774337n
  break;
}
