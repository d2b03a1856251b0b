// What threads do: pieces of work on numbers in shared memory, each independent of the others of its phase.
//
// A phase is one of the tasks below, with what it works on as numbers, so that another thread can read them off shared
// memory; a phase has a number of pieces, and any thread may do any piece.
import { COLUMNS, COMPLEX_BYTES, DIGIT_BYTES, HELD_BYTES, PITCH } from './layout.ts';
import { type Shape, shapeOf } from './shapes.ts';
import { rootsOffset } from './tables.ts';
import type { KernelExports, Thread } from './thread.ts';

const SPLIT = { 2: 'split2', 3: 'split3', 4: 'split4', 5: 'split5' } as const;
const JOIN = { 2: 'join2', 3: 'join3', 4: 'join4', 5: 'join5' } as const;
const OPEN = { 2: 'open2', 3: 'open3', 4: 'open4', 5: 'open5' } as const;

/** What a transform takes place in. */
interface Place {
  readonly rows: number;
  /** The address of the shape's table. */
  readonly table: number;
}

export interface SplitWork extends Place {
  /** The addresses of the digits of a and b; b is 0 when there is only one. */
  readonly digitsA: number;
  readonly digitsB: number;
  /** The addresses of the transforms. */
  readonly a: number;
  readonly b: number;
  /** Whether the upper half of the digits of a, or b, is to be read, 1, or empty, 0. */
  readonly upperA: number;
  readonly upperB: number;
  /** The address of what digits are multiplied by. */
  readonly weights: number;
}

export interface MiddleWork extends Place {
  readonly a: number;
  readonly b: number;
  /** The address of the roots that all rows share. */
  readonly blocks: number;
  /** The address of the coefficients. */
  readonly form: number;
  readonly kind: number;
}

/** What the middle phase makes of a and b. */
export const KINDS = {
  /** One form, in the place of a. */
  one: 0,
  /** Two forms, in the places of a and b. */
  two: 1,
  /** a b */
  product: 2,
  /** a^2 */
  square: 3,
  /** The transform of a, to be kept. */
  keep: 4,
  /** a times the transform b, which was kept. */
  kept: 5,
} as const;

export interface JoinWork extends Place {
  readonly a: number;
  /** 0 when there is only one. */
  readonly b: number;
  readonly digitsA: number;
  readonly digitsB: number;
  /** The address of what carries are held in. */
  readonly held: number;
  /** The address of the base. */
  readonly base: number;
  /** The address of what is watched, 64 bytes a thread. */
  readonly watch: number;
}

export type HeldWork = Pick<JoinWork, 'rows' | 'digitsA' | 'digitsB' | 'held' | 'base'>;

const WATCH_BYTES = 64;

export function splitPieces(shape: Shape, count: number): number {
  return count * stripsAcross(shape);
}

export function middlePieces({ rows, block }: Shape): number {
  return block > 1 ? rows / block : Math.min(rows, MOST_ROW_PIECES);
}

// The work of a row is 10 us or so.
const MOST_ROW_PIECES = 64;

function stripsAcross({ block, piece }: Shape): number {
  return (block * COLUMNS) / piece;
}

/** The bytes that carries are held in for `count` numbers. */
export function heldBytes(shape: Shape, count: number): number {
  return (count * stripsAcross(shape) * shape.rows * HELD_BYTES) / shape.block;
}

