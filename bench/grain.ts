// How much work must a call be to gain from two threads? Thousands of distinct calls at once, of 1 to 500 us each, beside
// the same calls made inline on the main thread. The ratio is the speed-up.
import { fileURLToPath } from 'node:url';
import { createPool } from 'memopool';
import { Piscina } from 'piscina';
import { report } from './harness/report.ts';
import { type Contestant, inTurn } from './harness/rounds.ts';
import type { Measured } from './harness/row.ts';
import { spin } from './modules/work.mjs';

const ROUNDS = 5;
const WORKERS = 2;
const GRAINS = [
  { micros: 1, calls: 20_000 },
  { micros: 10, calls: 10_000 },
  { micros: 50, calls: 4000 },
  { micros: 100, calls: 2000 },
  { micros: 500, calls: 600 },
];
const GOAL_FROM_MICROS = 10;

/** Turns of `spin` in a microsecond, on the main thread: by the fastest sample, since all that disturbs it adds. */
function calibrate(): number {
  const turns = 200_000;
  const samples: number[] = [];
  for (let round = 0; round < 100; round++) {
    const start = performance.now();
    spin(round, turns);
    samples.push((performance.now() - start) * 1000);
  }
  return turns / Math.min(...samples);
}

type Compute = (seed: number, turns: number) => number | Promise<number>;

const options = {
  workers: { min: WORKERS, max: WORKERS },
  functions: new URL('./modules/work.mjs', import.meta.url),
};
const pool = createPool<typeof import('./modules/work.mjs')>(options);
// Allowed to compute the smallest calls itself: they take less than sending them.
const inlinePool = createPool<typeof import('./modules/work.mjs')>({ ...options, inlineMs: 1000 });
const piscina = new Piscina({
  filename: fileURLToPath(new URL('./peers/piscina.mjs', import.meta.url)),
  minThreads: WORKERS,
  maxThreads: WORKERS,
});

const OURS = 'memopool';
const OURS_INLINE = 'memopool, inlineMs: 1000';
const INLINE = 'inline, on the main thread';
const PISCINA = 'piscina';
const computes: Readonly<Record<string, Compute>> = {
  [OURS]: (seed, turns) => pool.run('spin', [seed, turns]),
  [INLINE]: spin,
  [PISCINA]: (seed, turns) => piscina.run({ seed, turns }, { name: 'spin' }),
  [OURS_INLINE]: (seed, turns) => inlinePool.run('spin', [seed, turns]),
};

// No seed twice, so that no call of ours is a hit.
let next = 0;

function contestant(compute: Compute, calls: number, turns: number): Contestant {
  return async () => {
    await timed(compute, calls, turns); // finds memory and caches cold, and does not count
    return timed(compute, calls, turns);
  };
}

/** Milliseconds of all calls made at once. */
async function timed(compute: Compute, calls: number, turns: number): Promise<number> {
  const seeds = Array.from({ length: calls }, () => next++);
  const start = performance.now();
  const answers = await Promise.all(seeds.map((seed) => compute(seed, turns)));
  const ms = performance.now() - start;
  // Some of them: to check all would take as long again as the work.
  for (let index = 0; index < calls; index += 97) {
    const seed = seeds[index] ?? 0;
    if (answers[index] !== spin(seed, turns))
      throw new Error(`spin(${seed}, ${turns}): got ${answers[index]}`);
  }
  return ms;
}

const turnsInMicro = calibrate();
const measured: Measured[] = [];
try {
  for (const { micros, calls } of GRAINS) {
    const turns = Math.round(micros * turnsInMicro);
    const samples = await inTurn(
      ROUNDS,
      Object.fromEntries(
        Object.entries(computes).map(([name, compute]) => [name, contestant(compute, calls, turns)]),
      ),
    );
    for (const peer of [INLINE, PISCINA]) {
      measured.push({
        what: `${calls.toLocaleString('en-US')} calls of ${micros} us, ${WORKERS} workers`,
        ours: samples.median(OURS),
        peer,
        theirs: samples.median(peer),
        unit: 'ms',
        better: 'lower',
        ...(peer === INLINE && micros >= GOAL_FROM_MICROS ? { goal: { ratioAtLeast: 1.3 } } : {}),
      });
    }
    measured.push({
      what: `the same with inlineMs: 1000, calls of ${micros} us`,
      ours: samples.median(OURS_INLINE),
      peer: INLINE,
      theirs: samples.median(INLINE),
      unit: 'ms',
      better: 'lower',
    });
  }
  report('grain', measured);
} finally {
  await Promise.all([pool.close(), inlinePool.close(), piscina.destroy()]);
}
