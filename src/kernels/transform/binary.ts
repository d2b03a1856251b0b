// Between the bytes of a number and its binary digits, both in an engine's memory, part by part: a call of the module is
// short, so that the engine soon replaces its first code of a function by a better one.
import type { Engine } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';

/** Digits of one call; 64 digits of any base 2^bits are whole words. */
const PART = 2 ** 14;

/** Bytes behind a number that are read as its own: they are to be zero. */
export const SPARE_BYTES = 64;

export interface BinaryDigits {
  /** The address of the bytes, least significant first. */
  readonly bytes: number;
  /** The address of the digits. */
  readonly digits: number;
  readonly count: number;
  /** Of a digit. */
  readonly bits: number;
}

/** The digits that a number of `length` bits takes, the last of which only a carry may reach. */
export function binaryDigits(length: number, bits: number): number {
  return Math.ceil(length / bits) + 1;
}

/** Makes balanced digits of bytes, of which those up to `count` digits are there. */
export function digitsFromBytes({ exports, buffer }: Engine, number: BinaryDigits): void {
  const { bytes, digits, count, bits } = number;
  for (let from = 0; from < count; from += PART) {
    const length = Math.min(PART, count - from);
    const carry = from === 0 ? 0 : carryInto(buffer, number, from);
    exports.fromBytes(bytes + (from / 8) * bits, digits + from * DIGIT_BYTES, length, bits, carry);
  }
}

// The highest bit of the digit below the one at `index`.
function carryInto(buffer: ArrayBufferLike, { bytes, bits }: BinaryDigits, index: number): number {
  const bit = index * bits - 1;
  const byte = new Uint8Array(buffer, bytes + Math.floor(bit / 8), 1)[0] ?? 0;
  return (byte >> (bit % 8)) & 1;
}

/** Makes bytes of digits of a number that is not negative; returns how many. */
export function bytesFromDigits({ exports, buffer }: Engine, number: BinaryDigits): number {
  const { bytes, digits, count, bits } = number;
  let borrow = 0;
  for (let from = 0; from < count; from += PART) {
    const length = Math.min(PART, count - from);
    const at = digits + from * DIGIT_BYTES;
    exports.toBytes(at, length, bytes + (from / 8) * bits, borrow, bits);
    borrow = borrowOf(new Int32Array(buffer, at, length), borrow);
  }
  return Math.floor((count * bits) / 8);
}

/** Whether what stands above has to lend to a part: its first digit from the top that is not zero tells. */
export function borrowOf(part: Int32Array, below: number): number {
  for (let i = part.length - 1; i >= 0; i--) {
    const digit = part[i] ?? 0;
    if (digit !== 0) return digit < 0 ? 1 : 0;
  }
  return below;
}
