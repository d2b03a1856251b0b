// The memos of a workload's functions: of each function that was called its costliest call is tried.
import type { ResolvedOptions } from '../options.ts';
import { memoKey } from '../values/key.ts';
import { snapshot } from '../values/snapshot.ts';
import { tryMemos } from './memo-trial.ts';
import type { WorkloadCall } from './options.ts';
import type { Recorded } from './record-workload.ts';
import type { MemoResult } from './result.ts';

export interface MemosPlan {
  readonly calls: readonly WorkloadCall[];
  readonly pool: Pick<ResolvedOptions, 'modules' | 'builtIns' | 'typed' | 'stackSizeMb'>;
  /** For all together. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

// More would take the time of what matters more.
const MOST_FUNCTIONS = 4;

/**
 * Of each function two calls are tried: the costliest, and the one with the largest numbers, which the memo was perhaps
 * already warm for when it came. What needs more room is the result.
 */
export async function tryMemosOf(
  recorded: Pick<Recorded, 'costliest' | 'givenUp'>,
  { calls, pool, limitMs, signal }: MemosPlan,
): Promise<{ readonly memos: readonly MemoResult[]; readonly findings: readonly string[] }> {
  const tried = callsToTry(recorded, calls, pool.typed);
  const memos = new Map<string, MemoResult>();
  const findings = new Set<string>();
  for (const { name, args } of tried) {
    if (signal.aborted) break;
    const found = await tryMemos({ ...pool, name, args, limitMs: limitMs / tried.length, signal });
    for (const memo of found.memos) {
      const id = `${name} ${memo.name}`;
      if (memo.needed > (memos.get(id)?.needed ?? -1)) memos.set(id, memo);
    }
    // That a function has no memo is nothing to tell.
    if (found.reason !== null && found.memos.length > 0) findings.add(found.reason);
  }
  return { memos: [...memos.values()], findings: [...findings] };
}

/** What did not end may be so because of its memo: first of all that; then the functions that took most. */
export function callsToTry(
  { costliest, givenUp }: Pick<Recorded, 'costliest' | 'givenUp'>,
  calls: readonly WorkloadCall[],
  typed: boolean,
): readonly WorkloadCall[] {
  const names = new Set(givenUp.map(({ name }) => name));
  for (const [name] of [...costliest].sort(([, a], [, b]) => b.computeMs - a.computeMs)) names.add(name);
  return [...names].slice(0, MOST_FUNCTIONS).flatMap((name) => {
    const own = calls.filter((call) => call.name === name);
    const first =
      givenUp.find((call) => call.name === name) ?? own.find((call) => isAt(call, costliest, typed));
    const largest = own.reduce<WorkloadCall | undefined>(
      (most, call) => (sizeOf(call) > sizeOf(most) ? call : most),
      undefined,
    );
    const chosen = [first, largest].flatMap((call) => (call === undefined ? [] : [call]));
    return chosen.filter((call, at) => at === 0 || keyOf(call, typed) !== keyOf(chosen[0], typed));
  });
}

function isAt(call: WorkloadCall, costliest: Recorded['costliest'], typed: boolean): boolean {
  return keyOf(call, typed) === costliest.get(call.name)?.key;
}

function keyOf(call: WorkloadCall | undefined, typed: boolean): unknown {
  return call && memoKey(snapshot(call.args).args, typed);
}

/** The sum of its numbers; of a call with others no size is known. */
function sizeOf(call: WorkloadCall | undefined): number {
  let sum = 0;
  for (const arg of call?.args ?? [Number.NaN]) {
    if (typeof arg !== 'number' && typeof arg !== 'bigint') return Number.NEGATIVE_INFINITY;
    sum += Number(arg);
  }
  return Number.isNaN(sum) ? Number.NEGATIVE_INFINITY : sum;
}
