import { expect, test } from 'vitest';
import { fibonacciMod, lucasMod } from '../../src/kernels/fibonacci-residue.ts';
import { randomPrimes } from '../../src/kernels/primes-60.ts';
import { residuesOfText } from '../../src/kernels/residue-text.ts';
import { fibonacciMod as fibonacciOfBuiltIn } from '../../workers/functions/fibonacci-mod.ts';

const primes = [...randomPrimes(2), 2n, 5n, 10n ** 9n];

test('F(n) and L(n) modulo p are the residues of the numbers that addition makes', () => {
  let [f, g, l, m] = [0n, 1n, 2n, 1n];
  for (let n = 0; n < 3000; n += 1) {
    for (const p of primes) {
      expect(fibonacciMod(n, p)).toBe(f % p);
      expect(lucasMod(n, p)).toBe(l % p);
    }
    [f, g, l, m] = [g, f + g, m, l + m];
  }
});

test.each([10n ** 9n, 10n ** 11n, 10n ** 11n - 1n, 2n ** 36n])(
  'F(%i) agrees with the built-in function, and L(n) with F(n-1) + F(n+1)',
  (n) => {
    for (const p of primes) {
      expect(fibonacciMod(n, p)).toBe(fibonacciOfBuiltIn(n, p));
      expect(lucasMod(n, p)).toBe((fibonacciMod(n - 1n, p) + fibonacciMod(n + 1n, p)) % p);
    }
  },
);

test('the text of F(100000) passes for F(100000) and for no neighbour', () => {
  let [f, g] = [0n, 1n];
  for (let n = 0; n < 100_000; n += 1) [f, g] = [g, f + g];
  const own = randomPrimes(2);
  const residues = residuesOfText([Buffer.from(f.toString())], own);
  expect(residues).toEqual(own.map((p) => fibonacciMod(100_000, p)));
  expect(residues).not.toEqual(own.map((p) => fibonacciMod(99_999, p)));
  expect(residues).not.toEqual(own.map((p) => lucasMod(100_000, p)));
});
