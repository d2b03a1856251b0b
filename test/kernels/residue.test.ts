import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIME_LIMIT, randomPrimes } from '../../src/kernels/primes-60.ts';
import { joinResidues, ResidueKernel } from '../../src/kernels/residue.ts';
import { BLOCK_DIGITS } from '../../src/kernels/residue-layout.ts';
import { FREE, instanceFor, kernelOn, put, putDigits, slowResidue } from './residue-instance.ts';

const LARGEST_PRIME = 1_152_921_502_459_363_201n; // the largest below PRIME_LIMIT
const LENGTHS = [0, 1, 2, 3, 7, 15, 16, 17, 255, 256, 257, 1000, 16_384, 16_385, 100_000];
const BASES = [2, 10, 100_000, 2 ** 16, 2 ** 18, 2 ** 20 - 1, 2 ** 32];
const START = FREE + 64;
const ALIGNMENTS = Array.from({ length: 16 }, (_, i) => i);

const instances = { 1: instanceFor(1), 2: instanceFor(2) };
const [one, two] = randomPrimes(2);
if (one === undefined || two === undefined) throw new Error('expected two primes');

function randomDigits(length: number, most: number): Int32Array {
  return Int32Array.from({ length }, () => Math.round((2 * Math.random() - 1) * most));
}

function bytesOf(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex')).reverse();
}

describe.each([
  { count: 1, primes: [one] },
  { count: 2, primes: [one, two] },
  { count: 2, primes: [LARGEST_PRIME, 3n] },
  { count: 1, primes: [65_537n] },
] as const)('modulo $primes', ({ count, primes }) => {
  const instance = instances[count];
  const kernel = kernelOn(instance, primes);
  const expectedOf = (digits: Iterable<number>, base: number): bigint[] =>
    primes.map((p) => slowResidue(digits, base, p));

  test.each(LENGTHS)('%i random balanced digits have the residue of their number', (length) => {
    const digits = randomDigits(length, 50_002);
    putDigits(instance, digits, START);
    expect(kernel.ofDigits({ start: START, count: length }, 100_000)).toEqual(expectedOf(digits, 100_000));
  });

  test.each(BASES)('digits in base %i, of any size and sign', (base) => {
    for (const most of [1, base / 2 + 2, 2 ** 30, 2 ** 31 - 1]) {
      const digits = randomDigits(777, Math.min(most, 2 ** 31 - 1));
      putDigits(instance, digits, START);
      expect(kernel.ofDigits({ start: START, count: 777 }, base)).toEqual(expectedOf(digits, base));
    }
  });

  test.each([0, 50_002, -50_002, 2 ** 30 - 1, 1 - 2 ** 30, 2 ** 31 - 1, -(2 ** 31)])(
    'digits that are all %i',
    (digit) => {
      for (const length of [1, 16, 255, 256, 5000]) {
        const digits = new Int32Array(length).fill(digit);
        putDigits(instance, digits, START);
        const residues = kernel.ofDigits({ start: START, count: length }, 100_000);
        expect(residues).toEqual(expectedOf(digits, 100_000));
      }
    },
  );

  test('digits, bytes and text may begin at any address', () => {
    const digits = randomDigits(333, 50_002);
    const bytes = Uint8Array.from({ length: 777 }, () => Math.floor(256 * Math.random()));
    const text = bytes.map((byte) => 0x30 + (byte % 10));
    for (const alignment of ALIGNMENTS) {
      const start = START + alignment;
      putDigits(instance, digits, start);
      expect(kernel.ofDigits({ start, count: 333 }, 100_000)).toEqual(expectedOf(digits, 100_000));
      put(instance, bytes, start);
      expect(kernel.ofBytes({ start, count: 777 })).toEqual(expectedOf(bytes, 256));
      put(instance, text, start);
      const value = BigInt(Buffer.from(text).toString());
      expect(kernel.ofText({ start, count: 777 })).toEqual(primes.map((p) => value % p));
    }
  });

  test.each([...LENGTHS, 4, 5, 6, 262_147])('%i bytes have the residue of their number', (length) => {
    for (const fill of [0, 0x7f, 0x80, 0xff, undefined]) {
      const bytes = Uint8Array.from({ length }, () => fill ?? Math.floor(256 * Math.random()));
      put(instance, bytes, START);
      expect(kernel.ofBytes({ start: START, count: length })).toEqual(expectedOf(bytes, 256));
    }
  });

  test.each([...LENGTHS, 8, 31, 32, 33, 63, 64, 131_072, 131_104, 300_001])(
    '%i decimal characters have the residue of their number',
    (length) => {
      for (const fill of [0x30, 0x39, undefined]) {
        const text = Uint8Array.from({ length }, () => fill ?? 0x30 + Math.floor(10 * Math.random()));
        put(instance, text, START);
        const digits = [...text].reverse().map((character) => character - 0x30);
        expect(kernel.ofText({ start: START, count: length })).toEqual(expectedOf(digits, 10));
      }
    },
  );

  test('residues of ranges join to the residue of the whole, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.int32Array({ maxLength: 700 }),
        fc.constantFrom(...BASES),
        fc.nat(700),
        (digits, base, at) => {
          const lowCount = Math.min(at, digits.length);
          putDigits(instance, digits, START);
          const low = kernel.ofDigits({ start: START, count: lowCount }, base);
          const above = { start: START + 4 * lowCount, count: digits.length - lowCount };
          const high = kernel.ofDigits(above, base);
          const whole = kernel.ofDigits({ start: START, count: digits.length }, base);
          expect(joinResidues({ high, low, base, lowCount }, primes)).toEqual(whole);
          expect(whole).toEqual(expectedOf(digits, base));
        },
      ),
    );
  });
});