/** From digits to the strips' share of the transform. */
export function doSplit({ exports }: Thread, work: SplitWork, piece: number): void {
  const shape = shapeOf(work.rows);
  const across = stripsAcross(shape);
  const isSecond = piece >= across;
  const [digits, to, upper] = isSecond
    ? [work.digitsB, work.b, work.upperB]
    : [work.digitsA, work.a, work.upperA];
  const { offset, begin, end } = columnsOf(shape, piece % across);
  const { rows, block, outer, strip } = shape;
  const digitStep = block * COLUMNS * DIGIT_BYTES;
  for (let column = begin; column < end; column += strip) {
    const first = to + offset * PITCH + column * COMPLEX_BYTES;
    const from = digits + (offset * COLUMNS + column) * DIGIT_BYTES;
    const width = strip * COMPLEX_BYTES;
    const radix = outer[0];
    if (upper === 1 || radix === undefined) {
      const upperOffset = upper === 1 ? rows * COLUMNS * DIGIT_BYTES : 0;
      const fill = upper === 1 ? 'fill' : 'fillReal';
      exports[fill](first, rows / block, block * PITCH, width, from, digitStep, upperOffset, work.weights);
      splitOuter(exports, shape, { first, width, table: work.table, from: 0 });
      continue;
    }
    const legRows = rows / radix;
    exports[OPEN[radix]](
      first,
      legRows * PITCH,
      legRows / block,
      block * PITCH,
      width,
      work.table,
      from,
      digitStep,
      legRows * COLUMNS * DIGIT_BYTES,
      work.weights,
    );
    splitOuter(exports, shape, { first, width, table: work.table, from: 1 });
  }
}

interface Strip {
  readonly first: number;
  /** In bytes. */
  readonly width: number;
  readonly table: number;
  /** The pass to begin with, or to end with on the way back. */
  readonly from: number;
}

function splitOuter(exports: KernelExports, shape: Shape, { first, width, table, from }: Strip): void {
  const { outer, block } = shape;
  let nodes = 1;
  let size = shape.rows;
  for (const [pass, radix] of outer.entries()) {
    const leg = size / radix;
    if (pass >= from) {
      const roots = table + rootsOffset(shape, pass);
      exports[SPLIT[radix]](
        first,
        leg * PITCH,
        leg / block,
        block * PITCH,
        width,
        roots,
        nodes,
        size * PITCH,
      );
    }
    nodes *= radix;
    size = leg;
  }
}

function joinOuter(exports: KernelExports, shape: Shape, { first, width, table }: Omit<Strip, 'from'>): void {
  const { outer, block } = shape;
  let nodes = shape.rows / block;
  let size = block;
  for (let pass = outer.length - 1; pass >= 0; pass--) {
    const radix = outer[pass] ?? 2;
    const leg = size;
    size *= radix;
    nodes /= radix;
    const roots = table + rootsOffset(shape, pass);
    exports[JOIN[radix]](first, leg * PITCH, leg / block, block * PITCH, width, roots, nodes, size * PITCH);
  }
}

/** The rest of the way down, the products, and back as far: whole rows. */
export function doMiddle({ exports }: Thread, work: MiddleWork, piece: number): void {
  const shape = shapeOf(work.rows);
  const pieces = middlePieces(shape);
  const begin = Math.floor((work.rows * piece) / pieces);
  const end = Math.floor((work.rows * (piece + 1)) / pieces);
  const { a, b, kind } = work;
  const hasTwo = kind === KINDS.one || kind === KINDS.two || kind === KINDS.product;
  if (shape.block > 1) {
    innerPasses(exports, shape, { at: a, begin, table: work.table }, 'split');
    if (hasTwo) innerPasses(exports, shape, { at: b, begin, table: work.table }, 'split');
  }
  const levels = work.table + rootsOffset(shape, shape.outer.length + shape.inner.length);
  for (let row = begin; row < end; row++) {
    const rowA = a + row * PITCH;
    const rowB = b + row * PITCH;
    const constants = levels + row * LEVEL_BYTES;
    if (hasTwo) exports.splitRows(rowA, rowB, constants, work.blocks);
    else exports.splitRow(rowA, constants, work.blocks);
    if (kind === KINDS.keep) continue;
    combine(exports, kind, rowA, rowB, work.form);
    if (kind === KINDS.two) exports.joinRows(rowA, rowB, constants, work.blocks);
    else exports.joinRow(rowA, constants, work.blocks);
  }
  if (shape.block > 1 && kind !== KINDS.keep) {
    innerPasses(exports, shape, { at: a, begin, table: work.table }, 'join');
    if (kind === KINDS.two) innerPasses(exports, shape, { at: b, begin, table: work.table }, 'join');
  }
}

const LEVEL_BYTES = 5 * COMPLEX_BYTES;

