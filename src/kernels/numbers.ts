// Fibonacci and Lucas numbers by the transform: made, certified, and handed over as text or bytes.
import { fibonacciMod, lucasMod } from './fibonacci-residue.ts';
import {
  isRight,
  type NumberForm,
  PLANS,
  type Plan,
  planOf,
  spareBytes,
  type Wanted,
  writeOut,
  writtenBytes,
} from './output.ts';
import { oneBase } from './transform/base.ts';
import {
  type DoublingRoom,
  double,
  LEAST_START,
  lengthOf,
  roomFor,
  type Sequence,
} from './transform/doubling.ts';
import { type Engine, memoryBytes, RoundingError } from './transform/engine.ts';
import { MOST_PAGES, PAGE_BYTES } from './web-assembly.ts';

export interface NumberRequest {
  readonly sequence: Sequence;
  /** An integer from 0 on; {@link MOST_N} says how far. */
  readonly n: number;
  /** 'text': decimal characters, the most significant first. 'bytes': the magnitude, the least significant byte first. */
  readonly form: NumberForm;
  /**
   * Told how much of the whole is done, by what it costs, from 0 to 1; begins again when a result has to be made again.
   * May throw to stop: the engine remains usable.
   */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Gives the memory that the result, of so many bytes, is to be put in. @default memory of its own */
  readonly into?: ((length: number) => Uint8Array<ArrayBuffer>) | undefined;
}

/** What a number takes, in bytes. */
export interface NumberMemory {
  /** Of the memory of an engine that has done nothing before. */
  readonly engine: number;
  /** At most, of the result. */
  readonly result: number;
}

/** A number that 32-bit addresses do not reach. */
export class TooLargeError extends RangeError {
  override readonly name = 'TooLargeError';
}

/** A number came out wrong again and again; the cause is what was wrong with the last. */
export class WrongNumberError extends Error {
  override readonly name = 'WrongNumberError';
}

/** What was made is not the number that was asked for. */
class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const MOST_BYTES: number = MOST_PAGES * PAGE_BYTES;
const LETTERS = { fibonacci: 'F', lucas: 'L' } as const;
const RESIDUES = { fibonacci: fibonacciMod, lucas: lucasMod } as const;

// Of the time for n = 10^7 and 10^8 on one thread, warm: when there are digits, when these are written out, and when that is
// certified; the rest is the copy.
const SHARES = { text: [0.83, 0.9, 0.92], bytes: [0.94, 0.97, 0.99] } as const;

/**
 * F(n) or L(n), certified modulo two random primes of 60 bits.
 *
 * @returns the number without leading zeros, which is no byte for 0 as bytes
 * @throws {TooLargeError} before anything is allocated
 * @throws {WrongNumberError} after as many attempts as there are plans
 * @throws RangeError when there is not so much memory
 */
export function makeNumber(engine: Engine, request: NumberRequest): Uint8Array<ArrayBuffer> {
  const { sequence, n } = request;
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`expected an integer from 0 on, got ${n}`);
  if (n < 2 * LEAST_START) return smallNumber(request);
  const needed = bytesToBeSure(request, (rows, bytes) => engine.bytesFor(rows, bytes));
  if (needed > MOST_BYTES) throw tooLarge(request, needed);
  let cause: unknown;
  let attempts = 0;
  for (; attempts < PLANS; attempts++) {
    const plan = planOf(request, attempts);
    const { rows, bytes } = roomOf(n, plan);
    if (attempts >= SURE_PLANS && engine.bytesFor(rows, bytes) > MOST_BYTES) break;
    try {
      return attempt(engine, request, plan);
    } catch (error) {
      if (!(error instanceof RoundingError || error instanceof CertificateError)) throw error;
      cause = error;
    }
  }
  throw new WrongNumberError(`${LETTERS[sequence]}(${n}) came out wrong ${attempts} times`, { cause });
}

function attempt(
  engine: Engine,
  { sequence, n, form, onProgress, into = allocate }: NumberRequest,
  plan: Plan,
): Uint8Array<ArrayBuffer> {
  const [doubled, written, certified] = SHARES[form];
  const digits = double(engine, {
    sequence,
    n,
    base: plan.base,
    spare: spareBytes(n, plan),
    onProgress: onProgress && ((done) => onProgress(done * doubled)),
  });
  writeOut(engine, digits, plan);
  onProgress?.(written);
  if (!isRight(engine, digits, { plan, expected: (p) => RESIDUES[sequence](n, p) })) {
    throw new CertificateError(
      `digits in base ${plan.base.even} are not those of ${LETTERS[sequence]}(${n})`,
    );
  }
  onProgress?.(certified);
  const all = writtenBytes(engine, digits, plan);
  const result = into(all.length);
  result.set(all);
  onProgress?.(1);
  return result;
}

