// Whether digits are those of F(n), by what is known of F(n) without it: how many digits it has, its sign, and what it is
// modulo two primes chosen at random. Whatever is wrong passes with a chance of less than one in 10^17: a difference of D digits
// has at most D / 17 prime divisors of 60 bits, of the 1.4 * 10^16 that there are, and D is at most 6.3 * 10^8.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { bitsOf, decimalDigits, FIBONACCI } from '../../workers/functions/domains/growth.ts';
import { fibonacciMod } from '../kernels/fibonacci-residue.ts';
import { randomPrimes } from '../kernels/primes-60.ts';
import { VerificationFailed } from './failure.ts';
import { DigitResidues } from './residue.ts';

/** What the digits are said to be: F(n). */
export interface Claim {
  readonly n: bigint;
  readonly base: 10 | 16;
}

/** What digits were found to be that have passed. */
export interface Verified {
  readonly digits: number;
  readonly residues: readonly Residue[];
}

export interface Residue {
  readonly prime: bigint;
  /** Of the number, from 0 to the prime - 1. */
  readonly residue: bigint;
}

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Told how much is checked, from 0 to 1. */
  readonly onChecked: (fraction: number) => void;
  /** @default two of 60 bits, at random */
  readonly primes?: readonly bigint[];
}

/**
 * @param chunks sign and digits in ASCII
 * @throws VerificationFailed when they are not those of F(n)
 */
export async function verifyDigits(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  claim: Claim,
  { signal, onChecked, primes = randomPrimes(2) }: VerifyOptions,
): Promise<Verified> {
  const expected = digitsOf(claim);
  const isNegative = claim.n < 0n && claim.n % 2n === 0n;
  const residues = new DigitResidues(claim.base, primes);
  let digits = 0;
  let isFirst = true;
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    if (chunk.length === 0) continue;
    const body = isFirst ? withoutSign(chunk, { claim, isNegative }) : chunk;
    isFirst = false;
    refuseOthers(body, { claim, before: digits });
    residues.add(body);
    digits += body.length;
    if (digits > expected) break;
    onChecked(digits / expected);
    await nextTurn();
  }
  if (digits !== expected) {
    const got = digits > expected ? 'more' : count(digits);
    throw failed(claim, `expected ${count(expected)} digits, got ${got}`);
  }
  return {
    digits,
    residues: compare(claim, primes, isNegative ? negated(residues.values, primes) : residues.values),
  };
}

/** What stands in a file of one line: its bytes without the newline at the end. */
export async function* withoutNewline(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (held?.at(-1) !== NEWLINE) throw new VerificationFailed('The file does not end with a newline.');
  yield held.subarray(0, -1);
}

const NEWLINE = 0x0a;

function digitsOf({ n, base }: Claim): number {
  return Number(base === 10 ? decimalDigits(FIBONACCI, n) : (bitsOf(FIBONACCI, n) + 3n) / 4n);
}

const MINUS = 0x2d;

function withoutSign(
  chunk: Uint8Array,
  { claim, isNegative }: { readonly claim: Claim; readonly isNegative: boolean },
): Uint8Array {
  if ((chunk[0] === MINUS) !== isNegative) {
    throw failed(claim, `expected a ${isNegative ? 'negative' : 'positive'} number, got the other sign`);
  }
  return isNegative ? chunk.subarray(1) : chunk;
}

// What is no digit could be read as something else: a block that begins with 0x, or has a space at its end.
function refuseOthers(
  body: Uint8Array,
  { claim, before }: { readonly claim: Claim; readonly before: number },
): void {
  const isHex = claim.base === 16;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (isDigit || (isHex && byte >= 0x61 && byte <= 0x66)) continue;
    throw failed(
      claim,
      `expected digits, got the byte ${byte} in the place of digit ${count(before + at + 1)}`,
    );
  }
}

function negated(values: readonly bigint[], primes: readonly bigint[]): readonly bigint[] {
  return values.map((value, i) => {
    const prime = primes[i] ?? 1n;
    return (prime - value) % prime;
  });
}

function compare(claim: Claim, primes: readonly bigint[], values: readonly bigint[]): readonly Residue[] {
  return primes.map((prime, i) => {
    const residue = fibonacciMod(claim.n, prime);
    if (values[i] === residue) return { prime, residue };
    throw failed(claim, `expected ${residue} modulo the prime ${prime}, got ${values[i]}`);
  });
}

function failed({ n }: Claim, what: string): VerificationFailed {
  return new VerificationFailed(`The digits are not those of F(${n}): ${what}.`);
}

/** `F(10) verified: 2 digits; 55 modulo the prime ...` */
export function showVerified({ n }: Claim, { digits, residues }: Verified): string {
  const each = residues.map(({ prime, residue }) => `${residue} modulo the prime ${prime}`);
  return `F(${n}) verified: ${count(digits)} digit${digits === 1 ? '' : 's'}; ${each.join(', ')}`;
}

function count(digits: number): string {
  return digits.toLocaleString('en-US');
}
