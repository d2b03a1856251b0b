// The two facts that src/kernels/README.md states and everything else rests on: what the transform computes, and what
// carrying leaves.

import { expect, test } from 'vitest';
import { COLUMNS, HELD_BYTES, PAIR_BYTES, PITCH, ROUNDING } from '../../src/kernels/transform/layout.ts';
import { instantiate, newMemory } from '../../src/kernels/transform/open.ts';
import { digitsIn, shapeOf } from '../../src/kernels/transform/shapes.ts';
import { fillBlockTable, fillTable, tableBytes } from '../../src/kernels/transform/tables.ts';
import { doMiddle, doSplit, KINDS, middlePieces, splitPieces } from '../../src/kernels/transform/tasks.ts';
import { type Thread, threadOn } from '../../src/kernels/transform/thread.ts';

// Anywhere that the two tables do not overlap.
const BLOCKS_AT = 4096;
const TABLES_AT = 8192;
const PAGES = 128;
const memory = newMemory(PAGES);
const { buffer } = memory;
const thread: Thread = threadOn(memory, instantiate(memory), 0);

const align = (address: number): number => Math.ceil(address / 256) * 256;

interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Twenty leaves of every row, and what the digits' polynomial is at the root that belongs to each. */
function leavesOf(rows: number, upper: 0 | 1): { readonly got: number[]; readonly wanted: number[] } {
  const shape = shapeOf(rows);
  const bytes = tableBytes(shape);
  fillBlockTable(new Float64Array(buffer, BLOCKS_AT, COLUMNS / 2));
  fillTable(shape, new Float64Array(buffer, TABLES_AT, bytes / 8));
  const digitsAt = align(TABLES_AT + bytes);
  const digits = new Int32Array(buffer, digitsAt, digitsIn(rows));
  for (let i = 0; i < digits.length; i++) digits[i] = Math.floor(Math.random() * 1000) - 500;
  const to = align(digitsAt + digits.byteLength);
  const place = { rows, table: TABLES_AT };
  const split = {
    ...place,
    digitsA: digitsAt,
    digitsB: 0,
    a: to,
    b: 0,
    upperA: upper,
    upperB: 0,
    weights: 1024,
  };
  new Float64Array(buffer, 1024, 2).fill(1);
  for (let piece = 0; piece < splitPieces(shape, 1); piece++) doSplit(thread, split, piece);
  const middle = { ...place, a: to, b: 0, blocks: BLOCKS_AT, form: 0, kind: KINDS.keep };
  for (let piece = 0; piece < middlePieces(shape); piece++) doMiddle(thread, middle, piece);

  const [got, wanted]: [number[], number[]] = [[], []];
  for (const [row, angle] of rowAngles(rows).entries()) {
    for (let i = 0; i < 20; i++) {
      const leaf = Math.floor(Math.random() * COLUMNS);
      const stored = leafAt(to + row * PITCH, leaf);
      const value = valueAt(digits, { turns: angle / COLUMNS + reversed(leaf), isReal: upper === 0 });
      got.push(stored.re, stored.im);
      wanted.push(value.re, value.im);
    }
  }
  return { got, wanted };
}

// The binary digits of a whole number behind the point, the lowest first.
function reversed(leaf: number): number {
  let sum = 0;
  for (let rest = leaf, weight = 1 / 2; rest > 0; rest >>= 1, weight /= 2) sum += (rest & 1) * weight;
  return sum;
}

// Of x^1024 - exp(2 pi i angle), row by row.
function rowAngles(rows: number): readonly number[] {
  const { outer, inner } = shapeOf(rows);
  const orders = { 2: [0, 1], 3: [0, 1, 2], 4: [0, 2, 1, 3], 5: [0, 1, 2, 3, 4] } as const;
  let angles: readonly number[] = [1 / 4];
  for (const radix of [...outer, ...inner]) {
    angles = angles.flatMap((angle) => orders[radix].map((k) => (angle + k) / radix));
  }
  return angles;
}

function leafAt(row: number, leaf: number): Complex {
  const [block, child] = [leaf >> 2, leaf & 3];
  const pair = new Float64Array(buffer, row + (4 * (block >> 1) + child) * PAIR_BYTES, 4);
  return { re: pair[block & 1] ?? Number.NaN, im: pair[2 + (block & 1)] ?? Number.NaN };
}

