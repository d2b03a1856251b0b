// The roots that the passes and rows multiply by, in the memory of the kernels.
//
// A node of the transform is a polynomial modulo x^n - exp(2 pi i angle); the topmost is modulo x^m - i: a quarter turn.
// Its children have the angles angle / radix + k / radix, in the order in which the butterflies leave them.
import { BLOCK_ROOTS, COMPLEX_BYTES, ROW_LEVELS } from './layout.ts';
import type { Radix, Shape } from './shapes.ts';

const TURN = 2 * Math.PI;
const CHILDREN: Readonly<Record<Radix, readonly number[]>> = {
  2: [0, 1 / 2],
  3: [0, 1 / 3, 2 / 3],
  4: [0, 1 / 2, 1 / 4, 3 / 4],
  5: [0, 1 / 5, 2 / 5, 3 / 5, 4 / 5],
};

/** The bytes of a shape's table: the roots of every pass, and the constants of every row. */
export function tableBytes({ rows, outer, inner }: Shape): number {
  let nodes = 1;
  let numbers = rows * ROW_LEVELS;
  for (const radix of [...outer, ...inner]) {
    numbers += nodes * (radix - 1);
    nodes *= radix;
  }
  return numbers * COMPLEX_BYTES;
}

/** Where the roots of pass `pass` begin in a shape's table; where the constants of the rows do, for the pass after the last. */
export function rootsOffset({ outer, inner }: Shape, pass: number): number {
  let nodes = 1;
  let numbers = 0;
  for (const radix of [...outer, ...inner].slice(0, pass)) {
    numbers += nodes * (radix - 1);
    nodes *= radix;
  }
  return numbers * COMPLEX_BYTES;
}

/** Fills in a shape's table. Every angle is exact to a few units of the last place: no recurrence adds up errors. */
export function fillTable(shape: Shape, table: Float64Array): void {
  let angles: readonly number[] = [1 / 4];
  let at = 0;
  const put = (angle: number): void => {
    table[at++] = Math.cos(TURN * angle);
    table[at++] = Math.sin(TURN * angle);
  };
  for (const radix of [...shape.outer, ...shape.inner]) {
    for (const angle of angles) for (let power = 1; power < radix; power++) put((power * angle) / radix);
    angles = angles.flatMap((angle) => CHILDREN[radix].map((child) => angle / radix + child));
  }
  for (const angle of angles) for (let d = 1; d <= ROW_LEVELS; d++) put(angle / 4 ** d);
}

export const BLOCK_TABLE_BYTES: number = BLOCK_ROOTS * COMPLEX_BYTES;

/** Fills in the roots R_j that all rows share. */
export function fillBlockTable(table: Float64Array): void {
  const turns = [0];
  for (let j = 1; j < BLOCK_ROOTS; j++) turns.push((turns[j >> 2] ?? 0) / 4 + (CHILDREN[4][j & 3] ?? 0));
  for (const [j, angle] of turns.entries()) {
    table[2 * j] = Math.cos((TURN * angle) / 4);
    table[2 * j + 1] = Math.sin((TURN * angle) / 4);
  }
}
