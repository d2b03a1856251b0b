// Edit distances by blocks of the table, which any worker can compute.
import { type Lettered, numberLetters } from './alphabet.ts';
import { type EditEdges, outerEdges, sumAcross, sweepEdits } from './edit-kernel.ts';
import { cutBlocks, wavefront } from './wavefront.ts';

/** A block: its piece of both texts, and the edges of the table above it and on its left. */
export interface EditBlock extends Lettered, EditEdges {}

/** The edges below a block and on its right. Pure: the edges given stay what they are. */
export function base({ a, b, letters, across, down }: EditBlock): EditEdges {
  const edges = { across: across.slice(), down: down.slice() };
  sweepEdits({ a, b, letters }, edges);
  return edges;
}

/** The time of a block, in the words of 32 cells that it goes through. */
export function cost({ a, b }: Pick<EditBlock, 'a' | 'b'>): number {
  return Math.ceil(a.length / 32) * b.length;
}

/** The edit distance of two lists of code points, at once. */
export function editDistanceOf(a: Uint32Array, b: Uint32Array): number {
  if (a.length * b.length < MIN_SWEPT) return plainDistance(a, b);
  const edges = outerEdges(a.length, b.length);
  sweepEdits(numberLetters(a, b), edges);
  return a.length + sumAcross(edges.across);
}

/** Computes blocks, each in some worker. */
export interface EditBlocks {
  /** {@link base} */
  block(part: EditBlock): Promise<EditEdges>;
  /** @default 2^24 */
  readonly blockCells?: number;
}

/** The same as {@link editDistanceOf} by blocks of the table, a single one for short texts. */
export async function editDistanceByBlocks(
  a: Uint32Array,
  b: Uint32Array,
  { block, blockCells }: EditBlocks,
): Promise<number> {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const texts = numberLetters(a, b);
  const { letters } = texts;
  const { rows, columns } = cutBlocks(a.length, b.length, blockCells);
  // Slices and not subarrays: a view would be sent with the whole text behind it.
  const across = columns.map(([from, to]) => texts.b.slice(from, to));
  const down = rows.map(([from, to]) => texts.a.slice(from, to));
  const edges = {
    across: across.map((part) => outerEdges(0, part.length).across),
    down: down.map((part) => outerEdges(part.length, 0).down),
  };
  const below = await wavefront(edges, ({ row, column, ...sides }) =>
    block({ a: down[row] ?? NONE, b: across[column] ?? NONE, letters, ...sides }),
  );
  return below.across.reduce((sum, part) => sum + sumAcross(part), a.length);
}

const NONE = new Uint32Array();

// Level at texts of 12 to 16 letters, where the tables of the kernel take what its words save.
const MIN_SWEPT = 200;

/** Row by row, a cell at a time. Source: Wagner and Fischer, J. ACM 21 (1974). */
export function plainDistance(a: Uint32Array, b: Uint32Array): number {
  const row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j); // d(0, j)
  for (let i = 0; i < a.length; i++) {
    let diagonal = i; // d(i, j)
    let left = i + 1; // d(i+1, j)
    row[0] = left;
    for (let j = 0; j < b.length; j++) {
      const above = row[j + 1] ?? 0;
      left = a[i] === b[j] ? diagonal : 1 + Math.min(diagonal, above, left);
      row[j + 1] = left;
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}
