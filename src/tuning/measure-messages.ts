// Of a trace nothing can be called: what a hit and what the messages of a miss take is measured with a small built-in function,
// on this machine.
import type { PoolMaker } from './instruments.ts';
import { LaneWatch } from './lanes.ts';
import { measureHitNs } from './record-workload.ts';
import { runWorkload } from './workload-run.ts';

const CALLS = 1000;
const CONCURRENCY = 64;

export interface MessageTimes {
  readonly hitNs: number;
  /** The messages of a call with a small result. */
  readonly smallNs: number;
}

export async function measureMessages(makePool: PoolMaker): Promise<MessageTimes> {
  const now = (): number => performance.now();
  const watch = new LaneWatch(now);
  const pool = makePool({ workers: 1 }, { dispatch: watch, isQuiet: true });
  const calls = Array.from({ length: CALLS }, (_, n) => ({ name: 'fibonacciMod', args: [n, 1009] }));
  const plan = { concurrency: CONCURRENCY, signal: new AbortController().signal, now };
  try {
    await runWorkload(pool, calls, plan);
    const hitNs = await measureHitNs(pool, calls);
    await pool.cacheClear();
    watch.begin();
    const { elapsedMs } = await runWorkload(pool, calls, plan);
    return { hitNs, smallNs: 1e6 * watch.partsOf(1, CALLS, elapsedMs).transfer };
  } finally {
    await pool.close();
  }
}
