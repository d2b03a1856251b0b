// A bigint made of its bytes, by way of the engine's serializer: as fast as they are copied, where `BigInt('0x...')` goes
// digit by digit. The reverse of bigint-bytes.ts, where the format is described.
import { deserialize } from 'node:v8';

/** What a magnitude in memory has to have before it: room for the head of the encoding. */
export const HEAD_BYTES = 8;

/** A magnitude, least significant byte first, and its sign. */
export interface SignedBytes {
  readonly buffer: ArrayBufferLike;
  /** Its address; {@link HEAD_BYTES} before it are overwritten. */
  readonly at: number;
  /** The last bytes may be zeros. */
  readonly count: number;
  readonly isNegative: boolean;
}

// V8 ends the process at a magnitude that is longer.
const MOST_BYTES = 2 ** 27;
const HEAD = [0xff, 0x0f, 0x5a] as const;

/** @throws RangeError beyond 2^30 bits */
export function bigintFrom(number: SignedBytes): bigint {
  isKnown ??= probe();
  return isKnown ? byFormat(number) : byHex(number);
}

// Whether the engine still reads the format.
let isKnown: boolean | undefined;

function probe(): boolean {
  const magnitudes = [0n, 1n, 2n ** 64n, 10n ** 100n + 7n];
  return magnitudes.every((value) => [value, -value].every((each) => readsBack(each)));
}

function readsBack(value: bigint): boolean {
  const hex = (value < 0n ? -value : value).toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').reverse();
  const buffer = new SharedArrayBuffer(HEAD_BYTES + bytes.length);
  new Uint8Array(buffer).set(bytes, HEAD_BYTES);
  try {
    return byFormat({ buffer, at: HEAD_BYTES, count: bytes.length, isNegative: value < 0n }) === value;
  } catch {
    return false;
  }
}

function byFormat(number: SignedBytes): bigint {
  const { buffer, at, isNegative } = number;
  const count = significant(number);
  const bitfield: number[] = [];
  let rest = 2 * count + (isNegative && count > 0 ? 1 : 0);
  for (; rest >= 128; rest = Math.floor(rest / 128)) bitfield.push((rest % 128) + 128);
  const head = [...HEAD, ...bitfield, rest];
  const encoded = new Uint8Array(buffer, at - head.length, head.length + count);
  encoded.set(head);
  return deserialize(encoded) as bigint;
}

/** The plain way, and the one for an engine whose format is another. */
export function byHex(number: SignedBytes): bigint {
  const count = significant(number);
  if (count === 0) return 0n;
  const bytes = Buffer.from(new Uint8Array(number.buffer, number.at, count)).reverse();
  const value = BigInt(`0x${bytes.toString('hex')}`);
  return number.isNegative ? -value : value;
}

function significant({ buffer, at, count }: SignedBytes): number {
  const bytes = new Uint8Array(buffer, at, count);
  let length = count;
  while (length > 0 && bytes[length - 1] === 0) length--;
  if (length > MOST_BYTES) throw new RangeError(`expected at most ${MOST_BYTES} bytes, got ${length}`);
  return length;
}
