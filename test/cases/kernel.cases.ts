// What every kernel promises: the product that V8 makes, whatever the factors.
import { expect, test } from 'vitest';
import { factorOf, type Kernel } from '../../src/kernels/kernel.ts';

/** A random bigint of at most so many bits, of either sign. */
export function randomBigint(bits: number): bigint {
  let hex = '';
  for (let i = 0; i < Math.ceil(bits / 32); i++) {
    hex += Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  }
  const value = BigInt.asUintN(bits, BigInt(`0x0${hex}`));
  return Math.random() < 0.5 ? -value : value;
}

export function multiplyBy(kernel: Kernel, a: bigint, b: bigint): bigint {
  const [x, y] = [factorOf(a), factorOf(b)];
  return x.bits < y.bits ? kernel.multiply(y, x) : kernel.multiply(x, y);
}

/** Products that are hard in some way: long runs of one digit, powers and their neighbours, digits at their bounds. */
export function hardNumbers(bits: number): readonly bigint[] {
  const power = 1n << BigInt(bits);
  const ten = 10n ** BigInt(Math.floor(bits / 3.33));
  const repeated = (pattern: string): bigint => BigInt(`0x${pattern.repeat(Math.ceil(bits / 32))}`);
  return [
    0n,
    1n,
    -1n,
    power,
    power - 1n,
    power + 1n,
    -power,
    ten,
    ten - 1n,
    ten + 1n,
    1n - ten,
    (5n * (ten - 1n)) / 9n,
    ...['55555555', 'aaaaaaaa', '80008000', '7fff7fff', '80000001', '0000ffff', '77777777'].map(repeated),
    halfDigits(bits, 17),
    halfDigits(bits, 18),
    halfDigits(bits, 19),
    halfDigits(bits, 20),
  ];
}

// Every digit of so many bits at its bound, in balanced form: as far from zero as digits go, with one sign.
function halfDigits(bits: number, width: number): bigint {
  const digit = (1n << BigInt(width - 1)) - 1n;
  const base = (1n << BigInt(width)) - 1n;
  const count = Math.ceil(bits / width);
  return (digit * ((1n << BigInt(width * count)) - 1n)) / base;
}

export function kernelCases(kernel: Kernel): void {
  test.each([100, 5_000, 40_000, 300_000])('hard products of %i bits are those of V8', (bits) => {
    const numbers = hardNumbers(bits);
    for (const [i, a] of numbers.entries()) {
      const b = numbers[(i * 7 + 3) % numbers.length] ?? 0n;
      expect(multiplyBy(kernel, a, b) === a * b, `${i} by ${(i * 7 + 3) % numbers.length}`).toBe(true);
      expect(kernel.square(factorOf(a)) === a * a, `the square of ${i}`).toBe(true);
    }
  });

  test('factors of very different lengths are multiplied as V8 does', () => {
    for (const [bitsA, bitsB] of [
      [200_000, 1],
      [200_000, 64],
      [500_000, 3_000],
      [500_000, 100_000],
      [600_000, 20_000],
      [3_000_000, 2_000],
    ] as const) {
      const [a, b] = [randomBigint(bitsA), randomBigint(bitsB)];
      expect(multiplyBy(kernel, a, b) === a * b).toBe(true);
      const shorter = hardNumbers(bitsB);
      for (const [i, longer] of hardNumbers(bitsA).entries()) {
        const short = shorter[(i * 7 + 3) % shorter.length] ?? 0n;
        expect(multiplyBy(kernel, longer, short) === longer * short, `${i} of ${bitsA}`).toBe(true);
      }
    }
  });
}
