// What tuning finds: one plain object of JSON values, which the console, the page, the JSON and the CSV file all show.
// Times are milliseconds unless the name says otherwise, sizes of memory bytes, ratios from 0 to 1.

/** A median and the interval that holds it with 95 % confidence, found by bootstrap. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What was measured, and where. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpuModel: string;
  /** Logical CPUs that the system tells of. */
  readonly cpus: number;
  /** CPUs that this process may use, whole. */
  readonly usableCpus: number;
  /** What limits the CPUs by time, such as `/sys/fs/cgroup/cpu.max`, and to how many; null where nothing does. */
  readonly quota: { readonly cpus: number; readonly source: string } | null;
  readonly memoryBytes: number;
}

/** What was tuned for. */
export interface Subject {
  readonly source: 'workload' | 'trace' | 'pattern';
  /** The file, or the pattern in words. */
  readonly name: string;
  readonly functions: readonly string[];
  /** Calls that were given; 0 of a trace. */
  readonly given: number;
  /** Of the calls that were given, in their order: SHA-256, in hexadecimal; empty of a trace. */
  readonly fingerprint: string;
  /** Calls that were recorded, from the first on, or events of the trace. */
  readonly calls: number;
  /** Different ones among them. */
  readonly distinct: number;
}

/** Where the time of one call goes at a count of workers, in milliseconds a call; all but `queue` are time of workers. */
export interface TimeParts {
  /** In the function itself. */
  readonly compute: number;
  /** Calls waiting until a worker has them: no time of a worker. */
  readonly queue: number;
  /** Messages: on their way, cloned, transferred and decoded. */
  readonly transfer: number;
  /** Putting the parts of divided calls together. */
  readonly combine: number;
  /** Workers without a call. */
  readonly idle: number;
}

/** One run at one count. */
export interface RunSample {
  /** Its place in the random order, from 0 on. */
  readonly order: number;
  readonly workers: number;
  readonly calls: number;
  readonly elapsedMs: number;
  /** Calls a second. */
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPUs that the process had, on average: its CPU time over the time of the run. */
  readonly processCpus: number;
  /** Part of the time in which the main thread was busy, from 0 to 1. */
  readonly mainShare: number;
  readonly parts: TimeParts;
}

export interface CountResult {
  readonly workers: number;
  readonly runs: number;
  /** Calls a second. */
  readonly throughput: Interval;
  readonly p50Ms: Interval;
  readonly p99Ms: Interval;
  /** Throughput over that of the least count measured, a worker; 1 is ideal. */
  readonly efficiency: number;
  /** Means over the runs, as are those below. */
  readonly processCpus: number;
  readonly mainShare: number;
  readonly parts: TimeParts;
  /** By how much the process grew when this count's threads had started and warmed up; null where not measured. */
  readonly memoryBytes: number | null;
}

