// Functions that reduce numbers in memory modulo one or two primes at once, to certify that a result is exact.
//
// WebAssembly has no product of 64 by 64 bits, and none is needed: the residue of a number is the scalar product of its
// digits and the powers of its base, each power being two limbs of 30 bits. Nothing is reduced modulo p in here: what
// is left at the end are four limbs, for the caller to reduce.
//
// Bounds. p < 2^60 - 2^31, so a power, balanced, is low + 2^30 high with both in (-2^29, 2^29]. A digit is any int32. A
// product then lies in [-2^60, 2^60 - 2^29], and eight of them fit a signed lane of 64 bits, whatever they are.
import { BLOCK_DIGITS, TEXT_BASE, TEXT_STEP } from '../residue-layout.ts';
import type { Code, Expr, Module, Variable } from './code.ts';
import { i8x16, i16x8, i32, i32x4, i64, i64x2, shuffle32, v128 } from './instructions.ts';

/** A limb in the making: what is left of it from the block above, and sums over the digits of this block. */
interface Limb {
  /** Of the eight products at hand. */
  readonly near: Variable;
  /** Of all products, modulo 2^64, by lanes; and of their upper halves, each 2^31 too large. */
  readonly totals: Variable;
  readonly uppers: Variable;
  /** The same of the digits taken one at a time, with upper halves as they are. */
  readonly total: Variable;
  readonly upper: Variable;
  readonly carried: Variable;
}

/**
 * `residues1` or `residues2` (digits, count, flip, table, result), for one prime or two. It reads `count` int32 digits,
 * least significant first, each after an exclusive or with `flip`, and leaves for each prime four int32 limbs at
 * `result`: the number is congruent to their sum with weights 1, 2^30, 2^60, 2^90. Digits need no alignment.
 *
 * The limbs at `result` must be zero before, or those of the digits right above; `count` is then a multiple of
 * {@link BLOCK_DIGITS}. A long number goes through many short calls, because V8 takes up its better code at calls only.
 *
 * The table, aligned to 16 bytes: for every four digits and for each prime, the low limbs of the four powers, then the
 * high limbs. After {@link BLOCK_DIGITS} of them, for each prime: low and high limb of the power B^BLOCK_DIGITS, and of
 * that power times 2^30, 2^60 and 2^90.
 */
