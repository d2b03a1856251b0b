// What to set, from what was measured: the two lines to paste, and what else should be known.
import { showCount } from './figures.ts';
import type { Advice, MemoResult, SizesResult, WorkersResult } from './result.ts';
import { enoughCalls, LEAST_ROUNDS } from './workers.ts';

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
    findings: [...findingsOf({ workers, memos }), ...findings],
  };
}

/** What follows from the parts of a result alone. */
export function findingsOf({ workers, memos }: Pick<Measurements, 'workers' | 'memos'>): readonly string[] {
  return [
    ...memos.filter(({ needed }) => needed > 0).map(findingOf),
    ...(workers === null ? [] : doubtsOf(workers)),
  ];
}

// Why the count of workers should not be believed too much.
function doubtsOf({ counts, callsPerRun }: WorkersResult): readonly string[] {
  if (counts.length === 0) return [];
  const enough = enoughCalls(counts.map(({ workers }) => workers));
  const runs = Math.min(...counts.map((count) => count.runs));
  const doubts: string[] = [];
  if (counts.length > 1 && callsPerRun < enough) {
    doubts.push(
      `A run is ${showCount(callsPerRun, 'call')}, too few to tell what more workers bring: give ${show(enough)} or more.`,
    );
  }
  if (runs < LEAST_ROUNDS) {
    doubts.push(
      `A count had no more than ${showCount(runs, 'run')}, and ${LEAST_ROUNDS} give an interval worth the name: a longer budget has time for them.`,
    );
  }
  return doubts;
}

// What is told of a memo.
function findingOf({
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
