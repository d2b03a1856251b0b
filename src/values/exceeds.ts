// Whether a call's arguments weigh more than a pool takes: told by a walk that ends where the limit is passed, before
// anything of them is copied.
//
// The weights are those of weigh.ts, but for what is copied otherwise than it is kept: a view weighs its own bytes, and a
// property its name. No code of the arguments' runs: what a getter would give is not weighed, nor is what a proxy hides. Nor
// is the stack of an error, which may be such a getter, nor what stands beside the elements of an array, because finding it
// would make a text of every index.
import { types } from 'node:util';
import { bigintBytes, HEADER, stringBytes, WORD } from './weigh.ts';

interface Walk {
  /** Bytes left of the limit; negative once it is passed. */
  left: number;
  /** Objects met and not opened yet. */
  waiting: object[] | undefined;
  /** Objects opened, of which each weighs once; so that a cycle ends. */
  seen: Set<object> | undefined;
}

/** Whether `args` weigh more than `most` bytes. */
export function exceeds(args: readonly unknown[], most: number): boolean {
  const walk: Walk = { left: most - WORD * args.length, waiting: undefined, seen: undefined };
  for (let i = 0; i < args.length && walk.left >= 0; i++) {
    if (typeof args[i] !== 'number') put(args[i], walk);
  }
  for (let next = walk.waiting?.pop(); next !== undefined && walk.left >= 0; next = walk.waiting?.pop()) {
    open(next, walk);
  }
  return walk.left < 0;
}

function put(value: unknown, walk: Walk): void {
  switch (typeof value) {
    case 'string':
      walk.left -= HEADER + textBytes(value, walk.left);
      break;
    case 'bigint':
      walk.left -= HEADER + numberBytes(value, walk.left);
      break;
    case 'object':
      if (value === null) break;
      walk.waiting ??= [];
      walk.waiting.push(value);
  }
}

// Of a short text the characters are not looked at: it counts as if they took two bytes each.
const SHORT_TEXT = 64;

function textBytes(text: string, left: number): number {
  if (text.length <= SHORT_TEXT) return 2 * text.length;
  return text.length > left ? text.length : stringBytes(text);
}

// The engine's longest has 2^30 bits.
const MOST_BITS = 2 ** 31;

// A number that fits is not copied by being cut to that length.
function numberBytes(value: bigint, left: number): number {
  const bits = Math.min(MOST_BITS, 8 * Math.max(WORD, left) + 1);
  return BigInt.asIntN(bits, value) === value ? bigintBytes(value) : left + 1;
}

function open(value: object, walk: Walk): void {
  walk.seen ??= new Set();
  if (walk.seen.has(value)) return;
  walk.seen.add(value);
  walk.left -= HEADER;
  if (types.isProxy(value)) return; // refused later, by the serializer
  if (Array.isArray(value)) openArray(value, walk);
  else if (types.isDate(value)) walk.left -= WORD;
  else if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) walk.left -= value.byteLength;
  else if (types.isMap(value)) openMap(value, walk);
  else if (types.isSet(value)) openSet(value, walk);
  else if (types.isStringObject(value)) put(String.prototype.valueOf.call(value), walk);
  else if (types.isBigIntObject(value)) put(BigInt.prototype.valueOf.call(value), walk);
  else openProperties(value, Object.keys(value), walk);
  if (types.isNativeError(value)) openProperties(value, ['message', 'cause'], walk);
  if (types.isRegExp(value)) put(sourceOf.call(value), walk);
}

// The engine's own getter, which no property of the value's can stand before.
const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get as (this: RegExp) => string;

// Finds a getter at a fifth of what a descriptor costs, and runs none.
const getterOf = Reflect.get(Object.prototype, '__lookupGetter__') as (this: object, key: number) => unknown;

// By its length first: the elements of what is too long need no look.
function openArray(array: readonly unknown[], walk: Walk): void {
  walk.left -= WORD * array.length;
  for (let i = 0; i < array.length && walk.left >= 0; i++) {
    if (getterOf.call(array, i) === undefined) put(array[i], walk);
  }
}

function openMap(map: ReadonlyMap<unknown, unknown>, walk: Walk): void {
  for (const [key, item] of Map.prototype.entries.call(map)) {
    walk.left -= 2 * WORD;
    if (walk.left < 0) return;
    put(key, walk);
    put(item, walk);
  }
}

function openSet(set: ReadonlySet<unknown>, walk: Walk): void {
  for (const item of Set.prototype.values.call(set)) {
    walk.left -= WORD;
    if (walk.left < 0) return;
    put(item, walk);
  }
}

function openProperties(value: object, keys: readonly string[], walk: Walk): void {
  walk.left -= WORD * keys.length;
  for (const key of keys) {
    if (walk.left < 0) return;
    walk.left -= key.length;
    put(Object.getOwnPropertyDescriptor(value, key)?.value, walk);
  }
}
