import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fibonacci } from '../../../workers/functions/fibonacci.ts';
import { fibonacciMod } from '../../../workers/functions/fibonacci-mod.ts';

describe('fibonacciMod', () => {
  test('is the residue of the Fibonacci number, from 0 to m - 1', () => {
    for (let n = -60; n <= 60; n++) {
      for (let m = 1; m <= 30; m++) {
        const rest = fibonacci(n) % BigInt(m);
        expect(fibonacciMod(n, m)).toBe(rest < 0n ? rest + BigInt(m) : rest);
      }
    }
  });

  test('agrees with the residue of the whole number for any n and m', () => {
    const n = fc.bigInt({ min: -5000n, max: 5000n });
    fc.assert(
      fc.property(n, fc.bigInt({ min: 1n, max: 10n ** 40n }), (index, m) => {
        expect(fibonacciMod(index, m)).toBe(((fibonacci(index) % m) + m) % m);
      }),
    );
  });

  // OEIS A001175: the periods of the Fibonacci numbers modulo 1, 2, 3, ...
  test('repeats with the Pisano period, however large n is', () => {
    const periods = [1, 3, 8, 6, 20, 24, 16, 12, 24, 60, 10, 24, 28, 48, 40, 24, 36, 24, 18, 60];
    const far = 10n ** 300n;
    periods.forEach((period, i) => {
      const near = far % BigInt(period);
      expect(fibonacciMod(far, i + 1)).toBe(fibonacci(near) % BigInt(i + 1));
      expect(fibonacciMod(-far, i + 1)).toBe(fibonacci(BigInt(period) - near) % BigInt(i + 1));
    });
  });

  test('knows the last digits of the Fibonacci number of a googol', () => {
    expect(fibonacciMod(10n ** 100n, 1_000_000_007)).toBe(175_077_019n);
    expect(fibonacciMod(10n ** 100n, 10)).toBe(5n); // 10^100 is 40 modulo 60, and F(40) = 102334155
  });

  test('takes numbers and bigints alike', () => {
    expect(fibonacciMod(1000n, 97n)).toBe(fibonacciMod(1000, 97));
  });
});