/** The Universal Scalability Law, X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)). */
export type ScalabilityFit =
  | {
      readonly kind: 'fit';
      /** Calls a second of one worker. */
      readonly lambda: number;
      /** Contention: the share that goes one after the other. */
      readonly sigma: number;
      /** Coherency: what pairs of workers cost one another. */
      readonly kappa: number;
      readonly r2: number;
      /** Where throughput is highest, sqrt((1 - sigma) / kappa); null when it only ever grows. */
      readonly peak: number | null;
      /** The peak is beyond the CPUs that were there to be measured. */
      readonly isLowConfidence: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export type LanePhase = 'compute' | 'combine' | 'transfer' | 'load';

/** What one worker did in a representative run, in milliseconds since the run began. */
export interface Lane {
  readonly worker: number;
  readonly spans: readonly {
    readonly phase: LanePhase;
    readonly name: string;
    readonly startMs: number;
    readonly endMs: number;
  }[];
}

export interface Timeline {
  readonly workers: number;
  readonly elapsedMs: number;
  readonly lanes: readonly Lane[];
  /** Calls of the run that are not shown, because there were too many. */
  readonly left: number;
}

export interface WorkersResult {
  /** By workers, from few to many. */
  readonly counts: readonly CountResult[];
  readonly fit: ScalabilityFit;
  readonly chosen: number;
  /** Why that, as a sentence. */
  readonly reason: string;
  /** What keeps more workers from bringing more, as a sentence. */
  readonly limit: string;
  /** Calls under way at once. */
  readonly concurrency: number;
  /** All counts that are to be measured; {@link counts} are those of which there is a run. */
  readonly planned: readonly number[];
  /** The first so many calls of the workload make a run. */
  readonly callsPerRun: number;
  readonly memoryPerWorkerBytes: number | null;
  readonly samples: readonly RunSample[];
  readonly timeline: Timeline | null;
}

/** A bound on entries, and what came of it. */
export interface SizePoint {
  readonly maxsize: number;
  readonly missRatio: number;
  /** Of the best policy there can be, which knows the future; null where not computed. */
  readonly optimalMissRatio: number | null;
  /** Nanoseconds a call, by what misses and hits were measured to take. */
  readonly costNs: Interval;
  /** What the cache weighs at that size, once full. */
  readonly bytes: number;
}

export interface SizesResult {
  /** Calls answered or computed; those that joined are in neither. */
  readonly references: number;
  readonly distinct: number;
  /** Calls that joined a computation under way: answered whatever the size. */
  readonly joins: number;
  /** All keys were followed; else a sample of them by hash. */
  readonly isExact: boolean;
  /** Which part of the keys was followed; 1 when exact. */
  readonly samplingRate: number;
  /** Miss ratios and times up to this maxsize are exact, though not all keys were followed; null when all are. */
  readonly exactUpTo: number | null;
  /** Miss ratio at every maxsize where it changes: at `maxsize` and up to the next one. The first is at 0. */
  readonly curve: readonly { readonly maxsize: number; readonly missRatio: number }[];
  /** The same by a bound on bytes. */
  readonly byBytes: readonly { readonly maxBytes: number; readonly missRatio: number }[];
  /** The sizes looked at closely: at most some 60, from small to large; the chosen and the needed one are among them. */
  readonly points: readonly SizePoint[];
  /** The smallest maxsize that computes nothing twice: the largest finite reuse distance; null when nothing came again. */
  readonly needed: number | null;
  /** Measured, in nanoseconds. */
  readonly hitNs: number;
  readonly missNs: number;
  /** The most bytes the cache may take; null for no bound. */
  readonly budgetBytes: number | null;
  readonly chosen: number;
  /** Why that, as a sentence. */
  readonly reason: string;
}

/** A memo of a recursive function, inside a worker. */
export interface MemoResult {
  readonly name: string;
  /** The call that was looked at, such as `fib(40)`. */
  readonly call: string;
  readonly distinct: number;
  /** The smallest maxsize that computes nothing twice, from the reuse distances of an unbounded run. */
  readonly needed: number;
  /** Computations in a run with that maxsize, and with one less; null where not run. */
  readonly callsAtNeeded: number | null;
  readonly callsBelow: number | null;
  /** The run with one less was ended at this many: it would have made more. */
  readonly isBelowCut: boolean;
  /** The maxsize it has now; null for no bound. */
  readonly maxsize: number | null;
}

export interface Advice {
  /** Null where not measured. */
  readonly workers: number | null;
  readonly maxsize: number | null;
  /** To paste into the options of `createPool`: `workers: 2,` and `maxsize: 512,`. */
  readonly lines: readonly string[];
  /** Of memos, and of what else should be known: a sentence each. */
  readonly findings: readonly string[];
}

export interface TuneResult {
  readonly format: 'memopool-tune';
  readonly version: 1;
  /** False when it was interrupted, or the budget ended before all was measured. */
  readonly isComplete: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly elapsedMs: number;
  /** Of the random order of runs and of the bootstrap: gives the same again. */
  readonly seed: number;
  readonly machine: Machine;
  readonly subject: Subject;
  readonly workers: WorkersResult | null;
  readonly sizes: SizesResult | null;
  readonly memos: readonly MemoResult[];
  readonly advice: Advice;
}
