import { describe, expect, test } from 'vitest';
import { add, type Board, nextBoards, queens, work } from '../../../../examples/own-functions/queens.ts';
import { byParts } from './tree.ts';

// OEIS A000170
const WAYS = [1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724];

describe('the example of queens', () => {
  test('counts the ways of OEIS A000170', () => {
    expect(WAYS.map((_, size) => queens(size))).toEqual(WAYS);
  });

  test('counts the same by parts, however often the boards are divided', () => {
    const divided = { split: nextBoards, base: queens, combine: add };
    for (const depth of [1, 2, 9]) {
      for (const [size, ways] of WAYS.entries()) {
        expect(byParts<Board, number>(divided, [size, 0, 0, 0], depth)).toBe(ways);
      }
    }
  });

  test('expects more work where more rows and more places are free', () => {
    const [board] = nextBoards(8, 0, 0, 0) ?? [];
    expect(work(9, 0, 0, 0)).toBeGreaterThan(work(8, 0, 0, 0));
    expect(board && work(...board)).toBeLessThan(work(8, 0, 0, 0));
    expect(work(3, 7, 0, 0)).toBe(0);
  });
});
