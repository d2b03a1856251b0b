// How long is the main thread's event loop blocked while F(10^7) is computed and its digits are made? In the pool, and
// beside it inline, as it is without one. Node's own monitor samples the delay every millisecond.
import { createHash } from 'node:crypto';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { createPool } from 'memopool';
import { fibonacci } from '../workers/functions/fibonacci.ts';
import { report } from './harness/report.ts';
import { Samples } from './harness/rounds.ts';

const N = 10_000_000;
const SHA_256 = 'dee686d8c2407fb7fae2c58f8096d07baa790709d489454691af77d29cf3fb4d';
const RUNS = 5;

const samples = new Samples();

async function measure(name: string, work: () => string | Promise<string>): Promise<void> {
  const monitor: IntervalHistogram = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await pause(); // the monitor's first tick, from which the delay is counted
  const start = performance.now();
  const digits = await work();
  samples.add(`${name}, in all`, performance.now() - start);
  await pause(); // the tick that spans the work's end
  monitor.disable();
  if (createHash('sha256').update(digits).digest('hex') !== SHA_256) throw new Error('wrong digits');
  samples.add(`${name}, blocked`, monitor.max / 1e6);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

for (let run = 0; run < RUNS; run++) {
  {
    await using pool = createPool({ workers: 1 }); // a fresh one every time
    await measure('pool', () => pool.run('fibonacci', [N], { as: 'decimal' }));
  }
  await measure('inline', () => fibonacci.wrapped(N).toString());
}

const beside = { peer: 'inline', unit: 'ms', better: 'lower' } as const;
report('event-loop', [
  {
    what: 'loop blocked by F(10^7) and its digits',
    ours: samples.median('pool, blocked'),
    theirs: samples.median('inline, blocked'),
    ...beside,
  },
  {
    what: `the longest of ${RUNS} runs`,
    ours: Math.max(...samples.of('pool, blocked')),
    theirs: Math.max(...samples.of('inline, blocked')),
    ...beside,
    goal: { oursAtMost: 50 },
  },
  {
    what: 'until the digits are there, the start of a thread included',
    ours: samples.median('pool, in all'),
    theirs: samples.median('inline, in all'),
    ...beside,
  },
]);
