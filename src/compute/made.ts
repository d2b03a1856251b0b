// Results that are made in the form in which they are wanted: bytes that are already what crosses to the main thread, so that
// a large number need never be a bigint, nor be converted.
import { PoolError } from '../errors.ts';
import type { AnyFunction, ResultForm } from '../types.ts';
import { bigintByHex, type Magnitude, MOST_BIGINT_BYTES, magnitudeOf } from '../values/bigint-bytes.ts';
import { decode } from '../values/decode.ts';
import { engineLayouts, type Layouts } from '../values/engine-layouts.ts';
import { LONGEST_STRING, stringOf, textIn } from '../values/text-bytes.ts';
import { encodeResult, type WireResult } from '../wire.ts';
import { toForm } from './form.ts';

/**
 * A result in bytes. They change hands: in an ArrayBuffer of their own they are not copied, of other memory (a part of a
 * buffer, WebAssembly's, shared) a copy is sent.
 */
export type Made =
  /** As `v8.serialize` encodes a bigint: see `roomForBigint`. Stands for any form, and is converted to those of text. */
  | { readonly kind: 'bigint'; readonly bytes: Uint8Array }
  /** As `v8.serialize` encodes a text, sign and digits: see `roomForText`. For 'decimal', 'digits' and 'hex'. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** Two's complement, least significant byte first, as short as keeps the sign: for 'bytes'. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/**
 * Makes the result of a call in a form; without one a bigint is wanted. Checks the arguments as the function does, for that
 * form, and throws what the function would. Undefined: the function is to be called, and its result converted.
 */
export type Maker = (args: readonly unknown[], form: ResultForm | undefined) => Made | undefined;

// Not to be had by its name: what a user's module exports is never asked.
const MAKES: unique symbol = Symbol('memopool.makes');

/** Gives the function a maker that calls through a pool ask first; called plainly it is as it was. */
export function setMaker(fn: AnyFunction, maker: Maker): void {
  Object.defineProperty(fn, MAKES, { value: maker });
}

export function makerOf(fn: AnyFunction): Maker | undefined {
  return Object.hasOwn(fn, MAKES) ? (fn as { readonly [MAKES]?: Maker })[MAKES] : undefined;
}

/**
 * What was made, as it crosses to the main thread.
 *
 * @param layouts those of the engine, which a test may deny
 * @throws PoolError ERR_RESULT_TOO_LARGE where the form is one of a bigint or string that cannot hold it
 */
export function encodeMade(
  { kind, bytes }: Made,
  form: ResultForm | undefined,
  layouts: Layouts = engineLayouts(),
): WireResult {
  switch (kind) {
    case 'bigint':
      return encodeBigint(bytes, form, layouts);
    case 'text':
      return encodeDigits(bytes, form, layouts);
    case 'raw':
      if (form !== 'bytes') throw mismatch(kind, form);
      return encodeResult(ownedBytes(bytes), form);
  }
}

function encodeBigint(bytes: Uint8Array, form: ResultForm | undefined, layouts: Layouts): WireResult {
  const magnitude = magnitudeOf(bytes);
  if (magnitude === undefined) throw mismatch('bigint', form);
  const { byteLength } = magnitude.bytes;
  if (byteLength > MOST_BIGINT_BYTES) throw tooLarge('a bigint', 'bytes', byteLength, MOST_BIGINT_BYTES);
  if (form === 'handle') return { kind: 'handle', bytes: ownedBytes(bytes) };
  const isWanted = form === undefined || form === 'bigint';
  if (isWanted && layouts.bigint)
    return { kind: 'bytes', bytes: movableBytes(bytes), immutable: true, isReusable: true };
  const value = bigintOf(bytes, magnitude, layouts);
  return encodeResult(form === undefined ? value : toForm(value, form), form);
}

function bigintOf(bytes: Uint8Array, magnitude: Magnitude, layouts: Layouts): bigint {
  return layouts.bigint ? (decode(bytes) as bigint) : bigintByHex(magnitude);
}

function encodeDigits(bytes: Uint8Array, form: ResultForm | undefined, layouts: Layouts): WireResult {
  const text = textIn(bytes);
  if (text === undefined) throw mismatch('text', form);
  if (form === 'digits') return { kind: 'digits', bytes: ownedBytes(bytes) };
  if (form !== 'decimal' && form !== 'hex') throw mismatch('text', form);
  if (text.length > LONGEST_STRING) throw tooLarge('a string', 'characters', text.length, LONGEST_STRING);
  if (!layouts.text) return encodeResult(stringOf(text), form);
  return { kind: 'bytes', bytes: movableBytes(bytes), immutable: true, isReusable: true };
}

// What is read at once and not kept may stand at the beginning of a longer buffer, all of which changes hands.
function movableBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteOffset === 0 ? bytes : ownedBytes(bytes);
}

// Memory of WebAssembly cannot change hands, and of a part of a buffer the whole would; what is shared may be written to.
function ownedBytes(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  const isOwned = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isOwned ? bytes : new Uint8Array(bytes);
}

function tooLarge(what: string, unit: string, got: number, most: number): PoolError {
  return new PoolError(
    'ERR_RESULT_TOO_LARGE',
    `The result has ${got} ${unit}, and ${what} holds ${most}. Get it as 'digits' or 'bytes'.`,
    { details: { got, most } },
  );
}

function mismatch(kind: Made['kind'], form: ResultForm | undefined): TypeError {
  return new TypeError(`What was made is no ${kind} that the form ${form ?? 'bigint'} can be had of.`);
}
