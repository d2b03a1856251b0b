// Residues of large numbers modulo random primes: the certificate that a result is exact. A wrong result passes if both
// primes divide its difference from the right one. A difference of b bits has at most b/59 such divisors among 1.4 * 10^16
// primes: whatever the error is, less than 2^-60 for 7 * 10^8 bits (F(10^9)) and 2^-46 for 7 * 10^10, provided that the
// primes were not known to whatever made the error.
// The long sums are in assembly/residues.ts; here are its tables, and what remains to be done with bigints.
import { modulo, PRIME_LIMIT, powmod } from './primes-60.ts';
import { BLOCK_DIGITS, DIGITS_IN_STEP, TEXT_BASE, TEXT_STEP } from './residue-layout.ts';

/** What the functions of assembly/residues.ts are called, for as many primes as the caller has chosen. */
export interface ResidueFunctions {
  readonly residues: (digits: number, count: number, flip: number, table: number, result: number) => void;
  readonly decimalDigits: (text: number, steps: number, digits: number) => number;
}

/** Where a number or a part of it lies in the memory: an address in bytes, and how many items. */
export interface Range {
  readonly start: number;
  readonly count: number;
}

/** One residue for each prime, from 0 to p - 1. */
export type Residues = readonly bigint[];

/** A part of a number that stands above another: number = high * base^lowCount + low. */
export interface Join {
  readonly high: Residues;
  readonly low: Residues;
  readonly base: number;
  readonly lowCount: number;
}

export interface ResidueSetting {
  readonly functions: ResidueFunctions;
  /** The memory that the functions work on; its buffer may be replaced when it grows. */
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** The address, a multiple of 16, of {@link RESIDUE_BYTES} bytes that nobody else writes to. */
  readonly place: number;
  /** One or two, as many as `functions.residues` was made for, from `randomPrimes`. */
  readonly primes: readonly bigint[];
}

// Of two primes: four int32 for each of the powers of a block and of the weights above it.
const TABLE_BYTES = 16 * (BLOCK_DIGITS + 4);
const RESULT_BYTES = 32;
/** Digits in one call, of some ten microseconds. A multiple of BLOCK_DIGITS, as all calls but the first demand. */
const CALL_DIGITS = 2 ** 14;
/** The characters that become the digits of one call. */
const CALL_TEXT = (CALL_DIGITS / DIGITS_IN_STEP) * TEXT_STEP;
/** Room that {@link ResidueKernel} needs: for its tables, for limbs, and for the digits made of a piece of text. */
export const RESIDUE_BYTES: number = 3 * TABLE_BYTES + RESULT_BYTES + 4 * CALL_DIGITS;

const WORD = 2 ** 32;
const LIMB = 30n;

/** How digits are read: the base, which of the three tables is kept for it, and the bits that are flipped in each. */
interface Form {
  readonly base: number;
  readonly slot: 0 | 1 | 2;
  readonly flip: number;
}

const WORDS: Form = { base: WORD, slot: 1, flip: -(2 ** 31) };
const TEXT: Form = { base: TEXT_BASE, slot: 2, flip: 0 };

/** The residues of numbers in the memory of one instance; a table is made when it is first needed. */
export class ResidueKernel {
  readonly primes: readonly bigint[];
  readonly #functions: ResidueFunctions;
  readonly #memory: ResidueSetting['memory'];
  readonly #place: number;
  /** The base that each of the three tables is made for. */
  readonly #bases: number[] = [0, 0, 0];

  constructor({ functions, memory, place, primes }: ResidueSetting) {
    if (place % 16 !== 0) throw new RangeError(`expected an address that is a multiple of 16, got ${place}`);
    if (primes.length !== 1 && primes.length !== 2) {
      throw new RangeError(`expected one or two primes, got ${primes.length}`);
    }
    for (const p of primes) {
      if (p < 2n || p >= PRIME_LIMIT) throw new RangeError(`expected primes below ${PRIME_LIMIT}, got ${p}`);
    }
    this.#functions = functions;
    this.#memory = memory;
    this.#place = place;
    this.primes = primes;
  }

  /** Of int32 digits in any base from 2 to 2^32, the least significant first, each of any size and sign. */
  ofDigits(range: Range, base: number): Residues {
    this.#clear();
    this.#add(range, { base, slot: 0, flip: 0 });
    return this.#sum();
  }

