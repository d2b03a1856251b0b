// The checks that the domains are made of. Each says what was expected, what came, and what to do.
// `where` begins every message: the function with its parameters, then after a comma the argument in question.
import { PoolError, showValue } from '../../../src/errors.ts';

/** V8 refuses BigInts of more than 2^30 bits, and sums and products that might need one word more than that. */
export const RESULT_BITS: number = 2 ** 30 - 64;

export interface Range {
  readonly min: number;
  readonly max: number;
}

export const NATURAL: Range = { min: 0, max: Infinity };
export const INTEGERS: Range = { min: -Infinity, max: Infinity };

/** An ERR_ARGUMENT that shows the argument. */
export function wrongArgument(where: string, expected: string, got: unknown): PoolError {
  return refusal(where, expected, showValue(got));
}

/** An ERR_ARGUMENT in its own words for what came, such as the lengths of two arguments. */
export function refusal(where: string, expected: string, got: string): PoolError {
  return new PoolError('ERR_ARGUMENT', `${where}: expected ${expected}, got ${got}.`);
}

/** An ERR_RESULT_TOO_LARGE that names the arguments whose results still fit. */
export function resultTooLarge(where: string, expected: string, got: string): PoolError {
  const message = `${where}: expected ${expected}, got ${got}: the numbers would pass V8's limit of 2^30 bits.`;
  return new PoolError('ERR_RESULT_TOO_LARGE', message);
}

/** Refuses more arguments than `count`; a missing one is refused later, as the `undefined` that it is. */
export function checkCount(where: string, count: number, args: readonly unknown[]): void {
  if (args.length <= count) return;
  throw refusal(where, count === 1 ? '1 argument' : `${count} arguments`, String(args.length));
}

/** A whole number or bigint within `range`; as a number it must be exact. */
export function checkWhole(where: string, value: unknown, range: Range): asserts value is number | bigint {
  checkIsWhole(where, value);
  if (value < range.min || value > range.max) {
    throw wrongArgument(where, `a whole number or bigint ${showRange(range)}`, value);
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw wrongArgument(where, 'a bigint beyond 2^53 - 1, where numbers are not exact', value);
  }
}

/** As {@link checkWhole}, for a function whose results grow with its argument until they do not fit. */
export function checkGrowing(where: string, value: unknown, range: Range): void {
  checkIsWhole(where, value);
  if (value < 0 && range.min === 0) throw wrongArgument(where, 'a whole number or bigint from 0', value);
  if (value >= range.min && value <= range.max) return;
  throw resultTooLarge(where, `n ${showRange(range)}`, showValue(value));
}

/** @throws PoolError ERR_ARGUMENT */
export function checkIsWhole(where: string, value: unknown): asserts value is number | bigint {
  if (typeof value === 'bigint' || Number.isInteger(value)) return;
  const expected = 'a whole number or bigint';
  if (typeof value !== 'string') throw wrongArgument(where, expected, value);
  const got = `the string ${showValue(value)}`;
  const advice = "Pass a number or bigint, e.g. Number('10')";
  throw refusal(where, expected, `${got}. ${advice}`);
}

/** A whole number within `range`, and no bigint. */
export function checkNumber(where: string, value: unknown, range: Range): asserts value is number {
  const fits = Number.isSafeInteger(value) && Number(value) >= range.min && Number(value) <= range.max;
  if (!fits) throw wrongArgument(where, `a whole number ${showRange(range)}`, value);
}

/** An array whose length is within `range`. */
export function checkList(where: string, list: unknown, range: Range): asserts list is readonly unknown[] {
  if (Array.isArray(list) && list.length >= range.min && list.length <= range.max) return;
  throw wrongArgument(where, `an array of ${range.min} to ${range.max}`, list);
}

/** A string of at most `maxLength` UTF-16 code units. */
export function checkText(where: string, value: unknown, maxLength: number): asserts value is string {
  if (typeof value !== 'string') throw wrongArgument(where, 'a string', value);
  if (value.length <= maxLength) return;
  throw refusal(where, `a string of at most ${maxLength} code units`, `one of ${value.length}`);
}

/** The bits of a magnitude; linear in its length. */
export function bitLength(value: bigint): number {
  const hex = (value < 0n ? -value : value).toString(16);
  return 4 * (hex.length - 1) + 32 - Math.clz32(Number.parseInt(hex.charAt(0), 16));
}

function showRange({ min, max }: Range): string {
  return max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
}
