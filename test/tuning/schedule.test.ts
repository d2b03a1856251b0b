import { describe, expect, test } from 'vitest';
import { schedule } from '../../src/tuning/schedule.ts';

function roundsOf(order: readonly number[], size: number): number[][] {
  return Array.from({ length: order.length / size }, (_, i) => order.slice(i * size, (i + 1) * size));
}

describe('the order of runs', () => {
  test('has each count once in every round', () => {
    const rounds = roundsOf(schedule([1, 2, 4, 8], 25, 3), 4);
    expect(rounds).toHaveLength(25);
    for (const round of rounds) expect(round.toSorted((a, b) => a - b)).toEqual([1, 2, 4, 8]);
  });

  test('is the same for the same seed, and another for another', () => {
    expect(schedule([1, 2, 3, 4], 10, 5)).toEqual(schedule([1, 2, 3, 4], 10, 5));
    expect(schedule([1, 2, 3, 4], 10, 5)).not.toEqual(schedule([1, 2, 3, 4], 10, 6));
  });

  test('begins with the same rounds however many follow, so that it can be gone on with', () => {
    expect(schedule([1, 2, 3], 20, 9).slice(0, 15)).toEqual(schedule([1, 2, 3], 5, 9));
  });

  test('is each of the orders equally often', () => {
    const rounds = roundsOf(schedule([1, 2, 3], 6000, 1), 3);
    const times = new Map<string, number>();
    for (const round of rounds) times.set(round.join(), (times.get(round.join()) ?? 0) + 1);
    expect(times.size).toBe(6);
    expect(Math.min(...times.values())).toBeGreaterThan(880); // 1,000 less four standard deviations
  });

  test('is none of no counts or no runs', () => {
    expect(schedule([], 3, 1)).toEqual([]);
    expect(schedule([1, 2], 0, 1)).toEqual([]);
  });
});
