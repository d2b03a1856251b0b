// Text and bytes are those of the digits, whatever the digits, and wherever in the memory they are.
import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory } from '../../src/kernels/transform/open.ts';
import { outSize } from '../../src/kernels/transform/tasks-out.ts';

const OUT_PIECE: number = outSize(1);
const memory = newMemory();
const engine = new Engine(memory, instantiate(memory));
// Beyond 2^31, where an address taken for a signed number is negative. Only what is touched of the memory is there.
const HIGH = 3 * 2 ** 30;
const LOW: number = 2 ** 20;
const AREA: number = 2 ** 20;
engine.prepare([], HIGH + 2 * AREA);

type Make = (base: number, i: number) => number;

// As large as digits between two steps may be: base / 2 + 2.
const random: Make = (base) => Math.floor(Math.random() * (base + 5)) - base / 2 - 2;
const KINDS: Readonly<Record<string, Make>> = {
  'at random': random,
  'all at the upper bound': (base) => base / 2 + 2,
  'all at the lower bound': (base) => -base / 2 - 2,
  'all minus one': () => -1,
  'all zero but the lowest, which is negative': (_, i) => (i === 0 ? -1 : 0),
  'all zero but the lowest': (_, i) => (i === 0 ? 1 : 0),
  'mostly zero': (base, i) => (i % 5000 === 4999 ? random(base, i) : 0),
};

function digitsOf(make: Make, base: number, count: number): Int32Array {
  const digits = Int32Array.from({ length: count }, (_, i) => make(base, i));
  digits[count - 1] = 1; // a number from zero on has a highest digit above zero
  return digits;
}

/** The digits from 0 to the base, one after the other. */
function plain(digits: Int32Array, base: number): number[] {
  let carry = 0;
  return Array.from(digits, (digit) => {
    const value = digit + carry;
    carry = Math.floor(value / base);
    return value - carry * base;
  });
}

function textOf(at: number, digits: Int32Array, width: number): string {
  new Int32Array(engine.buffer, at, digits.length).set(digits);
  const end = at + AREA;
  const work = { digits: at, count: digits.length, to: end, width, oddWidth: width, size: OUT_PIECE };
  engine.run('text', work, Math.ceil(work.count / OUT_PIECE));
  const length = digits.length * width;
  return Buffer.from(engine.buffer, end - length, length).toString('latin1');
}

function bytesOf(at: number, digits: Int32Array, bits: number): string {
  new Int32Array(engine.buffer, at, digits.length).set(digits);
  const work = { digits: at, count: digits.length, to: at + AREA / 2, bits, size: OUT_PIECE };
  engine.run('bytes', work, Math.ceil(work.count / OUT_PIECE));
  const bytes = Buffer.from(engine.buffer, work.to, Math.ceil((digits.length * bits) / 32) * 4);
  return Buffer.from(bytes).reverse().toString('hex');
}

for (const [where, at] of [
  ['low', LOW],
  ['high', HIGH],
] as const) {
  describe(`digits in ${where} memory`, () => {
    for (const [kind, make] of Object.entries(KINDS)) {
      test.each([3, 4, 5])(`${kind}, of %i characters, become their text`, (width) => {
        const digits = digitsOf(make, 10 ** width, 2 * OUT_PIECE + 77);
        const expected = plain(digits, 10 ** width)
          .reverse()
          .map((digit) => String(digit).padStart(width, '0'));
        expect(textOf(at, digits, width) === expected.join('')).toBe(true);
      });
      test.each([8, 11, 16, 18, 20])(`${kind}, of %i bits, become their bytes`, (bits) => {
        const count = OUT_PIECE + 77;
        const digits = digitsOf(make, 2 ** bits, count);
        const binary = plain(digits, 2 ** bits)
          .reverse()
          .map((digit) => digit.toString(2).padStart(bits, '0'));
        const expected = BigInt(`0b${binary.join('')}`).toString(16);
        expect(bytesOf(at, digits, bits).replace(/^0+/, '') === expected).toBe(true);
      });
    }
  });
}