export function addResidues(module: Module, primes: 1 | 2): void {
  const parameters = { digits: 'i32', count: 'i32', flip: 'i32', table: 'i32', result: 'i32' } as const;
  module.add(`residues${primes}`, parameters, (code, { digits, count, flip, table, result }) => {
    const limbs = Array.from({ length: 2 * primes }, () => newLimb(code));
    const state = Array.from({ length: 4 * primes }, (_, i) => code.keep('i64', i64.load32_s(result, 4 * i)));
    const flips = code.keep('v128', i32x4.splat(flip));
    const signs = code.keep('v128', i64x2.splat(i64.const(-(2n ** 63n))));
    const taken = code.variable('i32');
    const at = code.variable('i32');
    const powers = code.variable('i32');
    const end = code.variable('i32');
    const step = 32 * primes;

    const eightProductsALane = (): void => {
      for (let vector = 0; vector < 4; vector += 1) {
        const x = code.keep('v128', v128.xor(v128.load(at, 16 * vector), flips));
        for (const [index, limb] of limbs.entries()) {
          const power = code.keep('v128', v128.load(powers, vector * step + 16 * index));
          const low = i64x2.extmul_low_i32x4_s(x, power);
          code.set(limb.near, vector === 0 ? low : i64x2.add(limb.near, low));
          code.set(limb.near, i64x2.add(limb.near, i64x2.extmul_high_i32x4_s(x, power)));
        }
      }
      for (const { near, totals, uppers } of limbs) {
        code.set(totals, i64x2.add(totals, near));
        code.set(uppers, i64x2.add(uppers, i64x2.shr_u(v128.xor(near, signs), i32.const(32))));
      }
      code.set(at, i32.add(at, i32.const(64)));
      code.set(powers, i32.add(powers, i32.const(4 * step)));
    };

    const oneDigit = (): void => {
      const digit = code.keep('i64', i64.extend_i32_s(i32.xor(i32.load(at), flip)));
      for (const [index, { total, upper }] of limbs.entries()) {
        const product = code.keep('i64', i64.mul(digit, i64.load32_s(powers, 16 * index)));
        code.set(total, i64.add(total, product));
        code.set(upper, i64.add(upper, i64.shr_s(product, i64.const(32n))));
      }
      code.set(at, i32.add(at, i32.const(4)));
      code.set(powers, i32.add(powers, i32.const(4)));
      // Past the four low limbs, and the other limbs of the four.
      code.if(i32.eqz(i32.and(i32.sub(powers, table), i32.const(15))), () => {
        code.set(powers, i32.add(powers, i32.const(step - 16)));
      });
    };

    const block = (): void => {
      // The most significant block comes first, and it alone may be short.
      code.set(
        taken,
        i32.add(i32.and(i32.sub(count, i32.const(1)), i32.const(BLOCK_DIGITS - 1)), i32.const(1)),
      );
      code.set(count, i32.sub(count, taken));
      code.set(at, i32.add(digits, i32.shl(count, i32.const(2))));
      code.set(powers, table);
      code.set(end, i32.add(at, i32.shl(i32.and(taken, i32.const(-16)), i32.const(2))));
      const zero = code.keep('v128', v128.xor(signs, signs));
      for (const { totals, uppers, total, upper } of limbs) {
        for (const each of [totals, uppers]) code.set(each, zero);
        for (const each of [total, upper]) code.set(each, i64.const(0n));
      }
      code.if(i32.lt_u(at, end), () => code.repeatWhile(eightProductsALane, () => i32.lt_u(at, end)));
      code.set(end, i32.add(at, i32.shl(i32.and(taken, i32.const(15)), i32.const(2))));
      code.if(i32.lt_u(at, end), () => code.repeatWhile(oneDigit, () => i32.lt_u(at, end)));

      for (let prime = 0; prime < primes; prime += 1) {
        const own = state.slice(4 * prime, 4 * prime + 4);
        const weights = (BLOCK_DIGITS / 4) * step + 32 * prime;
        const [low, high] = limbs.slice(2 * prime, 2 * prime + 2);
        if (low === undefined || high === undefined) continue;
        for (const [index, limb] of [low, high].entries()) {
          // At most 3 * 2^30 * 2^29 + 2^16 * 2^29: the first three of a state are below 2^30, the last is small.
          const terms = own.map((each, i) => i64.mul(each, i64.load32_s(table, weights + 8 * i + 4 * index)));
          code.set(
            limb.carried,
            terms.reduce((sum, term) => i64.add(sum, term)),
          );
        }
        carry(code, own, { low, high, groups: i32.shr_u(taken, i32.const(4)) });
      }
    };

    code.if(count, () => code.repeatWhile(block, () => count));
    for (const [index, each] of state.entries()) code.run(i32.store(result, i32.wrap_i64(each), 4 * index));
  });
}

function newLimb(code: Code): Limb {
  return {
    near: code.variable('v128'),
    totals: code.variable('v128'),
    uppers: code.variable('v128'),
    total: code.variable('i64'),
    upper: code.variable('i64'),
    carried: code.variable('i64'),
  };
}

interface Carried {
  readonly low: Limb;
  readonly high: Limb;
  /** How often upper halves were added that are 2^31 too large, in both lanes. */
  readonly groups: Expr;
}

