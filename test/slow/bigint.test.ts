// 100,000 random products, and texts there and back, against V8.
import { expect, test } from 'vitest';
import { factorOf } from '../../src/kernels/kernel.ts';
import { fromText, toText } from '../../src/kernels/transform/decimal.ts';
import { openEngine } from '../../src/kernels/transform/open.ts';
import { redone, transformKernel } from '../../src/kernels/transform/product.ts';
import { hardNumbers, multiplyBy, randomBigint } from '../cases/kernel.cases.ts';

const engine = openEngine();
const transform = transformKernel(
  () => engine,
  () => true,
);

/** Of numbers whose logarithms are spread evenly. */
const randomBits = (most: number) => Math.floor(2 ** (4 + (Math.log2(most) - 4) * Math.random()));

test('100,000 random products of random sizes are those of V8', () => {
  for (let i = 0; i < 100_000; i++) {
    const [a, b] = [randomBigint(randomBits(200_000)), randomBigint(randomBits(200_000))];
    if (multiplyBy(transform, a, b) !== a * b) expect.fail(`${a} * ${b}`);
  }
  expect(redone.wrong + redone.native).toBe(0);
});

test('10,000 random numbers become the text that V8 makes, and come back', () => {
  for (let i = 0; i < 10_000; i++) {
    const value = randomBigint(randomBits(100_000));
    const text = value.toString();
    const digits = value < 0n ? text.slice(1) : text;
    if (toText(engine, factorOf(value)) !== text) expect.fail(text);
    if (fromText(engine, { digits, isNegative: value < 0n }) !== value) expect.fail(text);
  }
});

test.each([1e6, 1e7, 1e8])('hard products of %d bits are those of V8', (bits) => {
  const start = { ...redone };
  const [, , , , ones = 0n] = hardNumbers(bits);
  for (const value of [ones, hardNumbers(bits).at(-3) ?? 0n]) {
    expect(transform.square(factorOf(value)) === value * value).toBe(true);
  }
  expect(redone.wrong).toBe(start.wrong);
});

test('a number of 20 million digits, all nines but for one, becomes text and comes back', () => {
  const text = `${'9'.repeat(10_000_000)}8${'9'.repeat(9_999_999)}`;
  const value = fromText(engine, { digits: text, isNegative: false });
  expect(value !== undefined && toText(engine, factorOf(value)) === text).toBe(true);
});
