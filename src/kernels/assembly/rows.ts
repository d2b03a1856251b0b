// A row: the lower levels of the transform, on the 1024 complex numbers of one row, within the nearest cache.
//
// Level d has 4^d blocks; block j of the row whose root is exp(2 pi i angle) is split with the root
//
//   r = K_d R_j,   K_d = exp(2 pi i angle / 4^(d+1)),   R_j = exp(2 pi i turn(j) / 4),
//
// where turn(j) depends on j alone: turn(0) = 0, turn(4 j + k) = turn(j) / 4 + (0, 1/2, 1/4, 3/4)[k]. So one small table
// of R_j and five K_d a row stand for all the roots of a transform of any size.

import { COMPLEX_BYTES, PAIR_BYTES, ROW_BYTES, ROW_LEVELS } from '../transform/layout.ts';
import type { Code, Expr, Module, Variable } from './code.ts';
import {
  BUTTERFLIES,
  type Complex,
  INVERSE_BUTTERFLIES,
  load,
  loadSplat,
  mul,
  mulConjugate,
  square,
  store,
} from './complex.ts';
import { i32, shuffle64, v128 } from './instructions.ts';

const LAST = ROW_LEVELS - 1;

type Direction = 'split' | 'join';

export function addRows(module: Module): void {
  // Two rows share the making of the roots, which is a tenth of the work.
  for (const direction of ['split', 'join'] as const) {
    module.add(`${direction}Row`, { row: 'i32', levels: 'i32', blocks: 'i32' }, (code, args) => {
      addLevels(code, { ...args, direction, distance: undefined });
    });
    module.add(
      `${direction}Rows`,
      { row: 'i32', other: 'i32', levels: 'i32', blocks: 'i32' },
      (code, args) => {
        const distance = code.keep('i32', i32.sub(args.other, args.row));
        addLevels(code, { ...args, direction, distance });
      },
    );
  }
}

interface Rows {
  readonly row: Variable;
  /** From the row to the one that goes with it. */
  readonly distance: Variable | undefined;
  readonly levels: Variable;
  readonly blocks: Variable;
  readonly direction: Direction;
}

function addLevels(code: Code, rows: Rows): void {
  const upper = [0, 1, 2, 3];
  if (rows.direction === 'join') {
    addLastLevel(code, rows);
    upper.reverse();
  }
  for (const level of upper) addLevel(code, rows, level);
  if (rows.direction === 'split') addLastLevel(code, rows);
}

function addLevel(code: Code, rows: Rows, level: number): void {
  const { row, levels, blocks, direction } = rows;
  const legBytes = ROW_BYTES / 4 ** (level + 1);
  const constant = loadSplat(code, levels, level * COMPLEX_BYTES);
  const address = code.keep('i32', row);
  const end = code.keep('i32', i32.add(row, i32.const(ROW_BYTES)));
  const block = code.keep('i32', blocks);
  const butterfly = (first: Expr, offset: number, roots: readonly Complex[]): void => {
    const offsets = [0, 1, 2, 3].map((leg) => leg * legBytes + offset);
    const z = offsets.map((at) => load(code, first, at));
    const result =
      direction === 'split'
        ? BUTTERFLIES[4](code, turn(code, z, roots))
        : turnBack(code, INVERSE_BUTTERFLIES[4](code, z), roots);
    for (const [leg, at] of offsets.entries()) store(code, first, result[leg] as Complex, at);
  };
  code.repeatWhile(
    () => {
      const root = level === 0 ? constant : mul(code, constant, loadSplat(code, block));
      const roots = powers(code, root);
      const legEnd = code.keep('i32', i32.add(address, i32.const(legBytes)));
      const steps = legBytes / PAIR_BYTES;
      const each = steps <= 2 ? Array.from({ length: steps }, (_, i) => i * PAIR_BYTES) : [0];
      code.repeatWhile(
        () => {
          for (const offset of each) butterfly(address, offset, roots);
          if (rows.distance !== undefined) {
            const other = code.keep('i32', i32.add(address, rows.distance));
            for (const offset of each) butterfly(other, offset, roots);
          }
          code.set(address, i32.add(address, i32.const(each.length * PAIR_BYTES)));
        },
        () => i32.lt_u(address, legEnd),
      );
      code.set(address, i32.add(address, i32.const(3 * legBytes)));
      code.set(block, i32.add(block, i32.const(COMPLEX_BYTES)));
    },
    () => i32.lt_u(address, end),
  );
}

