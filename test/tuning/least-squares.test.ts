import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastSquares } from '../../src/tuning/least-squares.ts';

test('a line through points that lie on it is found', () => {
  const rows = [1, 2, 3, 4].map((x) => [1, x]);
  expect(leastSquares(rows, [5, 7, 9, 11])).toEqual([expect.closeTo(3, 12), expect.closeTo(2, 12)]);
});

test('what is left over stands at right angles to every column', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  const row = fc.tuple(number, number, number, number);
  fc.assert(
    fc.property(fc.array(row, { minLength: 3, maxLength: 12 }), (table) => {
      const rows = table.map((cells) => cells.slice(0, 3));
      const targets = table.map((cells) => cells[3]);
      const found = leastSquares(rows, targets);
      // Nearly dependent columns may have parameters that no check by sums can follow.
      if (found === undefined || Math.max(...found.map(Math.abs)) > 1e4) return;
      const left = rows.map((cells, i) =>
        cells.reduce((sum, x, k) => sum - x * (found[k] ?? 0), targets[i] ?? 0),
      );
      for (const k of [0, 1, 2]) {
        expect(
          Math.abs(rows.reduce((sum, cells, i) => sum + (cells[k] ?? 0) * (left[i] ?? 0), 0)),
        ).toBeLessThan(1e-4);
      }
    }),
  );
});

test('parameters that the rows do not determine are not made up', () => {
  expect(
    leastSquares(
      [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
      [1, 2, 3],
    ),
  ).toBeUndefined();
  expect(leastSquares([[1, 2]], [1])).toBeUndefined();
  expect(leastSquares([[0], [0]], [1, 2])).toBeUndefined();
});
