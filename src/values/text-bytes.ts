// A text of one byte a character, encoded as `v8.serialize` encodes it: with room for the header in front, so that what is
// made of digits in bytes need not be copied to become a string.
import { PoolError } from '../errors.ts';
import { readVarint, varintLength, writeVarint } from './varint.ts';

/** The longest string of V8 in 64 bits. */
export const LONGEST_STRING: number = 2 ** 29 - 24;

// The format, version 15: 0xFF, the version, '"', the number of bytes as a varint, and the bytes.
// https://chromium.googlesource.com/v8/v8/+/main/src/objects/value-serializer.cc
const VERSION_TAG = 0xff;
const VERSION = 15;
const ONE_BYTE_STRING_TAG = 0x22;

/** An encoded text that is still to be written. */
export interface TextRoom {
  /** Header and text: what is kept and sent. */
  readonly encoded: Uint8Array<ArrayBuffer>;
  /** Where the text goes, a byte a character; in the same memory. */
  readonly text: Uint8Array<ArrayBuffer>;
}

/**
 * Room for a text of `length` characters; it may be longer than a string can be.
 *
 * @param take where the memory comes from; of memory that was used before all is to be written
 */
export function roomForText(
  length: number,
  take: (byteLength: number) => Uint8Array<ArrayBuffer> = fresh,
): TextRoom {
  const start = 3 + varintLength(length);
  const encoded = take(start + length);
  encoded[0] = VERSION_TAG;
  encoded[1] = VERSION;
  encoded[2] = ONE_BYTE_STRING_TAG;
  writeVarint(encoded, 3, length);
  return { encoded, text: encoded.subarray(start) };
}

function fresh(byteLength: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(byteLength);
}

/** The text in what {@link roomForText} gave, or `v8.serialize` made of such a string; undefined of anything else. */
export function textIn(encoded: Uint8Array): Uint8Array | undefined {
  if (encoded[0] !== VERSION_TAG || encoded[2] !== ONE_BYTE_STRING_TAG) return undefined;
  const length = readVarint(encoded, 3);
  if (length === undefined || encoded.length - length.end !== length.value) return undefined;
  return encoded.subarray(length.end);
}

/** Encodes a text whose characters are all below 256, such as digits. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const { encoded, text: room } = roomForText(text.length);
  Buffer.from(room.buffer, room.byteOffset, room.byteLength).write(text, 'latin1');
  return encoded;
}

/**
 * The string of one byte a character.
 *
 * @throws PoolError ERR_RESULT_TOO_LARGE when no string can hold it
 */
export function stringOf(text: Uint8Array): string {
  if (text.byteLength > LONGEST_STRING) {
    const length = text.byteLength;
    throw new PoolError(
      'ERR_RESULT_TOO_LARGE',
      `Expected a text of at most ${LONGEST_STRING} characters, which a string can hold, got ${length}. Read it in parts, as slice() and chunks() of a result 'digits' give it.`,
      { details: { length, most: LONGEST_STRING } },
    );
  }
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
}
