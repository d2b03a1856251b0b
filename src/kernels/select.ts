// Which kernel multiplies: the transform from measured sizes on, V8 below them.
import { bigintKernel } from './bigint.ts';
import { factorOf, type Kernel } from './kernel.ts';
import { transformKernel } from './transform/product.ts';
import { threadEngine } from './transform/thread-engine.ts';

// Measured on Node 20.20, two shared cores of a Zen 4, by `BIGINT_BITS=3e4,5e4,1e5,1e6 npm run bench -- bigint`: two factors
// of 50,000 bits take V8 0.193 ms and the transform from 0.106, in a thread that has made many products, to 0.2 in one that
// begins; squares of as many 0.19 and 0.14. By a factor of 10^5 bits, one of 6,250 takes V8 0.13 ms and the transform 0.11
// to 0.16, one of 12,500 0.19 and 0.12; by one of 10^6 bits, one of 3,900 takes 0.96 and 0.89, one of 15,600 2.1 and 0.88.
const LEAST_SHORTER = 8_000;
const LEAST_TOGETHER = 100_000;
const LEAST_SQUARED = 30_000;
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
