// Which count of workers: the same calls at each count, again and again, one count after the other in random order.
//
//   a pool for each count -> warm-up, discarded -> rounds of runs from empty caches -> medians, fit, choice
//
// All pools live as long as the measuring, because a thread is slow until the engine has compiled what it runs; one that
// has nothing to do takes no time from the others.
import type { PoolOptions } from '../options.ts';
import { percentile } from './bootstrap.ts';
import type { MeasuredPool, PoolMaker } from './instruments.ts';
import { LaneWatch } from './lanes.ts';
import type { WorkloadCall } from './options.ts';
import type { Machine, RunSample, WorkersResult } from './result.ts';
import { schedule } from './schedule.ts';
import { keepTimeline, type Measured, resultOf } from './workers-result.ts';
import { type Ran, runWorkload } from './workload-run.ts';

/** The fewest rounds that give intervals worth the name, and the most that are of use. */
export const LEAST_ROUNDS = 10;
const MOST_ROUNDS = 40;
// Of the budget, for threads to start and warm up.
const WARM_UP_SHARE = 0.15;

export interface WorkersPlan {
  readonly makePool: PoolMaker;
  /** The user's options; workers are set here. */
  readonly pool: PoolOptions;
  readonly calls: readonly WorkloadCall[];
  readonly counts: readonly number[];
  readonly concurrency: number;
  readonly seed: number;
  /** Milliseconds that measuring may take; ten rounds are measured if need be in up to half as much again. */
  readonly budgetMs: number;
  /** About what a call takes one worker; for how many fit into a run. */
  readonly callMs: number;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly process: ProcessMeter;
  /** Goes on from here: what an interrupted measuring with the same seed, calls and counts had. */
  readonly before?: WorkersResult | undefined;
  /** After the warm-up and each run; `fraction` is from 0 to 1. */
  readonly onStep: (fraction: number, result: () => WorkersResult | null) => void;
}

/** What is read of the process. */
export interface ProcessMeter {
  /** Resident memory, for what threads weigh. */
  memoryBytes(): number;
  /** Milliseconds of CPU time so far. */
  cpuMs(): number;
  /** Milliseconds in which the main thread was busy so far. */
  mainMs(): number;
}

