// Tuning: which count of workers and which maxsize a workload wants, found by running it.
//
//   workload -> recorded run -> miss-ratio curve -> maxsize -----+
//            -> the costliest call of each function -> memos ----+-> advice
//            -> the same calls at each count of workers, at it --+
//
// A trace takes the place of the recorded run; then there are no calls to run, and maxsize alone is found.
import type { Trace } from '../curves/trace.ts';
import { type PoolOptions, type ResolvedOptions, resolveOptions } from '../options.ts';
import { readTrace } from '../recording/read-trace.ts';
import { adviceOf, findingsOf } from './advice.ts';
import { type ResolvedTuneOptions, resolveTuneOptions } from './check-options.ts';
import type { PoolMaker } from './instruments.ts';
import { defaultCounts, readMachine } from './machine.ts';
import { measureMessages } from './measure-messages.ts';
import { showCall } from './memo-trial.ts';
import { tryMemosOf } from './memos-of.ts';
import { withMessages } from './message-cost.ts';
import type { TuneOptions, TuneStage, WorkloadCall } from './options.ts';
import { type Recorded, recordWorkload } from './record-workload.ts';
import type { Machine, MemoResult, SizesResult, Subject, TuneResult, WorkersResult } from './result.ts';
import { adviseSizes } from './sizes.ts';
import { hasLeastRounds, measureWorkers, ownProcess } from './workers.ts';

export interface TuneHost {
  readonly makePool: PoolMaker;
  /** The options of the pool that is tuned; workers and maxsize are set here. */
  readonly pool: PoolOptions;
  /** @default the machine's own */
  readonly machine?: Machine;
}

// How the budget is divided, where there are calls to run.
const RECORD_SHARE = 0.2;
const MEMO_SHARE = 0.15;
// A thread for a trial of a memo takes that long to start, on a slow machine; but the workers' turn has to come.
const LEAST_MEMO_MS = 3000;
const MOST_MEMO_SHARE = 0.5;
// One call may take longer than the whole budget: then it is ended.
const PATIENCE = 1.5;
// Threads that start take that long beside it, on a slow machine.
const START_MS = 10_000;

/**
 * Measures, and says what to set. Ended by its signal, it resolves to what was found by then.
 *
 * @throws PoolError ERR_OPTION; what reading the trace throws; what the function throws when every call of it fails
 */
export async function tune(options: TuneOptions, host: TuneHost): Promise<TuneResult> {
  const machine = host.machine ?? readMachine();
  const pool = resolveOptions(host.pool);
  const { maxBytes } = pool;
  const resolved = resolveTuneOptions(options, { machine, counts: defaultCounts, maxBytes });
  return new Tuning(resolved, { ...host, resolved: pool }, machine).run();
}

interface Host extends TuneHost {
  readonly resolved: ResolvedOptions;
}

class Tuning {
  readonly #options: ResolvedTuneOptions;
  readonly #host: Host;
  readonly #machine: Machine;
  readonly #begun = performance.now();
  readonly #startedAt: string;
  readonly #beforeMs: number;
  /** Not AbortSignal.timeout: one that only AbortSignal.any refers to is collected by Node 20, and never aborts. */
  readonly #patience = new AbortController();
  readonly #signal: AbortSignal;
  #findings: string[];
  #subject: Subject;
  #sizes: SizesResult | null;
  #memos: readonly MemoResult[];
  #workers: WorkersResult | null;
  #callMs: number | undefined;
  #isComplete = false;

