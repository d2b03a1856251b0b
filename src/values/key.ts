// A call's arguments as a key: injective on everything that structured clone delivers, so that two calls
// share a cache entry only when no function could tell their arguments apart.
//
// Every value carries a type tag and every text its length, so an encoding is never the beginning or the
// continuation of another. Object keys are sorted (their order does not matter); Map and Set keep theirs.
// `-0` and `0` are one value here, as they are in a Map and in Python; `NaN` equals itself.
import { types } from 'node:util';
import { PoolError, showValue } from '../errors.ts';
import { mayBePacked, packPair } from './pack.ts';

/**
 * What a function's results are found by: a lone primitive as it is, two small integers packed into one number,
 * everything else as an encoded string.
 */
export type MemoKey = string | number | bigint | boolean | null | undefined;

// V8 hashes only the low 64 bits of a bigint, so larger ones would crowd into few buckets of a Map.
const MIN_HASHED = -(2n ** 63n);
const MAX_HASHED = 2n ** 63n;

/**
 * The key of a call among the calls of one function.
 *
 * @param typed whether `1` and `1n` are different arguments
 * @throws PoolError ERR_ARGUMENT_NOT_CLONEABLE with the path to what cannot be keyed
 */
export function memoKey(args: readonly unknown[], typed: boolean): MemoKey {
  if (args.length === 1) return loneKey(args[0], typed);
  if (args.length === 2) return pairKey(args[0], args[1], typed);
  return encodeArguments(args, typed);
}

/** The key of a call with one argument, as {@link memoKey} makes it. */
export function loneKey(only: unknown, typed: boolean): MemoKey {
  switch (typeof only) {
    case 'number':
      return loneNumber(only);
    case 'string':
      return `"${only}`; // no encoding of several arguments begins with a quote
    case 'boolean':
    case 'undefined':
      return only;
    case 'bigint':
      return loneBigint(only, typed);
    default:
      return only === null ? null : encodeArguments([only], typed);
  }
}

/** The key of a call with two arguments, as {@link memoKey} makes it. */
export function pairKey(first: unknown, second: unknown, typed: boolean): MemoKey {
  // Untyped, a number must meet its bigint, and so both take the text.
  const packed = typed ? packPair(first, second) : undefined;
  return packed ?? encodeArguments([first, second], typed);
}

function loneNumber(value: number): MemoKey {
  return mayBePacked(value) ? `~${value}` : value;
}

// Untyped, a bigint that a number can hold exactly is keyed by that number, so 3n and 3 meet.
function loneBigint(value: bigint, typed: boolean): MemoKey {
  if (!typed) {
    const asNumber = Number(value);
    if (Number.isFinite(asNumber) && BigInt(asNumber) === value) return loneNumber(asNumber);
  }
  return value >= MIN_HASHED && value < MAX_HASHED ? value : `#${value.toString(16)}`;
}

function encodeArguments(args: readonly unknown[], typed: boolean): string {
  const walk: Walk = { typed, path: [], seen: undefined };
  let text = `${args.length}:`;
  try {
    for (let i = 0; i < args.length; i++) {
      walk.path.push(i);
      text += encodeValue(args[i], walk);
      walk.path.pop();
    }
  } catch (error) {
    if (isStackOverflow(error)) throw refusal('a value nested less deeply', 'one too deep to walk', walk);
    throw error;
  }
  return text;
}

/** Whether the engine ran out of stack, rather than code of the user's throwing a RangeError of its own. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

interface Walk {
  readonly typed: boolean;
  /** Where the walk stands, for messages. */
  readonly path: (string | number)[];
  /** Objects met so far, by order of meeting; `open` while their contents are being walked. */
  seen: Map<object, { readonly order: number; open: boolean }> | undefined;
}

function encodeValue(value: unknown, walk: Walk): string {
  switch (typeof value) {
    case 'number':
      return encodeNumber(value, walk.typed);
    case 'string':
      return encodeText('s', value);
    case 'bigint':
      return walk.typed ? `b${bigintText(value)};` : encodeUntypedBigint(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      return value === null ? '_' : encodeObject(value, walk);
    default:
      throw refusal('a value that can be cloned', showValue(value), walk);
  }
}

// An integer too large to be exact as digits of a number meets its bigint through the bigint's text.
function encodeNumber(value: number, typed: boolean): string {
  if (typed || !Number.isInteger(value) || Number.isSafeInteger(value)) return `n${value};`;
  return encodeUntypedBigint(BigInt(value));
}

function encodeUntypedBigint(value: bigint): string {
  return `n${bigintText(value)};`;
}

// Hex beyond 64 bits: linear to make, where decimal is not.
function bigintText(value: bigint): string {
  return value >= MIN_HASHED && value < MAX_HASHED ? value.toString() : `x${value.toString(16)}`;
}

function encodeText(tag: string, text: string): string {
  return `${tag}${text.length}:${text}`;
}

// A second meeting with the same object is part of the value: a function that changes its own copy of one
// can tell `[a, a]` from `[a, b]`.
function encodeObject(value: object, walk: Walk): string {
  walk.seen ??= new Map();
  const met = walk.seen.get(value);
  if (met?.open) throw refusal('a value without cycles', 'a circular reference', walk);
  if (met) return `^${met.order};`;
  const entry = { order: walk.seen.size, open: true };
  walk.seen.set(value, entry);
  const text = encodeContents(value, walk);
  entry.open = false;
  return text;
}

function encodeContents(value: object, walk: Walk): string {
  if (isPlain(value)) return `{${encodeProperties(value, Object.keys(value), walk)}`;
  if (!isBuiltIn(value)) {
    throw refusal(
      'plain data (or give a key of your own)',
      `${showValue(value)} with state of its own`,
      walk,
    );
  }
  if (Array.isArray(value)) return encodeArray(value, walk);
  if (types.isMap(value)) return encodeMap(value, walk);
  if (types.isSet(value)) return `S${value.size}:${encodeAll(value, walk)}`;
  if (types.isDate(value)) return `D${value.getTime()};`;
  if (types.isRegExp(value)) return encodeRegExp(value);
  if (types.isNativeError(value)) return encodeError(value, walk);
  if (types.isBoxedPrimitive(value)) return encodeBoxed(value, walk);
  if (ArrayBuffer.isView(value)) return encodeView(value);
  if (types.isArrayBuffer(value)) return encodeBuffer(value);
  throw refusal('plain data (or give a key of your own)', `${showValue(value)} with state of its own`, walk);
}

// Also true of another realm's objects. An instance of a class is not plain: its private fields cannot be seen.
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.getPrototypeOf(prototype) === null && constructorName(prototype) === 'Object';
}

