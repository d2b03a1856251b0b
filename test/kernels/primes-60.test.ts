import { checkPrimeSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  isPrime,
  modulo,
  PRIME_LIMIT,
  powmod,
  randomPrime,
  randomPrimes,
} from '../../src/kernels/primes-60.ts';

test('isPrime agrees with trial division on every small number', () => {
  const isPrimeByTrial = (n: number): boolean => {
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) return false;
    return n > 1;
  };
  for (let n = 0; n < 20_000; n += 1) expect(isPrime(BigInt(n)), `${n}`).toBe(isPrimeByTrial(n));
});

// Source: OEIS A014233 (the first strong pseudoprimes to the first k prime bases); 561 and 1729 are Carmichael numbers.
test.each([561n, 1729n, 2047n, 1_373_653n, 3_215_031_751n, 341_550_071_728_321n, 3_825_123_056_546_413_051n])(
  '%i, which deceives simpler tests, is no prime',
  (n) => {
    expect(isPrime(n)).toBe(false);
  },
);

test('numbers around 2^60 are told apart', () => {
  expect(isPrime(2n ** 61n - 1n)).toBe(true);
  expect(isPrime(2n ** 60n - 93n)).toBe(true);
  for (let n = 2n ** 60n - 92n; n <= 2n ** 60n; n += 1n) expect(isPrime(n)).toBe(false);
  expect(isPrime(1_073_741_789n * 1_073_741_783n)).toBe(false);
  expect(isPrime(1_073_741_789n ** 2n)).toBe(false);
});

test('random primes are primes of 60 bits below the limit, and differ', () => {
  const primes = Array.from({ length: 50 }, randomPrime);
  for (const p of primes) {
    expect(p > 2n ** 59n && p < PRIME_LIMIT).toBe(true);
    expect(checkPrimeSync(p, { checks: 40 })).toBe(true);
  }
  expect(new Set(primes).size).toBe(primes.length);
  expect(new Set(randomPrimes(2)).size).toBe(2);
});

test('powmod is the power modulo p, also of a base below zero or above p', () => {
  for (const p of [1n, 2n, 97n, randomPrime()]) {
    for (const base of [-5n, 0n, 1n, 3n, 10n ** 30n]) {
      for (const exponent of [0n, 1n, 2n, 13n, 200n]) {
        expect(powmod(base, exponent, p)).toBe(modulo(base ** exponent, p));
      }
    }
  }
});
