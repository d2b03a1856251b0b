import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fibonacci } from '../../../workers/functions/fibonacci.ts';
import { fibonacciPair } from '../../../workers/functions/fibonacci-pair.ts';

// OEIS A000045
const TERMS = [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181, 6765];

function sha256(value: bigint): string {
  return createHash('sha256').update(value.toString()).digest('hex');
}

describe('fibonacci', () => {
  test('gives the terms of OEIS A000045', () => {
    expect(TERMS.map((_, n) => fibonacci(n))).toEqual(TERMS.map(BigInt));
    expect(fibonacci(90)).toBe(2880067194370816120n);
    expect(fibonacci(100)).toBe(354224848179261915075n);
  });

  test('agrees with addition for the first 2000 terms, on both sides of zero', () => {
    let [below, current] = [1n, 0n];
    for (let n = 0; n <= 2000; n++) {
      expect(fibonacci(n)).toBe(current);
      expect(fibonacci(-n)).toBe(n % 2 === 0 ? -current : current);
      [below, current] = [current, below + current];
    }
  });

  test('gives the digits that GMP gives', () => {
    expect(sha256(fibonacci(100_000))).toBe(
      '9fe22f691a91170da9006226d479ad986b2f92021b7045ecfb0a5091b641b802',
    );
    expect(sha256(fibonacci(1_000_000))).toBe(
      'aef6e8c19df607aa07940f2abde8460d1b34c18df1a6f46b5fc04dfe9be51706',
    );
  });

  test('satisfies the recurrence and the identity of Cassini wherever it is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 60_000 }), (n) => {
        const [before, here, after] = [fibonacci(n - 1), fibonacci(n), fibonacci(n + 1)];
        expect(after).toBe(here + before);
        expect(after * before - here * here).toBe(n % 2 === 0 ? 1n : -1n);
      }),
    );
  });

  test('takes numbers and bigints alike, from one memo entry', () => {
    fibonacci.cacheClear();
    expect(fibonacci(4321n)).toBe(fibonacci(4321));
    expect(fibonacci(-7n)).toBe(13n);
    expect(fibonacci(-0)).toBe(0n);
    expect(fibonacci.cacheInfo().hits).toBe(1);
  });

  test('goes on from the pairs of earlier calls', () => {
    fibonacci.cacheClear();
    fibonacciPair.cacheClear();
    fibonacci(20_000);
    const { misses } = fibonacciPair.cacheInfo();
    fibonacci(20_001);
    expect(fibonacciPair.cacheInfo().misses).toBe(misses);
  });
});