describe('two random primes', () => {
  const instance = instances[2];
  const primes = [one, two];
  const kernel = kernelOn(instance, primes);

  test('notice a changed digit, byte or character at every position', () => {
    const digits = randomDigits(300, 50_000);
    putDigits(instance, digits, START);
    const range = { start: START, count: digits.length };
    const right = kernel.ofDigits(range, 100_000);
    for (let i = 0; i < digits.length; i += 1) {
      for (const by of [1, -1, 65_536]) {
        putDigits(instance, digits.with(i, (digits[i] ?? 0) + by), START);
        for (const [j, residue] of kernel.ofDigits(range, 100_000).entries())
          expect(residue).not.toBe(right[j]);
      }
    }
    const text = Uint8Array.from({ length: 300 }, (_, i) => 0x30 + (i % 9));
    put(instance, text, START);
    const rightText = kernel.ofText(range);
    const rightBytes = kernel.ofBytes(range);
    for (let i = 0; i < text.length; i += 1) {
      put(instance, text.with(i, (text[i] ?? 0) + 1), START);
      for (const [j, residue] of kernel.ofText(range).entries()) expect(residue).not.toBe(rightText[j]);
      for (const [j, residue] of kernel.ofBytes(range).entries()) expect(residue).not.toBe(rightBytes[j]);
    }
  });

  test('notice two digits that changed places', () => {
    const digits = Int32Array.from({ length: 600 }, (_, i) => i);
    putDigits(instance, digits, START);
    const right = kernel.ofDigits({ start: START, count: 600 }, 100_000);
    for (let i = 0; i + 1 < digits.length; i += 1) {
      putDigits(instance, digits.with(i, i + 1).with(i + 1, i), START);
      const wrong = kernel.ofDigits({ start: START, count: 600 }, 100_000);
      for (const [j, residue] of wrong.entries()) expect(residue).not.toBe(right[j]);
    }
  });

  test.each([0x2f, 0x3a, 0x2d, 0x0a, 0x00, 0xb5, 0xff])(
    'refuse a text with the character %i anywhere',
    (character) => {
      const text = new Uint8Array(77).fill(0x30);
      for (let i = 0; i < text.length; i += 1) {
        put(instance, text.with(i, character), START);
        expect(() => kernel.ofText({ start: START, count: text.length })).toThrow(
          'expected decimal digits only',
        );
      }
      put(instance, text, START);
      expect(kernel.ofText({ start: START, count: text.length })).toEqual([0n, 0n]);
    },
  );

  test('agree on one number as digits, bytes and text', () => {
    const value = 3n ** 200_000n;
    const text = value.toString();
    const padded = text.padStart(5 * Math.ceil(text.length / 5), '0');
    const digits = Int32Array.from(padded.match(/.{5}/g) ?? [], Number).reverse();
    const bytes = bytesOf(value);
    const expected = primes.map((p) => value % p);
    putDigits(instance, digits, START);
    expect(kernel.ofDigits({ start: START, count: digits.length }, 100_000)).toEqual(expected);
    put(instance, bytes, START);
    expect(kernel.ofBytes({ start: START, count: bytes.length })).toEqual(expected);
    put(instance, Buffer.from(text), START);
    expect(kernel.ofText({ start: START, count: text.length })).toEqual(expected);
  });

  test('go on to another base and back', () => {
    const digits = Int32Array.of(1, 2, 3);
    putDigits(instance, digits, START);
    const range = { start: START, count: 3 };
    expect(kernel.ofDigits(range, 10)).toEqual([321n, 321n]);
    expect(kernel.ofDigits(range, 1000)).toEqual([3_002_001n, 3_002_001n]);
    expect(kernel.ofDigits(range, 10)).toEqual([321n, 321n]);
  });
});