function combine(exports: KernelExports, kind: number, rowA: number, rowB: number, form: number): void {
  if (kind === KINDS.square) exports.square1(rowA, form);
  else if (kind === KINDS.one) exports.form1(rowA, rowB, form);
  else if (kind === KINDS.two) exports.form2(rowA, rowB, form);
  else exports.product1(rowA, rowB, form);
}

interface Block {
  readonly at: number;
  /** The first row. */
  readonly begin: number;
  readonly table: number;
}

// By strips that stay in the nearest cache through all the passes.
const INNER_STRIP = 64;

function innerPasses(
  exports: KernelExports,
  shape: Shape,
  { at, begin, table }: Block,
  direction: 'split' | 'join',
): void {
  const { outer, inner, block } = shape;
  const passes = inner.map((radix, i) => {
    const nodes = inner.slice(0, i).reduce((product, each) => product * each, 1);
    const size = block / nodes;
    const skipped = (begin / block) * nodes * (radix - 1) * COMPLEX_BYTES;
    const roots = table + rootsOffset(shape, outer.length + i) + skipped;
    return { name: (direction === 'split' ? SPLIT : JOIN)[radix], leg: size / radix, size, nodes, roots };
  });
  if (direction === 'join') passes.reverse();
  const width = INNER_STRIP * COMPLEX_BYTES;
  for (let column = 0; column < COLUMNS; column += INNER_STRIP) {
    const first = at + begin * PITCH + column * COMPLEX_BYTES;
    for (const { name, leg, size, nodes, roots } of passes) {
      exports[name](first, leg * PITCH, leg, PITCH, width, roots, nodes, size * PITCH);
    }
  }
}

/** The rest of the way back, and from there to digits. */
export function doJoin({ exports, index }: Thread, work: JoinWork, piece: number): void {
  const shape = shapeOf(work.rows);
  const across = stripsAcross(shape);
  const isSecond = piece >= across;
  const [from, digits] = isSecond ? [work.b, work.digitsB] : [work.a, work.digitsA];
  const { offset, begin, end } = columnsOf(shape, piece % across);
  const { rows, block, strip } = shape;
  const heldSize = (rows / block) * HELD_BYTES;
  const held = work.held + piece * heldSize;
  exports.clear(held, heldSize);
  for (let column = begin; column < end; column += strip) {
    const first = from + offset * PITCH + column * COMPLEX_BYTES;
    const width = strip * COMPLEX_BYTES;
    joinOuter(exports, shape, { first, width, table: work.table });
    exports.carry(
      first,
      rows / block,
      block * PITCH,
      width,
      digits + (offset * COLUMNS + column) * DIGIT_BYTES,
      block * COLUMNS * DIGIT_BYTES,
      rows * COLUMNS * DIGIT_BYTES,
      held,
      HELD_BYTES,
      work.base,
      work.watch + index * WATCH_BYTES,
    );
  }
}

/** Adds what a piece held at its end to the digits that come next, when all pieces have put theirs down. */
export function doHeld({ exports }: Thread, work: HeldWork, piece: number): void {
  const shape = shapeOf(work.rows);
  const { rows, block } = shape;
  const across = stripsAcross(shape);
  const digits = piece >= across ? work.digitsB : work.digitsA;
  const { offset, end } = columnsOf(shape, piece % across);
  exports.addHeld(
    work.held + (piece * rows * HELD_BYTES) / block,
    rows / block,
    digits + (offset * COLUMNS + end) * DIGIT_BYTES,
    block * COLUMNS * DIGIT_BYTES,
    rows * COLUMNS * DIGIT_BYTES,
    work.base,
  );
}

/** Digits behind a product's, which take the last carries of it. */
export const SPARE_DIGITS = 4;

interface Columns {
  /** Which of a block's rows. */
  readonly offset: number;
  readonly begin: number;
  readonly end: number;
}

function columnsOf({ piece }: Shape, index: number): Columns {
  const pieces = COLUMNS / piece;
  const begin = (index % pieces) * piece;
  return { offset: Math.floor(index / pieces), begin, end: begin + piece };
}
