// The sizes that the transform has, and how it goes about each.
//
// A transform of m complex numbers stands for 2 m digits: number j holds digit j as its real part and digit m + j as its
// imaginary part (see ../README.md). The numbers stand in rows of 1024; the number of rows has
// no prime factors but 2, 3 and 5.
import { COLUMNS, COMPLEX_BYTES } from './layout.ts';

export type Radix = 2 | 3 | 4 | 5;

export interface Shape {
  readonly rows: number;
  /** Of the passes over strips, from the first on. */
  readonly outer: readonly Radix[];
  /** Of the passes within a block of rows, which follow. */
  readonly inner: readonly Radix[];
  /** Rows of a block: the product of `inner`. A strip has one of every so many rows. */
  readonly block: number;
  /** Columns of a strip. */
  readonly strip: number;
  /** Columns of one piece of work, a multiple of the strip's. */
  readonly piece: number;
}

// A strip of more rows does not fit beside its digits in 1 MiB, which is what the caches of a core have today.
const MOST_STRIP_ROWS = 512;
const LEAST_BLOCK = 16;
const STRIP_BYTES = 256 * 1024;
// Four cache lines: less would leave too many of them half read.
const LEAST_STRIP = 16;
// For columns: work for several threads, of about the same size.
const PIECES = 16;

/** The number of digits that a transform of so many rows has room for. */
export function digitsIn(rows: number): number {
  return 2 * COLUMNS * rows;
}

// Powers of 3 and 5 that fill the gaps between powers of two: from 24 rows on the next size is at most an eighth larger,
// mostly less.
const ODD_PARTS: readonly number[] = [1, 3, 5, 9, 15, 25, 27, 45, 75, 81, 125, 135];

/** The least number of rows that have room for `digits` digits. */
export function rowsFor(digits: number): number {
  const needed = Math.max(1, Math.ceil(digits / (2 * COLUMNS)));
  let least = Number.POSITIVE_INFINITY;
  for (const odd of ODD_PARTS) {
    const rows = odd * 2 ** Math.max(0, Math.ceil(Math.log2(needed / odd)));
    if (rows >= needed && (rows <= MOST_STRIP_ROWS || (rows / odd) % LEAST_BLOCK === 0))
      least = Math.min(least, rows);
  }
  return least;
}

const known = new Map<number, Shape>();

export function shapeOf(rows: number): Shape {
  const found = known.get(rows);
  if (found !== undefined) return found;
  const shape = makeShape(rows);
  known.set(rows, shape);
  return shape;
}

function makeShape(rows: number): Shape {
  const radices = radicesOf(rows);
  const inner: Radix[] = [];
  let block = 1;
  while (rows / block > MOST_STRIP_ROWS || (block > 1 && block < LEAST_BLOCK)) {
    const radix = radices.pop() ?? 2;
    inner.unshift(radix);
    block *= radix;
  }
  const fitting = 2 ** Math.floor(Math.log2((STRIP_BYTES * block) / (rows * COMPLEX_BYTES)));
  const pieces = Math.max(1, PIECES / block);
  const strip = Math.min(Math.max(LEAST_STRIP, fitting), COLUMNS / pieces);
  return { rows, outer: radices, inner, block, strip, piece: COLUMNS / pieces };
}

function radicesOf(rows: number): Radix[] {
  const radices: Radix[] = [];
  let rest = rows;
  for (const odd of [5, 3] as const) {
    for (; rest % odd === 0; rest /= odd) radices.push(odd);
  }
  if (Math.log2(rest) % 2 === 1) {
    radices.push(2);
    rest /= 2;
  }
  for (; rest > 1; rest /= 4) radices.push(4);
  return radices;
}
