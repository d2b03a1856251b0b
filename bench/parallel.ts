// What does a second worker gain for one call? Calls that are divided among all workers, with two and with one; and beside
// them what the machine gives: two calls that have nothing to do with each other. The answers are checked by what they must
// be, or by the same function computed in one go.
import { createHash } from 'node:crypto';
import { createPool } from 'memopool';
import { binomial } from '../workers/functions/binomial.ts';
import { editDistance } from '../workers/functions/edit-distance.ts';
import { factorial } from '../workers/functions/factorial.ts';
import { lcs } from '../workers/functions/lcs.ts';
import { partitions } from '../workers/functions/partitions.ts';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Measured } from './harness/row.ts';

const ROUNDS = 9;
const LENGTH = 20_000;

type Functions = typeof import('./modules/queens.ts');

interface Workload {
  readonly what: string;
  readonly calls: readonly (readonly [name: string, args: readonly unknown[]])[];
  /** Hashes of the answers. */
  readonly answers: readonly string[];
  readonly goal?: number;
}

const random = randomNumbers();
const letters = () => Array.from({ length: LENGTH }, () => 'acgt'[random(4)]).join('');
const [a, b] = [letters(), letters()];
const seeds = [1, 2, 3, 4];

const workloads: readonly Workload[] = [
  {
    what: 'the machine: four calls apart',
    calls: seeds.map((seed) => ['spin', [seed]]),
    answers: seeds.map((seed) => hashOf(spun(seed))),
  },
  one('factorial(10^6)', ['factorial', [1_000_000]], factorial(1_000_000), 1.4),
  one('partitions(20,000)', ['partitions', [20_000]], partitions(20_000), 1.4),
  one('12 queens', ['queens', [12, 0, 0, 0]], 14_200, 1.4),
  one('editDistance of 20,000 letters each', ['editDistance', [a, b]], editDistance(a, b), 1.4),
  one('lcs of 20,000 letters each', ['lcs', [a, b]], lcs(a, b)),
  one('binomial(10^7, 5 * 10^6)', ['binomial', [10_000_000, 5_000_000]], binomial(10_000_000, 5_000_000)),
];

function one(what: string, call: Workload['calls'][number], answer: unknown, goal?: number): Workload {
  return { what, calls: [call], answers: [hashOf(answer)], ...(goal === undefined ? {} : { goal }) };
}

async function millisecondsOf(workers: number, { what, calls, answers }: Workload): Promise<number> {
  const pool = pools[workers - 1];
  if (pool === undefined) throw new Error(`expected a pool of ${workers} workers`);
  await pool.cacheClear(); // the workers' memos too
  const start = performance.now();
  const results = await Promise.all(calls.map(([name, args]) => pool.run(name as never, args as never)));
  const ms = performance.now() - start;
  if (results.some((result, i) => hashOf(result) !== answers[i])) throw new Error(`${what}: wrong answer`);
  return ms;
}

function hashOf(value: unknown): string {
  const text = typeof value === 'bigint' ? value.toString(16) : String(value);
  return createHash('sha256').update(text).digest('hex');
}

function spun(seed: number): number {
  let state = seed;
  for (let i = 0; i < 40_000_000; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}

// The same texts in every run: a linear congruential generator (Numerical Recipes) with one seed.
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const functions = new URL('./modules/queens.ts', import.meta.url);
const pools = [1, 2].map((workers) => createPool<Functions>({ workers, functions }));
const measured: Measured[] = [];
for (const workload of workloads) {
  const samples = await inTurn(ROUNDS, {
    two: () => millisecondsOf(2, workload),
    one: () => millisecondsOf(1, workload),
  });
  measured.push({
    what: workload.what,
    ours: samples.median('two'),
    peer: 'one worker',
    theirs: samples.median('one'),
    unit: 'ms',
    better: 'lower',
    ...(workload.goal === undefined ? {} : { goal: { ratioAtLeast: workload.goal } }),
  });
}
await Promise.all(pools.map((pool) => pool.close()));
report('parallel', measured);
