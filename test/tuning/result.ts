// A result of tuning as it could be, with whatever a test wants to be different.
import type {
  CountResult,
  Interval,
  RunSample,
  SizesResult,
  TimeParts,
  TuneResult,
  WorkersResult,
} from '../../src/tuning/result.ts';

const PARTS: TimeParts = { compute: 0.8, queue: 0.1, transfer: 0.05, combine: 0, idle: 0.02 };

export function interval(median: number): Interval {
  return { median, low: median * 0.98, high: median * 1.02 };
}

export function sampleOf(workers: number, order: number): RunSample {
  const throughput = 1000 * workers;
  return {
    order,
    workers,
    calls: 500,
    elapsedMs: 500_000 / throughput,
    throughput,
    p50Ms: 0.8,
    p99Ms: 1.2,
    processCpus: 1.5,
    mainShare: 0.4,
    parts: PARTS,
  };
}

export function countOf(workers: number): CountResult {
  return {
    workers,
    runs: 10,
    throughput: interval(1234 * workers * 0.97 ** (workers - 1)),
    p50Ms: interval(0.81),
    p99Ms: interval(1.2),
    efficiency: 0.97 ** (workers - 1),
    processCpus: 1.5,
    mainShare: 0.4,
    parts: PARTS,
    memoryBytes: 12e6 * workers,
  };
}

export function workersOf(counts: readonly number[]): WorkersResult {
  return {
    counts: counts.map(countOf),
    fit: {
      kind: 'fit',
      lambda: 1234,
      sigma: 0.031,
      kappa: 0.0002,
      r2: 0.998,
      peak: 69.6,
      isLowConfidence: true,
    },
    chosen: counts.at(-1) ?? 1,
    reason: 'the smallest count whose interval overlaps the best',
    limit: 'Two CPUs are all that this process may use.',
    planned: counts,
    concurrency: 64,
    callsPerRun: 500,
    memoryPerWorkerBytes: 12e6,
    samples: counts.map(sampleOf),
    timeline: null,
  };
}

export function sizesOf(): SizesResult {
  const curve = [0, 1, 4, 16, 64, 256, 600].map((maxsize) => ({
    maxsize,
    missRatio: Math.max(0.03, 1 - Math.log2(maxsize + 1) / 9.6),
  }));
  return {
    references: 20_000,
    distinct: 600,
    joins: 3,
    isExact: true,
    samplingRate: 1,
    exactUpTo: null,
    curve,
    byBytes: curve.map(({ maxsize, missRatio }) => ({ maxBytes: maxsize * 200, missRatio })),
    points: curve.map(({ maxsize, missRatio }) => ({
      maxsize,
      missRatio,
      optimalMissRatio: missRatio / 2,
      costNs: interval(1e5 * missRatio),
      bytes: maxsize * 200,
    })),
    needed: 600,
    hitNs: 400,
    missNs: 1e5,
    budgetBytes: 268_435_456,
    chosen: 256,
    reason: 'The smallest size whose cost cannot be told from that of the best.',
  };
}

export function resultWith(change: Partial<TuneResult> = {}): TuneResult {
  return {
    format: 'memopool-tune',
    version: 1,
    isComplete: true,
    startedAt: '2026-01-02T03:04:05.000Z',
    elapsedMs: 58_400,
    seed: 4711,
    machine: {
      node: 'v24.1.0',
      platform: 'linux',
      arch: 'x64',
      cpuModel: 'A CPU @ 2.50GHz',
      cpus: 8,
      usableCpus: 2,
      quota: { cpus: 2, source: '/sys/fs/cgroup/cpu.max' },
      memoryBytes: 8e9,
    },
    subject: {
      source: 'workload',
      name: 'calls.txt',
      functions: ['fibonacci'],
      given: 20_000,
      fingerprint: 'ab'.repeat(32),
      calls: 20_000,
      distinct: 600,
    },
    workers: workersOf([1, 2]),
    sizes: sizesOf(),
    memos: [
      {
        name: 'fib',
        call: 'fib(40)',
        distinct: 41,
        needed: 3,
        callsAtNeeded: 41,
        callsBelow: 1_045_216,
        isBelowCut: false,
        maxsize: 128,
      },
    ],
    advice: { workers: 2, maxsize: 256, lines: ['workers: 2,', 'maxsize: 256,'], findings: [] },
    ...change,
  };
}
