// Sums of numbers in digits, in an engine's memory.
import type { Engine } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';

// Digits that are added in one call of the module.
const PART = 2 ** 14;

export interface Sum {
  readonly to: number;
  readonly from: number;
  readonly count: number;
  readonly base: number;
}

/** Adds digits to others, with room for them; what is carried beyond the last is the result. */
export function add({ exports }: Engine, { to, from, count, base }: Sum): number {
  let carry = 0;
  for (let at = 0; at < count; at += PART) {
    const offset = at * DIGIT_BYTES;
    carry = exports.addDigits(to + offset, from + offset, Math.min(PART, count - at), base, carry);
  }
  return carry;
}