// Blocks of four, two at a time, each in a lane; the children stay where the transform of both lanes left them.
function addLastLevel(code: Code, { row, distance, levels, blocks, direction }: Rows): void {
  const constant = loadSplat(code, levels, LAST * COMPLEX_BYTES);
  const address = code.keep('i32', row);
  const end = code.keep('i32', i32.add(row, i32.const(ROW_BYTES)));
  const block = code.keep('i32', blocks);
  const butterfly = (first: Expr, roots: readonly Complex[]): void => {
    const z = [0, 1, 2, 3].map((i) => load(code, first, i * PAIR_BYTES));
    const result =
      direction === 'split'
        ? BUTTERFLIES[4](code, turn(code, transpose(code, z), roots))
        : transposeBack(code, turnBack(code, INVERSE_BUTTERFLIES[4](code, z), roots));
    for (const [i, value] of result.entries()) store(code, first, value, i * PAIR_BYTES);
  };
  code.repeatWhile(
    () => {
      const roots = loadRootPair(code, constant, block);
      butterfly(address, roots);
      if (distance !== undefined) butterfly(code.keep('i32', i32.add(address, distance)), roots);
      code.set(address, i32.add(address, i32.const(4 * PAIR_BYTES)));
      code.set(block, i32.add(block, i32.const(2 * COMPLEX_BYTES)));
    },
    () => i32.lt_u(address, end),
  );
}

function powers(code: Code, root: Complex): readonly Complex[] {
  const second = square(code, root);
  return [root, second, mul(code, second, root)];
}

function turn(code: Code, z: readonly Complex[], roots: readonly Complex[]): readonly Complex[] {
  return z.map((value, j) => (j === 0 ? value : mul(code, value, roots[j - 1] as Complex)));
}

function turnBack(code: Code, z: readonly Complex[], roots: readonly Complex[]): readonly Complex[] {
  return z.map((value, j) => (j === 0 ? value : mulConjugate(code, value, roots[j - 1] as Complex)));
}

/** The roots of blocks j and j + 1, a block a lane. */
function loadRootPair(code: Code, constant: Complex, block: Expr): readonly Complex[] {
  const first = code.keep('v128', v128.load(block));
  const second = code.keep('v128', v128.load(block, COMPLEX_BYTES));
  const pair = {
    re: code.keep('v128', shuffle64(first, second, 0, 2)),
    im: code.keep('v128', shuffle64(first, second, 1, 3)),
  };
  return powers(code, mul(code, constant, pair));
}

/** Of two blocks in a row: number i of the first and number i of the second. */
function transpose(code: Code, z: readonly Complex[]): readonly Complex[] {
  const [a, b, c, d] = z as readonly [Complex, Complex, Complex, Complex];
  const lanes = (x: Complex, y: Complex, lane: 0 | 1): Complex => ({
    re: code.keep('v128', shuffle64(x.re, y.re, lane, 2 + lane)),
    im: code.keep('v128', shuffle64(x.im, y.im, lane, 2 + lane)),
  });
  return [lanes(a, c, 0), lanes(a, c, 1), lanes(b, d, 0), lanes(b, d, 1)];
}

/** The reverse of {@link transpose}. */
function transposeBack(code: Code, z: readonly Complex[]): readonly Complex[] {
  const [a, b, c, d] = z as readonly [Complex, Complex, Complex, Complex];
  const lanes = (x: Complex, y: Complex, lane: 0 | 1): Complex => ({
    re: code.keep('v128', shuffle64(x.re, y.re, lane, 2 + lane)),
    im: code.keep('v128', shuffle64(x.im, y.im, lane, 2 + lane)),
  });
  return [lanes(a, b, 0), lanes(c, d, 0), lanes(a, b, 1), lanes(c, d, 1)];
}
