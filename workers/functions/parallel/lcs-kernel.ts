// Lengths of longest common subsequences 32 cells of the table at a time.
import type { Lettered } from './alphabet.ts';
import type { Edges } from './wavefront.ts';

/**
 * The edges of a piece of the table l(i, j) of lengths, whose neighbours differ by 0 or 1.
 *
 * `across`, for each j: l(i, j) - l(i, j-1) along one row. `down`, for each 32 rows: a word with the bits where
 * l(i, j) = l(i-1, j), along one column.
 */
export type LengthEdges = Edges;

/**
 * Goes through the piece of the table for `a` (down) and `b` (across), and turns the edges above and on the left
 * into those below and on the right, in place. `matches`, zeros before and after, may serve many calls.
 *
 * A difference along the row is the carry of the word's addition; rows that the last word has beyond those of `a`
 * match nothing and pass it on.
 * Source: Crochemore, Iliopoulos, Pinzon and Reid, Inf. Proc. Letters 80 (2001); Hyyro, "Bit-parallel LCS-length
 * computation revisited", AWOCA 2004.
 */
export function sweepLengths(
  { a, b, letters }: Lettered,
  { across, down }: LengthEdges,
  matches: Int32Array = new Int32Array(letters), // in which rows of the word a letter stands
): void {
  const columns = b.length;
  for (let first = 0, word = 0; first < a.length; first += 32, word++) {
    const rows = a.subarray(first, first + 32);
    for (let i = 0; i < rows.length; i++) matches[rows[i] ?? 0] = (matches[rows[i] ?? 0] ?? 0) | (1 << i);
    let same = down[word] ?? 0;
    for (let j = 0; j < columns; j++) {
      const equal = matches[b[j] ?? 0] ?? 0;
      const matched = same & equal;
      const sum = (same + matched + (across[j] ?? 0)) | 0;
      across[j] = (matched | (same & ~sum)) >>> 31;
      same = sum | (same & ~equal);
    }
    down[word] = same;
    for (const letter of rows) matches[letter] = 0;
  }
}

/** How the lengths for all of `a` grow with each letter of `b`: the edge below the whole table, a cell at a time. */
export function plainGrowth(a: Uint32Array, b: Uint32Array): Uint8Array {
  const growth = new Uint8Array(b.length); // one row up
  for (const letter of a) {
    let down = 0; // l(i, j) - l(i-1, j), for the column before
    for (let j = 0; j < growth.length; j++) {
      const across = growth[j] ?? 0;
      const grown = letter === b[j] ? 1 : down | across;
      growth[j] = grown - down;
      down = grown - across;
    }
  }
  return growth;
}

/** The edges of the whole table above and on the left, where nothing is common. */
export function emptyEdges(rows: number, columns: number): LengthEdges {
  return { across: new Uint8Array(columns), down: new Int32Array(Math.ceil(rows / 32)).fill(-1) };
}
