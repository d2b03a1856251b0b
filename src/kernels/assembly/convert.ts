// What a conversion to another base is made of beside products: short blocks by a table of powers, and sums.
//
// A block of `count` digits d_i in one base has, as digits of the other, the sums over i of d_i T_ij, where T_ij is digit j
// of the i-th power of the first base. Four blocks go side by side, in the lanes of two vectors; the sums are of whole
// numbers below 2^53 and so exact. They are carried at the end, each digit into the next.

import { DIGIT_BYTES } from '../transform/layout.ts';
import type { Code, Expr, Module, Variable } from './code.ts';
import { f64, f64x2, i32, i32x4, shuffle32, v128 } from './instructions.ts';

/** Blocks side by side. */
const BLOCKS = 4;
/** Digits whose sums are held in registers, for all blocks. */
const TILE = 4;
const DOUBLE = 8;
const FOUR_DIGITS = 4 * DIGIT_BYTES;

export function addConvert(module: Module): void {
  addSpread(module);
  addConvertBlocks(module);
  addAddDigits(module);
}

// The `count` digits of four blocks, `blockBytes` from one to the next, as doubles: of each place those of all blocks.
function addSpread(module: Module): void {
  const parameters = { from: 'i32', blockBytes: 'i32', count: 'i32', to: 'i32' } as const;
  module.add('spread', parameters, (code, { from, blockBytes, count, to }) => {
    const blocks = [from];
    for (let i = 1; i < BLOCKS; i++) {
      const below = blocks[i - 1] ?? from;
      blocks.push(code.keep('i32', i32.add(below, blockBytes)));
    }
    const end = code.keep('i32', i32.add(to, i32.mul(count, i32.const(BLOCKS * DOUBLE))));
    code.repeatWhile(
      () => {
        for (const [i, block] of blocks.entries()) {
          code.run(f64.store(to, f64.convert_i32_s(i32.load(block)), i * DOUBLE));
          code.set(block, i32.add(block, i32.const(DIGIT_BYTES)));
        }
        code.set(to, i32.add(to, i32.const(BLOCKS * DOUBLE)));
      },
      () => i32.lt_u(to, end),
    );
  });
}

/**
 * The table has for each tile of the result, from the lowest: the digits (an int32, and three that are not read) of the
 * block from which on the powers reach it, then of each of these powers the four digits, as doubles.
 */
function addConvertBlocks(module: Module): void {
  const parameters = {
    from: 'i32', // what `spread` has left
    count: 'i32',
    table: 'i32',
    to: 'i32',
    blockBytes: 'i32',
    tiles: 'i32',
    base: 'i32', // the address of B, 1/B and the constant that rounds
  } as const;
  module.add('convertBlocks', parameters, (code, { from, count, table, to, blockBytes, tiles, ...args }) => {
    const at = (index: number): Variable => code.keep('v128', v128.load64_splat(args.base, DOUBLE * index));
    const [base, inverse, rounding] = [at(0), at(1), at(2)];
    const end = code.keep('i32', i32.add(from, i32.mul(count, i32.const(BLOCKS * DOUBLE))));
    const outs = [to];
    for (let i = 1; i < BLOCKS; i++) outs.push(code.keep('i32', i32.add(outs[i - 1] ?? to, blockBytes)));
    const carries = [code.variable('v128'), code.variable('v128')];
    const sums = Array.from({ length: TILE }, () => [code.variable('v128'), code.variable('v128')]);
    const digit = code.variable('i32');
    code.repeatWhile(
      () => {
        const zero = code.keep('v128', f64x2.splat(f64.const(0)));
        for (const sum of sums.flat()) code.set(sum, zero);
        const first = i32.mul(i32.load(table), i32.const(BLOCKS * DOUBLE));
        code.set(digit, i32.add(from, first));
        code.set(table, i32.add(table, i32.const(16)));
        code.repeatWhile(
          () => {
            const values = [0, 1].map((pair) => code.keep('v128', v128.load(digit, 16 * pair)));
            for (const [j, pair] of sums.entries()) {
              const power = code.keep('v128', v128.load64_splat(table, DOUBLE * j));
              for (const [i, sum] of pair.entries()) {
                code.set(sum, f64x2.add(sum, f64x2.mul(values[i] ?? zero, power)));
              }
            }
            code.set(table, i32.add(table, i32.const(TILE * DOUBLE)));
            code.set(digit, i32.add(digit, i32.const(BLOCKS * DOUBLE)));
          },
          () => i32.lt_u(digit, end),
        );
        for (const [pair, carry] of carries.entries()) {
          const digits = sums.map((sum) =>
            carryOn(code, { sum: sum[pair] ?? zero, carry, base, inverse, rounding }),
          );
          storeTile(code, digits, [outs[2 * pair] ?? to, outs[2 * pair + 1] ?? to]);
        }
        for (const out of outs) code.set(out, i32.add(out, i32.const(TILE * DIGIT_BYTES)));
        code.set(tiles, i32.sub(tiles, i32.const(1)));
      },
      () => tiles,
    );
  });
}

