// The table of two texts in blocks, which any worker can compute: what edit distances and common subsequences share.
import { type Lettered, numberLetters } from './alphabet.ts';
import { cutBlocks, type Edges, wavefront } from './wavefront.ts';

/** A block: its piece of both texts, and the edges of the table above it and on its left. */
export interface TextBlock extends Lettered, Edges {}

/** Goes through a piece of a table and turns the edges above it and on its left into those below and on its right, in place. */
export type Sweep = (texts: Lettered, edges: Edges) => void;

/** The edges below a block and on its right. Pure: the edges given stay what they are. */
export function sweepBlock(sweep: Sweep, { a, b, letters, across, down }: TextBlock): Edges {
  const edges = { across: across.slice(), down: down.slice() };
  sweep({ a, b, letters }, edges);
  return edges;
}

/** The time of a block, in the words of 32 cells that it goes through. */
export function blockCost({ a, b }: Pick<TextBlock, 'a' | 'b'>): number {
  return Math.ceil(a.length / 32) * b.length;
}

/** Computes blocks, each in some worker. */
export interface TextBlocks {
  block(part: TextBlock): Promise<Edges>;
  /** @default 2^24 */
  readonly blockCells?: number | undefined;
}

/** The edge below the whole table, whose edges above and on its left `outer` gives for any number of rows and columns. */
export async function edgeBelow(
  [a, b]: readonly [a: Uint32Array, b: Uint32Array],
  outer: (rows: number, columns: number) => Edges,
  { block, blockCells }: TextBlocks,
): Promise<Uint8Array> {
  const texts = numberLetters(a, b);
  const { letters } = texts;
  const { rows, columns } = cutBlocks(a.length, b.length, blockCells);
  // Slices and not subarrays: a view would be sent with the whole text behind it.
  const across = columns.map(([from, to]) => texts.b.slice(from, to));
  const down = rows.map(([from, to]) => texts.a.slice(from, to));
  const edges = {
    across: across.map((part) => outer(0, part.length).across),
    down: down.map((part) => outer(part.length, 0).down),
  };
  const below = await wavefront(edges, ({ row, column, ...sides }) =>
    block({ a: down[row] ?? NONE, b: across[column] ?? NONE, letters, ...sides }),
  );
  const whole = new Uint8Array(b.length);
  for (const [column, part] of below.across.entries()) whole.set(part, columns[column]?.[0]);
  return whole;
}

const NONE = new Uint32Array();