  constructor(options: ResolvedTuneOptions, host: Host, machine: Machine) {
    const { resume, signal, calls, name, source, fingerprint } = options;
    this.#options = options;
    this.#host = host;
    this.#machine = machine;
    this.#startedAt = resume?.startedAt ?? new Date().toISOString();
    this.#beforeMs = resume?.elapsedMs ?? 0;
    this.#subject = resume?.subject ?? {
      source,
      name,
      functions: [...new Set(calls.map((call) => call.name))],
      given: calls.length,
      fingerprint,
      calls: 0,
      distinct: 0,
    };
    this.#sizes = resume?.sizes ?? null;
    this.#memos = resume?.memos ?? [];
    this.#workers = resume?.workers ?? null;
    // Those that follow from what was measured are found again.
    const again = new Set(findingsOf({ workers: this.#workers, memos: this.#memos }));
    this.#findings = resume?.advice.findings.filter((finding) => !again.has(finding)) ?? [];
    const { signal: tooLong } = this.#patience;
    this.#signal = AbortSignal.any(signal === undefined ? [tooLong] : [tooLong, signal]);
  }

  async run(): Promise<TuneResult> {
    const { trace, budgetMs } = this.#options;
    const timer = setTimeout(() => this.#patience.abort(), PATIENCE * budgetMs + START_MS);
    timer.unref(); // what is awaited keeps the process
    try {
      if (trace === undefined) await this.#tuneCalls();
      else await this.#tuneTrace(trace);
      const isMeasured = trace !== undefined || (this.#workers !== null && hasLeastRounds(this.#workers));
      this.#isComplete = isMeasured && !this.#signal.aborted;
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
    if (this.#patience.signal.aborted && this.#options.signal?.aborted !== true) this.#tellWhatIsMissing();
    return this.#result();
  }

  #tellWhatIsMissing(): void {
    const after = `${Math.round((performance.now() - this.#begun) / 1000)} s`;
    if (this.#sizes === null) {
      this.#findings.push(
        `Nothing was measured, for calls were still under way after ${after}: give a longer budget, or calls that end sooner.`,
      );
    } else if (this.#workers === null) {
      this.#findings.push(`No count of workers was measured within ${after}: give a longer budget.`);
    }
  }

  async #tuneTrace(given: Trace | string | URL): Promise<void> {
    const isFile = typeof given === 'string' || given instanceof URL;
    const trace = isFile ? await readTrace(given) : given;
    this.#tell('record', 0.3);
    this.#findings = [];
    if (trace.left > 0) {
      this.#findings.push(
        `The trace was full: ${trace.left.toLocaleString('en')} later events are not in it.`,
      );
    }
    if (trace.isCut === true) {
      this.#findings.push('The trace has no end, as after a crash: what was recorded last is not in it.');
    }
    const { hitNs, smallNs } = await measureMessages(this.#host.makePool);
    this.#sizes = this.#sizesOf(withMessages(trace, { smallNs }), hitNs);
    const { references, distinct, joins } = this.#sizes;
    const { name } = this.#options;
    const calls = references + joins;
    if (calls === 0) {
      this.#sizes = null;
      this.#findings = ['The trace has no calls in it: record while calls are made.'];
    }
    this.#subject = { ...this.#subject, name, functions: trace.functions, calls, distinct };
  }

  async #tuneCalls(): Promise<void> {
    const { calls, resume } = this.#options;
    if (resume?.sizes === undefined || resume.sizes === null || resume.workers === null) {
      this.#findings = [];
      const recorded = await this.#record();
      if (recorded.calls > 0) this.#sizes = this.#sizesOf(recorded.trace, recorded.hitNs);
      this.#tell('maxsize', Math.min(RECORD_SHARE, this.#spent()));
      await this.#tryMemos(recorded);
    }
    if (this.#subject.calls > 0) await this.#measureWorkers(calls);
  }

  async #record(): Promise<Recorded> {
    const { calls, concurrency, budgetMs } = this.#options;
    this.#tell('record', 0);
    const recorded = await recordWorkload({
      makePool: this.#host.makePool,
      pool: this.#poolOptions(),
      calls,
      concurrency,
      workers: this.#machine.usableCpus,
      atMostMs: RECORD_SHARE * budgetMs,
      signal: this.#signal,
      now: () => performance.now(),
    });
    const { distinct, failed, firstError, givenUp } = recorded;
    this.#callMs = recorded.callMs;
    this.#subject = { ...this.#subject, calls: recorded.calls, distinct };
    const [endless] = givenUp;
    if (endless !== undefined) {
      this.#findings.push(
        `${showCall(endless.name, endless.args)} was not answered within ${Math.round((performance.now() - this.#begun) / 1000)} s, and not waited for any longer: give a longer budget, or calls that end sooner.`,
      );
    } else if (recorded.calls < calls.length && !this.#signal.aborted) {
      this.#findings.push(
        `Of ${calls.length.toLocaleString('en')} calls the first ${recorded.calls.toLocaleString('en')} were recorded: more would not have fitted into the budget.`,
      );
    }
    if (failed > 0) {
      this.#findings.push(
        `${failed.toLocaleString('en')} of the recorded calls failed, the first with: ${messageOf(firstError)}`,
      );
    }
    return recorded;
  }

  #sizesOf(trace: Trace, hitNs: number): SizesResult {
    const { budgetBytes, seed } = this.#options;
    return adviseSizes(trace, { budgetBytes, hitNs, seed });
  }

  /** With room for all calls that are under way at once: what is refused is answered fastest, and says nothing. */
  #poolOptions(): PoolOptions {
    const { pool, resolved } = this.#host;
    return { ...pool, queueSize: Math.max(resolved.queueSize, this.#options.concurrency) };
  }

  async #tryMemos(recorded: Recorded): Promise<void> {
    const { calls, budgetMs } = this.#options;
    const { memos, findings } = await tryMemosOf(recorded, {
      calls,
      pool: this.#host.resolved,
      limitMs: Math.max(MEMO_SHARE * budgetMs, Math.min(LEAST_MEMO_MS, MOST_MEMO_SHARE * budgetMs)),
      signal: this.#signal,
    });
    this.#memos = memos;
    this.#findings.push(...findings);
    this.#tell('memos', Math.min(RECORD_SHARE + MEMO_SHARE, this.#spent()));
  }

  async #measureWorkers(calls: readonly WorkloadCall[]): Promise<void> {
    const { counts, concurrency, seed, budgetMs, resume } = this.#options;
    const spent = Math.min(RECORD_SHARE + MEMO_SHARE, this.#spent());
    const workers = await measureWorkers({
      makePool: this.#host.makePool,
      pool: { ...this.#poolOptions(), maxsize: this.#sizes?.chosen ?? null },
      calls: calls.slice(0, this.#subject.calls),
      counts,
      concurrency,
      seed,
      budgetMs: (1 - spent) * budgetMs,
      callMs: this.#callMs ?? 1,
      machine: this.#machine,
      signal: this.#signal,
      now: () => performance.now(),
      process: ownProcess,
      before: resume?.workers ?? undefined,
      onStep: (fraction, result) =>
        this.#tell('workers', spent + (1 - spent) * fraction, () => this.#result(result())),
    });
    this.#workers = workers;
  }

  /** Part of the budget. */
  #spent(): number {
    return (performance.now() - this.#begun) / this.#options.budgetMs;
  }

  #tell(stage: TuneStage, fraction: number, result: () => TuneResult = () => this.#result()): void {
    this.#options.onProgress({ stage, fraction, result });
  }

  #result(workers: WorkersResult | null = this.#workers): TuneResult {
    const [sizes, memos] = [this.#sizes, this.#memos];
    return {
      format: 'memopool-tune',
      version: 1,
      isComplete: this.#isComplete,
      startedAt: this.#startedAt,
      elapsedMs: this.#beforeMs + performance.now() - this.#begun,
      seed: this.#options.seed,
      machine: this.#machine,
      subject: this.#subject,
      workers,
      sizes,
      memos,
      advice: adviceOf({ workers, sizes, memos, findings: this.#findings }),
    };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
