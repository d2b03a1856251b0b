// Which base digits are in: decimal ones in 10^5, and of binary ones as many bits as rounding leaves room for.
import { digitsIn, rowsFor } from './shapes.ts';

/**
 * The base of digits with an even number, and of those with an odd one. Where they differ, the first is a whole number of
 * times the second, and digits are weighted so that the transform sees one base, their geometric mean. Source: Crandall and
 * Fagin, "Discrete weighted transforms and large-integer arithmetic" (1994).
 */
export interface Base {
  readonly even: number;
  readonly odd: number;
}

export function oneBase(base: number): Base {
  return { even: base, odd: base };
}

/** How many digits in the base a number of so many natural logarithms takes, about. */
export function digitsOfLog(log: number, { even, odd }: Base): number {
  return (2 * log) / Math.log(even * odd);
}

/** The bits of the one base whose digits would round as these do: of the root mean square of weighted digits. */
function weightOf({ even, odd }: Base): number {
  return Math.log2(even ** 2 / 2 + (odd * even) / 2) / 2;
}

export const DECIMAL_BASE = 100_000;
export const DECIMAL_DIGITS = 5;

// The largest rounding error of a doubling (p a^2 + q a b + r b^2 with the coefficients of Fibonacci numbers), as seen in
// F(10^7) with 18 bits in a transform of 393,216 digits; it grows as the square of the base and the root of the length.
// Seen in F(10^8), with 18 bits in 3,932,160 digits: 0.084, where this says 0.085.
export const SEEN_ERRORS = {
  fibonacci: 0.027,
  /** Whose last forms have larger coefficients. */
  lucas: 0.062,
} as const;
const SEEN_BITS = 18;
const SEEN_DIGITS = 393_216;
// Half of what is refused: a step that has to be done again costs twice.
const PLANNED_ERROR = 0.125;
export const MOST_BITS = 20;
export const LEAST_BITS = 8;

export interface BinaryPlan {
  /** Of a digit. */
  readonly bits: number;
  /** Of the transform that the result takes. */
  readonly rows: number;
}

/**
 * The fewest rows for a result of `resultBits`, and of the bases that need no more the smallest.
 *
 * @param seen of {@link SEEN_ERRORS}
 */
export function planBinary(resultBits: number, seen: number): BinaryPlan {
  let best: BinaryPlan | undefined;
  for (let bits = LEAST_BITS; bits <= MOST_BITS; bits++) {
    const rows = rowsFor(Math.ceil(resultBits / bits) + 2);
    if (expectedError(bits, rows, seen) > PLANNED_ERROR) break;
    if (best === undefined || rows < best.rows) best = { bits, rows };
  }
  if (best === undefined) throw new RangeError(`no base for a result of ${resultBits} bits`);
  return best;
}

// Characters of a digit with an even, and with an odd number.
const DECIMAL_WIDTHS = [
  [5, 5],
  [6, 5],
  [6, 6],
] as const;

export interface DecimalPlan {
  readonly width: number;
  readonly oddWidth: number;
}

/**
 * The fewest rows for a result of so many characters, and of the bases that need no more the smallest.
 *
 * @param seen of {@link SEEN_ERRORS}
 */
export function planDecimal(characters: number, seen: number): DecimalPlan {
  let best: (DecimalPlan & { readonly rows: number }) | undefined;
  for (const [width, oddWidth] of DECIMAL_WIDTHS) {
    const rows = rowsFor(Math.ceil((2 * characters) / (width + oddWidth)) + 3);
    const bits = weightOf({ even: 10 ** width, odd: 10 ** oddWidth });
    if (best !== undefined && (rows >= best.rows || expectedError(bits, rows, seen) > PLANNED_ERROR))
      continue;
    best = { width, oddWidth, rows };
  }
  return best ?? { width: DECIMAL_DIGITS, oddWidth: DECIMAL_DIGITS };
}

// The same for a product of random digits: 0.0083 in 262,144 digits of 18 bits.
const PRODUCT_ERROR = 0.0104;

/** Whether products of numbers in digits of so many bits are exact in so many rows, so far as is foreseen. */
export function isExact(bits: number, rows: number): boolean {
  return expectedError(bits, rows, PRODUCT_ERROR) <= PLANNED_ERROR;
}

/** The most bits of a digit whose products in so many rows are exact, so far as is foreseen. */
export function mostBitsIn(rowsOf: (bits: number) => number): number {
  let bits = MOST_BITS;
  while (bits > LEAST_BITS && !isExact(bits, rowsOf(bits))) bits--;
  return bits;
}

function expectedError(bits: number, rows: number, seen: number): number {
  return seen * 4 ** (bits - SEEN_BITS) * Math.sqrt(digitsIn(rows) / SEEN_DIGITS);
}
