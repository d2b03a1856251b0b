import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigintBytes, stringBytes, weigh } from '../../src/values/weigh.ts';
import { anyValue } from './structured-values.ts';

function bitsOf(value: bigint): number {
  let bits = 0;
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 1n) bits++;
  return bits;
}

describe('a bigint', () => {
  test.each([
    [0n, 8],
    [1n, 8],
    [-1n, 8],
    [2n ** 63n - 1n, 8],
    [-(2n ** 63n), 8],
    [2n ** 63n, 8],
    [2n ** 64n - 1n, 8],
    [2n ** 64n, 16],
    [-(2n ** 64n) + 1n, 8],
    [-(2n ** 64n), 16],
    [2n ** 128n, 24],
    [2n ** 1_000_000n, 8 * 15_626],
  ])('weighs its 64-bit words: %d', (value, bytes) => {
    expect(bigintBytes(value)).toBe(bytes);
  });

  test('weighs the words of its magnitude, whatever its size and sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 700n), max: 2n ** 700n }), (value) => {
        expect(bigintBytes(value)).toBe(8 * Math.max(1, Math.ceil(bitsOf(value) / 64)));
      }),
    );
  });
});

describe('a string', () => {
  test('weighs a byte a character below 256, and two when one is above', () => {
    expect(stringBytes('')).toBe(0);
    expect(stringBytes('abc\n')).toBe(4);
    expect(stringBytes('ÿ'.repeat(10))).toBe(10);
    expect(stringBytes('Ā')).toBe(2);
    expect(stringBytes(`${'a'.repeat(99)}€`)).toBe(200);
    expect(stringBytes('😀')).toBe(4);
  });
});

describe('weigh', () => {
  test('gives every primitive at least a word, and large ones their bytes', () => {
    for (const value of [0, 1.5, true, null, undefined]) expect(weigh(value)).toBe(8);
    expect(weigh('a'.repeat(1000)) - weigh('')).toBe(1000);
    expect(weigh(2n ** 6400n) - weigh(1n)).toBe(800);
  });

  test('counts what is inside of arrays, objects, Maps, Sets, errors and boxes of bytes', () => {
    const large = 'a'.repeat(10_000);
    const holders = [[large], { a: large }, new Map([[1, large]]), new Map([[large, 1]]), new Set([[large]])];
    for (const holder of [
      ...holders,
      { a: [{ b: [large] }] },
      Object.assign(new Error('m'), { data: large }),
    ]) {
      expect(weigh(holder)).toBeGreaterThan(10_000);
      expect(weigh(holder)).toBeLessThan(11_000);
    }
    for (const bytes of [new Uint8Array(10_000), new Float64Array(1250), new ArrayBuffer(10_000)]) {
      expect(weigh(bytes)).toBeGreaterThanOrEqual(10_000);
      expect(weigh(bytes)).toBeLessThan(10_100);
      expect(weigh([bytes])).toBeLessThan(10_200);
    }
  });

  test('counts a view as the buffer it holds on to, once, and a Buffer as itself', () => {
    const buffer = new ArrayBuffer(1e6);
    expect(weigh(new Uint8Array(buffer, 0, 1))).toBeGreaterThan(1e6);
    expect(weigh([new Uint8Array(buffer, 0, 1), new DataView(buffer)])).toBeLessThan(1.1e6);
    expect(weigh(Buffer.from('abc'))).toBeLessThan(64);
  });

  test('runs no getter and walks no hole', () => {
    const value = Object.defineProperty([...new Array(3)], 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('asked');
      },
    });
    value.length = 2 ** 32 - 1;
    expect(weigh(value)).toBeLessThan(200);
  });

  test('counts what is reached twice once, and ends on a cycle', () => {
    const part = { text: 'a'.repeat(1000) };
    expect(weigh([part, part, new Set([part])])).toBeLessThan(1500);
    expect(weigh([part, { ...part }])).toBeGreaterThan(2000);
    const cycle: Record<string, unknown> = { text: 'a'.repeat(1000) };
    cycle['self'] = [cycle];
    expect(weigh(cycle)).toBeLessThan(1200);
  });

  test('does not overflow the stack on a list linked a hundred thousand deep', () => {
    let list: unknown = null;
    for (let n = 0; n < 100_000; n++) list = { next: list };
    expect(weigh(list)).toBeGreaterThanOrEqual(100_000 * 16);
  });

  test('grows with what is put beside a value', () => {
    fc.assert(
      fc.property(anyValue, fc.string(), (value, text) => {
        const bytes = weigh(value);
        expect(Number.isSafeInteger(bytes) && bytes > 0).toBe(true);
        expect(weigh([value])).toBeGreaterThan(bytes);
        expect(weigh([value, text])).toBe(weigh([value]) + weigh(text));
      }),
      { numRuns: 500 },
    );
  });
});
