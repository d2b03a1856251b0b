import { createPool } from 'memopool';

await using pool = createPool<typeof import('./own-functions/queens.ts')>({
  functions: new URL('./own-functions/queens.ts', import.meta.url),
});

console.log(await pool.fn.queens(8, 0, 0, 0)); // 92
console.log(await pool.fn.queens(12, 0, 0, 0)); // 14200
