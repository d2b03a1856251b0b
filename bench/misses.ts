// What do misses cost that come all at once? Tiny distinct calls, all made in one turn and awaited together, on warm
// pools; the MessagePort rows are the limits of the platform, for one call a message and for a thousand.

import { report } from './harness/report.ts';
import { inTurn, type Samples } from './harness/rounds.ts';
import type { Goal, Measured } from './harness/row.ts';
import { checkMixed, type MixPool, mixPools, OURS, openWarm } from './peers/pools.ts';

const ROUNDS = 3;
const FEW_CALLS = 1000;
const CALLS = 20_000;
// Beside the fastest peers alone: piscina would take minutes.
const MANY_CALLS = 100_000;

// No number twice, so that no call of ours is a hit.
let next = 0;

/** Calls a second, of some floods in a row after one that does not count: it finds memory and caches cold. */
async function floods(pool: MixPool, calls: number): Promise<number[]> {
  const samples: number[] = [];
  const counted = calls === FEW_CALLS ? 20 : 3;
  for (let flood = -1; flood < counted; flood++) {
    const sample = await callsASecond(pool, calls);
    if (flood >= 0) samples.push(sample);
  }
  return samples;
}

async function callsASecond(pool: MixPool, calls: number): Promise<number> {
  const numbers = Array.from({ length: calls }, () => next++);
  const start = performance.now();
  const answers = await Promise.all(numbers.map((n) => pool.mix(n)));
  const ms = performance.now() - start;
  checkMixed(numbers, answers);
  return (1000 * calls) / ms;
}

async function measure(names: readonly string[], workers: number, calls: number): Promise<Samples> {
  const pools = new Map<string, MixPool>();
  for (const [name, open] of Object.entries(mixPools)) {
    if (names.includes(name)) pools.set(name, await openWarm(open, workers));
  }
  try {
    return await inTurn(
      ROUNDS,
      Object.fromEntries([...pools].map(([name, pool]) => [name, () => floods(pool, calls)])),
    );
  } finally {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
  }
}

async function compared(names: readonly string[], workers: number, calls: number): Promise<Measured[]> {
  const samples = await measure(names, workers, calls);
  const what = `${calls.toLocaleString('en-US')} tiny calls at once, ${workers === 1 ? '1 worker' : `${workers} workers`}`;
  const goal: Goal = { ratioAtLeast: 20 };
  return names
    .filter((name) => name !== OURS)
    .map((peer) => ({
      what,
      ours: samples.median(OURS),
      peer,
      theirs: samples.median(peer),
      unit: 'calls/s',
      better: 'higher',
      ...(peer === 'piscina' ? { goal } : {}),
    }));
}

const ports = Object.keys(mixPools).filter((name) => name.startsWith('MessagePort'));
report('misses', [
  ...(await compared(Object.keys(mixPools), 2, FEW_CALLS)),
  ...(await compared(Object.keys(mixPools), 1, CALLS)),
  ...(await compared(Object.keys(mixPools), 2, CALLS)),
  ...(await compared([OURS, ...ports], 2, MANY_CALLS)),
]);
