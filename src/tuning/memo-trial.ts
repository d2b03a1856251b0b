// How large the memos of a recursive function have to be: found by the reuse distances of a run without a bound, and tried
// at that size and at one less.
//
// Hits recorded at lookup and misses at completion, the smallest maxsize that computes nothing twice is the largest finite
// reuse distance of the run without a bound (Mattson et al., IBM Systems Journal 9 (1970)). Each run has a thread of its
// own, so that none finds what another left in a module.
import type { RecordedMemo, TrialPlan, TrialReply, TrialSetup } from '../compute/memo-trial.ts';
import { showValue } from '../errors.ts';
import type { MemoResult } from './result.ts';
import { runTrialThread } from './trial-thread.ts';

export interface MemoTrialOptions {
  /** File URLs of the modules that export the functions. */
  readonly modules: readonly string[];
  /** Whether the built-in functions are there too. */
  readonly builtIns: boolean;
  readonly name: string;
  readonly args: readonly unknown[];
  /** Milliseconds that all runs may take together; what is not found by then is null. */
  readonly limitMs: number;
  /** The stack of the threads. @default 512 */
  readonly stackSizeMb?: number;
  /** The heap limit of the threads, in which a memo without a bound must have room. @default 2048 */
  readonly memoryMb?: number;
  /** Ends it; what was found is the result. */
  readonly signal?: AbortSignal | undefined;
}

export interface MemoTrials {
  /** Of every memo that saw at least two keys, at most {@link MOST_SHOWN}: the function's own first, then by their keys. */
  readonly memos: readonly MemoResult[];
  /** Why there are none, or why values are missing, as a sentence; null when all is there. */
  readonly reason: string | null;
}

/** The last computation that a run is let begin, or twice those without a bound, if that is more. */
const MOST_COMPUTATIONS = 2_000_000;
/** What is recorded takes some 100 bytes a key beside the results. */
const MOST_KEYS = 4_000_000;
const LEAST_KEYS = 2;
export const MOST_SHOWN = 16;
const LONGEST_CALL = 80;

/** Tries the memos that one call goes through. Never rejects for what the function does. */
export async function tryMemos(options: MemoTrialOptions): Promise<MemoTrials> {
  const { modules, builtIns, name, args, signal, stackSizeMb = 512, memoryMb = 2048 } = options;
  const end = performance.now() + options.limitMs;
  const run = (plan: TrialPlan): Promise<TrialReply> => {
    const setup: TrialSetup = { modules, builtIns, name, args, plan };
    return runTrialThread(setup, { limitMs: end - performance.now(), stackSizeMb, memoryMb, signal });
  };
  const call = showCall(name, args);
  const recorded = await run({ kind: 'record', mostKeys: MOST_KEYS });
  if (recorded.kind !== 'recorded') return { memos: [], reason: sentence(call, recorded) };
  const found = worthTrying(recorded.memos, name);
  if (found.length === 0) return { memos: [], reason: `${call} keeps no two results in a memo.` };
  const memos: MemoResult[] = [];
  const reasons: string[] = [];
  for (const memo of found) {
    const { place, distinct, needed, maxsize, computations } = memo;
    const most = Math.max(MOST_COMPUTATIONS, 2 * computations);
    const at = await run({ kind: 'count', place, maxsize: needed, most });
    const below = needed > 0 ? await run({ kind: 'count', place, maxsize: needed - 1, most }) : undefined;
    memos.push({
      name: memo.name,
      call,
      distinct,
      needed,
      callsAtNeeded: countOf(at),
      callsBelow: countOf(below),
      isBelowCut: below?.kind === 'counted' && below.isCut,
      maxsize,
    });
    for (const reply of [at, below]) if (reply?.kind === 'failed') reasons.push(sentence(call, reply));
  }
  return { memos, reason: reasons[0] ?? null };
}

function worthTrying(memos: readonly RecordedMemo[], name: string): readonly RecordedMemo[] {
  const isOther = (memo: RecordedMemo) => Number(memo.name !== name);
  return memos
    .filter(({ distinct }) => distinct >= LEAST_KEYS)
    .sort((one, other) => isOther(one) - isOther(other) || other.distinct - one.distinct)
    .slice(0, MOST_SHOWN);
}

function countOf(reply: TrialReply | undefined): number | null {
  return reply?.kind === 'counted' ? reply.computations : null;
}

function sentence(call: string, reply: TrialReply): string {
  const why = reply.kind === 'failed' ? reply.reason : 'they were gone';
  return `Not all memos of ${call} were tried: ${why.replace(/\.$/, '')}.`;
}

export function showCall(name: string, args: readonly unknown[]): string {
  const shown = args.map((arg) => showValue(arg)).join(', ');
  return `${name}(${shown.length > LONGEST_CALL ? `${shown.slice(0, LONGEST_CALL)}…` : shown})`;
}
