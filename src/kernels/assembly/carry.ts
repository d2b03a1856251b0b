// From the transform back to digits: rounding, and carrying by vectors.
//
// A coefficient y becomes l + m B + h B^2, and the digit at j is l[j] + m[j-1] + h[j-2], rounded. While |y| < 1.5 B^3, one
// more carry of -2..2 leaves it within B/2 + 2; beyond, the carry grows with h, and the digit with the carry (see
// README.md, "From coefficients to digits"). Digits stay redundant: only who reads the number carries them all the way.
//
// Digits with an even and those with an odd number may have bases of their own, as lanes have. The parameter `base` is the
// address of seven pairs: the bases, their inverses, their product, its inverse, the constant that rounds, and what a
// coefficient and a digit are multiplied by (see README.md, "Numbers as digits").

import { DIGIT_BYTES, HELD_BYTES, PAIR_BYTES } from '../transform/layout.ts';
import type { Code, Expr, Module, Variable } from './code.ts';
import { f64, f64x2, i32, memoryFill, shuffle32, shuffle64, subtractProduct, v128 } from './instructions.ts';

// What a piece held at its end goes to the digits that come next: of each row's two halves, `upper` bytes apart.
function addAddHeld(module: Module): void {
  const parameters = {
    held: 'i32',
    rows: 'i32',
    digits: 'i32',
    digitStep: 'i32',
    upper: 'i32',
    base: 'i32',
  } as const;
  module.add('addHeld', parameters, (code, { held, rows, digits, digitStep, upper, base }) => {
    const [even, odd, evenInverse, oddInverse] = [0, 8, 16, 24].map((offset) =>
      code.keep('f64', f64.load(base, offset)),
    ) as unknown as readonly [Expr, Expr, Expr, Expr];
    const digitAt = (address: Expr, index: number): Expr =>
      f64.convert_i32_s(i32.load(address, index * DIGIT_BYTES));
    const put = (address: Expr, index: number, value: Expr): void => {
      code.run(i32.store(address, i32.trunc_sat_f64_s(value), index * DIGIT_BYTES));
    };
    code.repeatWhile(
      () => {
        for (const half of [0, 1]) {
          const address = half === 0 ? digits : code.keep('i32', i32.add(digits, upper));
          const at = (index: number): Expr => f64.load(held, half * (HELD_BYTES / 2) + 8 * index);
          // Of the last two digits: what goes one further, what two further, and the last carry.
          const first = code.keep('f64', f64.add(digitAt(address, 0), f64.add(at(1), f64.add(at(2), at(5)))));
          const carry = code.keep('f64', f64.nearest(f64.mul(first, evenInverse)));
          const second = code.keep('f64', f64.add(digitAt(address, 1), f64.add(at(3), carry)));
          const last = code.keep('f64', f64.nearest(f64.mul(second, oddInverse)));
          put(address, 0, f64.sub(first, f64.mul(carry, even)));
          put(address, 1, f64.sub(second, f64.mul(last, odd)));
          put(address, 2, f64.add(digitAt(address, 2), last));
        }
        code.set(held, i32.add(held, i32.const(HELD_BYTES)));
        code.set(digits, i32.add(digits, digitStep));
        code.set(rows, i32.sub(rows, i32.const(1)));
      },
      () => rows,
    );
  });
}

interface Base {
  readonly base: Expr;
  readonly inverse: Expr;
  readonly square: Expr;
  readonly inverseSquare: Expr;
  readonly rounding: Expr;
  readonly weight: Expr;
}

/** What passes from one vector of digits to the next. */
interface Held {
  readonly middle: Variable;
  readonly high: Variable;
  readonly carry: Variable;
}

