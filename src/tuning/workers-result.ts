// What runs at each count of workers come to: medians with intervals, the law fitted to them, the choice and why.
import { medianInterval, percentile } from './bootstrap.ts';
import { chooseWorkers, limitOf } from './choose.ts';
import type { WorkloadCall } from './options.ts';
import type {
  CountResult,
  Machine,
  RunSample,
  ScalabilityFit,
  Timeline,
  TimeParts,
  WorkersResult,
} from './result.ts';
import { fitScalability } from './scalability.ts';

/** What was measured so far. */
export interface Measured {
  readonly samples: RunSample[];
  /** By how much the process grew with each count's threads. */
  readonly growth: Map<number, number>;
  /** Of each count the run nearest to its median, while it was measured. */
  readonly timelines: Map<number, { readonly timeline: Timeline; readonly throughput: number }>;
}

/** What was to be measured. */
interface Told {
  readonly seed: number;
  readonly machine: Machine;
  readonly concurrency: number;
  readonly counts: readonly number[];
  /** Of a run. */
  readonly calls: readonly WorkloadCall[];
  readonly before?: WorkersResult | undefined;
}

/** Keeps the run as the one to show of its count, if it is nearest to the median. */
export function keepTimeline(
  { samples, timelines }: Measured,
  sample: RunSample,
  draw: () => Timeline,
): void {
  const { workers, throughput } = sample;
  const alike = samples.filter((other) => other.workers === workers).map((other) => other.throughput);
  const median = percentile(alike, 0.5);
  const kept = timelines.get(workers);
  if (kept !== undefined && Math.abs(kept.throughput - median) <= Math.abs(throughput - median)) return;
  timelines.set(workers, { timeline: draw(), throughput });
}

/** Null when not even one run was done. */
export function resultOf({ samples, growth, timelines }: Measured, plan: Told): WorkersResult | null {
  const { seed, machine, concurrency, before } = plan;
  const counts = [...new Set(samples.map(({ workers }) => workers))].sort((a, b) => a - b);
  const [least] = counts;
  if (least === undefined) return null;
  const medianAt = (workers: number): number =>
    percentile(
      samples.filter((sample) => sample.workers === workers).map(({ throughput }) => throughput),
      0.5,
    );
  const ideal = medianAt(least) / least;
  const results = counts.map((workers): CountResult => {
    const own = samples.filter((sample) => sample.workers === workers);
    return {
      workers,
      runs: own.length,
      throughput: medianInterval(
        own.map((sample) => sample.throughput),
        { seed },
      ),
      p50Ms: medianInterval(
        own.map((sample) => sample.p50Ms),
        { seed },
      ),
      p99Ms: medianInterval(
        own.map((sample) => sample.p99Ms),
        { seed },
      ),
      efficiency: medianAt(workers) / workers / ideal,
      processCpus: mean(own.map((sample) => sample.processCpus)),
      mainShare: mean(own.map((sample) => sample.mainShare)),
      parts: meanOf(own.map((sample) => sample.parts)),
      memoryBytes: growth.get(workers) ?? null,
    };
  });
  const { chosen, reason } = chooseWorkers(results, machine);
  const timeline = timelines.get(chosen)?.timeline ?? before?.timeline ?? null;
  return {
    counts: results,
    fit: fitOf(results, machine),
    chosen,
    reason,
    // A run of few calls has no more of them under way.
    limit: limitOf(results, machine, { concurrency: Math.min(concurrency, plan.calls.length) }),
    concurrency,
    planned: plan.counts,
    callsPerRun: plan.calls.length,
    memoryPerWorkerBytes: slopeOf(growth),
    samples,
    timeline,
  };
}

// Where every interval overlaps every other, the medians differ by chance, and any curve goes through them.
function fitOf(results: readonly CountResult[], { usableCpus }: Machine): ScalabilityFit {
  const most = Math.min(...results.map(({ throughput }) => throughput.high));
  const least = Math.max(...results.map(({ throughput }) => throughput.low));
  if (results.length > 1 && least <= most) {
    return {
      kind: 'refused',
      reason:
        'All counts may make the same number of calls a second: their intervals overlap, so there is nothing to fit.',
    };
  }
  const medians = results.map(({ workers, throughput }) => ({ workers, throughput: throughput.median }));
  return fitScalability(medians, usableCpus);
}

function meanOf(parts: readonly TimeParts[]): TimeParts {
  return {
    compute: mean(parts.map(({ compute }) => compute)),
    queue: mean(parts.map(({ queue }) => queue)),
    transfer: mean(parts.map(({ transfer }) => transfer)),
    combine: mean(parts.map(({ combine }) => combine)),
    idle: mean(parts.map(({ idle }) => idle)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** By how much memory grows with each worker, by least squares; null for fewer than two counts. */
function slopeOf(growth: ReadonlyMap<number, number>): number | null {
  const points = [...growth];
  if (points.length < 2) return null;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return below === 0 ? null : Math.max(0, above / below);
}