/** The state after a block: low + 2^30 high as limbs of 30 bits, the last one of at most 16 bits and a sign. */
function carry(code: Code, state: readonly Variable[], { low, high, groups }: Carried): void {
  const excess = code.keep('i64', i64.shl(i64.extend_i32_u(groups), i64.const(32n)));
  const halves = ({
    totals,
    uppers,
    total,
    upper,
  }: Limb): { readonly rest: Variable; readonly upper: Variable } => {
    const both = i64.add(i64x2.extract_lane(uppers, 0), i64x2.extract_lane(uppers, 1));
    const top = code.keep('i64', i64.add(i64.sub(both, excess), upper));
    const sum = i64.add(i64.add(i64x2.extract_lane(totals, 0), i64x2.extract_lane(totals, 1)), total);
    // The sum of the lower halves: below 256 * 2^32, so exact though `sum` is known modulo 2^64 only.
    return { rest: code.keep('i64', i64.sub(sum, i64.shl(top, i64.const(32n)))), upper: top };
  };
  const first = halves(low);
  const second = halves(high);
  // Weights 1, 2^30, 2^60; an upper half weighs 2^32 = 4 * 2^30. Sums below 2^62.
  const sums = [
    i64.add(low.carried, first.rest),
    i64.add(i64.add(high.carried, second.rest), i64.shl(first.upper, i64.const(2n))),
    i64.shl(second.upper, i64.const(2n)),
  ];
  let above: Expr = i64.const(0n);
  for (const [index, variable] of state.entries()) {
    const sum = sums[index];
    const whole = code.keep('i64', sum === undefined ? above : i64.add(sum, above));
    code.set(variable, sum === undefined ? whole : i64.and(whole, i64.const(2n ** 30n - 1n)));
    above = i64.shr_s(whole, i64.const(30n));
  }
}

/**
 * `decimalDigits` (text, steps, digits): writes the `TEXT_STEP * steps` decimal characters at `text`, the most
 * significant first, as int32 digits in base {@link TEXT_BASE}, the least significant first: four for each step. The
 * result is 0 when all of them were decimal characters; otherwise the digits mean nothing.
 */
export function addDecimalDigits(module: Module): void {
  const body = (code: Code, args: { readonly [Name in 'text' | 'steps' | 'digits']: Variable }): void => {
    const { text, steps, digits } = args;
    const zeros = code.keep('v128', i8x16.splat(i32.const(0x30)));
    const nines = code.keep('v128', i8x16.splat(i32.const(9)));
    const bytes = code.keep('v128', i16x8.splat(i32.const(0xff)));
    const tens = code.keep('v128', i16x8.splat(i32.const(10)));
    const hundreds = code.keep('v128', i32x4.splat(i32.const(0x1_0000 + 100)));
    const myriads = code.keep('v128', i32x4.splat(i32.const(0x1_0000 + 10_000)));
    const wrong = code.variable('v128');
    const to = code.keep('i32', i32.add(digits, i32.shl(steps, i32.const(4))));

    const fourDigits = (offset: number): Expr => {
      const x = code.keep('v128', i8x16.sub(v128.load(text, offset), zeros));
      code.set(wrong, v128.or(wrong, i8x16.gt_u(x, nines)));
      const pairs = i16x8.add(i16x8.mul(v128.and(x, bytes), tens), i16x8.shr_u(x, i32.const(8)));
      return code.keep('v128', i32x4.dot_i16x8_s(pairs, hundreds));
    };
    const oneStep = (): void => {
      const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_s(fourDigits(0), fourDigits(16)), myriads);
      const value = code.keep('v128', eights);
      code.set(to, i32.sub(to, i32.const(16)));
      code.run(v128.store(to, shuffle32(value, value, [3, 2, 1, 0])));
      code.set(text, i32.add(text, i32.const(TEXT_STEP)));
    };
    code.if(steps, () => code.repeatWhile(oneStep, () => i32.ne(to, digits)));
    code.result(v128.any_true(wrong));
  };
  module.add('decimalDigits', { text: 'i32', steps: 'i32', digits: 'i32' }, body, 'i32');
}
