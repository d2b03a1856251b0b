// The options of tuning: checked once, and what they leave out filled in.
import { createHash } from 'node:crypto';
import { checkBound, invalidOption, refuseUnknown } from '../check.ts';
import { checkCall } from '../check-call.ts';
import type { Trace } from '../curves/trace.ts';
import { memoKey } from '../values/key.ts';
import { snapshot } from '../values/snapshot.ts';
import type { TuneOptions, TuneProgress, WorkloadCall } from './options.ts';
import type { Machine, TuneResult } from './result.ts';

export interface ResolvedTuneOptions {
  /** Empty with a trace. */
  readonly calls: readonly WorkloadCall[];
  readonly trace: Trace | string | URL | undefined;
  /** Of the calls: SHA-256, in hexadecimal; empty with a trace. */
  readonly fingerprint: string;
  readonly name: string;
  readonly source: 'workload' | 'trace' | 'pattern';
  readonly budgetMs: number;
  readonly counts: readonly number[];
  readonly concurrency: number;
  readonly budgetBytes: number | null;
  readonly seed: number;
  readonly resume: TuneResult | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: TuneProgress) => void;
}

const KNOWN: readonly (keyof TuneOptions)[] = [
  'workload',
  'trace',
  'name',
  'source',
  'budgetMs',
  'counts',
  'concurrency',
  'maxBytes',
  'seed',
  'resume',
  'signal',
  'onProgress',
];

const WHERE = 'tune';
const LEAST_BUDGET_MS = 100;
const MOST_BUDGET_MS = 24 * 3600 * 1000;
const MOST_CALLS = 10_000_000;
const MOST_COUNTS = 16;
const MOST_WORKERS = 1024;
const MOST_CONCURRENCY = 100_000;
const SEEDS = 2 ** 32;

export interface TuneDefaults {
  readonly counts: (machine: Machine) => readonly number[];
  readonly machine: Machine;
  readonly maxBytes: number | null;
}

/** @throws PoolError ERR_OPTION, saying what was expected and what came */
export function resolveTuneOptions(options: TuneOptions, defaults: TuneDefaults): ResolvedTuneOptions {
  refuseUnknown(WHERE, options, KNOWN);
  const { workload, trace, resume, signal, source = 'workload', onProgress = () => {} } = options;
  if ((workload === undefined) === (trace === undefined)) {
    throw invalidOption(WHERE, 'workload', 'calls to tune for, or instead the option trace', workload);
  }
  const { budgetMs = 60_000, concurrency = 64, maxBytes = defaults.maxBytes } = options;
  const {
    counts = resume?.workers?.planned ?? defaults.counts(defaults.machine),
    seed = Math.floor(Math.random() * SEEDS),
  } = options;
  if (trace !== undefined && !isTraceOrFile(trace)) {
    throw invalidOption(WHERE, 'trace', 'a trace, as readTrace gives it, or the path of one', trace);
  }
  if (options.name !== undefined && typeof options.name !== 'string') {
    throw invalidOption(WHERE, 'name', 'a text', options.name);
  }
  checkNumber('budgetMs', budgetMs, LEAST_BUDGET_MS, MOST_BUDGET_MS);
  checkWhole('concurrency', concurrency, 1, MOST_CONCURRENCY);
  checkWhole('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkBound(WHERE, 'maxBytes', maxBytes);
  checkCounts(counts);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidOption(WHERE, 'signal', 'an AbortSignal', signal);
  }
  if (typeof onProgress !== 'function') throw invalidOption(WHERE, 'onProgress', 'a function', onProgress);
  if (source !== 'workload' && source !== 'pattern') {
    throw invalidOption(WHERE, 'source', "'workload' or 'pattern'", source);
  }
  const isTrace = trace !== undefined;
  const calls = workload === undefined ? [] : readCalls(workload);
  const resolved: ResolvedTuneOptions = {
    calls,
    trace,
    fingerprint: fingerprintOf(calls),
    name: options.name ?? nameOf(trace, calls),
    source: isTrace ? 'trace' : source,
    budgetMs,
    counts: [...counts].sort((a, b) => a - b),
    concurrency,
    budgetBytes: maxBytes,
    seed: resume?.seed ?? seed,
    resume,
    signal,
    onProgress,
  };
  if (resume !== undefined) checkResume(resume, resolved, options.seed);
  return resolved;
}

