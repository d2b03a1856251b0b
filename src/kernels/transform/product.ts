// Products of bigints by the transform: bytes into digits, one step of the engine, digits into bytes, and a certificate.

import { bigintFrom, HEAD_BYTES } from '../../values/bigint-from-bytes.ts';
import type { Factor, Kernel } from '../kernel.ts';
import type { ResidueKernel, Residues } from '../residue.ts';
import { oneBase } from './base.ts';
import { binaryDigits, bytesFromDigits, digitsFromBytes, SPARE_BYTES } from './binary.ts';
import { certifier, isProduct } from './certificate.ts';
import { align, type Engine, RoundingError, resultDigits, transformBytes, workBytes } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import { HelperError } from './leader.ts';
import { multiplyPieces, piecesDigits } from './product-pieces.ts';
import { type ProductPlan, planProduct } from './product-plan.ts';
import { digitsIn } from './shapes.ts';

/** How often a product had to be made again, in this thread. */
export interface Redone {
  /** With smaller digits, for rounding. */
  rounding: number;
  /** Because it was found wrong. */
  wrong: number;
  /** By V8, in the end. */
  native: number;
}

export const redone: Redone = { rounding: 0, wrong: 0, native: 0 };

// Fewer bits of a digit, for numbers whose digits add up worse than random ones do: an eighth of the error for each bit
// and a half.
const FEWER_BITS = 3;

/** The kernel on the engine that `engineOf` gives; V8 multiplies where there is none. */
export function transformKernel(
  engineOf: () => Engine | undefined,
  applies: (bitsA: number, bitsB: number) => boolean,
): Kernel {
  return {
    name: 'transform',
    applies: (bitsA, bitsB) => applies(bitsA, bitsB) && engineOf() !== undefined,
    multiply: (a, b) => certified(engineOf(), a, b) ?? native(a, b),
    square: (a) => certified(engineOf(), a, a) ?? native(a, a),
  };
}

function native(a: Factor, b: Factor): bigint {
  redone.native++;
  return a.value * b.value;
}

// Undefined when no base gives a product that is certain, or there is no memory for it.
function certified(engine: Engine | undefined, a: Factor, b: Factor): bigint | undefined {
  if (engine === undefined) return undefined;
  const kernel = certifier(engine);
  let mostBits: number | undefined;
  let isSecond = false;
  for (;;) {
    const plan = planProduct(a.bits, b.bits, mostBits);
    if (plan === undefined) return undefined;
    mostBits = plan.bits - FEWER_BITS;
    try {
      const product = attempt(engine, plan, { a, b, kernel });
      if (product !== undefined) return product;
      redone.wrong++;
      if (isSecond) return undefined;
      isSecond = true;
    } catch (error) {
      // No memory, or a thread that helped has ended: V8 needs neither.
      if (error instanceof RangeError || error instanceof HelperError) return undefined;
      if (!(error instanceof RoundingError)) throw error;
      redone.rounding++;
    }
  }
}

interface Places {
  readonly bytesA: number;
  readonly bytesB: number;
  readonly digitsA: number;
  readonly digitsB: number;
  readonly product: number;
  readonly bytes: number;
  /** Of pieces only. */
  readonly piece: number;
  readonly kept: number;
  readonly work: number;
  readonly end: number;
}

function placesOf(plan: ProductPlan, { a, b }: Pick<Task, 'a' | 'b'>): Places {
  const { bits, rows } = plan;
  const bytesA = HEAD_BYTES;
  const bytesB = bytesA + align(bytesRoom(a, bits));
  const digitsA = align(bytesB + (a === b ? 0 : bytesRoom(b, bits)));
  const size = align(piecesDigits(plan) * DIGIT_BYTES);
  const digitsB = digitsA + size;
  const isLong = binaryDigits(b.bits, bits) > digitsIn(rows) / 2;
  const lengthB = a === b ? 0 : isLong ? digitsIn(rows) : digitsIn(rows) / 2;
  const next = digitsB + align(lengthB * DIGIT_BYTES);
  const read = { bytesA, bytesB, digitsA, digitsB };
  if (plan.pieces === 1) {
    // The product's digits come where those of a were, and its bytes where the transforms were.
    const end = next + workBytes(rows, 1);
    return { ...read, product: digitsA, bytes: next + HEAD_BYTES, piece: 0, kept: 0, work: next, end };
  }
  const piece = next + size;
  const kept = piece + align(resultDigits(rows) * DIGIT_BYTES);
  const work = kept + transformBytes(rows);
  const end = work + workBytes(rows, 1);
  return { ...read, product: next, bytes: digitsA + HEAD_BYTES, piece, kept, work, end };
}

function bytesRoom(factor: Factor, bits: number): number {
  return Math.ceil((binaryDigits(factor.bits, bits) * bits) / 8) + SPARE_BYTES;
}

interface Task {
  readonly a: Factor;
  readonly b: Factor;
  readonly kernel: ResidueKernel;
}

/** Undefined when the product is wrong. @throws RoundingError, RangeError when there is no memory */
function attempt(engine: Engine, plan: ProductPlan, task: Task): bigint | undefined {
  const { a, b, kernel } = task;
  const { bits, rows } = plan;
  const places = placesOf(plan, task);
  const start = engine.prepare([rows], places.end);
  const isSquare = a === b;
  const read = (factor: Factor, bytes: number, digits: number) => {
    put(engine, factor, { at: start + bytes, room: bytesRoom(factor, bits) });
    const number = {
      bytes: start + bytes,
      digits: start + digits,
      count: binaryDigits(factor.bits, bits),
      bits,
    };
    digitsFromBytes(engine, number);
    const residues = kernel.ofBytes({ start: start + bytes, count: factor.magnitude.bytes.length });
    return { residues, digits: { at: number.digits, length: number.count } };
  };
  const first = read(a, places.bytesA, places.digitsA);
  const second = isSquare ? first : read(b, places.bytesB, places.digitsB);
  if (plan.pieces > 1) {
    multiplyPieces(engine, {
      plan,
      longer: first.digits,
      shorter: second.digits,
      to: start + places.product,
      product: start + places.piece,
      kept: start + places.kept,
      work: start + places.work,
    });
  } else {
    engine.step({
      rows,
      base: oneBase(2 ** bits),
      a: first.digits,
      b: isSquare ? undefined : second.digits,
      forms: isSquare ? [[1, 0, 0]] : [[0, 1, 0]],
      to: [start + places.product],
      work: start + places.work,
    });
  }
  const result = {
    bytes: start + places.bytes,
    digits: start + places.product,
    count: binaryDigits(a.bits + b.bits, bits),
    bits,
  };
  const factors: readonly [Residues, Residues] = [first.residues, second.residues];
  const range = { start: result.bytes, count: bytesFromDigits(engine, result) };
  if (!isProduct(kernel, factors, range)) return undefined;
  const isNegative = a.magnitude.isNegative !== b.magnitude.isNegative;
  return bigintFrom({ buffer: engine.buffer, at: result.bytes, count: range.count, isNegative });
}

interface Room {
  readonly at: number;
  readonly room: number;
}

function put({ buffer }: Engine, { magnitude }: Factor, { at, room }: Room): void {
  const bytes = new Uint8Array(buffer, at, room);
  bytes.set(magnitude.bytes);
  bytes.fill(0, magnitude.bytes.length);
}