// An instance of a class of the user's may hold what no key can see, also when it extends a built-in one. Of another
// realm's objects only the name can be asked.
function isBuiltIn(value: object): boolean {
  const name = constructorName(Object.getPrototypeOf(value) as object);
  return name !== undefined && (name === 'Buffer' || Object.hasOwn(globalThis, name));
}

function constructorName(prototype: object): string | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' ? maker.name : undefined;
}

// Cloning resets `lastIndex`, so it only tells expressions apart that are keyed where they are.
function encodeRegExp(expression: RegExp): string {
  return `${encodeText('R', expression.source)}${encodeText('', expression.flags)}${expression.lastIndex};`;
}

function encodeArray(array: readonly unknown[], walk: Walk): string {
  const keys = Object.keys(array);
  const dense =
    keys.length === array.length && (keys.length === 0 || keys.at(-1) === String(array.length - 1));
  if (dense) return `[${array.length}:${encodeAll(array, walk)}`;
  return `A${array.length}:${encodeProperties(array, keys, walk)}`; // holes, or properties beside the elements
}

function encodeAll(items: Iterable<unknown>, walk: Walk): string {
  let text = '';
  let index = 0;
  for (const item of items) {
    walk.path.push(index++);
    text += encodeValue(item, walk);
    walk.path.pop();
  }
  return text;
}

function encodeProperties(value: object, keys: string[], walk: Walk): string {
  let text = `${keys.length}:`;
  for (const key of keys.sort()) {
    walk.path.push(key);
    text += encodeText('', key) + encodeValue((value as Record<string, unknown>)[key], walk);
    walk.path.pop();
  }
  return text;
}

function encodeMap(map: ReadonlyMap<unknown, unknown>, walk: Walk): string {
  let text = `M${map.size}:`;
  for (const [key, item] of map) {
    walk.path.push(showValue(key));
    text += encodeValue(key, walk) + encodeValue(item, walk);
    walk.path.pop();
  }
  return text;
}

const TOLD_APART: readonly string[] = ['name', 'message', 'stack', 'cause'];

function encodeError(error: Error, walk: Walk): string {
  const own = Object.keys(error).filter((key) => !TOLD_APART.includes(key));
  const parts = [error.name, error.message, error.stack ?? ''].map((part) => encodeText('', String(part)));
  const text = `E${parts.join('')}${encodeProperties(error, own, walk)}`;
  if (!Object.hasOwn(error, 'cause')) return `${text}.`;
  walk.path.push('cause');
  const cause = encodeValue(error.cause, walk);
  walk.path.pop();
  return `${text}:${cause}`;
}

function encodeBoxed(value: object, walk: Walk): string {
  if (types.isSymbolObject(value)) throw refusal('a value that can be cloned', 'a symbol', walk);
  return `O${encodeValue(value.valueOf(), walk)}`;
}

function encodeView(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return `V${viewName(view)}${view.byteLength}:${latin1(bytes)}`;
}

// A Buffer arrives as a Buffer, so it is not the Uint8Array of the same bytes.
function viewName(view: ArrayBufferView): string {
  if (Buffer.isBuffer(view)) return 'Buffer';
  return Object.prototype.toString.call(view);
}

// A resizable buffer arrives resizable.
function encodeBuffer(buffer: ArrayBuffer): string {
  const most: unknown = Reflect.get(buffer, 'resizable') ? Reflect.get(buffer, 'maxByteLength') : '';
  return `B${buffer.byteLength}/${String(most)}:${latin1(new Uint8Array(buffer))}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

// Of a path in messages; the details have all of it.
const MOST_SHOWN = 12;

function refusal(expected: string, got: string, walk: Walk): PoolError {
  const [argument, ...inside] = walk.path;
  const steps = inside.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
  const where = steps.length <= MOST_SHOWN ? steps.join('') : `${steps.slice(0, MOST_SHOWN).join('')}…`;
  return new PoolError(
    'ERR_ARGUMENT_NOT_CLONEABLE',
    `Argument ${Number(argument) + 1}${where}: expected ${expected}, got ${got}. Pass plain data: ` +
      'primitives, arrays, plain objects, Map, Set, Date, RegExp, typed arrays.',
    { details: { path: [...walk.path] } },
  );
}