interface Carrying {
  readonly sum: Expr;
  readonly carry: Variable;
  readonly base: Expr;
  readonly inverse: Expr;
  readonly rounding: Expr;
}

// The digit of two blocks, in the low halves of two doubles' bits.
function carryOn(code: Code, { sum, carry, base, inverse, rounding }: Carrying): Variable {
  const value = code.keep('v128', f64x2.add(sum, carry));
  code.set(carry, f64x2.sub(f64x2.add(f64x2.mul(value, inverse), rounding), rounding));
  return code.keep('v128', f64x2.add(f64x2.sub(value, f64x2.mul(carry, base)), rounding));
}

function storeTile(code: Code, digits: readonly Variable[], outs: readonly [Expr, Expr]): void {
  const [a, b, c, d] = digits;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return;
  for (const [block, out] of outs.entries()) {
    const lanes = [2 * block, 4 + 2 * block];
    const low = code.keep('v128', shuffle32(a, b, [...lanes, ...lanes]));
    const high = code.keep('v128', shuffle32(c, d, [...lanes, ...lanes]));
    code.run(v128.store(out, shuffle32(low, high, [0, 1, 4, 5])));
  }
}

// Adds `count` digits, a multiple of four, to those at `to`, both within B/2 + 2 of zero, and carries so that they stay
// so; what the last one carries is the result, from -1 to 1.
function addAddDigits(module: Module): void {
  const parameters = { to: 'i32', from: 'i32', count: 'i32', base: 'i32', carry: 'i32' } as const;
  module.add(
    'addDigits',
    parameters,
    (code, { to, from, count, base, carry }) => {
      const bases = code.keep('v128', i32x4.splat(base));
      const most = code.keep('v128', i32x4.splat(i32.shr_u(base, i32.const(1))));
      const least = code.keep('v128', i32x4.sub(i32x4.splat(i32.const(0)), most));
      const carries = code.keep('v128', i32x4.splat(carry));
      const end = code.keep('i32', i32.add(to, i32.mul(count, i32.const(DIGIT_BYTES))));
      code.repeatWhile(
        () => {
          const sum = code.keep('v128', i32x4.add(v128.load(to), v128.load(from)));
          const above = code.keep('v128', i32x4.gt_s(sum, most));
          const below = code.keep('v128', i32x4.gt_s(least, sum));
          const own = code.keep('v128', i32x4.sub(below, above));
          const less = i32x4.sub(sum, v128.and(above, bases));
          const digits = code.keep('v128', i32x4.add(less, v128.and(below, bases)));
          code.run(v128.store(to, i32x4.add(digits, shuffle32(carries, own, [3, 4, 5, 6]))));
          code.set(carries, own);
          code.set(to, i32.add(to, i32.const(FOUR_DIGITS)));
          code.set(from, i32.add(from, i32.const(FOUR_DIGITS)));
        },
        () => i32.lt_u(to, end),
      );
      code.result(i32x4.extract_lane(carries, 3));
    },
    'i32',
  );
}
