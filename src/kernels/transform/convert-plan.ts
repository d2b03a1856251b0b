// How a number is converted from one base to another: in blocks that are doubled, level by level.
//
// Blocks of `fromCount` digits of the old base become blocks of `toCount` digits of the new one, and a pair of blocks, lo
// and hi, becomes the block lo + hi P, where P is the power of the old base that a block stands for. All of it happens in
// the arithmetic of the new base, without a division; a level takes two transforms of the whole number's length. The power
// of a level is transformed once, for all pairs; its square is that of the next.
// Source: Bernstein, "Scaled remainder trees" (2004), on trees of products; Brent and Zimmermann, "Modern Computer
// Arithmetic" (2010), section 1.7.2, on subquadratic input.
import { blockTableBytes, SPREAD_BYTES } from './convert-blocks.ts';
import { align, resultDigits, transformBytes, workBytes } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import { digitsIn, rowsFor } from './shapes.ts';

/** From one base to another. */
export interface Bases {
  readonly from: number;
  readonly to: number;
}

export interface ConvertPlan {
  readonly bases: Bases;
  /** Digits of a block, before and after; the latter a multiple of 4. */
  readonly fromCount: number;
  readonly toCount: number;
  /** Of blocks, a multiple of 4; those beyond the number's end are zeros. */
  readonly blocks: number;
  /** Of the transforms of each level, the lowest first. */
  readonly levels: readonly number[];
}

// Blocks of some 1,600 to 3,200 bits, by a measured choice: half of it costs a level more, twice of it as much in the blocks.
// As each divides a size of the transform, so do all their doubles.
const BLOCK_DIGITS = [128, 160, 192] as const;
// A block of the new base has at least so many bits more than its number, so that no carry leaves it.
const SPARE_BITS = 2;
// Several small pairs share a transform, of as many rows as stay in the nearer caches: 8 of 128 digits, 10 of 160, 12 of 192.
const LEAST_ROWS_OF_DIGITS = 16;
/** Blocks that are made side by side. */
export const GROUP = 4;

/** For a number of `count` digits of the old base. */
export function planConvert(count: number, bases: Bases): ConvertPlan {
  const plans = BLOCK_DIGITS.map((toCount) => planWith(toCount, count, bases));
  return plans.reduce((best, plan) => (topDigits(plan) < topDigits(best) ? plan : best));
}

function planWith(toCount: number, count: number, bases: Bases): ConvertPlan {
  const fromCount = Math.floor((toCount * Math.log2(bases.to) - SPARE_BITS) / Math.log2(bases.from));
  const blocks = GROUP * Math.ceil(count / fromCount / GROUP);
  const levels: number[] = [];
  const top = toCount * 2 ** Math.ceil(Math.log2(blocks));
  const least = leastRows(toCount, top);
  for (let size = 2 * toCount; size <= top; size *= 2) levels.push(Math.max(least, size / digitsIn(1)));
  return { bases, fromCount, toCount, blocks, levels };
}

// Whole numbers of pairs fill 1, 3 or 5 rows, and what is that times a power of 2.
function leastRows(toCount: number, top: number): number {
  const odd = toCount === 160 ? 5 : toCount === 192 ? 3 : 1;
  return Math.max(odd, Math.min(toCount / LEAST_ROWS_OF_DIGITS, top / digitsIn(1)));
}

/** The rows of the square that leads from the power of a level, of so many digits, to the next. */
export function squareRows(size: number): number {
  return rowsFor(2 * size);
}

/** The rows of all transforms. */
export function rowsOf({ toCount, levels }: ConvertPlan): Set<number> {
  return new Set([...levels, ...levels.slice(1).map((_, i) => squareRows(toCount * 2 ** i))]);
}

/** The digits of the topmost transform. */
export function topDigits({ levels }: ConvertPlan): number {
  return digitsIn(levels.at(-1) ?? 1);
}

/** Where everything lies, counted from the beginning of the region. */
export interface ConvertPlaces {
  /** The number, first in blocks and at last whole: {@link topDigits} of them. */
  readonly digits: number;
  /** What a transform of several pairs is made of; overlaps what it becomes. */
  readonly power: number;
  readonly product: number;
  readonly gathered: number;
  readonly kept: number;
  readonly work: number;
  readonly blocks: number;
  readonly end: number;
}

export function convertPlaces(plan: ConvertPlan): ConvertPlaces {
  const top = plan.levels.at(-1) ?? 1;
  const size = align(resultDigits(top) * DIGIT_BYTES);
  const power = size;
  const product = power + size;
  const gathered = product + size;
  const kept = gathered + align(resultDigits(plan.levels[0] ?? 1) * DIGIT_BYTES);
  const work = kept + transformBytes(top);
  const blocks = work + workBytes(top, 1);
  const end = blocks + align(blockTableBytes(plan)) + align(SPREAD_BYTES);
  return { digits: 0, power, product, gathered, kept, work, blocks, end };
}
