// Digits on their way in and out: to text, to bytes, and back.
//
// Digits in memory are redundant, some 2 beyond B/2 at most. As long as they are below B, a number has the sign of its
// highest digit that is not zero, so whether a digit has to lend one to those below it is found by looking down to the next that is not zero. That makes
// every part of the digits independent of the others: threads share them out.

import { DIGIT_BYTES } from '../transform/layout.ts';
import type { Arguments, Code, Expr, Module, Variable } from './code.ts';
import { i32, i64 } from './instructions.ts';

export function addText(module: Module): void {
  addToText(module);
  addToBytes(module);
  addFromBytes(module);
  addFromText(module);
}

/** `count` digits from `digits` on, the first of which lends `borrow`, 0 or 1, to those below. */
const OUT = { digits: 'i32', count: 'i32', to: 'i32', borrow: 'i32' } as const;

/** The next digit, from zero to the base less one. */
function eachDigit(
  code: Code,
  { digits, count, borrow }: Pick<Arguments<typeof OUT>, 'digits' | 'count' | 'borrow'>,
  base: Expr,
  body: (value: Variable) => void,
): void {
  const value = code.variable('i32');
  const end = code.keep('i32', i32.add(digits, i32.mul(count, i32.const(DIGIT_BYTES))));
  code.repeatWhile(
    () => {
      code.set(value, i32.sub(i32.load(digits), borrow));
      code.set(borrow, i32.shr_u(value, i32.const(31)));
      code.set(value, i32.add(value, i32.mul(borrow, base)));
      body(value);
      code.set(digits, i32.add(digits, i32.const(DIGIT_BYTES)));
    },
    () => i32.lt_u(digits, end),
  );
}

// In base 10^5, five characters a digit: the first ends at `to`, the others before it. And the same of an even number of
// digits whose first, third and so on are in base 10^6; the others are in base 10^5, or 10^6 too.
function addToText(module: Module): void {
  module.add('toText', OUT, (code, args) => {
    eachDigit(code, args, i32.const(100_000), (value) => putDigit(code, args.to, value, 5));
  });
  for (const [name, odd] of [
    ['toText65', 5],
    ['toText66', 6],
  ] as const) {
    module.add(name, OUT, (code, { digits, count, to, borrow }) => {
      const end = code.keep('i32', i32.add(digits, i32.mul(count, i32.const(DIGIT_BYTES))));
      const value = code.variable('i32');
      code.repeatWhile(
        () => {
          for (const [i, width] of ([6, odd] as const).entries()) {
            code.set(value, i32.sub(i32.load(digits, i * DIGIT_BYTES), borrow));
            code.set(borrow, i32.shr_u(value, i32.const(31)));
            code.set(value, i32.add(value, i32.mul(borrow, i32.const(10 ** width))));
            putDigit(code, to, value, width);
          }
          code.set(digits, i32.add(digits, i32.const(2 * DIGIT_BYTES)));
        },
        () => i32.lt_u(digits, end),
      );
    });
  }
}

// The characters of a digit before `to`, which goes back to their beginning.
function putDigit(code: Code, to: Variable, value: Expr, width: 5 | 6): void {
  code.set(to, i32.sub(to, i32.const(width)));
  const top = code.keep('i32', quotient(value, 3_518_437_209n, 45n));
  const rest = code.keep('i32', i32.sub(value, i32.mul(top, i32.const(10_000))));
  const hundreds = code.keep('i32', i32.shr_u(i32.mul(rest, i32.const(5243)), i32.const(19)));
  const pairs = code.keep(
    'i32',
    i32.add(hundreds, i32.shl(i32.sub(rest, i32.mul(hundreds, i32.const(100))), i32.const(16))),
  );
  const tens = code.keep(
    'i32',
    i32.and(i32.shr_u(i32.mul(pairs, i32.const(103)), i32.const(10)), i32.const(0x000f_000f)),
  );
  const ones = i32.sub(pairs, i32.mul(tens, i32.const(10)));
  const characters = i32.add(i32.add(tens, i32.shl(ones, i32.const(8))), i32.const(0x3030_3030));
  if (width === 6) {
    const first = code.keep('i32', i32.shr_u(i32.mul(top, i32.const(103)), i32.const(10)));
    const second = i32.sub(top, i32.mul(first, i32.const(10)));
    code.run(i32.store8(to, i32.add(first, i32.const(0x30))));
    code.run(i32.store8(to, i32.add(second, i32.const(0x30)), 1));
  } else {
    code.run(i32.store8(to, i32.add(top, i32.const(0x30))));
  }
  code.run(i32.store(to, characters, width - 4));
}

