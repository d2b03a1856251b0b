import { describe, expect, test } from 'vitest';
import { forEachPrime, forEachPrimeAbove } from '../../../workers/functions/primes.ts';
import { Product } from '../../../workers/functions/product.ts';

function primesUpTo(limit: number): number[] {
  const primes: number[] = [];
  forEachPrime(limit, (prime) => primes.push(prime));
  return primes;
}

describe('forEachPrime', () => {
  test('visits the primes in order, the limit included', () => {
    const known = [
      2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    ];
    for (let limit = -1; limit <= 100; limit++) {
      expect(primesUpTo(limit)).toEqual(known.filter((prime) => prime <= limit));
    }
  });

  // OEIS A006880; a segment covers 2^18 numbers.
  test('counts as many as are known, over several segments', () => {
    expect(primesUpTo(1000).length).toBe(168);
    expect(primesUpTo(1_000_000).length).toBe(78_498);
  });

  test('agrees with trial division around the ends of the segments', () => {
    const isPrime = (n: number): boolean => {
      for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
      return true;
    };
    const primes = new Set(primesUpTo(2 ** 19 + 100));
    for (const end of [2 ** 18, 2 ** 19]) {
      for (let n = end - 100; n <= end + 100; n++) expect(primes.has(n)).toBe(isPrime(n));
    }
  });
});

describe('forEachPrimeAbove', () => {
  test('visits those of the primes that are above the floor, whatever the floor', () => {
    const above = (floor: number, limit: number): number[] => {
      const primes: number[] = [];
      forEachPrimeAbove(floor, limit, (prime) => primes.push(prime));
      return primes;
    };
    const all = primesUpTo(2 ** 19 + 100);
    for (const limit of [-1, 1, 2, 3, 4, 30, 31]) {
      for (let floor = -1; floor <= 32; floor++) {
        expect(above(floor, limit)).toEqual(primesUpTo(limit).filter((prime) => prime > floor));
      }
    }
    for (const floor of [1000, 2 ** 18 - 1, 2 ** 18, 300_007, 2 ** 19]) {
      expect(above(floor, 2 ** 19 + 100)).toEqual(all.filter((prime) => prime > floor));
    }
  });
});

describe('Product', () => {
  test('agrees with multiplying one after the other, whatever the number and size of factors', () => {
    const product = new Product();
    let expected = 1n;
    expect(product.value()).toBe(1n);
    for (let i = 1; i <= 300; i++) {
      const factor = i % 7 === 0 ? Number.MAX_SAFE_INTEGER - i : i;
      product.times(factor);
      expected *= BigInt(factor);
      expect(product.value()).toBe(expected);
    }
  });
});