function isTraceOrFile(trace: unknown): boolean {
  if (typeof trace === 'string' || trace instanceof URL) return true;
  const { length, left, functions, keys, kinds }: Partial<Trace> = Object(trace);
  return (
    typeof length === 'number' &&
    typeof left === 'number' &&
    Array.isArray(functions) &&
    keys instanceof Float64Array &&
    kinds instanceof Uint8Array
  );
}

function nameOf(trace: TuneOptions['trace'], calls: readonly WorkloadCall[]): string {
  if (typeof trace === 'string' || trace instanceof URL) return String(trace);
  return trace === undefined ? `${calls.length} calls` : 'a trace';
}

function readCalls(workload: Iterable<WorkloadCall>): WorkloadCall[] {
  if (typeof (workload as Partial<Iterable<WorkloadCall>> | null)?.[Symbol.iterator] !== 'function') {
    throw invalidOption(WHERE, 'workload', 'an iterable of { name, args }', workload);
  }
  const calls: WorkloadCall[] = [];
  for (const call of workload) {
    if (typeof call !== 'object' || call === null) {
      throw invalidOption(WHERE, `workload[${calls.length}]`, 'a call, { name, args }', call);
    }
    checkCall(call.name, call.args);
    calls.push({ name: call.name, args: [...call.args] }); // a generator may give one object again and again
    if (calls.length > MOST_CALLS) {
      throw invalidOption(WHERE, 'workload', `at most ${MOST_CALLS} calls`, `more than ${MOST_CALLS}`);
    }
  }
  if (calls.length === 0) throw invalidOption(WHERE, 'workload', 'calls', 'none');
  return calls;
}

function fingerprintOf(calls: readonly WorkloadCall[]): string {
  if (calls.length === 0) return '';
  const hash = createHash('sha256');
  for (const { name, args } of calls) hash.update(`${name}\0${String(memoKey(snapshot(args).args, true))}\0`);
  return hash.digest('hex');
}

function checkCounts(counts: readonly number[]): void {
  if (!Array.isArray(counts) || counts.length === 0 || counts.length > MOST_COUNTS) {
    throw invalidOption(WHERE, 'counts', `a list of 1 to ${MOST_COUNTS} counts of workers`, counts);
  }
  for (const count of counts) checkWhole('counts', count, 1, MOST_WORKERS);
  if (new Set(counts).size < counts.length) {
    throw invalidOption(WHERE, 'counts', 'each count once', counts.join(', '));
  }
}

// Samples of other calls or settings would say nothing of these.
function checkResume(resume: TuneResult, asked: ResolvedTuneOptions, seed: number | undefined): void {
  const isResult = resume?.format === 'memopool-tune' && resume.version === 1;
  if (!isResult || typeof resume.subject !== 'object' || typeof resume.advice !== 'object') {
    throw invalidOption(WHERE, 'resume', 'the result of an earlier tuning', resume);
  }
  if (resume.isComplete) throw invalidOption(WHERE, 'resume', 'an interrupted tuning', 'a complete one');
  const { subject, workers } = resume;
  if (seed !== undefined && seed !== resume.seed) {
    throw invalidOption(WHERE, 'seed', `that of the tuning to go on from, ${resume.seed}`, seed);
  }
  if (subject.source !== asked.source || subject.fingerprint !== asked.fingerprint) {
    const given = subject.source === 'trace' ? 'a trace' : `${subject.given} others`;
    throw invalidOption(
      WHERE,
      'resume',
      `a tuning of these ${asked.calls.length} calls`,
      `one of ${given} (${subject.name})`,
    );
  }
  if (workers === null) return;
  if (workers.concurrency !== asked.concurrency) {
    throw invalidOption(
      WHERE,
      'concurrency',
      `that of the tuning to go on from, ${workers.concurrency}`,
      asked.concurrency,
    );
  }
  if (workers.planned.join() !== asked.counts.join()) {
    throw invalidOption(
      WHERE,
      'counts',
      `those of the tuning to go on from, ${workers.planned.join(', ')}`,
      asked.counts.join(', '),
    );
  }
}

function checkWhole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
  throw invalidOption(WHERE, name, `a whole number from ${least} to ${most}`, value);
}

function checkNumber(name: string, value: unknown, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw invalidOption(WHERE, name, `a number from ${least} to ${most}`, value);
}
