// Whether this engine writes and reads bigints and texts in the layouts that are known here. Found out once a thread, from
// a few small values; all that is made of bytes has another way for an engine that does not.
import { deserialize, serialize } from 'node:v8';
import { roomForBigint } from './bigint-bytes.ts';
import { encodeText } from './text-bytes.ts';

export interface Layouts {
  /** What {@link roomForBigint} lays out is what the engine reads as a bigint. */
  readonly bigint: boolean;
  /** What {@link encodeText} makes is what the engine reads as a string. */
  readonly text: boolean;
}

// A varint of one byte and of two, no digits at all, words that are full, both signs.
const BIGINTS = [0n, 1n, -1n, 2n ** 64n - 1n, -(2n ** 64n), 10n ** 99n, -(7n ** 900n)];
const TEXTS = ['', '0', '-1', '1234567890'.repeat(30)];

let found: Layouts | undefined;

export function engineLayouts(): Layouts {
  found ??= {
    bigint: BIGINTS.every((value) => isSame(value, () => layOut(value))),
    text: TEXTS.every((text) => isSame(text, () => encodeText(text))),
  };
  return found;
}

// Its digits come from hexadecimal, and not from the layout that is looked at.
function layOut(value: bigint): Uint8Array {
  const magnitude = value < 0n ? -value : value;
  const hex = magnitude === 0n ? '' : magnitude.toString(16);
  const words = Math.ceil(hex.length / 16);
  const { encoded, digits } = roomForBigint(8 * words, value < 0n);
  digits.set(Buffer.from(hex.padStart(16 * words, '0'), 'hex').reverse());
  return encoded;
}

function isSame(value: unknown, encode: () => Uint8Array): boolean {
  try {
    const encoded = encode();
    return Buffer.compare(encoded, serialize(value)) === 0 && deserialize(encoded) === value;
  } catch {
    return false;
  }
}
