// What a value weighs, about, in bounded time: of a long list some parts stand for all, so that weighing a result costs
// little beside computing it.
import { types } from 'node:util';
import { weigh } from './weigh.ts';

const WORD = 8;
const HEADER = 16;

/** Parts of one object that are looked at, and objects inside objects. */
const MOST_PARTS = 16;
const MOST_DEEP = 3;

/** The bytes that keeping `value` holds on to; exact for primitives and buffers, an estimate for what is made of many parts. */
export function weighRoughly(value: unknown): number {
  return weighTo(value, MOST_DEEP);
}

function weighTo(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return weigh(value);
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return HEADER + value.byteLength;
  if (Array.isArray(value)) {
    const at = (i: number): unknown => Object.getOwnPropertyDescriptor(value, i)?.value;
    return HEADER + weighParts(value.length, depth, at);
  }
  if (types.isMap(value)) return HEADER + weighParts(value.size, depth, partsOf([...firstOf(value)]));
  if (types.isSet(value)) return HEADER + weighParts(value.size, depth, partsOf([...firstOf(value)]));
  const keys = Object.keys(value);
  return (
    HEADER +
    weighParts(keys.length, depth, (i) => Object.getOwnPropertyDescriptor(value, keys[i] ?? '')?.value)
  );
}

// Evenly spread over all parts, because neighbours are alike. A number in its slot weighs no more than the slot.
function weighParts(count: number, depth: number, at: (i: number) => unknown): number {
  if (depth === 0 || count === 0) return WORD * count;
  const looked = Math.min(count, MOST_PARTS);
  let bytes = 0;
  for (let i = 0; i < looked; i++) {
    const part = at(Math.floor((i * count) / looked));
    bytes +=
      typeof part === 'object' || typeof part === 'bigint' || typeof part === 'string'
        ? weighTo(part, depth - 1)
        : 0;
  }
  return WORD * count + (bytes * count) / looked;
}

// Maps and Sets cannot be asked for their nth part: the first ones stand for all.
function partsOf(parts: readonly unknown[]): (i: number) => unknown {
  return (i) => parts[i % Math.max(1, parts.length)];
}

function* firstOf<T>(items: Iterable<T>): Generator<T> {
  let left = MOST_PARTS;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}
