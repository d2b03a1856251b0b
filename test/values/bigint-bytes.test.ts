import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bigintByHex,
  bitLength,
  bytesByHex,
  bytesOf,
  type Magnitude,
  MOST_BIGINT_BYTES,
  magnitudeOf,
  roomForBigint,
} from '../../src/values/bigint-bytes.ts';
import { BigintHandle } from '../../src/values/bigint-handle.ts';
import { engineLayouts } from '../../src/values/engine-layouts.ts';

// Around every power of two that fills a byte, a word or several.
const edges = [0, 1, 7, 8, 9, 15, 16, 63, 64, 65, 127, 128, 129, 511, 512, 1000, 65_536].flatMap((bits) => {
  const power = 1n << BigInt(bits);
  return [power - 1n, power, power + 1n, 1n - power, -power, -power - 1n];
});

const anyBigint = fc.oneof(
  fc.constantFrom(...edges),
  fc.bigInt({ min: -(2n ** 2000n), max: 2n ** 2000n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
);

function magnitude(value: bigint): Magnitude {
  const found = magnitudeOf(serialize(value));
  if (found === undefined) throw new Error('unknown format');
  return found;
}

describe('the bytes of a bigint', () => {
  test.each(edges)('%s: are those of the plain way', (value) => {
    expect(bytesOf(value)).toEqual(bytesByHex(value));
  });

  test('are those of the plain way, whatever the bigint', () => {
    fc.assert(
      fc.property(anyBigint, (value) => {
        expect(bytesOf(value)).toEqual(bytesByHex(value));
      }),
      { numRuns: 3000 },
    );
  });

  test('stand in memory of their own', () => {
    const bytes = bytesOf(12345n);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });
});

describe('the magnitude in an encoded bigint', () => {
  test('has the sign and the bits', () => {
    fc.assert(
      fc.property(anyBigint, (value) => {
        const digits = (value < 0n ? -value : value).toString(2);
        expect(bitLength(magnitude(value))).toBe(value === 0n ? 0 : digits.length);
        expect(magnitude(value).isNegative).toBe(value < 0n);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([1, 'text', null, undefined, [1n], { a: 1n }, new Uint8Array(9)])(
    'is not found in what is no bigint: %o',
    (value) => {
      expect(magnitudeOf(serialize(value))).toBeUndefined();
    },
  );

  test('is not found in what was cut short', () => {
    const encoded = serialize(2n ** 500n);
    for (let length = 0; length < encoded.length; length++) {
      expect(magnitudeOf(encoded.subarray(0, length))).toBeUndefined();
    }
  });
});

describe('a bigint made of bytes', () => {
  test('is the one that was written into its room, without being copied, zeros at the end or not', () => {
    fc.assert(
      fc.property(anyBigint, fc.nat({ max: 20 }), (value, zeros) => {
        const { isNegative, bytes } = magnitude(value);
        const { encoded, digits } = roomForBigint(bytes.length + zeros, isNegative);
        digits.set(bytes);
        expect(digits.buffer).toBe(encoded.buffer);
        expect(deserialize(encoded)).toBe(value);
        expect(bigintByHex({ isNegative, bytes: digits })).toBe(value);
      }),
    );
  });

  test('is what this engine reads and writes, as is a text', () => {
    expect(engineLayouts()).toEqual({ bigint: true, text: true });
  });
});

describe('a handle', () => {
  test('gives the number, its bytes, bits and sign', () => {
    fc.assert(
      fc.property(anyBigint, (value) => {
        const handle = new BigintHandle(serialize(value));
        expect(handle.toBigInt()).toBe(value);
        expect(handle.toBytes()).toEqual(bytesByHex(value));
        expect(handle.isNegative).toBe(value < 0n);
        expect(handle.byteLength).toBeGreaterThanOrEqual(Math.ceil(handle.bits / 8));
      }),
    );
  });

  test('cannot be changed through what it gave', () => {
    const handle = new BigintHandle(serialize(10n ** 100n));
    handle.toBytes().fill(0);
    expect(handle.toBigInt()).toBe(10n ** 100n);
  });

  test('of more bits than a bigint holds gives its bytes, and no bigint', () => {
    const { encoded, digits } = roomForBigint(MOST_BIGINT_BYTES + 1, false);
    digits[MOST_BIGINT_BYTES] = 1;
    const handle = new BigintHandle(encoded);
    expect(handle.bits).toBe(2 ** 30 + 1);
    expect(() => handle.toBigInt()).toThrow(expect.objectContaining({ code: 'ERR_RESULT_TOO_LARGE' }));
  });

  test('of what is no bigint is refused', () => {
    expect(() => new BigintHandle(serialize('text'))).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    );
  });
});
