// Numbers of tens of millions of digits by the transform, against GMP's and BigInt's.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeNumber } from '../../src/kernels/numbers.ts';
import { openEngine } from '../../src/kernels/transform/open.ts';
import { bigintOf, fibonacciAndLucas } from '../kernels/number-oracle.ts';

const golden = readFileSync(new URL('../fixtures/golden/fibonacci.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => line.split('\t'));
const engine = openEngine();

test.each(golden.filter(([n]) => Number(n) > 1e7))(
  'F(%s) has %s digits of the SHA-256 %s by the transform',
  (n, count, sha256) => {
    const text = makeNumber(engine, { sequence: 'fibonacci', n: Number(n), form: 'text' });
    expect(text).toHaveLength(Number(count));
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
  },
);

test.each([12_345_678, 100_000_000])('the bytes of F and L of %i are those of BigInt', (n) => {
  const right = fibonacciAndLucas(n);
  for (const sequence of ['fibonacci', 'lucas'] as const) {
    expect(bigintOf(makeNumber(engine, { sequence, n, form: 'bytes' })) === right[sequence]).toBe(true);
  }
});
