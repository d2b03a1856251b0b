// What is told of a result beside what to set.
import { describe, expect, it } from 'vitest';
import { adviceOf } from '../../src/tuning/advice.ts';
import type { WorkersResult } from '../../src/tuning/result.ts';
import { workersOf } from './result.ts';

function findings(over: Partial<WorkersResult>): readonly string[] {
  return adviceOf({ workers: { ...workersOf([1, 2, 4]), ...over }, sizes: null, memos: [], findings: [] })
    .findings;
}

function withRuns(runs: number): Partial<WorkersResult> {
  return { counts: workersOf([1, 2, 4]).counts.map((count) => ({ ...count, runs })) };
}

describe('the findings', () => {
  it('are none where there were runs enough, of calls enough', () => {
    expect(findings({ ...withRuns(10), callsPerRun: 8 })).toEqual([]);
  });

  it('say when a run has too few calls to keep the workers busy', () => {
    expect(findings({ ...withRuns(10), callsPerRun: 7 })).toEqual([
      'A run is 7 calls, too few to tell what more workers bring: give 8 or more.',
    ]);
  });

  it('say when there were too few runs for the intervals', () => {
    expect(findings({ ...withRuns(3), callsPerRun: 8 })).toEqual([
      'A count had no more than 3 runs, and 10 give an interval worth the name: a longer budget has time for them.',
    ]);
  });

  it('ask for no more calls where one count was measured, as none was to be chosen', () => {
    const counts = workersOf([4]).counts.map((count) => ({ ...count, runs: 10 }));
    expect(findings({ counts, callsPerRun: 1 })).toEqual([]);
  });
});
