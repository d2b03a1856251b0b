// Which kernel multiplies: the transform from measured sizes on, V8 below them.
import { bigintKernel } from './bigint.ts';
import { factorOf, type Kernel } from './kernel.ts';
import { transformKernel } from './transform/product.ts';
import { threadEngine } from './transform/thread-engine.ts';

// Measured on Node 20.20, two shared cores of a Zen 4, by `npx tsx bench/bigint.ts`: products of two factors of 30,000
// bits take V8 0.093 ms and the transform 0.107, of 40,000 bits 0.146 and 0.084; squares of 20,000 bits 0.050 each. By a
// factor of 10^5 bits, one of 6,250 takes V8 0.134 ms and the transform 0.110, one of 3,125 bits 0.085 and 0.108; by one
// of 10^6 bits, one of 3,900 bits takes 0.96 and 0.89.
const LEAST_SHORTER = 5_000;
const LEAST_TOGETHER = 72_000;
const LEAST_SQUARED = 24_000;
/** What V8 has room for: it refuses what is longer at once. */
const MOST_BITS = 2 ** 30;
const SHORT = 1n << BigInt(LEAST_SHORTER - 1);

/** Whether the transform is the faster way, where there is one, for factors of so many bits. */
export function isWorthTransform(bitsA: number, bitsB: number): boolean {
  const together = bitsA + bitsB;
  return Math.min(bitsA, bitsB) >= LEAST_SHORTER && together >= LEAST_TOGETHER && together <= MOST_BITS;
}

const KERNELS: readonly Kernel[] = [transformKernel(threadEngine, isWorthTransform), bigintKernel];

/** @throws RangeError of a product that V8 has no room for */
export function multiply(a: bigint, b: bigint): bigint {
  if (isShort(a) || isShort(b)) return a * b;
  if (a === b) return square(a);
  const [x, y] = [factorOf(a), factorOf(b)];
  const [longer, shorter] = x.bits < y.bits ? [y, x] : [x, y];
  return kernelFor(longer.bits, shorter.bits).multiply(longer, shorter);
}

/** @throws RangeError of a square that V8 has no room for */
export function square(a: bigint): bigint {
  if (isShort(a)) return a * a;
  const factor = factorOf(a);
  const bits = factor.bits < LEAST_SQUARED ? 0 : Math.max(factor.bits, LEAST_TOGETHER);
  return kernelFor(bits, bits).square(factor);
}

// Known at once, and true of most numbers that are ever multiplied.
function isShort(value: bigint): boolean {
  return value < SHORT && value > -SHORT;
}

function kernelFor(bitsA: number, bitsB: number): Kernel {
  return KERNELS.find((kernel) => kernel.applies(bitsA, bitsB)) ?? bigintKernel;
}
