// Products of bigints are those of V8, by every kernel and by the one that is selected.
import { describe, expect, test } from 'vitest';
import { bigintKernel } from '../../src/kernels/bigint.ts';
import { factorOf } from '../../src/kernels/kernel.ts';
import { isWorthTransform, multiply, square } from '../../src/kernels/select.ts';
import { Engine, type Step } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory, openEngine } from '../../src/kernels/transform/open.ts';
import { redone, transformKernel } from '../../src/kernels/transform/product.ts';
import { kernelCases, multiplyBy, randomBigint } from '../cases/kernel.cases.ts';

const engine = openEngine();
const transform = transformKernel(
  () => engine,
  () => true,
);

describe('the kernel of V8', () => kernelCases(bigintKernel));
describe('the kernel of the transform', () => {
  kernelCases(transform);

  test('2,000 random products of random sizes are those of V8', () => {
    for (let i = 0; i < 2_000; i++) {
      const bits = () => Math.floor(2 ** (4 + 11 * Math.random()));
      const [a, b] = [randomBigint(bits()), randomBigint(bits())];
      expect(multiplyBy(transform, a, b) === a * b, `${a} * ${b}`).toBe(true);
    }
  });

  test('a product with one digit at each end, and what is lent between them', () => {
    const power = 1n << 800_000n;
    expect(multiplyBy(transform, power - 1n, power + 1n) === power * power - 1n).toBe(true);
  });

  test('it never came to V8 for these', () => {
    expect(redone.native).toBe(0);
    expect(redone.wrong).toBe(0);
  });
});

/** An engine that changes one digit of so many of its results. */
class FaultyEngine extends Engine {
  faults: number;

  constructor(faults: number) {
    const memory = newMemory();
    super(memory, instantiate(memory));
    this.faults = faults;
  }

  override step(step: Step): void {
    super.step(step);
    if (this.faults-- <= 0) return;
    const digits = new Int32Array(this.buffer, step.to[0] ?? 0, 1000);
    digits[777] = (digits[777] ?? 0) + 1;
  }
}

describe('a wrong digit', () => {
  const [a, b] = [randomBigint(60_000), randomBigint(50_000)];
  const counts = () => ({ ...redone });

  test('is found out by the certificate, and the product made again', () => {
    const faulty = new FaultyEngine(1);
    const start = counts();
    const kernel = transformKernel(
      () => faulty,
      () => true,
    );
    expect(multiplyBy(kernel, a, b) === a * b).toBe(true);
    expect(redone).toEqual({ ...start, wrong: start.wrong + 1 });
  });

  test('that comes again leaves the product to V8', () => {
    const faulty = new FaultyEngine(2);
    const start = counts();
    const kernel = transformKernel(
      () => faulty,
      () => true,
    );
    expect(kernel.square(factorOf(a)) === a * a).toBe(true);
    expect(redone).toEqual({ ...start, wrong: start.wrong + 2, native: start.native + 1 });
  });
});

describe('the selection', () => {
  test('takes V8 for what is short, and the transform for what is long', () => {
    expect(isWorthTransform(1e9, 64)).toBe(false);
    expect(isWorthTransform(40_000, 40_000)).toBe(false);
    expect(isWorthTransform(1e6, 1e5)).toBe(true);
  });

  test('multiplies and squares as V8 does around its bounds', () => {
    for (const bits of [10, 7_999, 8_000, 8_001, 29_999, 30_001, 50_000, 92_001]) {
      for (const other of [10, 8_000, 50_000, 92_000]) {
        const [a, b] = [randomBigint(bits), randomBigint(other)];
        expect(multiply(a, b) === a * b).toBe(true);
        expect(multiply(b, a) === a * b).toBe(true);
      }
      const a = randomBigint(bits);
      expect(square(a) === a * a).toBe(true);
      expect(multiply(a, a) === a * a).toBe(true);
    }
  });

  test('keeps the range error of V8 for a product that has no room', () => {
    const huge = 1n << BigInt(2 ** 29);
    expect(() => multiply(huge, huge << 10n)).toThrow(RangeError);
  });
});
