// How long is the main thread's event loop blocked while F(10^7) is computed and its digits are made? In the pool,
// and beside it inline, as it is without one. Node's own monitor samples the delay every millisecond.
import { createHash } from 'node:crypto';
import { availableParallelism, cpus } from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { createPool } from 'memopool';
import { fibonacci } from '../dist/workers/functions/fibonacci.js';

const N = 10_000_000;
const SHA_256 = 'dee686d8c2407fb7fae2c58f8096d07baa790709d489454691af77d29cf3fb4d';
const RUNS = 5;

interface Sample {
  readonly blockedMs: number;
  readonly totalMs: number;
}

async function measure(work: () => string | Promise<string>): Promise<Sample> {
  const monitor: IntervalHistogram = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await pause(); // the monitor's first tick, from which the delay is counted
  const start = performance.now();
  const digits = await work();
  const totalMs = performance.now() - start;
  await pause(); // the tick that spans the work's end
  monitor.disable();
  if (createHash('sha256').update(digits).digest('hex') !== SHA_256) throw new Error('wrong digits');
  return { blockedMs: monitor.max / 1e6, totalMs };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

async function inPool(): Promise<Sample> {
  await using pool = createPool({ workers: 1 });
  return await measure(() => pool.run('fibonacci', [N], { as: 'decimal' }));
}

async function inline(): Promise<Sample> {
  return await measure(() => fibonacci.wrapped(N).toString());
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function row(name: string, samples: readonly Sample[]): void {
  const blocked = samples.map(({ blockedMs }) => blockedMs);
  const total = samples.map(({ totalMs }) => totalMs);
  const figures = [median(blocked), Math.max(...blocked), median(total)].map((ms) =>
    ms.toFixed(1).padStart(14),
  );
  console.log(name.padEnd(10) + figures.join(''));
}

console.log(`F(10^7) and its 2,089,877 digits; ${RUNS} runs each, a fresh pool every time`);
console.log(
  `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} CPUs, Node ${process.version}\n`,
);
console.log(
  `${''.padEnd(10)}${['blocked, ms', 'at most, ms', 'in all, ms'].map((text) => text.padStart(14)).join('')}`,
);
const pool: Sample[] = [];
const main: Sample[] = [];
for (let run = 0; run < RUNS; run++) {
  pool.push(await inPool());
  main.push(await inline());
}
row('pool', pool);
row('inline', main);
const worst = Math.max(...pool.map(({ blockedMs }) => blockedMs));
console.log(`\nThe promise is at most 50 ms: ${worst <= 50 ? 'kept' : 'BROKEN'} (${worst.toFixed(1)} ms).`);
if (worst > 50) process.exitCode = 1;
