import { createPool } from 'memopool';

await using pool = createPool<typeof import('./paths.ts')>({
  functions: new URL('./paths.ts', import.meta.url),
});

console.log(await pool.fn.paths(16, 16)); // 601080390n
console.log(await pool.run('collatzSteps', [837_799])); // 524
