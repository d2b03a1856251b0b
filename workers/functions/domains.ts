// What each built-in function accepts. The main thread asks here before it queues a call, and each function
// asks here itself, so a message is the same wherever it comes from. Light: no function is loaded with it.
import type { ResultForm } from '../../src/types.ts';
import {
  checkFromDecimal,
  checkMultiply,
  checkPower,
  checkSquare,
  checkToDecimal,
} from './domains/bigints.ts';
import { checkCount, checkGrowing, checkWhole, type Range, RESULT_BITS } from './domains/checks.ts';
import { checkSequence, FIBONACCI, LUCAS } from './domains/growth.ts';
import { checkKnapsack, checkLinearRecurrence, checkTwoTexts } from './domains/lists.ts';
import { checkAckermann, checkBinomial, checkFibonacciMod, checkStirling2 } from './domains/numbers.ts';

export type BuiltinName =
  | 'ackermann'
  | 'bell'
  | 'binomial'
  | 'catalan'
  | 'editDistance'
  | 'factorial'
  | 'fibonacci'
  | 'fibonacciMod'
  | 'fromDecimal'
  | 'knapsack'
  | 'lcs'
  | 'linearRecurrence'
  | 'lucas'
  | 'multiply'
  | 'partitions'
  | 'power'
  | 'square'
  | 'stirling2'
  | 'toDecimal';

/**
 * Returns when the arguments are within the function's domain.
 *
 * @throws PoolError ERR_ARGUMENT for a wrong type, range or number of arguments, and where the call would take
 *   more time or memory than is sane; ERR_RESULT_TOO_LARGE where a BigInt could not hold the result or the
 *   numbers that lead to it, or where the form asked for could not
 */
export type DomainCheck = (args: readonly unknown[], form?: ResultForm) => void;

// By Stirling's series log2 of 44_787_924! is 23 below RESULT_BITS; one factor more adds 25.
const MAX_FACTORIAL = 44_787_924;
// A Catalan number comes from the binomial coefficient (2n, n), which has at most 2n bits.
const MAX_CATALAN = RESULT_BITS / 2;
// Bounds of time and memory; the functions say which.
const MAX_BELL = 10_000;
export const MAX_PARTITIONS = 100_000;

/** The check of each built-in function by its name; without a prototype, so `toString` is none of them. */
export const domains: Readonly<Record<BuiltinName, DomainCheck>> = withoutPrototype({
  ackermann: checkAckermann,
  bell: (args) => checkOne('bell(n)', args, { min: 0, max: MAX_BELL }),
  binomial: checkBinomial,
  catalan: (args) => checkGrowingOne('catalan(n)', args, { min: 0, max: MAX_CATALAN }),
  editDistance: (args) => checkTwoTexts('editDistance(a, b)', args),
  factorial: (args) => checkGrowingOne('factorial(n)', args, { min: 0, max: MAX_FACTORIAL }),
  fibonacci: (args, form) => checkSequence(FIBONACCI, args, form),
  fibonacciMod: checkFibonacciMod,
  fromDecimal: checkFromDecimal,
  knapsack: checkKnapsack,
  lcs: (args) => checkTwoTexts('lcs(a, b)', args),
  linearRecurrence: checkLinearRecurrence,
  lucas: (args, form) => checkSequence(LUCAS, args, form),
  multiply: checkMultiply,
  partitions: (args) => checkOne('partitions(n)', args, { min: 0, max: MAX_PARTITIONS }),
  power: checkPower,
  square: checkSquare,
  stirling2: checkStirling2,
  toDecimal: checkToDecimal,
});

function withoutPrototype<T extends object>(checks: T): Readonly<T> {
  return Object.freeze(Object.setPrototypeOf(checks, null));
}

function checkOne(where: string, args: readonly unknown[], range: Range): void {
  checkCount(where, 1, args);
  checkWhole(where, args[0], range);
}

function checkGrowingOne(where: string, args: readonly unknown[], range: Range): void {
  checkCount(where, 1, args);
  checkGrowing(where, args[0], range);
}
