// The rough weight of a value: near the exact one where parts are alike, and quick where there are many.
import { describe, expect, test } from 'vitest';
import { weigh } from '../../src/values/weigh.ts';
import { weighRoughly } from '../../src/values/weigh-roughly.ts';

const numbers = Array.from({ length: 10_000 }, (_, n) => n);

describe('the rough weight', () => {
  test.each([
    ['a number', 1],
    ['a bigint', 2n ** 10_000n],
    ['a text', 'text'.repeat(1000)],
    ['nothing', undefined],
    ['null', null],
  ])('of %s is the exact one', (_name, value) => {
    expect(weighRoughly(value)).toBe(weigh(value));
  });

  test.each([
    ['numbers', numbers],
    ['bigints that grow', Array.from({ length: 3000 }, (_, n) => 2n ** BigInt(n))],
    ['rows', Array.from({ length: 100 }, () => numbers)],
    ['objects', numbers.map((n) => ({ n, text: 'some text', list: [1, 2, 3] }))],
    ['a Map', new Map(numbers.map((n) => [n, 'x'.repeat(50)]))],
    ['a Set', new Set(numbers)],
    ['an object of many keys', Object.fromEntries(numbers.map((n) => [`k${n}`, n]))],
    ['a typed array', new Float64Array(5000)],
    ['a buffer', new ArrayBuffer(5000)],
  ])('of %s is of the size of the exact one', (_name, value) => {
    const exact = _name === 'rows' ? 100 * weigh(numbers) : weigh(value);
    const ratio = weighRoughly(value) / exact;
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(1.6);
  });

  test('of a value that holds itself ends', () => {
    const ring: unknown[] = [];
    ring.push(ring, ring);
    expect(weighRoughly(ring)).toBeGreaterThan(0);
  });

  test('runs no code of the value', () => {
    const value = Object.defineProperty({ a: 1 }, 'b', {
      enumerable: true,
      get: () => {
        throw new Error('run');
      },
    });
    expect(weighRoughly([value])).toBeGreaterThan(0);
  });
});
