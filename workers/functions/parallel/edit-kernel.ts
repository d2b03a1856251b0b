// Edit distances 32 cells of the table at a time: a column of bits holds the differences between neighbours.
import type { Lettered } from './alphabet.ts';
import type { Edges } from './wavefront.ts';

/**
 * The edges of a piece of the table d(i, j) of edit distances, whose neighbours differ by -1, 0 or 1.
 *
 * `across`, for each j: d(i, j) - d(i, j-1) along one row, bit 0 for 1 and bit 1 for -1. `down`, for each 32 rows:
 * d(i, j) - d(i-1, j) along one column, a word with the bits of 1, then a word with those of -1.
 */
export type EditEdges = Edges;

/**
 * Goes through the piece of the table for `a` (down) and `b` (across), letters below `letters`, and turns the
 * edges above and on the left into those below and on the right, in place.
 *
 * Rows go by 32 to a word, and a word goes along all columns. What the last word has beyond the rows of `a` is
 * of no meaning, and no lower bit depends on it.
 * Source: Myers, "A fast bit-vector algorithm for approximate string matching", J. ACM 46 (1999); Hyyro,
 * "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", Nordic J. Computing 10 (2003).
 */
export function sweepEdits({ a, b, letters }: Lettered, { across, down }: EditEdges): void {
  const columns = b.length;
  const matches = new Int32Array(letters); // in which rows of the word a letter stands
  for (let first = 0, word = 0; first < a.length; first += 32, word += 2) {
    const rows = a.subarray(first, first + 32);
    for (let i = 0; i < rows.length; i++) matches[rows[i] ?? 0] = (matches[rows[i] ?? 0] ?? 0) | (1 << i);
    const last = rows.length - 1;
    let plus = down[word] ?? 0;
    let minus = down[word + 1] ?? 0;
    for (let j = 0; j < columns; j++) {
      const entering = across[j] ?? 0;
      const less = entering >> 1;
      const equal = matches[b[j] ?? 0] ?? 0;
      const below = equal | less;
      const zero = (((below & plus) + plus) ^ plus) | below;
      const up = minus | ~(zero | plus);
      const fall = plus & zero;
      across[j] = ((up >>> last) & 1) | (((fall >>> last) & 1) << 1);
      const upBefore = (up << 1) | (entering & 1);
      const changed = equal | minus;
      plus = (fall << 1) | less | ~(changed | upBefore);
      minus = upBefore & changed;
    }
    down[word] = plus;
    down[word + 1] = minus;
    for (const letter of rows) matches[letter] = 0;
  }
}

/** The edges of the whole table above and on the left, where the distance from nothing grows by 1 a letter. */
export function outerEdges(rows: number, columns: number): EditEdges {
  const words = Math.ceil(rows / 32);
  return {
    across: new Uint8Array(columns).fill(1),
    down: Int32Array.from({ length: 2 * words }, (_, i) => (i % 2 === 0 ? -1 : 0)),
  };
}

/** The sum of the differences along one row. */
export function sumAcross(across: Uint8Array): number {
  let sum = 0;
  for (const difference of across) sum += (difference & 1) - (difference >> 1);
  return sum;
}
