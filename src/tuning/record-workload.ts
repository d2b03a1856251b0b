// The recorded run: the workload once, from an empty cache without a bound on entries, for what it calls again and when.
//
// The bound of the recorded pool is no matter to reuse distances; without one each call is computed once, which takes
// least. It also tells about what a call costs.
import type { Trace } from '../curves/trace.ts';
import type { PoolOptions } from '../options.ts';
import { percentile } from './bootstrap.ts';
import type { MeasuredPool, PoolMaker } from './instruments.ts';
import { LaneWatch } from './lanes.ts';
import { type Costliest, MemoryTrace } from './memory-trace.ts';
import { withMessages } from './message-cost.ts';
import type { WorkloadCall } from './options.ts';
import { type Ran, runWorkload } from './workload-run.ts';

export interface Recorded {
  readonly trace: Trace;
  readonly distinct: number;
  /** Calls recorded, from the first on. */
  readonly calls: number;
  readonly failed: number;
  readonly firstError: unknown;
  /** What a call of the workload takes one worker, about, in milliseconds. */
  readonly callMs: number;
  readonly hitNs: number;
  readonly costliest: ReadonlyMap<string, Costliest>;
  /** Calls that took too long to be waited for. */
  readonly givenUp: readonly WorkloadCall[];
}

export interface RecordPlan {
  readonly makePool: PoolMaker;
  readonly pool: PoolOptions;
  readonly calls: readonly WorkloadCall[];
  readonly workers: number;
  readonly concurrency: number;
  readonly atMostMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const WARM_UP_SHARE = 0.25;
// Calls under way when the time is up are awaited so much longer, as parts of it.
const PATIENCE = 1.5;

/**
 * Aborted, it gives what was recorded by then.
 *
 * @throws what the first call has failed with, when all have; the signal's reason, when nothing was recorded
 */
export async function recordWorkload(plan: RecordPlan): Promise<Recorded> {
  const { makePool, workers, calls, now, signal } = plan;
  const memory = new MemoryTrace(now);
  const watch = new LaneWatch(now);
  const giveUpMs = PATIENCE * plan.atMostMs + STARTING_MS;
  const pool = makePool(
    { ...plan.pool, workers, maxsize: null },
    { front: memory, dispatch: watch, isQuiet: true },
  );
  const onAbort = (): void => void pool.close({ timeoutMs: 0 });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // The first calls start threads, and find nothing compiled: what they take says little of the later ones. Those under way
    // are awaited when its time is up, so there are no more of them than keep the workers busy.
    const concurrency = Math.min(plan.concurrency, 2 * workers);
    const warmUp = { ...plan, concurrency, atMostMs: WARM_UP_SHARE * plan.atMostMs, giveUpMs };
    const { givenUp } = await runWorkload(pool, calls, warmUp);
    if (givenUp.length > 0) return nothing(memory, givenUp);
    await pool.cacheClear();
    memory.begin();
    watch.begin();
    const ran = await runWorkload(pool, calls, { ...plan, giveUpMs });
    memory.end();
    const { transfer } = watch.partsOf(workers, 1, ran.elapsedMs);
    if (ran.calls > 0 && ran.failed === ran.calls) throw ran.firstError;
    return {
      trace: withMessages(memory.trace(), { totalNs: 1e6 * transfer }),
      distinct: memory.distinct,
      calls: ran.calls,
      failed: ran.failed,
      firstError: ran.firstError,
      callMs: callMsOf(ran, memory.computeMs, workers),
      hitNs: ran.givenUp.length > 0 ? DEFAULT_HIT_NS : await measureHitNs(pool, calls.slice(0, ran.calls)),
      costliest: memory.costliest,
      givenUp: ran.givenUp,
    };
  } catch (error) {
    memory.end();
    if (!signal.aborted || memory.calls === 0) throw error;
    return interrupted(memory);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await pool.close({ timeoutMs: 0 });
  }
}

// Threads have to start too.
const STARTING_MS = 5000;
// Of a pool that is still about calls that were given up.
const DEFAULT_HIT_NS = 500;

function interrupted(memory: MemoryTrace): Recorded {
  const { costliest, calls, distinct, computeMs } = memory;
  const figures = { calls, distinct, failed: 0, firstError: undefined, callMs: computeMs / calls };
  return { trace: memory.trace(), costliest, givenUp: [], hitNs: DEFAULT_HIT_NS, ...figures };
}

function nothing(memory: MemoryTrace, givenUp: readonly WorkloadCall[]): Recorded {
  const { costliest } = memory;
  const trace = memory.trace();
  const none = { calls: 0, distinct: 0, failed: 0, firstError: undefined, callMs: 0, hitNs: 0 };
  return { trace, costliest, givenUp, ...none };
}

// What its functions take, or what it took as a whole with every worker busy: messages may cost more than functions.
function callMsOf({ calls, elapsedMs, startMs }: Ran, computeMs: number, workers: number): number {
  return Math.max(computeMs, (elapsedMs - startMs) * workers) / Math.max(1, calls);
}

const HIT_BATCHES = 15;
const HITS_A_BATCH = 400;
const MOST_KNOWN = 8;
// For all batches together: a large result is copied for each hit, and then few of them tell enough.
const MOST_HITS_MS = 500;

/**
 * Nanoseconds that a hit takes its caller: the median of batches of calls that are in the cache; 0 when none is.
 * Garbage collection is in it, as it is in a server's hits.
 */
export async function measureHitNs(
  pool: Pick<MeasuredPool, 'run' | 'peek'>,
  calls: readonly WorkloadCall[],
): Promise<number> {
  const known: WorkloadCall[] = [];
  for (let i = calls.length - 1; i >= 0 && known.length < MOST_KNOWN; i--) {
    const call = calls[i];
    if (call !== undefined && pool.peek(call.name, call.args) !== undefined) known.push(call);
  }
  if (known.length === 0) return 0;
  const batches: number[] = [];
  const begun = performance.now();
  for (let batch = 0; batch < HIT_BATCHES && performance.now() - begun < MOST_HITS_MS; batch++) {
    const since = performance.now();
    const until = since + MOST_HITS_MS / HIT_BATCHES;
    let made = 0;
    // The time is read at powers of two: at each hit it would be a part of what is measured.
    while (made < HITS_A_BATCH && ((made & (made - 1)) !== 0 || made === 0 || performance.now() < until)) {
      const call = known[made++ % known.length];
      if (call !== undefined) await pool.run(call.name, call.args);
    }
    batches.push((1e6 * (performance.now() - since)) / made);
  }
  return percentile(batches, 0.5);
}
