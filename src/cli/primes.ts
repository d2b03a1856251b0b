// Random primes of 60 bits, and what Fibonacci numbers are modulo one: what a result is verified by.
import { randomBytes } from 'node:crypto';

const BITS = 60n;

/** Different primes of 60 bits each, which nobody could know before. */
export function randomPrimes(count: number): readonly bigint[] {
  const primes = new Set<bigint>();
  while (primes.size < count) {
    const candidate =
      BigInt.asUintN(Number(BITS), randomBytes(8).readBigUInt64LE()) | (1n << (BITS - 1n)) | 1n;
    if (isPrime(candidate)) primes.add(candidate); // one in 21 of the odd ones is
  }
  return [...primes];
}

// With these bases the test of Miller and Rabin makes no mistake below 3.3 * 10^24: Sorenson and Webster, "Strong
// pseudoprimes to twelve prime bases" (2015).
const BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/** Of a number below 2^64. */
export function isPrime(n: bigint): boolean {
  if (n < 2n) return false;
  const small = BASES.find((base) => n % base === 0n);
  if (small !== undefined) return n === small;
  let odd = n - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return BASES.every((base) => passes(n, { base, odd, twos }));
}

interface Trial {
  readonly base: bigint;
  /** n - 1 = odd * 2^twos */
  readonly odd: bigint;
  readonly twos: number;
}

function passes(n: bigint, { base, odd, twos }: Trial): boolean {
  let power = powerModulo(base, odd, n);
  if (power === 1n) return true;
  for (let i = 0; i < twos; i++) {
    if (power === n - 1n) return true;
    power = (power * power) % n;
  }
  return false;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * F(n) modulo p, from 0 to p - 1, n negative too. By the pair F(k), F(k+1) along the bits of n from the top:
 * F(2k) = F(k) (2 F(k+1) - F(k)), F(2k+1) = F(k)^2 + F(k+1)^2; other formulas than those by which large numbers are made.
 */
export function fibonacciModulo(n: bigint, p: bigint): bigint {
  const index = n < 0n ? -n : n;
  let [a, b] = [0n, 1n];
  for (const bit of index.toString(2)) {
    const double = (a * (2n * b - a + p)) % p;
    const next = (a * a + b * b) % p;
    [a, b] = bit === '1' ? [next, (double + next) % p] : [double, next];
  }
  return n < 0n && index % 2n === 0n ? (p - a) % p : a;
}
