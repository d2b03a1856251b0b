// One run of a workload on a pool: so many calls under way at once, each timed as its caller sees it.
import type { WorkloadCall } from './options.ts';

/** What running needs of a pool. */
export interface Runner {
  run(name: string, args: readonly unknown[]): Promise<unknown>;
}

export interface Ran {
  /** Calls answered, those that failed included. */
  readonly calls: number;
  readonly elapsedMs: number;
  /** Of which so much went by until the first answer: threads start, modules are imported. */
  readonly startMs: number;
  /** Of each call answered, in the order of their answers: milliseconds from call to answer. */
  readonly latenciesMs: Float64Array;
  readonly failed: number;
  readonly firstError: unknown;
  /** Calls that were given up before they were answered; whoever closes the pool ends them. */
  readonly givenUp: readonly WorkloadCall[];
}

export interface RunPlan {
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** No call is made so many milliseconds after the first answer; those under way are awaited. @default Infinity */
  readonly atMostMs?: number;
  /** So many milliseconds after its begin, what is under way is awaited no more. @default never */
  readonly giveUpMs?: number;
  readonly now: () => number;
}

// Hits are answered without a turn of the event loop: thousands of them would keep a signal or a timer from being heard.
const LONGEST_TURN_MS = 50;

/**
 * Makes the calls in their order, `concurrency` of them at once: when one is answered the next is made.
 *
 * Calls that fail are counted and timed as others, because they are part of what is asked of a pool.
 * @throws the signal's reason
 */
export async function runWorkload(pool: Runner, calls: readonly WorkloadCall[], plan: RunPlan): Promise<Ran> {
  const { concurrency, signal, now, atMostMs = Infinity, giveUpMs } = plan;
  const latenciesMs = new Float64Array(calls.length);
  const begun = now();
  let first = Infinity;
  let turnedAt = begun;
  let next = 0;
  let answered = 0;
  let failed = 0;
  let firstError: unknown;
  const underWay = new Set<WorkloadCall>();
  let isOver = false;

  async function caller(): Promise<void> {
    while (next < calls.length && !signal.aborted && !isOver) {
      let since = now();
      if (since - turnedAt >= LONGEST_TURN_MS) {
        turnedAt = since;
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) return;
        since = now();
      }
      if (since - first > atMostMs) return;
      const call = calls[next++];
      if (call === undefined) return;
      underWay.add(call);
      try {
        await pool.run(call.name, call.args); // without options, as a signal costs time; whoever aborts closes the pool
      } catch (error) {
        if (signal.aborted || isOver) return;
        if (failed++ === 0) firstError = error;
      }
      if (isOver) return;
      underWay.delete(call);
      const ended = now();
      first = Math.min(first, ended);
      latenciesMs[answered++] = ended - since;
    }
  }

  const all = Promise.all(Array.from({ length: Math.min(concurrency, calls.length) }, caller));
  await (giveUpMs === undefined ? all : atMost(giveUpMs, all));
  isOver = true;
  signal.throwIfAborted();
  return {
    calls: answered,
    elapsedMs: now() - begun,
    startMs: answered === 0 ? 0 : first - begun,
    latenciesMs: latenciesMs.subarray(0, answered),
    failed,
    firstError,
    givenUp: [...underWay],
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
