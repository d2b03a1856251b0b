// Passes over a strip: some columns of rows that stand at equal distances. One pass splits one node of the transform
// (or joins its children) in all the strip's columns.

import { COMPLEX_BYTES, DIGIT_BYTES, PAIR_BYTES } from '../transform/layout.ts';
import type { Arguments, Code, Expr, Module } from './code.ts';
import {
  BUTTERFLIES,
  type Complex,
  INVERSE_BUTTERFLIES,
  load,
  loadSplat,
  mul,
  mulConjugate,
  type Radix,
  scale,
  store,
} from './complex.ts';
import { f64x2, i32, v128 } from './instructions.ts';

const RADICES: readonly Radix[] = [2, 3, 4, 5];

/**
 * Where a pass works: `rows` rows for each leg, `rowStep` bytes apart, and of each `width` bytes; and that for each of
 * `nodes` nodes, `nodeStep` bytes apart, each with its roots.
 */
const STRIP = {
  first: 'i32',
  legStep: 'i32',
  rows: 'i32',
  rowStep: 'i32',
  width: 'i32',
  roots: 'i32',
  nodes: 'i32',
  nodeStep: 'i32',
} as const;

export function addPasses(module: Module): void {
  for (const radix of RADICES) {
    module.add(`split${radix}`, STRIP, (code, args) => {
      eachPair(code, args, radix, (address, roots) => {
        const legs = legsOf(code, address, args.legStep, radix);
        const z = legs.map((leg) => load(code, leg));
        const turned = z.map((value, j) => (j === 0 ? value : mul(code, value, rootOf(roots, j))));
        storeLegs(code, legs, BUTTERFLIES[radix](code, turned));
      });
    });
    module.add(`join${radix}`, STRIP, (code, args) => {
      eachPair(code, args, radix, (address, roots) => {
        const legs = legsOf(code, address, args.legStep, radix);
        const y = INVERSE_BUTTERFLIES[radix](
          code,
          legs.map((leg) => load(code, leg)),
        );
        storeLegs(
          code,
          legs,
          y.map((value, j) => (j === 0 ? value : mulConjugate(code, value, rootOf(roots, j)))),
        );
      });
    });
  }
  addOpen(module);
  addFill(module);
}

/** As {@link STRIP}, of one node: `digitStep` and `digitLegStep` are what `rowStep` and `legStep` are among the digits. */
const OPEN = {
  first: 'i32',
  legStep: 'i32',
  rows: 'i32',
  rowStep: 'i32',
  width: 'i32',
  roots: 'i32',
  digits: 'i32',
  digitStep: 'i32',
  digitLegStep: 'i32',
  weights: 'i32',
} as const;

// The first pass of digits that are all real parts: the upper half of the polynomial is empty.
function addOpen(module: Module): void {
  for (const radix of RADICES) {
    module.add(`open${radix}`, OPEN, (code, { digits, digitStep, digitLegStep, weights, ...args }) => {
      const zero = code.variable('v128');
      const weight = code.keep('v128', v128.load(weights));
      const roots = loadRoots(code, args.roots, radix);
      const from = code.variable('i32');
      eachRow(code, args, {
        begin: () => {
          code.set(from, digits);
          code.set(digits, i32.add(digits, digitStep));
        },
        pair: (address) => {
          const sources = legsOf(code, from, digitLegStep, radix);
          const legs = legsOf(code, address, args.legStep, radix);
          const real = sources.map((source) =>
            code.keep('v128', f64x2.mul(weight, f64x2.convert_low_i32x4_s(v128.load64_zero(source)))),
          );
          const turned = real.map((re, j) =>
            j === 0 ? { re, im: zero } : scale(code, rootOf(roots, j), re),
          );
          storeLegs(code, legs, BUTTERFLIES[radix](code, turned));
          code.set(from, i32.add(from, i32.const(2 * DIGIT_BYTES)));
        },
      });
    });
  }
}

const FILL = {
  first: 'i32',
  rows: 'i32',
  rowStep: 'i32',
  width: 'i32',
  digits: 'i32',
  digitStep: 'i32',
  upper: 'i32',
  weights: 'i32',
} as const;

// Digits become real parts; imaginary parts are those that stand `upper` bytes further, or zero.
function addFill(module: Module): void {
  for (const isReal of [false, true]) {
    module.add(isReal ? 'fillReal' : 'fill', FILL, (code, { digits, digitStep, upper, weights, ...args }) => {
      const zero = code.variable('v128');
      const weight = code.keep('v128', v128.load(weights));
      const from = code.variable('i32');
      eachRow(code, args, {
        begin: () => {
          code.set(from, digits);
          code.set(digits, i32.add(digits, digitStep));
        },
        pair: (address) => {
          const at = (source: Expr): Expr =>
            f64x2.mul(weight, f64x2.convert_low_i32x4_s(v128.load64_zero(source)));
          store(code, address, { re: at(from), im: isReal ? zero : at(i32.add(from, upper)) });
          code.set(from, i32.add(from, i32.const(2 * DIGIT_BYTES)));
        },
      });
    });
  }
}

/** The powers r, r^2, ... that the legs are multiplied by. */
function loadRoots(code: Code, address: Expr, radix: Radix): readonly Complex[] {
  return Array.from({ length: radix - 1 }, (_, i) => loadSplat(code, address, i * COMPLEX_BYTES));
}

function rootOf(roots: readonly Complex[], power: number): Complex {
  return roots[power - 1] as Complex;
}

function legsOf(code: Code, address: Expr, step: Expr, radix: Radix): readonly Expr[] {
  const legs = [address];
  for (let i = 1; i < radix; i++) legs.push(code.keep('i32', i32.add(legs[i - 1] as Expr, step)));
  return legs;
}

function storeLegs(code: Code, legs: readonly Expr[], values: readonly Complex[]): void {
  for (const [i, leg] of legs.entries()) store(code, leg, values[i] as Complex);
}

type Strip = Arguments<typeof STRIP>;

function eachPair(
  code: Code,
  { roots, nodes, nodeStep, ...strip }: Strip,
  radix: Radix,
  body: (address: Expr, roots: readonly Complex[]) => void,
): void {
  const { first } = strip;
  code.repeatWhile(
    () => {
      const powers = loadRoots(code, roots, radix);
      const node = { ...strip, first: code.keep('i32', first), rows: code.keep('i32', strip.rows) };
      eachRow(code, node, { begin: () => undefined, pair: (address) => body(address, powers) });
      code.set(roots, i32.add(roots, i32.const((radix - 1) * COMPLEX_BYTES)));
      code.set(first, i32.add(first, nodeStep));
      code.set(nodes, i32.sub(nodes, i32.const(1)));
    },
    () => nodes,
  );
}

interface Each {
  /** At the beginning of each row. */
  readonly begin: () => void;
  readonly pair: (address: Expr) => void;
}

// Changes `first` and `rows`.
function eachRow(
  code: Code,
  { first, rows, rowStep, width }: Pick<Strip, 'first' | 'rows' | 'rowStep' | 'width'>,
  { begin, pair }: Each,
): void {
  code.repeatWhile(
    () => {
      const address = code.keep('i32', first);
      const end = code.keep('i32', i32.add(first, width));
      begin();
      code.repeatWhile(
        () => {
          pair(address);
          code.set(address, i32.add(address, i32.const(PAIR_BYTES)));
        },
        () => i32.lt_u(address, end),
      );
      code.set(first, i32.add(first, rowStep));
      code.set(rows, i32.sub(rows, i32.const(1)));
    },
    () => rows,
  );
}
