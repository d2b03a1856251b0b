// Queens on a board of which none attacks another: row by row, the places that are attacked as the bits of three numbers.
import { checkpoint, type Parallel, parallel } from 'memopool/worker';

/** A board of which some rows have their queens: along columns and both diagonals they attack these places of the next row. */
type Board = [size: number, columns: number, left: number, right: number];

/** In how many ways the other rows can have theirs. */
export const queens: Parallel<Board, number> = parallel({
  split: boardsAfter,
  base: count,
  combine: (left, right) => left + right,
  cost: (size, columns) => 3 ** (size - queensIn(columns)), // a row more takes some three times as long
});

/** A board for each place of the next queen. */
function boardsAfter(...[size, columns, left, right]: Board): Board[] {
  const boards: Board[] = [];
  for (let free = freePlaces(size, columns | left | right); free !== 0; free &= free - 1) {
    const place = free & -free;
    boards.push([size, columns | place, (left | place) << 1, (right | place) >> 1]);
  }
  return boards;
}

function count(size: number, columns: number, left: number, right: number): number {
  if (columns === (1 << size) - 1) return 1;
  checkpoint();
  let ways = 0;
  for (let free = freePlaces(size, columns | left | right); free !== 0; free &= free - 1) {
    const place = free & -free;
    ways += count(size, columns | place, (left | place) << 1, (right | place) >> 1);
  }
  return ways;
}

function freePlaces(size: number, attacked: number): number {
  return ~attacked & ((1 << size) - 1);
}

function queensIn(columns: number): number {
  let queens = 0;
  for (let rest = columns; rest !== 0; rest &= rest - 1) queens++;
  return queens;
}
