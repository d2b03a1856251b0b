// The ways to put queens on a board, by all workers.
import { type Parallel, parallel } from 'memopool/worker';
import { add, type Board, nextBoards, queens, work } from '../../examples/own-functions/queens.ts';

/** A board with fewer rows left is not worth sending. */
const LEAST_ROWS = 8;

export const countQueens: Parallel<Board, number> = parallel({
  split: (size: number, columns: number, left: number, right: number) => {
    const rows = size - bits(columns);
    return rows < LEAST_ROWS ? undefined : nextBoards(size, columns, left, right);
  },
  base: queens,
  combine: add,
  cost: work,
});

function bits(places: number): number {
  let count = 0;
  for (let rest = places; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Keeps a thread busy without memory: what the machine gains by a second one. */
export function spin(rounds: number): number {
  let state = rounds;
  for (let i = 0; i < 40_000_000; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}