  /** Of the bytes of a number without sign, the least significant first. */
  ofBytes({ start, count }: Range): Residues {
    const words = Math.floor(count / 4);
    this.#clear();
    this.#add({ start, count: words }, WORDS);
    const sums = this.#sum();
    const bytes = new Uint8Array(this.#memory.buffer, start + 4 * words, count - 4 * words);
    const top = BigInt(bytes.reduceRight((value, byte) => 256 * value + byte, 0));
    return this.primes.map((p, i) => {
      // A word whose highest bit is flipped and then taken for a sign is 2^31 less than the word.
      const { power, sum } = geometric(BigInt(WORD), words, p);
      return ((sums[i] ?? 0n) + (sum << 31n) + top * power) % p;
    });
  }

  /**
   * Of decimal characters, the most significant first.
   *
   * @throws RangeError of a character that is no decimal digit
   */
  ofText({ start, count }: Range): Residues {
    const rest = count % TEXT_STEP;
    const digits = this.#place + 3 * TABLE_BYTES + RESULT_BYTES;
    this.#clear();
    let at = start;
    for (let left = count - rest; left > 0; ) {
      const length = ((left - 1) % CALL_TEXT) + 1;
      const steps = length / TEXT_STEP;
      if (this.#functions.decimalDigits(at, steps, digits) !== 0) throw notDecimal();
      this.#add({ start: digits, count: DIGITS_IN_STEP * steps }, TEXT);
      at += length;
      left -= length;
    }
    const high = this.#sum();
    const low = this.#ofShortText(new Uint8Array(this.#memory.buffer, at, rest));
    return joinResidues({ high, low, base: 10, lowCount: rest }, this.primes);
  }

  #ofShortText(bytes: Uint8Array): Residues {
    if (bytes.some((byte) => byte < 0x30 || byte > 0x39)) throw notDecimal();
    const value = BigInt(String.fromCharCode(...bytes));
    return this.primes.map((p) => value % p);
  }

  #limbs(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#place + 3 * TABLE_BYTES, 4 * this.primes.length);
  }

  #clear(): void {
    this.#limbs().fill(0);
  }

  /** Puts digits below those that were added since the last clear: any number first, then multiples of a block. */
  #add({ start, count }: Range, form: Form): void {
    const table = this.#place + form.slot * TABLE_BYTES;
    if (this.#bases[form.slot] !== form.base) {
      fillTable(new Int32Array(this.#memory.buffer, table, TABLE_BYTES / 4), form.base, this.primes);
      this.#bases[form.slot] = form.base;
    }
    for (let left = count; left > 0; ) {
      const length = ((left - 1) % CALL_DIGITS) + 1;
      left -= length;
      const result = this.#place + 3 * TABLE_BYTES;
      this.#functions.residues(start + 4 * left, length, form.flip, table, result);
    }
  }

  #sum(): Residues {
    const limbs = this.#limbs();
    return this.primes.map((p, i) => {
      const own = limbs.subarray(4 * i, 4 * i + 4);
      return modulo(
        own.reduceRight((value, limb) => (value << LIMB) + BigInt(limb), 0n),
        p,
      );
    });
  }
}

/** The residues of a number of which both parts are known: of two ranges of one number, or of pieces of a text. */
export function joinResidues({ high, low, base, lowCount }: Join, primes: readonly bigint[]): Residues {
  return primes.map((p, i) => {
    const power = powmod(BigInt(base), BigInt(lowCount), p);
    return ((high[i] ?? 0n) * power + (low[i] ?? 0n)) % p;
  });
}

/** base^count, and base^0 + ... + base^(count - 1), modulo p. */
function geometric(base: bigint, count: number, p: bigint): { readonly power: bigint; readonly sum: bigint } {
  let power = 1n;
  let sum = 0n;
  for (const bit of count.toString(2)) {
    sum = (sum * (1n + power)) % p;
    power = (power * power) % p;
    if (bit === '0') continue;
    sum = (sum * base + 1n) % p;
    power = (power * base) % p;
  }
  return { power, sum };
}

function notDecimal(): RangeError {
  return new RangeError('expected decimal digits only, got another character');
}

/** The table that assembly/residues.ts describes. */
function fillTable(table: Int32Array, base: number, primes: readonly bigint[]): void {
  if (!Number.isInteger(base) || base < 2 || base > WORD) {
    throw new RangeError(`expected a base from 2 to 2^32, got ${base}`);
  }
  for (const [i, p] of primes.entries()) {
    let power = 1n;
    for (let j = 0; j < BLOCK_DIGITS; j += 1) {
      const at = 8 * primes.length * (j >> 2) + 8 * i + (j & 3);
      [table[at], table[at + 4]] = limbsOf(power, p);
      power = (power * BigInt(base)) % p;
    }
    for (let j = 0; j < 4; j += 1) {
      const at = 2 * primes.length * BLOCK_DIGITS + 8 * i + 2 * j;
      [table[at], table[at + 1]] = limbsOf(power, p);
      power = (power << LIMB) % p;
    }
  }
}

/** A residue as low + 2^30 high, both above -2^29 and at most 2^29, as the bounds of the sums demand. */
function limbsOf(residue: bigint, p: bigint): [number, number] {
  const balanced = 2n * residue > p ? residue - p : residue;
  const signed = BigInt.asIntN(30, balanced);
  const low = signed === -(2n ** 29n) ? 2n ** 29n : signed;
  return [Number(low), Number((balanced - low) >> LIMB)];
}
