// Bigints to decimal text and back, on an engine: digits of one base become digits of the other, and a certificate.
import { bigintFrom, HEAD_BYTES } from '../../values/bigint-from-bytes.ts';
import type { Factor } from '../kernel.ts';
import type { ResidueKernel, Residues } from '../residue.ts';
import { DECIMAL_BASE, DECIMAL_DIGITS, mostBitsIn } from './base.ts';
import { borrowOf, bytesFromDigits, digitsFromBytes } from './binary.ts';
import { certifier } from './certificate.ts';
import { convert } from './convert.ts';
import { type ConvertPlan, convertPlaces, planConvert, rowsOf } from './convert-plan.ts';
import { type Digits, type Engine, RoundingError } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import { HelperError } from './leader.ts';

/** The bits of a digit that bytes are read as: whole bytes, and small beside what sums of them are exact in. */
const WORD_BITS = 16;
/** Digits of one call of the module. */
const PART = 2 ** 14;
const ZERO = 0x30;
const MINUS = 0x2d;
// Beside a text, for the sign before it and what is read or written behind it.
const SPARE = 64;

/** The decimal text of a bigint; undefined when it is not certain, or there is no memory for it. */
export function toText(engine: Engine, value: Factor): string | undefined {
  return unlessRefused(() => {
    const count = Math.ceil(value.bits / WORD_BITS) + 1;
    const plan = planConvert(count, { from: 2 ** WORD_BITS, to: DECIMAL_BASE });
    const { start, places } = prepare(engine, plan);
    // The bytes are where the transforms of powers will be, and the text, in the end, too.
    const bytes = start + places.kept;
    const digits = start + places.work;
    const length = plan.blocks * plan.fromCount;
    const room = new Uint8Array(engine.buffer, bytes, (length * WORD_BITS) / 8 + SPARE);
    room.set(value.magnitude.bytes);
    room.fill(0, value.magnitude.bytes.length);
    const kernel = certifier(engine);
    const residues = kernel.ofBytes({ start: bytes, count: value.magnitude.bytes.length });
    digitsFromBytes(engine, { bytes, digits, count: length, bits: WORD_BITS });
    const decimal = convert(engine, plan, start);
    return certifiedText(engine, decimal, {
      at: start + places.kept + SPARE,
      kernel,
      residues,
      isNegative: value.magnitude.isNegative,
    });
  });
}

interface Sought {
  /** Where the text is to be. */
  readonly at: number;
  readonly kernel: ResidueKernel;
  readonly residues: Residues;
  readonly isNegative: boolean;
}

function certifiedText(
  engine: Engine,
  decimal: Digits,
  { at, kernel, residues, isNegative }: Sought,
): string | undefined {
  const end = at + decimal.length * DECIMAL_DIGITS;
  let borrow = 0;
  for (let from = 0; from < decimal.length; from += PART) {
    const length = Math.min(PART, decimal.length - from);
    const digits = decimal.at + from * DIGIT_BYTES;
    engine.exports.toText(digits, length, end - from * DECIMAL_DIGITS, borrow);
    borrow = borrowOf(new Int32Array(engine.buffer, digits, length), borrow);
  }
  const text = Buffer.from(engine.buffer, at, end - at);
  const zeros = text.findIndex((character) => character !== ZERO);
  const start = zeros < 0 ? text.length - 1 : zeros;
  const found = kernel.ofText({ start: at + start, count: text.length - start });
  if (!isSame(found, residues)) return undefined;
  if (!isNegative) return text.toString('latin1', start);
  const sign = Buffer.from(engine.buffer, at + start - 1, 1);
  sign[0] = MINUS;
  return Buffer.from(engine.buffer, at + start - 1, end - at - start + 1).toString('latin1');
}

/** A text of decimal digits, with nothing before or behind them. */
export interface DecimalText {
  readonly digits: string;
  readonly isNegative: boolean;
}

/** The bigint that a text is of; undefined when it is not certain, or there is no memory for it. */
export function fromText(engine: Engine, { digits: text, isNegative }: DecimalText): bigint | undefined {
  return unlessRefused(() => {
    const count = Math.ceil(text.length / DECIMAL_DIGITS) + 1;
    const planFor = (bits: number) => planConvert(count, { from: DECIMAL_BASE, to: 2 ** bits });
    const bits = mostBitsIn((each) => planFor(each).levels.at(-1) ?? 1);
    const plan = planFor(bits);
    const { start, places } = prepare(engine, plan);
    const length = plan.blocks * plan.fromCount;
    const room = Buffer.from(engine.buffer, start + places.kept, length * DECIMAL_DIGITS);
    const zeros = room.length - text.length;
    room.fill(ZERO, 0, zeros);
    room.write(text, zeros, 'latin1');
    const kernel = certifier(engine);
    const residues = kernel.ofText({ start: start + places.kept + zeros, count: text.length });
    const end = start + places.kept + room.length;
    for (let from = 0; from < length; from += PART) {
      const below = from === 0 ? 0 : digitAt(room, room.length - from * DECIMAL_DIGITS);
      engine.exports.fromText(
        end - from * DECIMAL_DIGITS,
        start + places.work + from * DIGIT_BYTES,
        Math.min(PART, length - from),
        2 * below >= DECIMAL_BASE ? 1 : 0,
      );
    }
    const binary = convert(engine, plan, start);
    const bytes = start + places.kept + HEAD_BYTES;
    const range = {
      start: bytes,
      count: bytesFromDigits(engine, { bytes, digits: binary.at, count: binary.length, bits }),
    };
    if (!isSame(kernel.ofBytes(range), residues)) return undefined;
    return bigintFrom({ buffer: engine.buffer, at: bytes, count: range.count, isNegative });
  });
}

function digitAt(text: Buffer, at: number): number {
  return Number(text.toString('latin1', at, at + DECIMAL_DIGITS));
}

function prepare(engine: Engine, plan: ConvertPlan) {
  const places = convertPlaces(plan);
  return { start: engine.prepare(rowsOf(plan), places.end), places };
}

function unlessRefused<T>(make: () => T | undefined): T | undefined {
  try {
    return make();
  } catch (error) {
    const isOver =
      error instanceof RoundingError || error instanceof RangeError || error instanceof HelperError;
    if (isOver) return undefined;
    throw error;
  }
}

function isSame(a: Residues, b: Residues): boolean {
  return a.every((residue, i) => residue === b[i]);
}
