import { describe, expect, test } from 'vitest';
import { absencesOf, factsOf } from '../../src/tuning/page/facts.ts';
import {
  sayAnswer,
  sayCost,
  sayEfficiency,
  sayFit,
  sayMemo,
  sayMissRatio,
  sayThroughput,
  sayTimeline,
} from '../../src/tuning/page/sentences.ts';
import type { SizesResult, WorkersResult } from '../../src/tuning/result.ts';
import { extremeResults, sizesOf, typicalResult, workersAt } from './fixtures/results.ts';

const workers: WorkersResult = workersAt([1, 2, 4], 4);
const sizes: SizesResult = sizesOf(100, 50, 80);

describe('the answer', () => {
  test('names what was measured, and nothing else', () => {
    const { advice } = typicalResult();
    const of = (change: object): string =>
      sayAnswer({ ...typicalResult(), advice: { ...advice, ...change } });
    expect(of({})).toBe('Use 6 workers and maxsize 1,024.');
    expect(of({ workers: 1, maxsize: null })).toBe('Use 1 worker.');
    expect(of({ workers: null })).toBe('Use maxsize 1,024.');
    expect(of({ workers: null, maxsize: null })).toBe('Nothing to recommend yet.');
  });
});

describe('of workers', () => {
  test('the chosen count is compared with the least', () => {
    const count = { ...workers.counts[0], throughput: { median: 100, low: 90, high: 110 } };
    const four = { ...workers.counts[2], throughput: { median: 350, low: 340, high: 360 } };
    const made = { ...workers, counts: [count, four] } as WorkersResult;
    expect(sayThroughput(made)).toContain(
      '4 workers made 350 (95 % interval 340 to 360) calls a second, 3.5 times what 1 made.',
    );
  });

  test('one count is compared with nothing', () => {
    expect(sayThroughput({ ...workersAt([1], 1), fit: { kind: 'refused', reason: 'few.' } })).toMatch(
      /in 10 runs\. No other count was measured\.$/,
    );
  });

  test('a fit tells its terms and its doubt, a refused one why', () => {
    expect(sayFit(workers)).toBe(
      'The fitted scalability law: contention σ = 4.5 %, coherency κ = 0.35 %, R² = 0.994; it peaks at 16.5 workers, beyond the CPUs there were: low confidence.',
    );
    expect(sayFit({ ...workers, fit: { kind: 'refused', reason: '3 counts were measured.' } })).toBe(
      'No law is fitted: 3 counts were measured.',
    );
  });

  test('efficiency is told of the chosen count and of the largest', () => {
    expect(sayEfficiency(workersAt([1, 2, 4], 2))).toMatch(
      /^With 2 workers, each does .* %.*; with 4, .* %\.$/,
    );
  });

  test('the timeline tells the share computed and what is left out', () => {
    const lane = { worker: 1, spans: [{ phase: 'compute' as const, name: 'f', startMs: 0, endMs: 5 }] };
    expect(sayTimeline({ workers: 1, elapsedMs: 10, lanes: [lane], left: 2 })).toBe(
      'A run of 10 ms with 1 worker: what is shown as computing is 50 % of their time. 2 calls of the run are not shown.',
    );
  });
});

describe('of sizes', () => {
  test('the miss ratio at the choice, the best possible, and the needed size are told', () => {
    expect(sayMissRatio(sizes)).toMatch(
      /^At maxsize 50, .* miss .* %\. From 80 on, nothing is computed twice\. All 100 keys were followed\.$/,
    );
  });

  test('where nothing came again, no size helps', () => {
    expect(sayMissRatio(sizesOf(2, 0, null))).toContain('No call came again, so no size answers any.');
  });

  test('the weight is compared with the budget where there is one', () => {
    expect(sayCost(sizes)).toContain('57.6 KiB of the 2 MiB allowed.');
    expect(sayCost({ ...sizes, budgetBytes: null })).toContain('57.6 KiB. A miss');
  });
});

test('a memo that was cut off is told to have made more', () => {
  const [, tribonacci] = typicalResult().memos;
  expect(tribonacci === undefined ? '' : sayMemo(tribonacci)).toBe(
    'tribonacci(40) needs maxsize 4: 41 computations there, more than 2,000,000 with one less.',
  );
});

test('the facts name the quota and where it stands', () => {
  expect(factsOf(typicalResult())).toContainEqual(['CPU quota', '7.5 CPUs, by /sys/fs/cgroup/cpu.max']);
});

test('what is absent is explained, what is there is not', () => {
  expect(Object.values(absencesOf(typicalResult()))).toEqual([null, null, null, null, null]);
  const trace = extremeResults()['only a trace'] ?? typicalResult();
  expect(absencesOf(trace).workers).toContain('worker counts are measured from a workload');
});