export const ownProcess: ProcessMeter = {
  memoryBytes: () => process.memoryUsage.rss(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  mainMs: () => performance.eventLoopUtilization().active,
};

interface Bench {
  readonly workers: number;
  readonly pool: MeasuredPool;
  readonly watch: LaneWatch;
  readonly growthBytes: number;
}

/**
 * Measures each count; when the signal is aborted, what there is by then.
 *
 * @returns null when not even one run was done
 * @throws what the first call has failed with, when all calls of the warm-up have
 */
export async function measureWorkers(plan: WorkersPlan): Promise<WorkersResult | null> {
  const { counts, seed, signal, now, before } = plan;
  const measured: Measured = {
    samples: [...(before?.samples ?? [])],
    growth: new Map(
      before?.counts.flatMap(({ workers, memoryBytes }) =>
        memoryBytes === null ? [] : [[workers, memoryBytes] as const],
      ),
    ),
    timelines: new Map(),
  };
  const run = { ...plan, calls: plan.calls.slice(0, before?.callsPerRun ?? callsPerRun(plan)) };
  const benches = new Map<number, Bench>();
  const closeAll = (): Promise<unknown> =>
    Promise.all([...benches.values()].map(({ pool }) => pool.close({ timeoutMs: 0 })));
  const onAbort = (): void => void closeAll();
  signal.addEventListener('abort', onAbort, { once: true });
  const begun = now();
  try {
    for (const workers of counts) {
      const bench = await open(workers, run, benches);
      if (!measured.growth.has(workers)) measured.growth.set(workers, bench.growthBytes);
    }
    const endAt = begun + plan.budgetMs;
    const order = schedule(counts, MOST_ROUNDS, seed);
    for (let at = measured.samples.length; at < order.length; at++) {
      const rounds = at / counts.length;
      const latest = rounds < LEAST_ROUNDS ? begun + 1.5 * plan.budgetMs : endAt;
      if (Number.isInteger(rounds) && rounds >= LEAST_ROUNDS && now() >= endAt) break;
      // The first round is done in any case, for what was measured of some counts only tells little of the best.
      if (rounds >= 1 && now() >= latest + plan.budgetMs / counts.length) break;
      const bench = benches.get(order[at] ?? 0);
      if (bench === undefined) break;
      await measureOnce(bench, at, run, measured);
      plan.onStep(doneOf(at + 1, now() - begun, plan), () => resultOf(measured, run));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    await closeAll();
  }
  return resultOf(measured, run);
}

/** Whether each count has as many runs as its interval needs; else time was out before. */
export function hasLeastRounds({ samples, planned }: Pick<WorkersResult, 'samples' | 'planned'>): boolean {
  return samples.length >= LEAST_ROUNDS * planned.length;
}

// It ends with the budget, but not before the tenth round, nor after the last.
function doneOf(runs: number, elapsedMs: number, { counts, budgetMs }: WorkersPlan): number {
  const ofLeast = runs / (LEAST_ROUNDS * counts.length);
  return Math.min(1, Math.max(Math.min(ofLeast, elapsedMs / budgetMs), runs / (MOST_ROUNDS * counts.length)));
}

// Fewer calls than these, and what is measured is how long one takes, at each count the same.
const CALLS_A_WORKER = 2;

/**
 * How many calls make a run, for ten rounds of all counts to fit into the budget; but as many as keep the most workers busy,
 * for fewer rounds of those tell more than ten of less.
 */
export function callsPerRun({
  calls,
  counts,
  budgetMs,
  callMs,
  machine,
}: Pick<WorkersPlan, 'calls' | 'counts' | 'budgetMs' | 'callMs' | 'machine'>): number {
  const roundMs = counts.reduce((sum, workers) => sum + callMs / Math.min(workers, machine.usableCpus), 0);
  const fitting = ((1 - WARM_UP_SHARE) * budgetMs) / (LEAST_ROUNDS * Math.max(1e-6, roundMs));
  return Math.min(calls.length, Math.max(enoughCalls(counts), Math.floor(fitting)));
}

/** The fewest calls that a run should have, to tell what as many workers bring. */
export function enoughCalls(counts: readonly number[]): number {
  return CALLS_A_WORKER * Math.max(...counts);
}

// Twice, or what of it fits: threads start and import modules, and the engine compiles. Calls under way are awaited, so that
// of long ones no more are made than a worker needs to begin.
async function open(workers: number, plan: WorkersPlan, benches: Map<number, Bench>): Promise<Bench> {
  const { makePool, signal, now, budgetMs, counts, callMs, machine } = plan;
  const watch = new LaneWatch(now);
  const before = plan.process.memoryBytes();
  const pool = makePool({ ...plan.pool, workers }, { dispatch: watch, isQuiet: true });
  const bench: Bench = { workers, pool, watch, growthBytes: 0 };
  benches.set(workers, bench);
  const atMostMs = (WARM_UP_SHARE * budgetMs) / (2 * counts.length);
  const fitting = (atMostMs * Math.min(workers, machine.usableCpus)) / Math.max(1e-6, callMs);
  const calls = plan.calls.slice(0, Math.max(workers, Math.ceil(fitting)));
  for (let i = 0; i < 2; i++) {
    watch.begin();
    const { calls: answered, failed, firstError } = await runWorkload(pool, calls, { ...plan, atMostMs });
    if (answered > 0 && failed === answered) throw firstError;
    if (i === 0)
      benches.set(workers, { ...bench, growthBytes: Math.max(0, plan.process.memoryBytes() - before) });
    await pool.cacheClear();
    signal.throwIfAborted();
  }
  return benches.get(workers) ?? bench;
}

async function measureOnce(
  bench: Bench,
  order: number,
  plan: WorkersPlan,
  measured: Measured,
): Promise<void> {
  const { pool, watch, workers } = bench;
  await pool.cacheClear();
  watch.begin();
  const [cpuMs, mainMs] = [plan.process.cpuMs(), plan.process.mainMs()];
  const ran = await runWorkload(pool, plan.calls, plan);
  const elapsedMs = Math.max(1e-6, ran.elapsedMs);
  const sample: RunSample = {
    order,
    workers,
    ...figuresOf(ran),
    processCpus: (plan.process.cpuMs() - cpuMs) / elapsedMs,
    mainShare: Math.min(1, (plan.process.mainMs() - mainMs) / elapsedMs),
    parts: watch.partsOf(workers, ran.calls, ran.elapsedMs),
  };
  measured.samples.push(sample);
  keepTimeline(measured, sample, () => watch.timeline(workers, ran.elapsedMs));
}

type Figures = Pick<RunSample, 'calls' | 'elapsedMs' | 'throughput' | 'p50Ms' | 'p99Ms'>;

function figuresOf({ calls, elapsedMs, latenciesMs }: Ran): Figures {
  return {
    calls,
    elapsedMs,
    throughput: (1000 * calls) / Math.max(1e-6, elapsedMs),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}
