// Queens on a board so that none takes another: how many ways there are, by rows of bits.

/** A board with queens in its first rows, and which places of the next row they take, a bit a place. */
export type Board = readonly [size: number, columns: number, left: number, right: number];

/** The ways to put queens in all other rows. An empty board is (size, 0, 0, 0), with a size of at most 30. */
export function queens(size: number, columns = 0, left = 0, right = 0): number {
  const all = 2 ** size - 1;
  if (columns === all) return 1;
  let count = 0;
  let free = all & ~(columns | left | right);
  while (free !== 0) {
    const queen = free & -free;
    free ^= queen;
    count += queens(size, columns | queen, ((left | queen) << 1) & all, (right | queen) >> 1);
  }
  return count;
}

/** The boards with one queen more, or undefined when fewer than two places of the next row are free. */
export function nextBoards(size: number, columns: number, left: number, right: number): Board[] | undefined {
  const all = 2 ** size - 1;
  const boards: Board[] = [];
  for (let free = all & ~(columns | left | right); free !== 0; free &= free - 1) {
    const queen = free & -free;
    boards.push([size, columns | queen, ((left | queen) << 1) & all, (right | queen) >> 1]);
  }
  return boards.length < 2 ? undefined : boards;
}

export const add = (left: number, right: number): number => left + right;

/** What counting takes, beside other boards: the free places of the next row, and about 2.5 in each row after it. */
export function work(size: number, columns: number, left: number, right: number): number {
  const free = (2 ** size - 1) & ~(columns | left | right);
  return bits(free) * 2.5 ** (size - bits(columns) - 1);
}

function bits(places: number): number {
  let count = 0;
  for (let rest = places; rest !== 0; rest &= rest - 1) count++;
  return count;
}
