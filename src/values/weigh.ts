// What a value weighs in a cache, in bytes: the estimate that `maxBytes` is held against.
import { types } from 'node:util';

/** What a slot or a small number takes. */
export const WORD = 8;

/** What every object, text and bigint takes beside its contents. */
export const HEADER = 16;

/**
 * The bytes of a bigint's magnitude, in whole 64-bit words; linear in its length.
 *
 * By doubling until it fits, then the same of what stands above the half: no step makes more than the number's own
 * length, where its digits as text would take twice that and five times as long.
 */
export function bigintBytes(value: bigint): number {
  let rest = value < 0n ? -value : value;
  let bytes = 0;
  while (BigInt.asUintN(64, rest) !== rest) {
    let bits = 128;
    while (BigInt.asUintN(bits, rest) !== rest) bits *= 2;
    rest >>= BigInt(bits / 2);
    bytes += bits / 2 / 8;
  }
  return bytes + WORD;
}

/** The bytes of a string: V8 keeps one a character while every character is below 256, else two. */
export function stringBytes(text: string): number {
  return /^[\0-\xff]*$/.test(text) ? text.length : 2 * text.length;
}

/** The bytes that keeping `value` holds on to; what is reached twice is counted once. */
export function weigh(value: unknown): number {
  switch (typeof value) {
    case 'bigint':
      return HEADER + bigintBytes(value);
    case 'string':
      return HEADER + stringBytes(value);
    case 'object':
      return value === null ? WORD : weighObject(value, new Set());
    default:
      return WORD;
  }
}

// Iterative, so that a long linked value cannot overflow the stack of the function that made it.
function weighObject(root: object, seen: Set<object>): number {
  const waiting: unknown[] = [root];
  let bytes = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) {
      bytes += weigh(value);
    } else if (!seen.has(value)) {
      seen.add(value);
      bytes += HEADER + ownBytes(value);
      for (const part of partsOf(value)) waiting.push(part);
    }
  }
  return bytes;
}

function ownBytes(value: object): number {
  // A small Buffer stands in a pool that it does not keep for itself.
  return types.isAnyArrayBuffer(value) || Buffer.isBuffer(value) ? value.byteLength : WORD;
}

// A view holds on to the whole of its buffer.
function partsOf(value: object): Iterable<unknown> {
  if (Buffer.isBuffer(value)) return [];
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (types.isMap(value)) return [...value].flat();
  if (types.isSet(value)) return value;
  return dataOf(value);
}

// What getters would give is not kept with the value, and asking them would run code of the user's.
function* dataOf(value: object): Generator<unknown> {
  for (const key of Object.keys(value)) yield Object.getOwnPropertyDescriptor(value, key)?.value;
}
