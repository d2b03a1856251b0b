// Primes of 60 bits chosen at run time, and arithmetic modulo them. A wrong result passes a check modulo a prime only
// if the prime divides the difference; because nobody knows the prime beforehand, no input can be made to pass.
import { randomBytes } from 'node:crypto';

/** The primes are below this and above half of 2^60, so that their powers fit two signed limbs of 30 bits. */
export const PRIME_LIMIT: bigint = 2n ** 60n - 2n ** 31n;

// Enough as Miller-Rabin bases for every number below 3.1 * 10^23.
// Source: Sorenson and Webster, "Strong pseudoprimes to twelve prime bases", Math. Comp. 86 (2017).
const BASES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/** value modulo p, from 0 to p - 1. */
export function modulo(value: bigint, p: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

/** base^exponent modulo p, for an exponent of 0 or more. */
export function powmod(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n % p;
  let square = modulo(base, p);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** Whether `n` is a prime: proven for every n below 2^64. */
export function isPrime(n: bigint): boolean {
  if (n < 2n) return false;
  for (const base of BASES) if (n % base === 0n) return n === base;
  let odd = n - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos += 1;
  }
  return BASES.every((base) => passes(powmod(base, odd, n), twos, n));
}

function passes(start: bigint, twos: number, n: bigint): boolean {
  if (start === 1n) return true;
  let power = start;
  for (let i = 0; i < twos; i += 1) {
    if (power === n - 1n) return true;
    power = (power * power) % n;
  }
  return false;
}

/** A random prime between 2^59 and {@link PRIME_LIMIT}. One odd number in 21 is one: some 21 tries. */
export function randomPrime(): bigint {
  for (;;) {
    const candidate = (randomBytes(8).readBigUInt64LE() >> 5n) | (1n << 59n) | 1n;
    if (candidate < PRIME_LIMIT && isPrime(candidate)) return candidate;
  }
}

/** As many different random primes as asked for. */
export function randomPrimes(count: 1 | 2): readonly bigint[] {
  const chosen = new Set<bigint>();
  while (chosen.size < count) chosen.add(randomPrime());
  return [...chosen];
}
