// Fibonacci and Lucas numbers modulo p by scalar doubling: what a large result is compared with. It shares no code with
// the transforms that made the result.
import { modulo } from './primes-60.ts';

/** F(n) and F(n+1) modulo p, for n >= 0: two squarings and a product for each bit of n. */
function pairMod(n: bigint, p: bigint): readonly [bigint, bigint] {
  let a = 0n; // F(k), where k is what the bits of n walked so far spell
  let b = 1n % p; // F(k+1)
  for (const bit of n.toString(2)) {
    const even = modulo(a * (2n * b - a), p); // F(2k)
    const odd = (a * a + b * b) % p; // F(2k+1)
    [a, b] = bit === '1' ? [odd, (even + odd) % p] : [even, odd];
  }
  return [a, b];
}

/** F(n) modulo p, from 0 to p - 1, n negative too: F(-n) = (-1)^(n+1) F(n). */
export function fibonacciMod(n: number | bigint, p: bigint): bigint {
  const index = BigInt(n);
  if (index >= 0n) return pairMod(index, p)[0];
  const [above] = pairMod(-index, p);
  return index % 2n === 0n ? modulo(-above, p) : above;
}

/** L(n) = 2 F(n+1) - F(n) modulo p, from 0 to p - 1, for n >= 0. */
export function lucasMod(n: number | bigint, p: bigint): bigint {
  const [a, b] = pairMod(BigInt(n), p);
  return modulo(2n * b - a, p);
}
