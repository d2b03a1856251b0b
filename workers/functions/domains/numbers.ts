// The domains of the functions of two numbers.
import {
  bitLength,
  checkCount,
  checkNumber,
  checkWhole,
  INTEGERS,
  NATURAL,
  RESULT_BITS,
  refusal,
  resultTooLarge,
} from './checks.ts';

// The largest n for each m whose value is at most 65,535: the recursion then meets 164,000 pairs of arguments.
const MAX_ACKERMANN_N: readonly number[] = [65_534, 65_533, 32_766, 13, 1, 0];

export function checkAckermann(args: readonly unknown[]): void {
  const where = 'ackermann(m, n)';
  checkCount(where, 2, args);
  const [m, n] = args;
  checkNumber(`${where}, m`, m, { min: 0, max: MAX_ACKERMANN_N.length - 1 });
  checkNumber(`${where}, n for m = ${m}`, n, { min: 0, max: MAX_ACKERMANN_N[m] ?? 0 });
}

/** The largest n for which `binomial` sieves primes; beyond, it needs the whole numerator. */
export const MAX_SIEVED: number = 2 ** 31 - 1;

export function checkBinomial(args: readonly unknown[]): void {
  const where = 'binomial(n, k)';
  checkCount(where, 2, args);
  const [n, k] = args;
  checkWhole(`${where}, n`, n, NATURAL);
  checkWhole(`${where}, k`, k, NATURAL);
  if (k >= n) return;
  const rest = BigInt(n) - BigInt(k);
  const smaller = Number(k < rest ? k : rest);
  const bits = n <= MAX_SIEVED ? entropyBits(Number(n), smaller) : smaller * bitLength(BigInt(n));
  if (bits <= RESULT_BITS) return;
  throw resultTooLarge(
    where,
    `n and k that need at most ${RESULT_BITS} bits`,
    `some that need ${round(bits)}`,
  );
}

// log2 of the coefficient is at most n * H(k / n), and less by at most log2(n + 1).
function entropyBits(n: number, k: number): number {
  if (k === 0) return 0;
  return (k * Math.log(n / k) + (n - k) * Math.log1p(k / (n - k))) / Math.LN2;
}

// For a modulus of one word the bound allows 2^28 doublings, which take some minutes.
const MAX_MODULAR_WORK = 2 ** 34;

export function checkFibonacciMod(args: readonly unknown[]): void {
  const where = 'fibonacciMod(n, m)';
  checkCount(where, 2, args);
  const [n, m] = args;
  checkWhole(`${where}, n`, n, INTEGERS);
  checkWhole(`${where}, m`, m, { min: 1, max: Infinity });
  const work = bitLength(BigInt(n)) * (bitLength(BigInt(m)) + 64);
  if (work <= MAX_MODULAR_WORK) return;
  throw refusal(where, `(bits of n) * (bits of m + 64) of at most ${MAX_MODULAR_WORK}`, round(work));
}

// The powers 0^n to k^n are held together: 256 MiB at most.
const MAX_POWERS_BITS = 2 ** 31;

export function checkStirling2(args: readonly unknown[]): void {
  const where = 'stirling2(n, k)';
  checkCount(where, 2, args);
  const [n, k] = args;
  checkWhole(`${where}, n`, n, NATURAL);
  checkWhole(`${where}, k`, k, NATURAL);
  if (k <= 1 || k >= n) return;
  const bits = Number(n) * Math.log2(Number(k)) + Number(k);
  if (bits > RESULT_BITS)
    throw resultTooLarge(where, `n * log2(k) + k of at most ${RESULT_BITS}`, round(bits));
  const work = Number(k) * bits;
  if (work <= MAX_POWERS_BITS) return;
  throw refusal(where, `k * (n * log2(k) + k) of at most ${MAX_POWERS_BITS}`, round(work));
}

function round(quantity: number): string {
  return quantity < 1e15 ? String(Math.ceil(quantity)) : quantity.toPrecision(4);
}
