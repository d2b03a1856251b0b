// From the digits of a finished doubling to its text or bytes, and the certificate of these.
//
// All of it happens in the spare bytes of the doubling, where its transforms have been:
//
//   primes | residues of each piece | text or bytes
//
// The certificate is of the text or bytes rather than of the digits: it costs the same (the text is turned into digits in
// base 10^8 on the way, of which there are fewer), and vouches for the way from the digits to them as well.
import { randomPrimes } from './primes-60.ts';
import { joinResidues, type Range, type Residues } from './residue.ts';
import {
  type Base,
  DECIMAL_DIGITS,
  type DecimalPlan,
  oneBase,
  planBinary,
  planDecimal,
  SEEN_ERRORS,
} from './transform/base.ts';
import { type Doubled, lengthOf, type Sequence } from './transform/doubling.ts';
import { align, type Engine, PLACES_AT } from './transform/engine.ts';
import { NO_RESIDUE, outSize, PAIR_OF_RESIDUES, residueSize } from './transform/tasks-out.ts';

/** Decimal characters, the most significant first, or the bytes of the magnitude, the least significant first. */
export type NumberForm = 'text' | 'bytes';

/** The base of a number's digits, and what becomes of one of them. */
export type Plan =
  | { readonly form: 'text'; readonly base: Base; readonly width: number; readonly oddWidth: number }
  | { readonly form: 'bytes'; readonly base: Base; readonly bits: number };

/** What is to be made. */
export interface Wanted {
  readonly sequence: Sequence;
  readonly n: number;
  readonly form: NumberForm;
}

/** In the order in which they are tried: each has smaller digits than the one before, and needs more memory. */
export const PLANS = 3;

/** @param attempt from 0, below {@link PLANS} */
export function planOf({ sequence, n, form }: Wanted, attempt: number): Plan {
  const seen = SEEN_ERRORS[sequence];
  if (form === 'text') {
    const { width, oddWidth } = decimalWidths(planDecimal(lengthOf(n, oneBase(10)), seen), attempt);
    return { form, base: { even: 10 ** width, odd: 10 ** oddWidth }, width, oddWidth };
  }
  const bits = planBinary(lengthOf(n, oneBase(2)), seen).bits - 2 * attempt;
  return { form, base: oneBase(2 ** bits), bits };
}

function decimalWidths(first: DecimalPlan, attempt: number): DecimalPlan {
  if (attempt === 0) return first;
  const width =
    Math.min(DECIMAL_DIGITS, first.oddWidth === first.width ? first.width - 1 : first.oddWidth) + 1 - attempt;
  return { width, oddWidth: width };
}

/** The bytes of the text or of the bytes of so many digits, with leading zeros. */
function outBytes(count: number, plan: Plan): number {
  return plan.form === 'text'
    ? (count * (plan.width + plan.oddWidth)) / 2
    : Math.ceil((count * plan.bits) / 32) * 4;
}

interface Room {
  readonly primes: number;
  readonly results: number;
  readonly out: Range;
  readonly end: number;
}

function roomAt(at: number, count: number, plan: Plan): Room {
  const bytes = outBytes(count, plan);
  const results = align(at + PAIR_OF_RESIDUES);
  const pieces = Math.ceil(bytes / residueSize(bytes));
  const start = align(results + pieces * PAIR_OF_RESIDUES);
  return { primes: at, results, out: { start, count: bytes }, end: start + bytes };
}

/** The bytes behind F(n)'s or L(n)'s digits that their output takes. */
export function spareBytes(n: number, plan: Plan): number {
  return roomAt(0, lengthOf(n, plan.base), plan).end;
}

/** Makes the text or bytes of digits, with leading zeros. */
export function writeOut(engine: Engine, { at, length, spare }: Doubled, plan: Plan): void {
  const { out } = roomAt(spare, length, plan);
  const work = { digits: at, count: length, size: outSize(length) };
  const pieces = Math.ceil(length / work.size);
  if (plan.form === 'bytes') engine.run('bytes', { ...work, to: out.start, bits: plan.bits }, pieces);
  else
    engine.run(
      'text',
      { ...work, to: out.start + out.count, width: plan.width, oddWidth: plan.oddWidth },
      pieces,
    );
}

/**
 * Whether what was written is the right number, which it is taken for by mistake with a chance below 2^-55, whatever the
 * mistake (see residue.ts): the primes are chosen at random, and for some results only.
 *
 * @param expected the number modulo a prime
 */
export function isRight(
  engine: Engine,
  { spare, length }: Doubled,
  { plan, expected }: { readonly plan: Plan; readonly expected: (p: bigint) => bigint },
): boolean {
  const { primes: primesAt, results, out } = roomAt(spare, length, plan);
  const primes = currentPrimes();
  new BigUint64Array(engine.buffer, primesAt, 2).set(primes);
  const isText = plan.form === 'text' ? 1 : 0;
  const size = residueSize(out.count);
  const pieces = Math.ceil(out.count / size);
  const places = PLACES_AT;
  engine.run(
    'residues',
    { at: out.start, count: out.count, isText, primes: primesAt, results, places, size },
    pieces,
  );
  const found = new BigUint64Array(engine.buffer, results, 2 * pieces);
  if (found.includes(NO_RESIDUE)) return false;
  let sum: Residues = primes.map(() => 0n);
  for (let i = 0; i < pieces; i++) {
    const piece = isText === 1 ? i : pieces - 1 - i;
    const low = [...found.subarray(2 * piece, 2 * piece + 2)];
    const lowCount = Math.min(size, out.count - piece * size);
    sum = joinResidues({ high: sum, low, base: isText === 1 ? 10 : 256, lowCount }, primes);
  }
  return primes.every((p, i) => sum[i] === expected(p));
}

// Choosing takes 0.2 ms, as long as all the rest of a small number's certificate.
const PRIMES_USES = 64;
let chosen: Residues = [];
let uses = PRIMES_USES;

function currentPrimes(): Residues {
  if (uses >= PRIMES_USES) {
    chosen = randomPrimes(2);
    uses = 0;
  }
  uses += 1;
  return chosen;
}

/** What was written, without leading zeros, where it is: the next job of the engine overwrites it. */
export function writtenBytes(engine: Engine, { spare, length }: Doubled, plan: Plan): Uint8Array {
  const { out } = roomAt(spare, length, plan);
  const all = new Uint8Array(engine.buffer, out.start, out.count);
  return plan.form === 'text' ? withoutFirst(all, 0x30) : withoutLast(all);
}

function withoutFirst(bytes: Uint8Array, zero: number): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === zero) from += 1;
  return bytes.subarray(from);
}

function withoutLast(bytes: Uint8Array): Uint8Array {
  let to = bytes.length;
  while (to > 0 && bytes[to - 1] === 0) to -= 1;
  return bytes.subarray(0, to);
}
