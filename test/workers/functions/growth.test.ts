// How many digits and bits Fibonacci and Lucas numbers have, without making them.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LONGEST_STRING } from '../../../src/values/text-bytes.ts';
import {
  bitsOf,
  decimalDigits,
  FIBONACCI,
  LUCAS,
  type Sequence,
} from '../../../workers/functions/domains/growth.ts';
import { fibonacci } from '../../../workers/functions/fibonacci.ts';
import { lucas } from '../../../workers/functions/lucas.ts';

const sequences: readonly (readonly [Sequence, (n: number) => bigint])[] = [
  [FIBONACCI, fibonacci],
  [LUCAS, lucas],
];

test.each(sequences)('the digits and bits are counted of every number: $where', (sequence, fn) => {
  for (let n = -3000; n <= 3000; n++) {
    const value = fn(Math.abs(n));
    expect([n, decimalDigits(sequence, BigInt(n))]).toEqual([n, BigInt(value.toString().length)]);
    expect([n, bitsOf(sequence, BigInt(n))]).toEqual([n, BigInt(value.toString(2).length)]);
  }
});

test('the digits are those that GMP has counted', () => {
  const text = readFileSync(new URL('../../fixtures/golden/fibonacci.tsv', import.meta.url), 'utf8');
  for (const line of text.split('\n').filter((row) => /^\d/.test(row))) {
    const [n = '', digits = ''] = line.split('\t');
    expect(decimalDigits(FIBONACCI, BigInt(n))).toBe(BigInt(digits));
  }
});

describe('as text a number goes to the longest string, with its sign', () => {
  test.each(sequences)('$where', (sequence) => {
    const { min, max } = sequence.decimal;
    const longest = BigInt(LONGEST_STRING);
    expect(decimalDigits(sequence, BigInt(max))).toBe(longest);
    expect(decimalDigits(sequence, BigInt(max + 1))).toBe(longest + 1n);
    expect(decimalDigits(sequence, BigInt(min))).toBeLessThan(longest);
    expect(decimalDigits(sequence, BigInt(min - 1))).toBe(longest);
  });
});

test.each(sequences)('as a bigint a number stays a word below 2^30 bits, to the last: $where', (sequence) => {
  expect(bitsOf(sequence, BigInt(sequence.most))).toBeLessThanOrEqual(2n ** 30n - 64n);
  expect(bitsOf(sequence, BigInt(sequence.most + 1))).toBeGreaterThanOrEqual(2n ** 30n - 64n);
});