// Below the numbers that doubling starts from there is nothing to certify.
function smallNumber({
  sequence,
  n,
  form,
  into = allocate,
  onProgress,
}: NumberRequest): Uint8Array<ArrayBuffer> {
  let [a, b] = sequence === 'fibonacci' ? [0n, 1n] : [2n, 1n];
  for (let i = 0; i < n; i++) [a, b] = [b, a + b];
  const hex = a === 0n ? '' : a.toString(16);
  const bytes =
    form === 'text'
      ? Buffer.from(a.toString(), 'latin1')
      : Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').reverse();
  const result = into(bytes.length);
  result.set(bytes);
  onProgress?.(1);
  return result;
}

// Memory that nobody has cleared, as all of it is written: at 2 MB that is a quarter of the copy.
function allocate(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer as ArrayBuffer);
}

function roomOf(n: number, plan: Plan): DoublingRoom {
  return roomFor({ n, base: plan.base, spare: spareBytes(n, plan) });
}

// There is always memory for a second attempt: near the end of the addresses rounding may well spoil the first. The largest
// error of F(4.8 * 10^9) in base 10^5 was 0.24 of the 0.25 that are allowed, and L(4.8 * 10^9) came out wrong.
const SURE_PLANS = 2;

function bytesToBeSure(wanted: Wanted, bytesFor: typeof memoryBytes): number {
  const rooms = Array.from({ length: SURE_PLANS }, (_, attempt) => roomOf(wanted.n, planOf(wanted, attempt)));
  const rows = rooms.flatMap((room) => room.rows); // the tables of one attempt are there in the next
  return bytesFor(rows, Math.max(...rooms.map(({ bytes }) => bytes)));
}

/** What {@link makeNumber} will allocate, without a header, if all goes well. */
export function memoryFor(n: number, form: NumberForm): NumberMemory {
  const result = lengthOf(n, oneBase(form === 'text' ? 10 : 256));
  if (n < 2 * LEAST_START) return { engine: 0, result };
  const { rows, bytes } = roomOf(n, planOf({ sequence: 'lucas', n, form }, 0));
  return { engine: memoryBytes(rows, bytes), result };
}

function tooLarge({ sequence, n, form }: NumberRequest, bytes: number): TooLargeError {
  const most = `expected at most ${MOST_N[form]} for ${form} in an engine that has done nothing else`;
  const sizes = `up to ${megabytes(bytes)} of the ${megabytes(MOST_BYTES)} that 32-bit addresses reach`;
  return new TooLargeError(
    `${LETTERS[sequence]}(${n}) takes ${sizes}, beside a result of ${megabytes(memoryFor(n, form).result)}; ${most}`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

/** The largest n of each form: what 32-bit addresses have room for, also when it must be made again. */
export const MOST_N: Readonly<Record<NumberForm, number>> = {
  get text() {
    return mostOf('text');
  },
  get bytes() {
    return mostOf('bytes');
  },
};

// Found when first asked for: it takes some milliseconds.
const most = new Map<NumberForm, number>();

function mostOf(form: NumberForm): number {
  const found = most.get(form);
  if (found !== undefined) return found;
  let fits = 2 * LEAST_START;
  let exceeds = 2 ** 40;
  while (exceeds - fits > 1) {
    const n = Math.floor((fits + exceeds) / 2);
    if (bytesToBeSure({ sequence: 'lucas', n, form }, memoryBytes) <= MOST_BYTES) fits = n;
    else exceeds = n;
  }
  most.set(form, fits);
  return fits;
}

/**
 * From which n on this is faster than BigInt, on one thread and warm: as text than doubling and `toString`, as bytes that
 * become a bigint than doubling alone. From `npm run bench -- crossover` on Node 20.20.2 (AMD EPYC): text of F(50,000) 0.52 ms
 * by BigInt and 0.61 by the transform, of F(70,000) 0.84 and 0.64; the value of F(160,000) 0.72 and 0.78, of F(200,000) 1.02
 * and 0.82.
 */
export const APPLIES_FROM: Readonly<Record<NumberForm, number>> = { text: 60_000, bytes: 180_000 };
