// The domains of the functions of big numbers: whether a BigInt will hold the result is known from the factors' lengths.
import { factorOf } from '../../../src/kernels/kernel.ts';
import {
  checkCount,
  checkWhole,
  INTEGERS,
  NATURAL,
  RESULT_BITS,
  refusal,
  resultTooLarge,
  wrongArgument,
} from './checks.ts';

// Neither two such factors nor one and any other that V8 holds come near its limit; told without reading their bytes.
const SHORT = 1n << 65_536n;

export function checkMultiply(args: readonly unknown[]): void {
  const where = 'multiply(a, b)';
  checkCount(where, 2, args);
  const [a, b] = args;
  checkWhole(`${where}, a`, a, INTEGERS);
  checkWhole(`${where}, b`, b, INTEGERS);
  checkProduct(where, a, b);
}

export function checkSquare(args: readonly unknown[]): void {
  const where = 'square(a)';
  checkCount(where, 1, args);
  const [a] = args;
  checkWhole(where, a, INTEGERS);
  checkProduct(where, a, a);
}

function checkProduct(where: string, a: number | bigint, b: number | bigint): void {
  if (isShort(a) && isShort(b)) return;
  const [bitsA, bitsB] = [a, b].map((value) => factorOf(BigInt(value)).bits) as [number, number];
  // As V8 counts it, in words.
  const words = Math.ceil(bitsA / 64) + Math.ceil(bitsB / 64);
  if (bitsA === 0 || bitsB === 0 || 64 * words <= RESULT_BITS + 64) return;
  throw resultTooLarge(where, `a product of at most ${RESULT_BITS} bits`, `factors of ${bitsA} and ${bitsB}`);
}

function isShort(value: number | bigint): boolean {
  return value < SHORT && value > -SHORT;
}

export function checkPower(args: readonly unknown[]): void {
  const where = 'power(a, n)';
  checkCount(where, 2, args);
  const [a, n] = args;
  checkWhole(`${where}, a`, a, INTEGERS);
  checkWhole(`${where}, n`, n, NATURAL);
  if (a >= -1 && a <= 1) return;
  const bits = Number(n) * log2(BigInt(a));
  if (bits < RESULT_BITS) return;
  throw resultTooLarge(where, `n * log2(a) below ${RESULT_BITS}`, bits.toPrecision(10));
}

// Of the magnitude: the bits below its topmost word do not matter.
function log2(value: bigint): number {
  const { bits, magnitude } = factorOf(value);
  const top = magnitude.bytes.subarray(Math.max(0, Math.ceil(bits / 8) - 7), Math.ceil(bits / 8));
  const leading = top.reduceRight((sum, byte) => 256 * sum + byte, 0);
  return Math.log2(leading) + 8 * (Math.ceil(bits / 8) - top.length);
}

export function checkToDecimal(args: readonly unknown[]): void {
  const where = 'toDecimal(value)';
  checkCount(where, 1, args);
  checkWhole(where, args[0], INTEGERS);
}

// The digits whose number has certainly no more bits than a result may have.
const MOST_DIGITS = Math.floor(RESULT_BITS * Math.log10(2));

export function checkFromDecimal(args: readonly unknown[]): void {
  const where = 'fromDecimal(text)';
  checkCount(where, 1, args);
  const [text] = args;
  const expected = 'decimal digits, with or without a minus before them';
  if (typeof text !== 'string') throw wrongArgument(where, expected, text);
  const start = text.startsWith('-') ? 1 : 0;
  const other = text.slice(start).search(/[^0-9]/);
  if (other >= 0) {
    throw refusal(where, expected, `${JSON.stringify(text.charAt(start + other))} at ${start + other}`);
  }
  if (text.length === start) throw wrongArgument(where, expected, text);
  if (text.length - start <= MOST_DIGITS) return;
  const digits = text.length - text.search(/[1-9]|$/);
  if (digits <= MOST_DIGITS) return;
  throw resultTooLarge(where, `at most ${MOST_DIGITS} digits`, String(digits));
}
