// How large Fibonacci and Lucas numbers get, and in which form they can still be had. Both grow by the golden ratio phi:
// F(n) is the whole number next to phi^n / sqrt 5, L(n) that next to phi^n.
import { PoolError, showValue } from '../../../src/errors.ts';
import type { ResultForm } from '../../../src/types.ts';
import { LONGEST_STRING } from '../../../src/values/text-bytes.ts';
import { checkCount, checkIsWhole, type Range } from './checks.ts';

/** A sequence whose numbers are large, with the indices to which each form goes. */
export interface Sequence {
  /** As messages name it. */
  readonly where: string;
  /** The first numbers, for which the formulas may be off: F(1) and F(3) are powers of ten and two above them. */
  readonly first: readonly number[];
  /** log10 and log2 of what phi^n is divided by, times {@link UNIT}. */
  readonly below: { readonly log10: bigint; readonly log2: bigint };
  /** The largest index, on both sides of zero, whose number V8's BigInt can make. */
  readonly most: number;
  /** The indices whose numbers, with their signs, fit in a string. */
  readonly decimal: Range;
}

// Logarithms with 60 decimals: an index below 10^20 leaves 40 of them behind the point, and no multiple of the logarithm comes
// that near to a whole number.
const UNIT = 10n ** 60n;
const LOG10_PHI = 208987640249978733769272089237555416822459239918210953539287n;
const LOG10_SQRT5 = 349485002168009402393130552637753486615905059268945729344786n;
const LOG2_PHI = 694241913630617301738790266898595223463567285227129715980989n;
const LOG2_SQRT5 = 1160964047443681173935159714744695087932415696512290306027378n;

/** As many as the forms made of bytes go to: 'digits' and 'bytes'. */
export const MOST_MADE = 3_800_000_000;

// log2 F(n) = n * log2(phi) - log2(sqrt 5) + o(1) and log2 L(n) = n * log2(phi) + o(1), kept within RESULT_BITS; and for a
// string floor(log10) + 1 digits within LONGEST_STRING, one less where there is a sign: of F(-2k) and L(-2k-1).
export const FIBONACCI: Sequence = {
  where: 'fibonacci(n)',
  first: [0, 1, 1, 2],
  below: { log10: LOG10_SQRT5, log2: LOG2_SQRT5 },
  most: 1_546_639_204,
  decimal: { min: -2_568_912_145, max: 2_568_912_150 },
};
export const LUCAS: Sequence = {
  where: 'lucas(n)',
  first: [2, 1, 3, 4],
  below: { log10: 0n, log2: 0n },
  most: 1_546_639_202,
  decimal: { min: -2_568_912_144, max: 2_568_912_148 },
};

/** How many decimal digits the number of an index has, without its sign. */
export function decimalDigits({ first, below }: Sequence, n: bigint): bigint {
  const small = first[Number(magnitude(n))];
  if (small !== undefined) return BigInt(small.toString().length);
  return (magnitude(n) * LOG10_PHI - below.log10) / UNIT + 1n;
}

/** How many binary digits; of zero too it is one. */
export function bitsOf({ first, below }: Sequence, n: bigint): bigint {
  const small = first[Number(magnitude(n))];
  if (small !== undefined) return BigInt(small.toString(2).length);
  return (magnitude(n) * LOG2_PHI - below.log2) / UNIT + 1n;
}

function magnitude(n: bigint): bigint {
  return n < 0n ? -n : n;
}

/** Where a form can be had. */
export function rangeOf({ most, decimal }: Sequence, form: ResultForm | undefined): Range {
  switch (form) {
    case 'decimal':
      return decimal;
    case 'digits':
    case 'bytes':
      return { min: -MOST_MADE, max: MOST_MADE };
    default:
      return { min: -most, max: most };
  }
}

/**
 * Returns when the number of the index can be had in the form.
 *
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function checkSequence(sequence: Sequence, args: readonly unknown[], form?: ResultForm): void {
  const { where } = sequence;
  checkCount(where, 1, args);
  const [n] = args;
  checkIsWhole(where, n);
  const range = rangeOf(sequence, form);
  if (n < range.min || n > range.max) throw tooLarge(sequence, n, { range, form });
}

/**
 * What no BigInt can hold, for a maker that makes it with one.
 *
 * @throws PoolError ERR_RESULT_TOO_LARGE
 */
export function refuseBeyondBigint(sequence: Sequence, [n]: readonly unknown[], form?: ResultForm): void {
  const range = rangeOf(sequence, undefined);
  if ((typeof n !== 'number' && typeof n !== 'bigint') || (n >= range.min && n <= range.max)) return;
  throw tooLarge(sequence, n, { range, form, isBigints: true });
}

interface Refused {
  readonly range: Range;
  readonly form: ResultForm | undefined;
  /** Whether it is a BigInt's limit whatever the form is. */
  readonly isBigints?: boolean;
}

function tooLarge(sequence: Sequence, n: number | bigint, { range, form, isBigints }: Refused): PoolError {
  const expected = `n from ${range.min} to ${range.max}${form === undefined ? '' : ` as '${form}'`}`;
  const isSafe = n >= -(2 ** 53) && n <= 2 ** 53;
  const digits = isSafe ? Number(decimalDigits(sequence, BigInt(n))) : undefined;
  const bytes = isSafe ? Math.ceil((Number(bitsOf(sequence, BigInt(n))) + 1) / 8) : undefined;
  const size = isSafe
    ? `a number of ${showCount(digits)} digits, ${showCount(bytes)} bytes,`
    : 'a number of more than 10^15 digits';
  const why = isBigints ? LIMITS.bigint : limitOf(form);
  const advice = isBigints ? '' : adviceFor(sequence, n);
  return new PoolError(
    'ERR_RESULT_TOO_LARGE',
    `${sequence.where}: expected ${expected}, got ${showValue(n)}: ${size} ${why}.${advice}`,
    { details: { form: form ?? 'bigint', most: range.max, ...(isSafe ? { digits, bytes } : {}) } },
  );
}

const LIMITS = {
  bigint: "would pass V8's limit of 2^30 bits",
  string: `would pass the ${showCount(LONGEST_STRING)} characters of a string`,
  made: 'is more than is made',
} as const;

function limitOf(form: ResultForm | undefined): string {
  if (form === 'decimal') return LIMITS.string;
  return form === 'digits' || form === 'bytes' ? LIMITS.made : LIMITS.bigint;
}

function adviceFor(sequence: Sequence, n: number | bigint): string {
  const further = (['decimal', 'digits'] as const).filter((form) => {
    const { min, max } = rangeOf(sequence, form);
    return n >= min && n <= max;
  });
  if (further.length === 0) return '';
  const goTo = further.map((form) => {
    const names = form === 'decimal' ? "'decimal' goes" : "'digits' and 'bytes' go";
    return `${names} to n = ${rangeOf(sequence, form).max}`;
  });
  return ` As ${goTo.join(', ')}.`;
}

function showCount(count: number | undefined): string {
  return (count ?? 0).toLocaleString('en-US');
}