describe('the sums have room', () => {
  // The worst table there can be, whether or not a prime makes it: every limb at its bound, every digit at its bound.
  test.each([
    { limb: 2 ** 29, digit: -(2 ** 31) },
    { limb: 2 ** 29, digit: 2 ** 31 - 1 },
    { limb: 1 - 2 ** 29, digit: -(2 ** 31) },
    { limb: 1 - 2 ** 29, digit: 2 ** 31 - 1 },
  ])('for limbs of $limb and digits of $digit', ({ limb, digit }) => {
    const instance = instances[2];
    const count = 3 * BLOCK_DIGITS + 255;
    const table = START;
    const result = table + 16 * (BLOCK_DIGITS + 4);
    const start = result + 32;
    new Int32Array(instance.memory.buffer, table, 4 * (BLOCK_DIGITS + 4)).fill(limb);
    new Int32Array(instance.memory.buffer, start, count).fill(digit);
    const limbs = new Int32Array(instance.memory.buffer, result, 8).fill(0);
    instance.functions.residues(start, count, 0, table, result);

    const power = BigInt(limb) + (BigInt(limb) << 30n);
    const sumOf = (digits: number): bigint => BigInt(digits) * BigInt(digit) * power;
    let state = [0n, 0n, 0n, 0n];
    for (const digits of [255, BLOCK_DIGITS, BLOCK_DIGITS, BLOCK_DIGITS]) {
      const whole = state.reduce((sum, each) => sum + each * power, sumOf(digits));
      state = [whole, whole >> 30n, whole >> 60n].map((each) => BigInt.asUintN(30, each));
      state.push(whole >> 90n);
    }
    const expected = state.map(Number);
    expect([...limbs]).toEqual([...expected, ...expected]);
  });
});

test('powers that lie at the bound of a limb leave room too', () => {
  // Every power of 2^29 but the first is 2^29 modulo this number, which the kernel need not know to be no prime.
  const modulus = 2n ** 29n * (2n ** 29n - 1n);
  const kernel = kernelOn(instances[1], [modulus]);
  for (const digit of [-(2 ** 31), 2 ** 31 - 1]) {
    const digits = new Int32Array(1000).fill(digit);
    putDigits(instances[1], digits, START);
    const residues = kernel.ofDigits({ start: START, count: digits.length }, 2 ** 29);
    expect(residues).toEqual([slowResidue(digits, 2 ** 29, modulus)]);
  }
});

test('a kernel refuses what its tables are not made for', () => {
  const { functions, memory } = instances[2];
  const setting = { functions, memory, place: 16, primes: [one, two] };
  expect(() => new ResidueKernel({ ...setting, place: 8 })).toThrow('multiple of 16, got 8');
  expect(() => new ResidueKernel({ ...setting, primes: [] })).toThrow('one or two primes, got 0');
  expect(() => new ResidueKernel({ ...setting, primes: [PRIME_LIMIT, one] })).toThrow('primes below');
  const kernel = new ResidueKernel(setting);
  for (const base of [1, 0.5, 2 ** 33]) {
    expect(() => kernel.ofDigits({ start: START, count: 1 }, base)).toThrow('expected a base from 2 to 2^32');
  }
});
