// What plain recursion costs beside a loop, in a worker: the deeper the stack, the more of it garbage collection walks.
import { availableParallelism, cpus } from 'node:os';
import { createPool } from 'memopool';

const DEPTHS = [30_000, 100_000, 300_000];

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} CPUs, Node ${process.version}`);
console.log('Seconds, one run each in a fresh worker\n');
for (const depth of DEPTHS) {
  await using pool = createPool<typeof import('./modules/fibonacci.ts')>({
    workers: 1,
    functions: new URL('./modules/fibonacci.ts', import.meta.url),
  });
  await pool.fn.loop(10);
  const start = performance.now();
  const byRecursion = await pool.fn.recursive(depth);
  const between = performance.now();
  const byLoop = await pool.fn.loop(depth);
  const end = performance.now();
  if (byRecursion !== byLoop || byLoop !== (await pool.fn.fibonacci(depth))) throw new Error('wrong value');
  const [recursion, loop] = [between - start, end - between].map((ms) => (ms / 1000).toFixed(2));
  console.log(`n = ${String(depth).padStart(7)}: recursion ${recursion}, loop ${loop}`);
}
