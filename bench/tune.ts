// Is the setting that tuning recommends as good as the best there is? A zipf workload is tuned, and then run at every setting
// of a grid, the recommended one among them, in random order again and again; each run begins with empty caches.
//
// Keeps nothing: `npm run bench -- tune`. TUNE_ROUNDS=9 TUNE_CALLS=6000 for a longer one.
import { createPool } from 'memopool';
import { parsePattern, ranksOf } from '../src/curves/patterns.ts';
import { schedule } from '../src/tuning/schedule.ts';
import { machineLine, thisMachine } from './harness/machine.ts';
import { median } from './harness/median.ts';
import { aligned } from './harness/report.ts';
import { spin } from './modules/work.mjs';

const ROUNDS = Number(process.env['TUNE_ROUNDS'] ?? 5);
const CALLS = Number(process.env['TUNE_CALLS'] ?? 4000);
const KEYS = 2000;
/** About half a millisecond. */
const TURNS = 400_000;
const WORKERS = [1, 2, 3, 4];
const SIZES = [0, 50, 100, 200, 400, 800, 1600, 3200];
const CONCURRENCY = 64;
const SEED = 20_261_123;

const functions = new URL('./modules/work.mjs', import.meta.url);
const ranks = [...ranksOf(parsePattern(`zipf:0.9,keys=${KEYS},length=${CALLS}`), SEED)];
const calls = ranks.map((rank) => ({ name: 'spin', args: [rank, TURNS] as const }));
const expected = new Map<number, number>();
for (const rank of ranks) if (!expected.has(rank)) expected.set(rank, spin(rank, TURNS));

interface Setting {
  readonly workers: number;
  readonly maxsize: number;
}

/** Calls a second from empty caches, the answers checked. */
async function throughputAt(setting: Setting): Promise<number> {
  await using pool = createPool<typeof import('./modules/work.mjs')>({ functions, ...setting });
  await Promise.all(Array.from({ length: 4 * setting.workers }, (_, n) => pool.run('spin', [-1 - n, TURNS])));
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      const answer = await pool.run('spin', call.args);
      if (answer !== expected.get(call.args[0] ?? 0)) throw new Error(`spin(${call.args}): got ${answer}`);
    }
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  return (1000 * calls.length) / (performance.now() - since);
}

await using pool = createPool<typeof import('./modules/work.mjs')>({ functions });
const { advice } = await pool.tune({
  workload: calls,
  budgetMs: 45_000,
  concurrency: CONCURRENCY,
  counts: WORKERS,
  seed: SEED,
});
if (advice.workers === null || advice.maxsize === null) throw new Error('nothing was recommended');
const recommended: Setting = { workers: advice.workers, maxsize: advice.maxsize };

const settings: readonly Setting[] = [
  recommended,
  ...WORKERS.flatMap((workers) => SIZES.map((maxsize) => ({ workers, maxsize }))),
];
const samples = settings.map((): number[] => []);
for (const at of schedule(
  settings.map((_, i) => i),
  ROUNDS,
  SEED,
)) {
  const setting = settings[at];
  if (setting !== undefined) samples[at]?.push(await throughputAt(setting));
}

const medians = samples.map((throughputs) => median(throughputs));
const best = Math.max(...medians);
const lines = settings.map(({ workers, maxsize }, i) => [
  i === 0 ? 'recommended' : '',
  String(workers),
  String(maxsize),
  (medians[i] ?? 0).toFixed(0),
  `${((100 * (medians[i] ?? 0)) / best).toFixed(1)} %`,
]);
console.log(
  `${machineLine(thisMachine())}\n${CALLS} calls of about half a millisecond, zipf 0.9 over ${KEYS} keys, median of ${ROUNDS} runs\n`,
);
console.log(aligned([['', 'workers', 'maxsize', 'calls a second', 'of the best'], ...lines]));
const loss = 1 - (medians[0] ?? 0) / best;
console.log(
  `\nThe recommended setting is ${(100 * loss).toFixed(1)} % below the best of the grid (goal: at most 5 %).`,
);
if (loss > 0.05) process.exitCode = 1;
