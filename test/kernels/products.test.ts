// Products by the transform are those of BigInt, whatever the size and the digits.

import { describe, expect, test } from 'vitest';
import { oneBase } from '../../src/kernels/transform/base.ts';
import { RoundingError, resultDigits, workBytes } from '../../src/kernels/transform/engine.ts';
import { openEngine } from '../../src/kernels/transform/open.ts';
import { digitsIn, rowsFor } from '../../src/kernels/transform/shapes.ts';

const DECIMAL = 100_000;
const PRIME = (1n << 61n) - 1n;
const engine = openEngine();

type Make = (length: number, base: number, i: number) => number;

function product(rows: number, base: number, a: readonly number[], b: readonly number[]): Int32Array {
  const size = resultDigits(rows) * 4;
  const start = engine.prepare([rows], 3 * size + workBytes(rows, 1));
  const place = (digits: readonly number[], at: number) => {
    new Int32Array(engine.buffer, at, digits.length).set(digits);
    return { at, length: digits.length };
  };
  engine.step({
    rows,
    base: oneBase(base),
    a: place(a, start),
    b: place(b, start + size),
    forms: [[0, 1, 0]],
    to: [start + 2 * size],
    work: start + 3 * size,
  });
  return new Int32Array(engine.buffer, start + 2 * size, resultDigits(rows));
}

function residue(digits: Iterable<number>, base: number): bigint {
  let sum = 0n;
  let power = 1n;
  for (const digit of digits) {
    sum += BigInt(digit) * power;
    power = (power * BigInt(base)) % PRIME;
  }
  return ((sum % PRIME) + PRIME) % PRIME;
}

const digitsOf = (length: number, base: number, make: Make): number[] =>
  Array.from({ length }, (_, i) => make(length, base, i));
const random: Make = (_, base) => Math.floor(Math.random() * base) - base / 2;
const KINDS: Readonly<Record<string, Make>> = {
  random,
  'all ones': () => 1,
  'all at the upper bound': (_, base) => base / 2,
  'all at the lower bound': (_, base) => -base / 2,
  'signs in turn at the bound': (_, base, i) => (i % 2 === 0 ? base / 2 : -base / 2),
  'a power of the base': (length, _, i) => (i === length - 1 ? 1 : 0),
  'a power of the base less one': (length, _, i) => (i === 0 ? -1 : i === length - 1 ? 1 : 0),
};

describe('a product in every number of rows', () => {
  for (const rows of [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 64, 80, 96]) {
    test(`of ${rows} is right`, () => {
      const half = digitsIn(rows) / 2;
      const a = digitsOf(half, DECIMAL, random);
      const b = digitsOf(half - 1, DECIMAL, random);
      const result = product(rows, DECIMAL, a, b);
      expect(residue(result, DECIMAL)).toBe((residue(a, DECIMAL) * residue(b, DECIMAL)) % PRIME);
      expect(result.every((digit) => Math.abs(digit) <= DECIMAL / 2 + 2)).toBe(true);
    });
    test(`of ${rows}, with one factor longer than half, is right`, () => {
      const length = digitsIn(rows);
      const a = digitsOf(length - 700, DECIMAL, random);
      const b = digitsOf(690, DECIMAL, random);
      const result = product(rows, DECIMAL, a, b);
      expect(residue(result, DECIMAL)).toBe((residue(a, DECIMAL) * residue(b, DECIMAL)) % PRIME);
    });
  }
});

describe('a product of digits', () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    for (const base of [DECIMAL, 2 ** 12, 2 ** 16]) {
      test(`${kind}, in base ${base}, is right`, () => {
        const rows = rowsFor(20_000);
        const a = digitsOf(9_999, base, make);
        const b = digitsOf(10_000, base, make);
        const result = product(rows, base, a, b);
        expect(residue(result, base)).toBe((residue(a, base) * residue(b, base)) % PRIME);
      });
    }
  }
});

test('a product that rounding would make wrong is refused', () => {
  const base = 2 ** 24;
  const a = digitsOf(9_000, base, random);
  expect(() => product(rowsFor(18_000), base, a, a)).toThrow(RoundingError);
});

test('a product whose numbers no double holds is refused, for their errors show in the others', () => {
  const base = 2 ** 23;
  const a = digitsOf(8_192, base, (_, each) => each / 2);
  expect(() => product(8, base, a, a)).toThrow(RoundingError);
});
