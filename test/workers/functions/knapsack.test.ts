import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knapsack } from '../../../workers/functions/knapsack.ts';

interface Item {
  readonly weight: number;
  readonly value: number;
}

/** Every choice of items. */
function plain(items: readonly Item[], capacity: number): number {
  const [first, ...rest] = items;
  if (first === undefined) return 0;
  const without = plain(rest, capacity);
  if (first.weight > capacity) return without;
  return Math.max(without, first.value + plain(rest, capacity - first.weight));
}

/** The table over capacities. */
function table(items: readonly Item[], capacity: number): number {
  const best = Array.from({ length: capacity + 1 }, () => 0);
  for (const { weight, value } of items) {
    for (let room = capacity; room >= weight; room--) {
      best[room] = Math.max(best[room] ?? 0, (best[room - weight] ?? 0) + value);
    }
  }
  return best[capacity] ?? 0;
}

function solve(items: readonly Item[], capacity: number): number {
  return knapsack(
    items.map((item) => item.weight),
    items.map((item) => item.value),
    capacity,
  );
}

const item = fc.record({ weight: fc.nat(12), value: fc.nat(12) });

describe('knapsack', () => {
  test('gives the values of textbooks', () => {
    expect(knapsack([12, 1, 4, 1, 2], [4, 2, 10, 1, 2], 15)).toBe(15);
    expect(knapsack([10, 20, 30], [60, 100, 120], 50)).toBe(220);
    expect(knapsack([31, 10, 20, 19, 4, 3, 6], [70, 20, 39, 37, 7, 5, 10], 50)).toBe(107);
    expect(knapsack([], [], 10)).toBe(0);
    expect(knapsack([5], [9], 4)).toBe(0);
  });

  test('agrees with trying every choice', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 10 }), fc.nat(60), (items, capacity) => {
        expect(solve(items, capacity)).toBe(plain(items, capacity));
      }),
    );
  });

  test('agrees with the table over capacities for many items', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 80 }), fc.nat(400), (items, capacity) => {
        expect(solve(items, capacity)).toBe(table(items, capacity));
      }),
    );
  });

  test('takes items without weight, and large weights without rounding them', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(knapsack([0, 0, 5], [3, 4, 9], 4)).toBe(7);
    expect(knapsack([most, most - 1, 1], [5, 3, 3], most)).toBe(6);
    expect(knapsack([most, 2], [5, 3], most)).toBe(5);
  });
});
