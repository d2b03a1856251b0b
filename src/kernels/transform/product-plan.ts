// How a product is made: in digits of how many bits, and by one transform, or by many short ones when one factor is much
// longer than the other.
import { type BinaryPlan, isExact, LEAST_BITS, MOST_BITS } from './base.ts';
import { binaryDigits } from './binary.ts';
import { digitsIn, rowsFor } from './shapes.ts';

export interface ProductPlan extends BinaryPlan {
  /** Into how many pieces the longer factor is cut. */
  readonly pieces: number;
  /** Digits of such a piece. */
  readonly pieceDigits: number;
}

// A piece is so many times as long as the shorter factor: of the transform, a part as long as the shorter is wasted.
const PIECE_RATIOS = [3, 7, 15] as const;
// What a step costs beside its transforms, as rows.
const STEP_ROWS = 2;
// Shorter transforms stay in the nearer caches, but calls of the module become many.
const LEAST_ROWS = 4;

/** For factors of so many bits, the first not the shorter; undefined when digits would be of fewer than 8 bits. */
export function planProduct(
  bitsA: number,
  bitsB: number,
  mostBits: number = MOST_BITS,
): ProductPlan | undefined {
  let best: ProductPlan | undefined;
  for (let bits = LEAST_BITS; bits <= mostBits; bits++) {
    for (const plan of plansIn(bits, binaryDigits(bitsA, bits), binaryDigits(bitsB, bits))) {
      if (isExact(bits, plan.rows) && (best === undefined || costOf(plan) < costOf(best))) best = plan;
    }
  }
  return best;
}

function plansIn(bits: number, longer: number, shorter: number): readonly ProductPlan[] {
  const whole = { bits, rows: rowsFor(longer + shorter), pieces: 1, pieceDigits: longer };
  const cut = PIECE_RATIOS.map((ratio) => {
    const rows = rowsFor(Math.max((ratio + 1) * shorter, digitsIn(LEAST_ROWS)));
    const pieceDigits = digitsIn(rows) - shorter;
    return { bits, rows, pieces: Math.ceil(longer / pieceDigits), pieceDigits };
  });
  return [whole, ...cut.filter(({ pieces }) => pieces > 1)];
}

// Two transforms a piece and one of the shorter factor, or three.
function costOf({ rows, pieces }: ProductPlan): number {
  const each = rows * Math.log2(digitsIn(rows));
  return pieces === 1 ? 3 * each + STEP_ROWS : (2 * pieces + 1) * each + pieces * STEP_ROWS;
}
