// A table in blocks, each of which needs the one above it and the one on its left.

/** The edges of a piece of a table in differences of neighbours; what the bits mean, the kernels say. */
export interface Edges {
  /** An element a column. */
  readonly across: Uint8Array;
  /** A word or two for each 32 rows. */
  readonly down: Int32Array;
}

/** The edges of a whole table: above it and on its left, or below it and on its right. */
export interface GridEdges {
  /** A piece for each column of blocks, from the left. */
  readonly across: readonly Uint8Array[];
  /** A piece for each row of blocks, from the top. */
  readonly down: readonly Int32Array[];
}

/** A row and a column of blocks, and the edges above the block and on its left. */
export interface BlockPlace extends Edges {
  readonly row: number;
  readonly column: number;
}

/**
 * Asks for every block as soon as both it needs are there, so at most for as many at once as there are blocks on
 * the shorter side. Gives the edges below the table and on its right. The first block that fails rejects it, and
 * none that needs that one is asked for.
 */
export async function wavefront(
  edges: GridEdges,
  block: (place: BlockPlace) => Promise<Edges>,
): Promise<GridEdges> {
  let above = edges.across.map((edge) => Promise.resolve(edge));
  const ends: Promise<Int32Array>[] = [];
  for (const [row, edge] of edges.down.entries()) {
    let before = Promise.resolve(edge);
    above = above.map((over, column) => {
      const after = Promise.all([over, before]).then(([across, down]) =>
        block({ row, column, across, down }),
      );
      before = after.then(({ down }) => down);
      return after.then(({ across }) => across);
    });
    ends.push(before);
  }
  const [across, down] = await Promise.all([Promise.all(above), Promise.all(ends)]);
  return { across, down };
}

/** Where a piece of a text begins and ends. */
export type Cut = readonly [from: number, to: number];

/** The rows and the columns of blocks; rows go by whole words of 32. */
export interface BlockCuts {
  readonly rows: readonly Cut[];
  readonly columns: readonly Cut[];
}

/** The cells of a block: some 2 ms of a bit-parallel kernel, ten times what it costs to send one. */
const BLOCK_CELLS = 2 ** 24;

/** As many rows of blocks as columns where the texts allow it, of about `blockCells` cells each. */
export function cutBlocks(rows: number, columns: number, blockCells: number = BLOCK_CELLS): BlockCuts {
  const sides = Math.max(1, Math.ceil(Math.sqrt((rows * columns) / blockCells)));
  const height = 32 * Math.ceil(rows / sides / 32);
  return { rows: cuts(rows, height), columns: cuts(columns, Math.ceil(columns / sides)) };
}

function cuts(length: number, step: number): Cut[] {
  const pieces: Cut[] = [];
  for (let from = 0; from < length; from += step) pieces.push([from, Math.min(from + step, length)]);
  return pieces;
}
