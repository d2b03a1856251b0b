import { createPool, PoolError } from 'memopool';

await using pool = createPool({ workers: 1 });

try {
  await pool.fn.fibonacci(1.5);
} catch (error) {
  if (!(error instanceof PoolError)) throw error;
  console.log(error.code); // ERR_ARGUMENT
  console.log(error.message); // fibonacci(n): expected a whole number or bigint, got 1.5.
}