// value * factor >> shift
function quotient(value: Expr, factor: bigint, shift: bigint): Expr {
  return i32.wrap_i64(i64.shr_u(i64.mul(i64.extend_i32_u(value), i64.const(factor)), i64.const(shift)));
}

// In base 2^bits, least significant byte first; as many digits as make whole words of 32 bits, or the last ones.
function addToBytes(module: Module): void {
  module.add('toBytes', { ...OUT, bits: 'i32' }, (code, { to, bits, ...args }) => {
    const base = code.keep('i32', i32.shl(i32.const(1), bits));
    const held = code.variable('i64');
    const heldBits = code.variable('i32');
    eachDigit(code, args, base, (value) => {
      code.set(held, i64.or(held, i64.shl(i64.extend_i32_u(value), i64.extend_i32_u(heldBits))));
      code.set(heldBits, i32.add(heldBits, bits));
      code.if(i32.ge_s(heldBits, i32.const(32)), () => {
        code.run(i32.store(to, i32.wrap_i64(held)));
        code.set(to, i32.add(to, i32.const(4)));
        code.set(held, i64.shr_u(held, i64.const(32n)));
        code.set(heldBits, i32.sub(heldBits, i32.const(32)));
      });
    });
    code.if(heldBits, () => code.run(i32.store(to, i32.wrap_i64(held))));
  });
}

// The reverse: `count` digits from bit 0 of `from` on; `carry` is 1 when the digit below them was at least half the base.
// Eight bytes are read at a time, so that up to seven behind the last are seen: they are to be zero.
function addFromBytes(module: Module): void {
  const parameters = { from: 'i32', digits: 'i32', count: 'i32', bits: 'i32', carry: 'i32' } as const;
  module.add('fromBytes', parameters, (code, { from, digits, count, bits, carry }) => {
    const mask = code.keep('i32', i32.sub(i32.shl(i32.const(1), bits), i32.const(1)));
    const end = code.keep('i32', i32.add(digits, i32.mul(count, i32.const(DIGIT_BYTES))));
    const at = code.variable('i32');
    const value = code.variable('i32');
    const above = code.variable('i32');
    code.repeatWhile(
      () => {
        const word = i64.load(i32.add(from, i32.shr_u(at, i32.const(3))));
        const shift = i64.extend_i32_u(i32.and(at, i32.const(7)));
        code.set(value, i32.and(i32.wrap_i64(i64.shr_u(word, shift)), mask));
        code.set(above, i32.shr_u(value, i32.sub(bits, i32.const(1))));
        code.run(i32.store(digits, i32.sub(i32.add(value, carry), i32.shl(above, bits))));
        code.set(carry, above);
        // Kept below 2^31: the address takes the whole bytes.
        code.set(at, i32.add(at, bits));
        code.set(from, i32.add(from, i32.shr_u(at, i32.const(3))));
        code.set(at, i32.and(at, i32.const(7)));
        code.set(digits, i32.add(digits, i32.const(DIGIT_BYTES)));
      },
      () => i32.lt_u(digits, end),
    );
  });
}

// The reverse of toText: the first digit's five characters end at `from`, those of the others stand before it.
function addFromText(module: Module): void {
  const parameters = { from: 'i32', digits: 'i32', count: 'i32', carry: 'i32' } as const;
  module.add('fromText', parameters, (code, { from, digits, count, carry }) => {
    const end = code.keep('i32', i32.add(digits, i32.mul(count, i32.const(DIGIT_BYTES))));
    const value = code.variable('i32');
    const above = code.variable('i32');
    code.repeatWhile(
      () => {
        code.set(from, i32.sub(from, i32.const(5)));
        code.set(value, i32.const(0));
        for (let i = 0; i < 5; i++) {
          const character = i32.sub(i32.load8_u(from, i), i32.const(0x30));
          code.set(value, i32.add(i32.mul(value, i32.const(10)), character));
        }
        code.set(above, i32.lt_u(i32.const(49_999), value));
        code.run(i32.store(digits, i32.sub(i32.add(value, carry), i32.mul(above, i32.const(100_000)))));
        code.set(carry, above);
        code.set(digits, i32.add(digits, i32.const(DIGIT_BYTES)));
      },
      () => i32.lt_u(digits, end),
    );
  });
}