export function addCarry(module: Module): void {
  addAddHeld(module);
  module.add('clear', { at: 'i32', bytes: 'i32' }, (code, { at, bytes }) => {
    code.run(memoryFill(at, i32.const(0), bytes));
  });
  const parameters = {
    first: 'i32',
    rows: 'i32',
    rowStep: 'i32',
    width: 'i32',
    digits: 'i32',
    digitStep: 'i32',
    upper: 'i32',
    held: 'i32',
    heldStep: 'i32',
    base: 'i32',
    watch: 'i32',
  } as const;
  module.add('carry', parameters, (code, args) => {
    const { first, rows, rowStep, width, digits, digitStep, upper, held, heldStep } = args;
    const base = loadBase(code, args.base);
    const watch = code.keep('v128', v128.load(args.watch));
    code.repeatWhile(
      () => {
        const address = code.keep('i32', first);
        const end = code.keep('i32', i32.add(first, width));
        const to = code.keep('i32', digits);
        const halves = [0, 48].map((offset) => loadHeld(code, held, offset));
        code.repeatWhile(
          () => {
            for (const [half, state] of halves.entries()) {
              const out = [0, 1].map((pair) => {
                const weighted = v128.load(address, pair * PAIR_BYTES + half * 16);
                const value = code.keep('v128', f64x2.mul(weighted, base.weight));
                return digitsOf(code, value, { base, state, watch });
              });
              const [low, high] = out as [Expr, Expr];
              const four = code.keep('v128', shuffle32(low, high, [0, 2, 4, 6]));
              code.run(v128.store(half === 0 ? to : i32.add(to, upper), four));
            }
            code.set(to, i32.add(to, i32.const(16)));
            code.set(address, i32.add(address, i32.const(2 * PAIR_BYTES)));
          },
          () => i32.lt_u(address, end),
        );
        for (const [half, state] of halves.entries()) storeHeld(code, held, state, half * 48);
        code.set(first, i32.add(first, rowStep));
        code.set(digits, i32.add(digits, digitStep));
        code.set(held, i32.add(held, heldStep));
        code.set(rows, i32.sub(rows, i32.const(1)));
      },
      () => rows,
    );
    code.run(v128.store(args.watch, watch));
  });
}

// Two digits, as the low halves of two doubles' bits.
function digitsOf(
  code: Code,
  value: Expr,
  { base, state, watch }: { readonly base: Base; readonly state: Held; readonly watch: Variable },
): Expr {
  const round = (x: Expr): Expr => code.keep('v128', f64x2.nearest(x));
  const high = round(f64x2.mul(value, base.inverseSquare));
  // Exact, as are the differences below, if the value is below 2^53: what is left of it keeps its fraction to the end.
  // Only the sums round, and by less than 2^-30.
  const rest = code.keep('v128', subtractProduct(code, value, high, base.square));
  const middle = round(f64x2.mul(rest, base.inverse));
  const low = code.keep('v128', subtractProduct(code, rest, middle, base.base));
  const sum = code.keep('v128', f64x2.add(f64x2.add(low, shuffle64(state.middle, middle, 1, 2)), state.high));
  const carry = round(f64x2.mul(sum, base.inverse));
  const digit = code.keep('v128', subtractProduct(code, sum, carry, base.base));
  const total = code.keep('v128', f64x2.add(digit, shuffle64(state.carry, carry, 1, 2)));
  code.set(watch, f64x2.pmax(watch, f64x2.abs(f64x2.sub(total, f64x2.nearest(total)))));
  const result = code.keep('v128', f64x2.add(total, base.rounding));
  code.set(state.middle, middle);
  code.set(state.high, high);
  code.set(state.carry, carry);
  return result;
}

function loadBase(code: Code, address: Expr): Base {
  const at = (index: number): Expr => code.keep('v128', v128.load(address, 16 * index));
  return {
    base: at(0),
    inverse: at(1),
    square: at(2),
    inverseSquare: at(3),
    rounding: at(4),
    weight: at(5),
  };
}

function loadHeld(code: Code, address: Expr, offset: number): Held {
  const at = (index: number): Variable => code.keep('v128', v128.load(address, offset + 16 * index));
  return { middle: at(0), high: at(1), carry: at(2) };
}

function storeHeld(code: Code, address: Expr, state: Held, offset: number): void {
  for (const [index, each] of [state.middle, state.high, state.carry].entries()) {
    code.run(v128.store(address, each, offset + 16 * index));
  }
}
