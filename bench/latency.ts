// What does one lone call cost that misses? An idle warm pool of one thread, one call at a time, each awaited before the
// next: at once, and after a pause in which threads fall asleep.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from './harness/median.ts';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Goal, Measured } from './harness/row.ts';
import { checkMixed, type MixPool, mixPools, OURS, openWarm } from './peers/pools.ts';

const ROUNDS = 5;

// No number twice, so that no call of ours is a hit.
let next = 0;

/** Microseconds of each call. */
async function calls(pool: MixPool, count: number, pauseMs: number): Promise<readonly number[]> {
  const numbers: number[] = [];
  const answers: number[] = [];
  const micros: number[] = [];
  for (let call = 0; call < count; call++) {
    if (pauseMs > 0) await sleep(pauseMs);
    const n = next++;
    const start = performance.now();
    const answer = await pool.mix(n);
    micros.push((performance.now() - start) * 1000);
    numbers.push(n);
    answers.push(answer);
  }
  checkMixed(numbers, answers);
  return micros;
}

async function compared(what: string, count: number, pauseMs: number): Promise<Measured[]> {
  const samples = await inTurn(
    ROUNDS,
    Object.fromEntries([...pools].map(([name, pool]) => [name, () => calls(pool, count, pauseMs)])),
  );
  const goal: Goal = { ratioAtLeast: 1 };
  return [...pools.keys()]
    .filter((name) => name !== OURS)
    .flatMap((peer) =>
      [
        { figure: 'median', of: median },
        { figure: 'p95', of: (micros: readonly number[]) => quantile(micros, 0.95) },
      ].map(
        ({ figure, of }): Measured => ({
          what: `${what}, ${figure}`,
          ours: of(samples.of(OURS)),
          peer,
          theirs: of(samples.of(peer)),
          unit: 'us',
          better: 'lower',
          ...(peer === 'piscina' && figure === 'median' ? { goal } : {}),
        }),
      ),
    )
    .sort((a, b) => (a.what < b.what ? -1 : +(a.what > b.what)));
}

const pools = new Map<string, MixPool>();
for (const [name, open] of Object.entries(mixPools)) {
  // A lone call fills no message.
  if (name !== 'MessagePort, 1000 a message') pools.set(name, await openWarm(open, 1));
}
try {
  report('latency', [
    ...(await compared('one call after another', 2000, 0)),
    ...(await compared('one call, 2 ms after the last', 250, 2)),
  ]);
} finally {
  await Promise.all([...pools.values()].map((pool) => pool.close()));
}
