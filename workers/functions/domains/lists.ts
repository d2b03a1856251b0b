// The domains of the functions of lists and texts.
import { showValue } from '../../../src/errors.ts';
import {
  checkCount,
  checkList,
  checkNumber,
  checkText,
  checkWhole,
  INTEGERS,
  NATURAL,
  refusal,
} from './checks.ts';

const MAX_ORDER = 256;
const MAX_INDEX_BITS = 1024;

export function checkLinearRecurrence(args: readonly unknown[]): void {
  const where = 'linearRecurrence(coefficients, start, n)';
  checkCount(where, 3, args);
  const [coefficients, start, n] = args;
  const order = checkIntegers(`${where}, coefficients`, coefficients);
  const values = checkIntegers(`${where}, start`, start);
  if (values !== order)
    throw refusal(`${where}, start`, `as many values as coefficients, ${order}`, String(values));
  checkWhole(`${where}, n`, n, NATURAL);
  if (BigInt(n) >> BigInt(MAX_INDEX_BITS) === 0n) return;
  throw refusal(`${where}, n`, `a number of at most ${MAX_INDEX_BITS} bits`, showValue(n));
}

function checkIntegers(where: string, list: unknown): number {
  checkList(where, list, { min: 1, max: MAX_ORDER });
  for (let i = 0; i < list.length; i++) checkWhole(`${where}[${i}]`, list[i], INTEGERS);
  return list.length;
}

const MAX_CODE_UNITS = 2 ** 24;
const MAX_CELLS = 2 ** 32;

export function checkTwoTexts(where: string, args: readonly unknown[]): void {
  checkCount(where, 2, args);
  const [a, b] = args;
  checkText(`${where}, a`, a, MAX_CODE_UNITS);
  checkText(`${where}, b`, b, MAX_CODE_UNITS);
  if (a.length * b.length <= MAX_CELLS) return;
  throw refusal(where, `lengths whose product is at most ${MAX_CELLS}`, `${a.length} and ${b.length}`);
}

const MAX_ITEMS = 2 ** 20;
const MAX_PACKINGS = 2 ** 22;
const MAX_PACKING_STEPS = 2 ** 32;

export function checkKnapsack(args: readonly unknown[]): void {
  const where = 'knapsack(weights, values, capacity)';
  checkCount(where, 3, args);
  const [weights, values, capacity] = args;
  const weight = sumOfAmounts(`${where}, weights`, weights);
  const value = sumOfAmounts(`${where}, values`, values);
  if (value.count !== weight.count) {
    throw refusal(`${where}, values`, `as many as weights, ${weight.count}`, String(value.count));
  }
  if (value.sum > Number.MAX_SAFE_INTEGER) {
    throw refusal(
      `${where}, values`,
      'a sum of at most 2^53 - 1, where numbers are exact',
      String(value.sum),
    );
  }
  checkNumber(`${where}, capacity`, capacity, { min: 0, max: Number.MAX_SAFE_INTEGER });

  // No two packings kept have the same weight or the same value, and each is a choice of items.
  const packings = Math.min(2 ** weight.count, capacity + 1, weight.sum + 1, value.sum + 1);
  const most = Math.min(MAX_PACKINGS, Math.floor(MAX_PACKING_STEPS / Math.max(1, weight.count)));
  if (packings <= most) return;
  const expected = `the least of 2^items, capacity + 1, all weights + 1 and all values + 1 to be at most ${most}`;
  throw refusal(where, expected, String(packings));
}

function sumOfAmounts(where: string, list: unknown): { readonly count: number; readonly sum: number } {
  checkList(where, list, { min: 0, max: MAX_ITEMS });
  let sum = 0;
  for (let i = 0; i < list.length; i++) {
    const amount = list[i];
    checkNumber(`${where}[${i}]`, amount, { min: 0, max: Number.MAX_SAFE_INTEGER });
    sum += amount;
  }
  return { count: list.length, sum };
}
