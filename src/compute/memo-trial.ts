// A trial: one call in a thread of its own, to see what its memos do, without a bound or with one that is tried.
import { PoolError } from '../errors.ts';
import type { AnyFunction } from '../types.ts';
import { nameSafely } from './evaluate.ts';
import { makerOf } from './made.ts';
import { takeUnfinished } from './memos.ts';
import type { Registry } from './registry.ts';
import { setTableMaker } from './table-maker.ts';
import { type Count, Counter, type Recorded, Recorder } from './trial-tables.ts';

export type TrialPlan =
  /** Records all memos, up to so many keys together. */
  | { readonly kind: 'record'; readonly mostKeys: number }
  /** Counts the computations of one. */
  | ({ readonly kind: 'count' } & Count);

/** One call. */
export interface TrialCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface RecordedMemo extends Omit<Recorded, 'fn'> {
  readonly place: string;
  /** What a user may call it: the function's name, `fn > inner` of others that it calls or makes. */
  readonly name: string;
}

export type TrialReply =
  /** Those that were asked at all. */
  | { readonly kind: 'recorded'; readonly memos: readonly RecordedMemo[] }
  /** No computations (null) where this run had no such memo; `isCut` when there would have been more. */
  | { readonly kind: 'counted'; readonly computations: number | null; readonly isCut: boolean }
  /** As the end of a sentence. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What a thread of a trial is given; `workers/entry.cjs` reads the rest of its data. */
export interface TrialSetup extends TrialCall {
  readonly modules: readonly string[];
  readonly builtIns: boolean;
  readonly plan: TrialPlan;
}

/** Runs the call; before any module of the user's is imported, and once in a thread. Never throws. */
export async function runTrial(registry: Registry, call: TrialCall, plan: TrialPlan): Promise<TrialReply> {
  if (plan.kind === 'count') {
    const counter = new Counter(plan);
    const failed = await run(registry, call, counter);
    const { computations, isOver: isCut } = counter;
    return failed ?? { kind: 'counted', computations, isCut };
  }
  const recorder = new Recorder(plan.mostKeys);
  const failed = await run(registry, call, recorder);
  if (recorder.isOver) return { kind: 'failed', reason: `it has more than ${plan.mostKeys} results` };
  return failed ?? { kind: 'recorded', memos: recordedMemos(recorder, call.name, registry) };
}

/** Undefined when it returned, or was stopped by its tables. */
async function run(
  registry: Registry,
  { name, args }: TrialCall,
  tables: Recorder | Counter,
): Promise<TrialReply | undefined> {
  setTableMaker(tables.tableOf);
  let fn: AnyFunction;
  try {
    fn = await registry.find(name);
  } catch (error) {
    return { kind: 'failed', reason: error instanceof PoolError ? error.message : reasonOf(error, name) };
  }
  tables.beginCall();
  try {
    // As a pool asks first; what is made this way goes by no memo.
    if (makerOf(fn)?.(args, undefined) === undefined) await fn(...args);
    return undefined;
  } catch (error) {
    return tables.isOver ? undefined : { kind: 'failed', reason: reasonOf(error, name) };
  }
}

function recordedMemos({ memos }: Recorder, called: string, registry: Registry): RecordedMemo[] {
  const names = new Map<string, number>();
  const asked = [...memos].filter(([, { computations }]) => computations > 0);
  return asked.map(([place, { fn, ...figures }]) => {
    const name = registry.nameOf(fn) ?? (fn.name || 'memo');
    const full = name === called ? name : `${called} > ${name}`;
    const before = names.get(full) ?? 0;
    names.set(full, before + 1);
    return { place, name: before === 0 ? full : `${full} ${before + 1}`, ...figures };
  });
}

// Of what was thrown, which is the user's.
function reasonOf(error: unknown, name: string): string {
  const named = nameSafely(error, { name, depth: takeUnfinished() });
  if (named instanceof PoolError && named.code === 'ERR_NO_POOL')
    return 'it makes calls of its own, for which a trial has no pool';
  try {
    return `it threw ${String(named)}`.slice(0, LONGEST_REASON);
  } catch {
    return 'it threw what cannot be read';
  }
}

const LONGEST_REASON = 500;
