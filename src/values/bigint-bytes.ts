// A bigint's own bytes, by way of the engine's serializer: linear, where text in any base is made digit by digit.
import { serialize } from 'node:v8';
import { readVarint, varintLength, writeVarint } from './varint.ts';

/** Where the magnitude stands in a bigint that `v8.serialize` has encoded. */
export interface Magnitude {
  readonly isNegative: boolean;
  /** Least significant byte first; the last may be zeros. Shares the memory of the encoding. */
  readonly bytes: Uint8Array;
}

// The format, version 15: 0xFF, the version, 'Z', a varint whose lowest bit is the sign and whose others are the number
// of bytes, and the bytes. https://chromium.googlesource.com/v8/v8/+/main/src/objects/value-serializer.cc
const VERSION_TAG = 0xff;
const VERSION = 15;
const BIGINT_TAG = 0x5a;

/** @param encoded what `v8.serialize` made of a bigint; undefined when it is in no format known here */
export function magnitudeOf(encoded: Uint8Array): Magnitude | undefined {
  if (encoded[0] !== VERSION_TAG || encoded[2] !== BIGINT_TAG) return undefined;
  const bitfield = readVarint(encoded, 3);
  if (bitfield === undefined) return undefined;
  const bytes = encoded.subarray(bitfield.end);
  if (bytes.length !== Math.floor(bitfield.value / 2)) return undefined;
  return { isNegative: bitfield.value % 2 === 1, bytes };
}

/** The most bytes of a magnitude. More than these `v8.deserialize` does not refuse: it ends the process. */
export const MOST_BIGINT_BYTES: number = 2 ** 27;

/** An encoded bigint that is still to be written. */
export interface BigintRoom {
  /** Header and digits: what is kept and sent. */
  readonly encoded: Uint8Array<ArrayBuffer>;
  /** Where the magnitude goes, least significant byte first; in the same memory. */
  readonly digits: Uint8Array<ArrayBuffer>;
}

/**
 * Room for a bigint of `byteLength` bytes, of which the last may be zeros; but for 0n, which is never negative.
 *
 * @param take where the memory comes from; of memory that was used before all is to be written
 */
export function roomForBigint(
  byteLength: number,
  isNegative: boolean,
  take: (byteLength: number) => Uint8Array<ArrayBuffer> = (length) => new Uint8Array(length),
): BigintRoom {
  const bitfield = 2 * byteLength + (isNegative ? 1 : 0);
  const start = 3 + varintLength(bitfield);
  const encoded = take(start + byteLength);
  encoded[0] = VERSION_TAG;
  encoded[1] = VERSION;
  encoded[2] = BIGINT_TAG;
  writeVarint(encoded, 3, bitfield);
  return { encoded, digits: encoded.subarray(start) };
}

/** The bigint of a magnitude, the plain way: for an engine that reads another layout. */
export function bigintByHex({ isNegative, bytes }: Magnitude): bigint {
  const hex = Buffer.from(bytes).reverse().toString('hex');
  const value = BigInt(`0x0${hex}`);
  return isNegative ? -value : value;
}

/** How many bits the magnitude has; 0 for zero. */
export function bitLength({ bytes }: Magnitude): number {
  const top = topByte(bytes);
  return top < 0 ? 0 : 8 * top + 32 - Math.clz32(bytes[top] ?? 0);
}

/** Two's complement, least significant byte first, as short as keeps the sign; in memory of its own. */
export function twosComplement({ isNegative, bytes }: Magnitude): Uint8Array<ArrayBuffer> {
  const length = topByte(bytes) + 1;
  // One more for the sign where the topmost bit is taken.
  const result = new Uint8Array(length + 1);
  result.set(bytes.subarray(0, length));
  if (isNegative) negate(result);
  const sign = isNegative ? 0xff : 0;
  const isSpare = length > 0 && ((result[length - 1] ?? 0) & 0x80) === (sign & 0x80);
  return isSpare ? result.slice(0, length) : result;
}

/** The same of a bigint. */
export function bytesOf(value: bigint): Uint8Array<ArrayBuffer> {
  const magnitude = magnitudeOf(serialize(value));
  return magnitude === undefined ? bytesByHex(value) : twosComplement(magnitude);
}

/** The plain way, and the one for an engine whose format is another. */
export function bytesByHex(value: bigint): Uint8Array<ArrayBuffer> {
  // One bit more than the magnitude, for the sign; -128 fits in the byte that 128 does not.
  const magnitude = value < 0n ? -value - 1n : value;
  const hex = magnitude.toString(16);
  const topDigit = Number.parseInt(hex.charAt(0), 16);
  const bits = magnitude === 0n ? 1 : 4 * hex.length - Math.clz32(topDigit) + 28 + 1;
  const length = Math.ceil(bits / 8);
  const bytes = new Uint8Array(Buffer.from(hex.padStart(2 * length, '0'), 'hex')).reverse();
  return value < 0n ? bytes.map((byte) => ~byte) : bytes;
}

function topByte(bytes: Uint8Array): number {
  let top = bytes.length - 1;
  while (top >= 0 && bytes[top] === 0) top--;
  return top;
}

// Inverts, and adds one.
function negate(bytes: Uint8Array): void {
  let isCarrying = true;
  for (let i = 0; i < bytes.length; i++) {
    const inverted = ~(bytes[i] ?? 0) & 0xff;
    bytes[i] = isCarrying ? inverted + 1 : inverted;
    isCarrying &&= inverted === 0xff;
  }
}
