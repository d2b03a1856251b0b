// Ours in bench/bignum: as a user calls it, until the bigint or the string is in hand.
import { createPool } from 'memopool';
import { serve } from './serve.mjs';

const [n, form, workers] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const options = form === 'decimal' ? { as: 'decimal' } : {};

const pool = createPool({ workers, maxsize: 0 });
let isFirst = true;

await serve('memopool', async () => {
  // The workers have memos of their own. Nothing to clear before the first call, which is to find no thread started.
  if (!isFirst) await pool.cacheClear();
  isFirst = false;
  const start = performance.now();
  const answer = await pool.run('fibonacci', [n], options);
  return { parts: [performance.now() - start], answer };
});
await pool.close();
