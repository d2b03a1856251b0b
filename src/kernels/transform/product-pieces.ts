// A product of a long number and a short one: the long one in pieces, each by the one transform of the short one.
import { oneBase } from './base.ts';
import { add } from './digits.ts';
import type { Digits, Engine } from './engine.ts';
import { resultDigits } from './engine.ts';
import { DIGIT_BYTES } from './layout.ts';
import type { ProductPlan } from './product-plan.ts';
import { digitsIn } from './shapes.ts';

export interface Pieces {
  readonly plan: ProductPlan;
  /** Its digits are lost, and so are those behind it, as many as a transform has. */
  readonly longer: Digits;
  readonly shorter: Digits;
  /** Where the product of {@link piecesDigits} is to be. */
  readonly to: number;
  /** Room for one product of a piece. */
  readonly product: number;
  /** Room for a transform. */
  readonly kept: number;
  readonly work: number;
}

/** Of the longer factor with what lies behind it, and of the product. */
export function piecesDigits({ rows, pieces, pieceDigits }: ProductPlan): number {
  return (pieces - 1) * pieceDigits + resultDigits(rows);
}

export function multiplyPieces(engine: Engine, job: Pieces): void {
  const { plan, longer, shorter, to, product, kept, work } = job;
  const { rows, pieces, pieceDigits } = plan;
  const base = 2 ** plan.bits;
  engine.keep(rows, shorter, kept);
  new Int32Array(engine.buffer, to, piecesDigits(plan)).fill(0);
  // From the top down: a step fills up what lies behind its factor.
  for (let piece = pieces - 1; piece >= 0; piece--) {
    const from = piece * pieceDigits;
    engine.step({
      rows,
      base: oneBase(base),
      a: { at: longer.at + from * DIGIT_BYTES, length: Math.min(pieceDigits, longer.length - from) },
      b: undefined,
      kept,
      forms: [[0, 1, 0]],
      to: [product],
      work,
    });
    const at = to + from * DIGIT_BYTES;
    const carry = add(engine, { to: at, from: product, count: digitsIn(rows), base });
    const above = new Int32Array(engine.buffer, at + digitsIn(rows) * DIGIT_BYTES, 1);
    above[0] = (above[0] ?? 0) + carry;
  }
}
