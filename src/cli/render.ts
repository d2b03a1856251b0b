// A result as text. A large bigint is rendered in a worker, where `digitsOf` is a function like any.
import type { DigitsHandle } from '../values/digits-handle.ts';
import { digitsOf } from './digits.ts';
import { Failure } from './failure.ts';

/** A result as it is written: the digits of a bigint, a string's own text, or JSON for anything else. */
export type Rendered =
  | { readonly kind: 'digits'; readonly text: string; readonly base: 10 | 16 }
  /** Decimal digits, of which there may be more than a string holds. */
  | { readonly kind: 'handle'; readonly digits: DigitsHandle }
  | { readonly kind: 'text' | 'json'; readonly text: string };

// Converting takes longer than computing; from some ten thousand digits on it would be felt here.
const SMALL_BITS = 2 ** 15;

/**
 * @param digits makes the digits of a large bigint elsewhere
 * @throws Failure when the result cannot be JSON
 */
export async function render(value: unknown, digits: (value: bigint) => Promise<string>): Promise<Rendered> {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value !== 'bigint') return { kind: 'json', text: jsonOf(value) };
  const small = BigInt.asIntN(SMALL_BITS, value) === value;
  return { kind: 'digits', text: small ? digitsOf(value) : await digits(value), base: 10 };
}

/** The module of `digitsOf` as a pool takes it; built, it stands beside this one as well. */
export function digitsModule(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`../cli/digits.${extension}`, import.meta.url);
}

/** `value` as JSON: a bigint as a string of its digits; sets, maps and typed arrays as arrays; NaN by its name. */
export function jsonOf(value: unknown): string {
  // What JSON has no word for: undefined, NaN, Infinity.
  if (value === undefined || typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value, plainData);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n', 1); // the rest draws the circle
    throw new Failure(`The result cannot be written as JSON: ${reason}.`, { cause: error });
  }
}

function plainData(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map || value instanceof Set || isTypedArray(value)) return [...value];
  if (value instanceof RegExp || value instanceof Error) return String(value);
  return value;
}

function isTypedArray(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
