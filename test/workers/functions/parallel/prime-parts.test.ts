import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomial } from '../../../../workers/functions/binomial.ts';
import { factorial } from '../../../../workers/functions/factorial.ts';
import * as binomialParts from '../../../../workers/functions/parallel/binomial-parts.ts';
import * as factorialParts from '../../../../workers/functions/parallel/factorial-parts.ts';
import { halvePrimes, primeProduct } from '../../../../workers/functions/parallel/prime-product.ts';
import { byParts } from './tree.ts';

const bitLength = (value: bigint): number => value.toString(16).length * 4;

describe('a product of prime powers', () => {
  test('has each prime of the range with its exponent', () => {
    const exponents: Record<number, number> = { 2: 9, 3: 0, 5: 1, 7: 6, 11: 2 };
    const product = primeProduct({ from: 0, to: 12 }, (prime) => exponents[prime] ?? 0);
    expect(product).toBe(2n ** 9n * 5n * 7n ** 6n * 11n ** 2n);
  });

  test('is 1 where no prime is', () => {
    expect(primeProduct({ from: 24, to: 28 }, () => 1)).toBe(1n);
  });

  test('is halved where the costs of both sides are level, and never into an empty range', () => {
    const length = ({ from, to }: { from: number; to: number }): number => to - from;
    expect(halvePrimes({ from: 10, to: 30 }, length)).toEqual([
      { from: 10, to: 20 },
      { from: 20, to: 30 },
    ]);
    expect(halvePrimes({ from: 10, to: 11 }, length)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 1000 }), (from, size) => {
        const halves = halvePrimes({ from, to: from + size }, ({ to }) => to ** 3) ?? [];
        for (const half of halves) expect(half.to).toBeGreaterThan(half.from);
      }),
    );
  });
});

describe('a factorial by parts', () => {
  test('is the factorial, whole', () => {
    for (let n = 0; n <= 600; n++) expect(factorialParts.base(n, 0, n)).toBe(factorial(n));
  });

  test('is the factorial, wherever the primes are cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), fc.nat(), (n, seed) => {
        const cut = seed % n;
        const product = factorialParts.combine(
          factorialParts.base(n, 0, cut),
          factorialParts.base(n, cut, n),
        );
        expect(product === factorial(n)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('is the factorial, divided as it divides itself', () => {
    const n = 160_000;
    for (const depth of [1, 3]) {
      expect(
        byParts<factorialParts.FactorialPart, bigint>(factorialParts, [n, 0, n], depth) === factorial(n),
      ).toBe(true);
    }
  });

  test('has parts of about the same cost, whose costs add up', () => {
    const [n, from, to] = [1_000_000, 0, 1_000_000];
    const costs = factorialParts.split(n, from, to)?.map((part) => factorialParts.cost(...part)) ?? [];
    const [one = 0, other = 0] = costs;
    expect(costs).toHaveLength(2);
    expect(one / other).toBeCloseTo(1, 1);
    expect(one + other).toBeCloseTo(factorialParts.cost(n, from, to), 0);
  });

  test('has two parts at most', () => {
    for (const n of [150_000, 1_000_000, 40_000_000]) {
      const parts = factorialParts.split(n, 0, n) ?? [];
      expect(parts).toHaveLength(2);
      for (const part of parts) expect(factorialParts.split(...part)).toBeUndefined();
    }
  });

  test('is left in one piece where it is short', () => {
    expect(factorialParts.split(20_000, 0, 20_000)).toBeUndefined();
    expect(factorialParts.split(0, 0, 0)).toBeUndefined();
  });
});

describe('a binomial coefficient by parts', () => {
  test('is the binomial coefficient, whole', () => {
    for (let n = 0; n <= 60; n++) {
      for (let k = 0; k <= n; k++) expect(binomialParts.base(n, k, 0, n)).toBe(binomial(n, k));
    }
  });

  test('is the binomial coefficient, wherever the primes are cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20_000 }), fc.nat(), fc.nat(), (n, chosen, seed) => {
        const k = chosen % (n + 1);
        const cut = seed % n;
        const product = binomialParts.combine(
          binomialParts.base(n, k, 0, cut),
          binomialParts.base(n, k, cut, n),
        );
        expect(product === binomial(n, k)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('is the binomial coefficient, divided as it divides itself', () => {
    const [n, k] = [900_001, 400_000];
    const value = byParts<binomialParts.BinomialPart, bigint>(binomialParts, [n, k, 0, n], 2);
    expect(value === binomial(n, k)).toBe(true);
  });

  test('has four parts at most', () => {
    const [n, k] = [10_000_000, 5_000_000];
    const halves = binomialParts.split(n, k, 0, n) ?? [];
    const quarters = halves.flatMap((half) => binomialParts.split(...half) ?? []);
    expect(quarters).toHaveLength(4);
    for (const part of quarters) expect(binomialParts.split(...part)).toBeUndefined();
  });

  test('has parts of about the same length for k near n / 2', () => {
    const parts = binomialParts.split(2_000_000, 900_000, 0, 2_000_000) ?? [];
    const [one = 0, other = 0] = parts.map((part) => bitLength(binomialParts.base(...part)));
    expect(one / other).toBeGreaterThan(0.7);
    expect(one / other).toBeLessThan(1.4);
  });

  test('is left in one piece where it is short', () => {
    expect(binomialParts.split(20_000, 10_000, 0, 20_000)).toBeUndefined();
  });
});