function valueAt(
  digits: Int32Array,
  { turns, isReal }: { readonly turns: number; readonly isReal: boolean },
): Complex {
  const half = digits.length / 2;
  let [re, im] = [0, 0];
  for (let j = 0; j < half; j++) {
    const angle = 2 * Math.PI * ((turns * j) % 1);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [real, imaginary] = [digits[j] ?? 0, isReal ? 0 : (digits[half + j] ?? 0)];
    re += real * cos - imaginary * sin;
    im += real * sin + imaginary * cos;
  }
  return { re, im };
}

test.each([1, 2, 3, 4, 5, 16, 30])(
  'the leaves of %i rows are the values of the polynomial at their roots',
  (rows) => {
    for (const upper of [0, 1] as const) {
      const { got, wanted } = leavesOf(rows, upper);
      const worst = Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? 0))));
      expect(worst).toBeLessThan(1e-4);
    }
  },
);

interface Carried {
  readonly digits: Int32Array;
  /** The sum of the digits and of what is still held, each times the base to its place, is that of the coefficients. */
  readonly isSame: boolean;
  readonly error: number;
}

/** One row of coefficients in place of a transform that has come back; the fraction is the error of each. */
function carried(base: number, largest: bigint, fraction: number): Carried {
  const [baseAt, watchAt, heldAt, rowAt] = [1024, 1152, 4096, 8192];
  const digitsAt = rowAt + PITCH;
  const pairs = [base, 1 / base, base ** 2, 1 / base ** 2, ROUNDING, 1].flatMap((value) => [value, value]);
  new Float64Array(buffer, baseAt, pairs.length).set(pairs);
  new Float64Array(buffer, watchAt, 2).fill(0);
  const held = new Float64Array(buffer, heldAt, HELD_BYTES / 8);
  held.fill(0);
  const row = new Float64Array(buffer, rowAt, 2 * COLUMNS);
  const values: bigint[] = [];
  for (let j = 0; j < 2 * COLUMNS; j++) {
    const isExtreme = Math.random() < 0.5;
    const size = isExtreme ? largest : BigInt(Math.floor(Math.random() * Number(largest)));
    values.push(Math.random() < 0.5 ? -size : size);
  }
  // Column j of the lower half is a real part, of the upper half an imaginary one; by pairs.
  for (const [j, value] of values.entries()) {
    const column = j % COLUMNS;
    const at = 4 * (column >> 1) + (column & 1) + (j < COLUMNS ? 0 : 2);
    row[at] = Number(value) + fraction;
  }
  const bytes = COLUMNS * 4;
  thread.exports.carry(rowAt, 1, 0, PITCH - 64, digitsAt, 0, bytes, heldAt, 0, baseAt, watchAt);
  const digits = new Int32Array(buffer, digitsAt, 2 * COLUMNS).slice();
  let isSame = true;
  for (const half of [0, 1]) {
    const own = values.slice(half * COLUMNS, (half + 1) * COLUMNS);
    const made = [...digits.subarray(half * COLUMNS, (half + 1) * COLUMNS)].map(BigInt);
    const left = [...held.subarray(6 * half, 6 * half + 6)].map((each) => BigInt(each));
    const [, middle = 0n, lowHigh = 0n, high = 0n, , carry = 0n] = left;
    const sum = numberOf([...made, middle + lowHigh + carry, high], BigInt(base));
    isSame &&= sum === numberOf(own, BigInt(base));
  }
  const watch = new Float64Array(buffer, watchAt, 2);
  return { digits, isSame, error: Math.max(watch[0] ?? 0, watch[1] ?? 0) };
}

function numberOf(digits: readonly bigint[], base: bigint): bigint {
  return digits.reduceRight((sum, digit) => sum * base + digit, 0n);
}

test.each([
  [100_000, 14n * 10n ** 14n],
  [2 ** 16, 2n ** 48n],
  [2 ** 12, 2n ** 36n],
])('carrying in base %i keeps the number, and digits within 2 of half the base', (base, largest) => {
  const { digits, isSame, error } = carried(base, largest, 0.25);
  expect(isSame).toBe(true);
  expect(Math.max(...digits.map(Math.abs))).toBeLessThanOrEqual(base / 2 + 2);
  expect(error).toBeCloseTo(0.25, 9);
});
