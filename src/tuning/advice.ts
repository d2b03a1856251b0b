// What to set, from what was measured: the two lines to paste, and what else should be known.
import type { Advice, MemoResult, SizesResult, WorkersResult } from './result.ts';

export interface Measurements {
  readonly workers: WorkersResult | null;
  readonly sizes: SizesResult | null;
  readonly memos: readonly MemoResult[];
  /** What was found on the way. */
  readonly findings: readonly string[];
}

export function adviceOf({ workers, sizes, memos, findings }: Measurements): Advice {
  const lines = [
    ...(workers === null ? [] : [`workers: ${workers.chosen},`]),
    ...(sizes === null ? [] : [`maxsize: ${sizes.chosen},`]),
  ];
  return {
    workers: workers?.chosen ?? null,
    maxsize: sizes?.chosen ?? null,
    lines,
    findings: [...memos.filter(({ needed }) => needed > 0).map(findingOf), ...findings],
  };
}

/** What is told of a memo. */
export function findingOf({
  name,
  call,
  needed,
  callsAtNeeded,
  callsBelow,
  isBelowCut,
  maxsize,
}: MemoResult): string {
  const least = `${name}: its memo needs a maxsize of at least ${show(needed)} for ${call}`;
  const computed = callsAtNeeded === null ? '' : ` (${show(callsAtNeeded)} computations with it`;
  const below =
    callsAtNeeded === null || callsBelow === null
      ? ''
      : `, ${isBelowCut ? 'more than ' : ''}${show(callsBelow)} with one less`;
  const bracket = computed === '' ? '' : `${computed}${below})`;
  if (maxsize === null) return `${least}${bracket}; it has no bound.`;
  if (maxsize >= needed) return `${least}${bracket}; it has ${show(maxsize)}.`;
  return `${least}${bracket}; it has ${show(maxsize)}: raise it, or results are computed again.`;
}

function show(count: number): string {
  return count.toLocaleString('en');
}
