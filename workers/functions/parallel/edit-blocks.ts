// Edit distances by blocks of the table, which any worker can compute.
import { numberLetters } from './alphabet.ts';
import { type EditEdges, outerEdges, sumAcross, sweepEdits } from './edit-kernel.ts';
import { edgeBelow, sweepBlock, type TextBlock, type TextBlocks } from './text-blocks.ts';

export function base(part: TextBlock): EditEdges {
  return sweepBlock(sweepEdits, part);
}

/** The edit distance of two lists of code points, at once. */
export function editDistanceOf(a: Uint32Array, b: Uint32Array): number {
  if (a.length * b.length < MIN_SWEPT) return plainDistance(a, b);
  const edges = outerEdges(a.length, b.length);
  sweepEdits(numberLetters(a, b), edges);
  return a.length + sumAcross(edges.across);
}

/** The same as {@link editDistanceOf} by blocks of the table, a single one for short texts; each block by {@link base}. */
export async function editDistanceByBlocks(
  a: Uint32Array,
  b: Uint32Array,
  blocks: TextBlocks,
): Promise<number> {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  return a.length + sumAcross(await edgeBelow([a, b], outerEdges, blocks));
}

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
