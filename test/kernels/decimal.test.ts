// Decimal texts of bigints, and bigints of decimal texts, are those of V8.
import { describe, expect, test } from 'vitest';
import { fromDecimal, toDecimal } from '../../src/kernels/decimal.ts';
import { factorOf } from '../../src/kernels/kernel.ts';
import { fromText, toText } from '../../src/kernels/transform/decimal.ts';
import { Engine, type Step } from '../../src/kernels/transform/engine.ts';
import { instantiate, newMemory, openEngine } from '../../src/kernels/transform/open.ts';
import { hardNumbers, randomBigint } from '../cases/kernel.cases.ts';

const engine = openEngine();
const textOf = (value: bigint) => toText(engine, factorOf(value));
const bigintOf = (text: string) => {
  const isNegative = text.startsWith('-');
  return fromText(engine, { digits: isNegative ? text.slice(1) : text, isNegative });
};

function check(value: bigint): void {
  const text = value.toString();
  expect(textOf(value) === text, `the text of ${text.slice(0, 40)}`).toBe(true);
  expect(bigintOf(text) === value, `the value of ${text.slice(0, 40)}`).toBe(true);
}

describe('on an engine', () => {
  test.each([3, 1_000, 3_400, 30_000, 200_000])('hard numbers of %i bits', (bits) => {
    for (const value of hardNumbers(bits)) check(value);
  });

  test('random numbers of random sizes', () => {
    for (let i = 0; i < 300; i++) check(randomBigint(Math.floor(2 ** (3 + 14 * Math.random()))));
  });

  test('more numbers than there are between one choice of primes and the next', () => {
    for (let i = 0; i < 1_100; i++) check(BigInt(i) ** 5n - 7n);
  });

  test('numbers of every number of blocks, and around the bounds of blocks', () => {
    for (let blocks = 1; blocks <= 40; blocks++) {
      const power = 2n ** BigInt(2112 * blocks);
      for (const value of [power - 1n, power, randomBigint(2112 * blocks - 700)]) check(value);
    }
  });

  test('powers of ten and their neighbours, which nines and zeros run through', () => {
    for (const exponent of [639, 640, 641, 5_120, 81_920, 123_457]) {
      const power = 10n ** BigInt(exponent);
      for (const value of [power - 1n, power, power + 1n, -power, 1n - power]) check(value);
    }
  });

  test('a text with zeros before its digits', () => {
    const value = randomBigint(5_000);
    const digits = (value < 0n ? -value : value).toString();
    expect(fromText(engine, { digits: `${'0'.repeat(3_000)}${digits}`, isNegative: value < 0n })).toBe(value);
  });
});

test('a wrong digit is found out by the certificate', () => {
  class FaultyEngine extends Engine {
    override step(step: Step): void {
      super.step(step);
      const digits = new Int32Array(this.buffer, step.to[0] ?? 0, 1000);
      digits[100] = (digits[100] ?? 0) - 1;
    }
  }
  const memory = newMemory();
  const faulty = new FaultyEngine(memory, instantiate(memory));
  const value = randomBigint(100_000);
  expect(toText(faulty, factorOf(value))).toBeUndefined();
  expect(fromText(faulty, { digits: '12345'.repeat(5_000), isNegative: false })).toBeUndefined();
});

describe('selected by length', () => {
  test.each([0, 10, 35_999, 36_000, 36_001, 150_000])('%i bits are written and read as V8 does', (bits) => {
    for (const value of [1n << BigInt(bits), (1n << BigInt(bits)) - 1n, randomBigint(bits)]) {
      for (const each of [value, -value]) {
        const text = each.toString();
        expect(toDecimal(each) === text).toBe(true);
        expect(fromDecimal(text) === each).toBe(true);
      }
    }
  });

  test('a long text of zeros is zero, and zeros before digits are none', () => {
    expect(fromDecimal('0'.repeat(100_000))).toBe(0n);
    expect(fromDecimal(`-${'0'.repeat(100_000)}12`)).toBe(-12n);
    const digits = '9'.repeat(50_000);
    expect(fromDecimal(`-${'0'.repeat(50_000)}${digits}`) === -BigInt(digits)).toBe(true);
  });
});
