// Fibonacci numbers modulo m, for indices far beyond those whose Fibonacci number could be written down.
import { type Memoized, memoize } from '../../src/compute/memoize.ts';
import { domains } from './domains.ts';
import { RESULTS } from './memo-bounds.ts';

/**
 * F(n) modulo m, from 0 to m - 1, for any whole n, negative ones included.
 *
 * Domain: m from 1, and (bits of n) * (bits of m + 64) of at most 2^34. Fast doubling, with the numbers kept
 * below m: two squarings a bit of n. It walks the bits from the top, because halving a long n at each step of a
 * recursion would copy it each time. Source: OEIS A000045; GMP manual, "Fibonacci Numbers Algorithm".
 *
 * @example fibonacciMod(10n ** 100n, 1_000_000_007) === 175077019n
 * @throws PoolError ERR_ARGUMENT
 */
export const fibonacciMod: Memoized<(n: number | bigint, m: number | bigint) => bigint> = memoize(
  (n: number | bigint, m: number | bigint): bigint => {
    domains.fibonacciMod([n, m]);
    const index = BigInt(n);
    const modulus = BigInt(m);
    const isNegative = index < 0n;
    const value = ofBits(isNegative ? -index : index, modulus);
    const isReflected = isNegative && (index & 1n) === 0n && value !== 0n;
    return isReflected ? modulus - value : value;
  },
  RESULTS,
);

function ofBits(index: bigint, modulus: bigint): bigint {
  let a = 0n; // F(k) and F(k-1), where k is what the bits walked so far spell
  let b = 1n % modulus;
  let sign = 2n; // 2 (-1)^k
  for (const digit of index.toString(16)) {
    const bits = Number.parseInt(digit, 16);
    for (let mask = 8; mask > 0; mask >>= 1) {
      const aa = a * a;
      const bb = b * b;
      const below = aa + bb;
      const above = (aa << 2n) - bb + sign;
      const middle = above - below;
      const isOdd = (bits & mask) !== 0;
      a = residue(isOdd ? above : middle, modulus);
      b = residue(isOdd ? middle : below, modulus);
      sign = isOdd ? -2n : 2n;
    }
  }
  return a;
}

// F(2k+1) is below zero once its terms are reduced and bb is the larger.
function residue(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}
