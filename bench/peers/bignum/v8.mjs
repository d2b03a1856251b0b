// The peer V8 of bench/bignum: BigInt on the main thread of a process of its own, without a pool.
import { serve } from './serve.mjs';

const [n, form] = [Number(process.argv[2]), process.argv[3]];

/**
 * F(n) for a whole n from 2 to 2^31 - 1, by fast doubling of [F(k), F(k-1)] over the bits of n from the highest on: two
 * squarings a doubling, and one product for the last. The same formulas as ours, see workers/functions/fibonacci-pair.ts.
 */
function fibonacci(n) {
  const half = n >> 1;
  let [k, a, b] = [0, 0n, 1n];
  for (let bit = 31 - Math.clz32(half); bit >= 0; bit--) {
    const [aa, bb] = [a * a, b * b];
    const below = aa + bb;
    const above = (aa << 2n) - bb + twiceSign(k);
    const middle = above - below;
    k = half >> bit;
    [a, b] = k % 2 === 0 ? [middle, below] : [above, middle];
  }
  if (n % 2 === 0) return a * (a + (b << 1n));
  const twice = a << 1n;
  return (twice + b) * (twice - b) + twiceSign(half);
}

function twiceSign(k) {
  return k % 2 === 0 ? 2n : -2n;
}

await serve(`V8 ${process.versions.v8}`, async () => {
  const start = performance.now();
  const value = fibonacci(n);
  const computed = performance.now();
  if (form === 'value') return { parts: [computed - start], answer: value };
  const text = value.toString();
  return { parts: [computed - start, performance.now() - computed], answer: text };
});
