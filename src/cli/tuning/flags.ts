// The options of `memopool tune`, from texts to what tuning takes.
import { showValue } from '../../errors.ts';
import { UsageError } from '../failure.ts';
import { readNumber } from '../numbers.ts';
import { wrongValue } from '../options.ts';

/** As commander hands them over. */
export interface TuneFlags {
  readonly workload?: string;
  readonly trace?: string;
  readonly pattern?: string;
  readonly args?: string;
  readonly budget?: string;
  readonly counts?: string;
  readonly concurrency?: string;
  readonly maxBytes?: string;
  readonly seed?: string;
  readonly resume?: string;
  readonly out?: string;
  /** False with --no-report. */
  readonly report?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const LEAST_BUDGET_MS = 100;
const MOST_BUDGET_MS = 24 * UNITS.h;

/** Milliseconds. @throws UsageError */
export function parseBudget(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const [, value = '', unit = ''] = match ?? [];
  const ms = Math.round(Number(value) * (UNITS[unit as keyof typeof UNITS] ?? Number.NaN));
  if (ms >= LEAST_BUDGET_MS && ms <= MOST_BUDGET_MS) return ms;
  throw wrongValue('--budget', 'a time from 100ms to 24h, such as 500ms, 60s or 2m', text);
}

const MOST_COUNTS = 16;

/** From few to many. @throws UsageError */
export function parseCounts(text: string): number[] {
  const counts = text.split(',').map((part) => whole(part.trim()));
  const isFit =
    counts.length <= MOST_COUNTS &&
    counts.every((count) => count >= 1 && count <= 1024) &&
    new Set(counts).size === counts.length;
  if (isFit) return counts.sort((a, b) => a - b);
  throw wrongValue(
    '--counts',
    `up to ${MOST_COUNTS} different whole numbers from 1 to 1024 with commas between, such as 1,2,4`,
    text,
  );
}

const MOST_CONCURRENCY = 10_000;

/** @throws UsageError */
export function parseConcurrency(text: string): number {
  const value = whole(text);
  if (value >= 1 && value <= MOST_CONCURRENCY) return value;
  throw wrongValue('--concurrency', `a whole number from 1 to ${MOST_CONCURRENCY}`, text);
}

/** @throws UsageError */
export function parseMaxBytes(text: string): number | null {
  if (text === 'none') return null;
  const value = whole(text);
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  throw wrongValue(
    '--max-bytes',
    "a whole number from 1 to 2^53 - 1, such as 64e6 or 2^26, or 'none' for no bound",
    text,
  );
}

const MOST_SEED = 2 ** 32 - 1;

/** @throws UsageError */
export function parseSeed(text: string): number {
  const value = whole(text);
  if (value >= 0 && value <= MOST_SEED) return value;
  throw wrongValue('--seed', 'a whole number from 0 to 2^32 - 1', text);
}

export function randomSeed(): number {
  return Math.floor(Math.random() * (MOST_SEED + 1));
}

/** The whole numbers from `low` to `high`. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** @throws UsageError */
export function parseRange(text: string): Range {
  const [low = Number.NaN, high = Number.NaN, ...rest] = text.split('..').map(whole);
  if (rest.length === 0 && low <= high && Number.isSafeInteger(low) && Number.isSafeInteger(high)) {
    return { low, high };
  }
  throw wrongValue('--args', 'two whole numbers, the least and the most, such as 100..1099', text);
}

function whole(text: string): number {
  const reading = readNumber(text);
  return reading.kind === 'whole' ? Number(reading.value) : Number.NaN;
}

/** Where the calls to tune for come from. */
export type Source =
  | { readonly kind: 'workload'; readonly file: string }
  | { readonly kind: 'trace'; readonly file: string }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly range: Range };

const WAYS = `Give them in one of three ways:
  a file, a call a line  memopool tune ./mod.js#fn --workload calls.txt
  a recorded trace       memopool tune --trace live.trace
  calls by a pattern     memopool tune fibonacci --args 100..1099 \\
                           --pattern zipf:1,keys=1000,length=20000`;

/** @throws UsageError for none of them, for more than one, and for what does not go with it */
export function sourceOf(flags: TuneFlags, target: string | undefined): Source {
  const { workload, trace, pattern, args } = flags;
  const given = Object.entries({ workload, trace, pattern }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const got = given.length === 0 ? 'none' : given.map(([name]) => `--${name}`).join(' and ');
    throw new UsageError(`Expected calls to tune for, got ${got}.\n${WAYS}`);
  }
  if (args !== undefined && pattern === undefined) throw goesWith('--args', '--pattern');
  if (workload !== undefined) return { kind: 'workload', file: workload };
  if (trace !== undefined) return traceOf(trace, flags, target);
  if (args === undefined) {
    throw new UsageError('--pattern: expected --args with it, such as --args 100..1099; got none.');
  }
  return { kind: 'pattern', pattern: pattern ?? '', range: parseRange(args) };
}

// A trace holds no arguments, so nothing can be run by it.
function traceOf(file: string, { counts, concurrency }: TuneFlags, target: string | undefined): Source {
  if (target !== undefined) {
    throw new UsageError(
      `--trace: expected no function with it, got ${showValue(target)}; a trace tells its own, and calls none.`,
    );
  }
  if (counts !== undefined) throw goesWith('--counts', '--workload or --pattern');
  if (concurrency !== undefined) throw goesWith('--concurrency', '--workload or --pattern');
  return { kind: 'trace', file };
}

function goesWith(option: string, other: string): UsageError {
  return new UsageError(`${option}: expected ${other} with it, got none; leave out ${option}.`);
}

/** What is measured, and how. */
export interface Settings {
  readonly budgetMs?: number;
  readonly counts?: readonly number[];
  readonly concurrency?: number;
  readonly maxBytes?: number | null;
  readonly seed?: number;
}

/** @throws UsageError */
export function settingsOf({ budget, counts, concurrency, maxBytes, seed }: TuneFlags): Settings {
  return {
    ...(budget === undefined ? {} : { budgetMs: parseBudget(budget) }),
    ...(counts === undefined ? {} : { counts: parseCounts(counts) }),
    ...(concurrency === undefined ? {} : { concurrency: parseConcurrency(concurrency) }),
    ...(maxBytes === undefined ? {} : { maxBytes: parseMaxBytes(maxBytes) }),
    ...(seed === undefined ? {} : { seed: parseSeed(seed) }),
  };
}
