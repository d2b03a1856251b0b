// What plain recursion costs beside a loop, in a worker: the deeper the stack, the more of it garbage collection walks.
import { createPool } from 'memopool';
import { report } from './harness/report.ts';
import { Samples } from './harness/rounds.ts';
import type { Measured } from './harness/row.ts';

// The deepest takes ten seconds and more a run.
const DEPTHS = [
  { depth: 30_000, runs: 5 },
  { depth: 100_000, runs: 3 },
  { depth: 300_000, runs: 1 },
];

const measured: Measured[] = [];
for (const { depth, runs } of DEPTHS) {
  const samples = new Samples();
  for (let run = 0; run < runs; run++) {
    // A fresh worker each time: the recursion's memo stays in it.
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
    samples.add('recursion', between - start);
    samples.add('loop', end - between);
  }
  measured.push({
    what: `memoized recursion, ${depth.toLocaleString('en-US')} deep`,
    ours: samples.median('recursion'),
    peer: 'a loop',
    theirs: samples.median('loop'),
    unit: 'ms',
    better: 'lower',
  });
}
report('deep-recursion', measured);
