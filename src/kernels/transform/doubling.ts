// Fibonacci and Lucas numbers by doubling, in digits of any base from the first step to the last.
//
// With a = F(k), b = F(k-1), all of these are quadratic forms in a and b, made point by point of two transforms:
//
//   F(2k-1) = a^2 + b^2          F(2k) = a^2 + 2 a b          F(2k+1) = 2 a^2 + 2 a b + b^2
//   L(2k) = 3 a^2 + 2 a b + 2 b^2                             L(2k+1) = 4 a^2 + 6 a b + b^2
//
// so a step takes two transforms there and two back, and the last one a single one back.
import { type Base, digitsOfLog } from './base.ts';
import { align, type Digits, type Engine, type Form, PHASES, resultDigits, workBytes } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import { digitsIn, rowsFor } from './shapes.ts';

export type Sequence = 'fibonacci' | 'lucas';

export interface Doubling {
  readonly sequence: Sequence;
  /** At least 2 {@link LEAST_START}, and below 2^43. */
  readonly n: number;
  readonly base: Base;
  /** The bytes that are wanted behind the result, for what is made of it. */
  readonly spare: number;
  /** Told how much is done, from 0 to 1, of the whole; may throw to stop. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

const FORMS = {
  below: [1, 0, 1],
  even: [1, 2, 0],
  odd: [2, 2, 1],
  lucasEven: [3, 2, 2],
  lucasOdd: [4, 6, 1],
} as const satisfies Record<string, Form>;

/** Below twice this there is nothing to double. */
export const LEAST_START = 1024;

const LOG_PHI: number = Math.log((1 + Math.sqrt(5)) / 2);

/** One more than the digits of F(n), or L(n), in the base; digits between -base/2 and base/2 may take one more. */
export function lengthOf(n: number, base: Base): number {
  const digits = Math.ceil(digitsOfLog(n * LOG_PHI + 1, base)) + 1;
  return base.even === base.odd ? digits : digits + (digits % 2);
}

interface Level {
  readonly k: number;
  readonly rows: number;
}

/** What a doubling takes of an engine, see {@link Engine.prepare}. */
export interface DoublingRoom {
  readonly rows: readonly number[];
  readonly bytes: number;
}

export interface Doubled extends Digits {
  /** The address of the spare bytes. */
  readonly spare: number;
}

export function roomFor({ n, base, spare }: Pick<Doubling, 'n' | 'base' | 'spare'>): DoublingRoom {
  const rows = levelsOf(n, base).map((level) => level.rows);
  return { rows, bytes: Math.max(digitBytes(rows) + workOf(rows), resultBytes(rows) + spare) };
}

/** F(n) or L(n). The result is in the engine's memory until that is prepared again. */
export function double(engine: Engine, { sequence, n, base, spare, onProgress }: Doubling): Doubled {
  const levels = levelsOf(n, base);
  const room = roomFor({ n, base, spare });
  const rows = room.rows;
  const start = engine.prepare(rows, room.bytes);
  const work = start + digitBytes(rows);
  let k = startOf(n);
  let pair = startPair(engine, k, start, base);
  const costs = rows.map((each, i) => costOf(each, i === rows.length - 1));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let done = 0;
  for (const [i, level] of levels.entries()) {
    const isLast = i === levels.length - 1;
    const isOdd = level.k % 2 === 1;
    const second = start + placeBytes(rows, i);
    const cost = costs[i] ?? 0;
    engine.step({
      rows: level.rows,
      base,
      a: pair[0],
      b: pair[1],
      forms: isLast
        ? [lastForm(sequence, isOdd)]
        : isOdd
          ? [FORMS.odd, FORMS.even]
          : [FORMS.even, FORMS.below],
      to: isLast ? [start] : [start, second],
      work,
      onPhase: onProgress && ((phase) => onProgress((done + (cost * phase) / PHASES) / total)),
    });
    k = level.k;
    const length = lengthOf(k, base);
    pair = [
      { at: start, length },
      { at: second, length },
    ];
    done += cost;
  }
  // Where the last step's transforms and factors were, which nobody needs any more.
  return { ...pair[0], spare: start + resultBytes(rows) };
}

function lastForm(sequence: Sequence, isOdd: boolean): Form {
  if (sequence === 'lucas') return isOdd ? FORMS.lucasOdd : FORMS.lucasEven;
  return isOdd ? FORMS.odd : FORMS.even;
}

// The last step has one result instead of two, which saves one transform of four.
function costOf(rows: number, isLast: boolean): number {
  return (isLast ? 3 : 4) * rows * (10 + Math.log2(rows));
}

// The leading bits of n that make a number below 2 LEAST_START.
function startOf(n: number): number {
  let k = n;
  while (k >= 2 * LEAST_START) k = Math.floor(k / 2);
  return k;
}

function levelsOf(n: number, base: Base): readonly Level[] {
  const levels: Level[] = [];
  for (let k = n; k >= 2 * LEAST_START; k = Math.floor(k / 2)) {
    // Room for the result, and for each factor in the lower half.
    const digits = Math.max(lengthOf(k, base), 2 * lengthOf(Math.floor(k / 2), base));
    levels.unshift({ k, rows: rowsFor(digits) });
  }
  return levels;
}

// The last step has one result, each other two; all in the same place, as a step has read its factors by then.
function digitBytes(rows: readonly number[]): number {
  const sizes = rows.map((_, i) => (i === rows.length - 1 ? 1 : 2) * placeBytes(rows, i));
  return Math.max(...sizes, 2 * START_DIGITS * DIGIT_BYTES);
}

function resultBytes(rows: readonly number[]): number {
  return placeBytes(rows, rows.length - 1);
}

// Of a result of step i, which as a factor is filled up with zeros to half of what the next step has room for.
function placeBytes(rows: readonly number[], i: number): number {
  const digits = resultDigits(rows[i] ?? 0);
  return align(Math.max(digits, digitsIn(rows[i + 1] ?? 0) / 2) * DIGIT_BYTES);
}

function workOf(rows: readonly number[]): number {
  return Math.max(...rows.map((each, i) => workBytes(each, i === rows.length - 1 ? 1 : 2)));
}

function startPair(engine: Engine, k: number, at: number, base: Base): readonly [Digits, Digits] {
  let [a, b] = [0n, 1n]; // F(j), F(j-1), where j is what the bits of k walked so far spell
  for (const bit of k.toString(2)) {
    const below = a * a + b * b;
    const even = a * (a + 2n * b);
    [a, b] = bit === '1' ? [even + below, even] : [even, below];
  }
  const numbers = [digitsOf(a, base), digitsOf(b, base)];
  const second = align(at + START_DIGITS * DIGIT_BYTES);
  const put = (digits: readonly number[], address: number): Digits => {
    new Int32Array(engine.buffer, address, digits.length).set(digits);
    return { at: address, length: digits.length };
  };
  return [put(numbers[0] ?? [], at), put(numbers[1] ?? [], second)];
}

// Balanced, the lowest first.
function digitsOf(value: bigint, { even, odd }: Base): readonly number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0n; ) {
    const base = digits.length % 2 === 0 ? even : odd;
    const low = Number(rest % BigInt(base));
    const digit = 2 * low > base ? low - base : low;
    digits.push(digit);
    rest = (rest - BigInt(digit)) / BigInt(base);
  }
  return digits;
}

// F(2047) has 1,420 bits; as a factor it is filled up to half of what the first step has room for.
const START_DIGITS = 2048;
