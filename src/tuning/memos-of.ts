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

export async function tryMemosOf(
  { costliest, givenUp }: Pick<Recorded, 'costliest' | 'givenUp'>,
  { calls, pool, limitMs, signal }: MemosPlan,
): Promise<{ readonly memos: readonly MemoResult[]; readonly findings: readonly string[] }> {
  // What did not end may be so because of its memo: first of all that.
  const endless = [...new Map(givenUp.map((call) => [call.name, call])).values()];
  const known = [...costliest]
    .filter(([name]) => !endless.some((call) => call.name === name))
    .sort(([, a], [, b]) => b.computeMs - a.computeMs)
    .flatMap(([name, { key }]) => {
      const call = calls.find(
        (one) => one.name === name && memoKey(snapshot(one.args).args, pool.typed) === key,
      );
      return call === undefined ? [] : [call];
    });
  const tried = [...endless, ...known].slice(0, MOST_FUNCTIONS);
  const memos: MemoResult[] = [];
  const findings: string[] = [];
  for (const { name, args } of tried) {
    if (signal.aborted) break;
    const found = await tryMemos({ ...pool, name, args, limitMs: limitMs / tried.length, signal });
    memos.push(...found.memos);
    // That a function has no memo is nothing to tell.
    if (found.reason !== null && found.memos.length > 0) findings.push(found.reason);
  }
  return { memos, findings };
}
