// The pieces of work that come after the last step: digits to text or bytes, and the residues that certify these.
//
// Digits in memory are redundant, within B/2 + 2 of zero; a piece has to lend one to the digits below it if these are
// negative, and they have the sign of the first of them that is not zero.

import { type Range, RESIDUE_BYTES, ResidueKernel, type Residues } from '../residue.ts';
import { DECIMAL_DIGITS } from './base.ts';
import { DIGIT_BYTES } from './layout.ts';
import type { KernelExports, Thread } from './thread.ts';

// Digits of a piece at least, and a multiple of it: so many digits of any number of bits are whole words.
const OUT_PIECE = 2 ** 13;
// Characters or bytes of a piece at least: a multiple of what the kernel takes at once of either.
const RESIDUE_PIECE = 2 ** 16;
// Of a phase, well below what a board has room for.
const MOST_OUT_PIECES = 512;

interface OutWork {
  /** The address of the digits, and how many they are. */
  readonly digits: number;
  readonly count: number;
  readonly to: number;
  /** How many digits a piece has. */
  readonly size: number;
}

export interface TextWork extends OutWork {
  /** The address behind the last character; the first digit's characters end there, those of the others stand before. */
  readonly to: number;
  /** Characters of a digit with an even number: its base is 10 to this power. */
  readonly width: number;
  /** And with an odd number; where it is another, or both are 6, digits come by pairs. */
  readonly oddWidth: number;
}

export interface BytesWork extends OutWork {
  /** The address of the lowest byte; whole words of 32 bits are written. */
  readonly to: number;
  /** Of a digit: the base is 2 to this power. */
  readonly bits: number;
}

export interface ResiduesWork {
  /** The address of the text or bytes, and how many they are. */
  readonly at: number;
  readonly count: number;
  readonly isText: number;
  /** The address of two primes of 64 bits. */
  readonly primes: number;
  /** The address of two residues of 64 bits for each piece. */
  readonly results: number;
  /** The address of {@link PLACE_BYTES} for each thread. */
  readonly places: number;
  /** How many characters or bytes a piece has. */
  readonly size: number;
}

export const PLACE_BYTES: number = Math.ceil(RESIDUE_BYTES / 256) * 256;
/** In place of residues, of a text that is not of decimal digits only: a residue is below 2^60. */
export const NO_RESIDUE: bigint = 2n ** 64n - 1n;
/** Two numbers of 64 bits. */
export const PAIR_OF_RESIDUES = 16;

/** How many digits of `count` a piece has. */
export function outSize(count: number): number {
  return OUT_PIECE * Math.max(1, Math.ceil(count / (OUT_PIECE * MOST_OUT_PIECES)));
}

/** How many characters or bytes of `count` a piece has. */
export function residueSize(count: number): number {
  return RESIDUE_PIECE * Math.max(1, Math.ceil(count / (RESIDUE_PIECE * MOST_OUT_PIECES)));
}

export function doText({ exports, buffer }: Thread, work: TextWork, piece: number): void {
  const { width, oddWidth, to } = work;
  const { first, count, borrow } = outPiece(buffer, work, piece);
  const end = to - (first * (width + oddWidth)) / 2;
  const digits = work.digits + first * DIGIT_BYTES;
  if (oddWidth === 6) exports.toText66(digits, count, end, borrow);
  else if (width === 6) exports.toText65(digits, count, end, borrow);
  else if (width === DECIMAL_DIGITS) exports.toText(digits, count, end, borrow);
  else
    plainText({ digits: new Int32Array(buffer, digits, count), width, borrow }, new Uint8Array(buffer), end);
}

interface PlainDigits {
  readonly digits: Int32Array;
  readonly width: number;
  readonly borrow: number;
}

// What the module's toText does, for the bases that are taken only when rounding has spoilt a result in base 10^5.
function plainText({ digits, width, borrow }: PlainDigits, to: Uint8Array, end: number): void {
  const base = 10 ** width;
  let lent = borrow;
  let at = end;
  for (const digit of digits) {
    let value = digit - lent;
    lent = value < 0 ? 1 : 0;
    value += lent * base;
    for (let i = 0; i < width; i++) {
      at -= 1;
      to[at] = 0x30 + (value % 10);
      value = Math.floor(value / 10);
    }
  }
}

export function doBytes({ exports, buffer }: Thread, work: BytesWork, piece: number): void {
  const { first, count, borrow } = outPiece(buffer, work, piece);
  const to = work.to + (first * work.bits) / 8;
  exports.toBytes(work.digits + first * DIGIT_BYTES, count, to, borrow, work.bits);
}

interface OutPiece {
  readonly first: number;
  readonly count: number;
  readonly borrow: number;
}

function outPiece(buffer: ArrayBufferLike, { digits, count, size }: OutWork, piece: number): OutPiece {
  const first = piece * size;
  const below = new Int32Array(buffer, digits, first);
  let at = first - 1;
  while (at > 0 && below[at] === 0) at -= 1;
  return { first, count: Math.min(size, count - first), borrow: (below[at] ?? 0) < 0 ? 1 : 0 };
}

/** Of the characters, the most significant first, or of the bytes, the least significant first, that the piece has. */
export function doResidues(thread: Thread, work: ResiduesWork, piece: number): void {
  const kernel = kernelOf(thread, work);
  const first = piece * work.size;
  const range = { start: work.at + first, count: Math.min(work.size, work.count - first) };
  const residues = work.isText === 1 ? residuesOfText(kernel, range) : kernel.ofBytes(range);
  const result = new BigUint64Array(thread.buffer, work.results + piece * PAIR_OF_RESIDUES, 2);
  result.set(residues);
}

// A digit far from zero becomes other characters: that is one more thing that is wrong with a text, and no reason to end.
function residuesOfText(kernel: ResidueKernel, range: Range): Residues {
  try {
    return kernel.ofText(range);
  } catch (error) {
    if (error instanceof RangeError) return [NO_RESIDUE, NO_RESIDUE];
    throw error;
  }
}

interface Prepared {
  readonly kernel: ResidueKernel;
  readonly place: number;
}

// The tables of a kernel take longer than a piece; its place is its own for as long as the engine lives.
const prepared = new WeakMap<KernelExports, Prepared>();

function kernelOf(thread: Thread, work: ResiduesWork): ResidueKernel {
  const { exports, index, buffer } = thread;
  const primes: Residues = [...new BigUint64Array(buffer, work.primes, 2)];
  const place = work.places + index * PLACE_BYTES;
  const last = prepared.get(exports);
  if (last?.place === place && primes.every((p, i) => p === last.kernel.primes[i])) return last.kernel;
  const functions = { residues: exports.residues2, decimalDigits: exports.decimalDigits };
  const kernel = new ResidueKernel({ functions, memory: thread, place, primes });
  prepared.set(exports, { kernel, place });
  return kernel;
}
