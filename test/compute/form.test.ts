import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toForm } from '../../src/compute/form.ts';
import { PoolError } from '../../src/errors.ts';
import { RESULT_FORMS } from '../../src/types.ts';

const anyBigint = fc.oneof(
  fc.bigInt({ min: -70_000n, max: 70_000n }),
  fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n }),
  fc
    .tuple(fc.nat({ max: 200 }), fc.bigInt({ min: -1n, max: 1n }), fc.constantFrom(1n, -1n))
    .map(([bits, near, sign]) => sign * (2n ** BigInt(bits) + near)),
);

function toBytes(value: bigint): number[] {
  return [...(toForm(value, 'bytes') as Uint8Array)];
}

/** Two's complement, least significant byte first, read the slow way. */
function fromBytes(bytes: readonly number[]): bigint {
  const magnitude = bytes.reduceRight((sum, byte) => 256n * sum + BigInt(byte), 0n);
  return (bytes.at(-1) ?? 0) < 128 ? magnitude : magnitude - 256n ** BigInt(bytes.length);
}

describe('the bytes of a bigint', () => {
  test.each([
    [0n, [0]],
    [1n, [1]],
    [-1n, [0xff]],
    [127n, [0x7f]],
    [128n, [0x80, 0]],
    [-128n, [0x80]],
    [-129n, [0x7f, 0xff]],
    [255n, [0xff, 0]],
    [256n, [0, 1]],
    [-255n, [0x01, 0xff]],
    [-256n, [0, 0xff]],
    [32_767n, [0xff, 0x7f]],
    [32_768n, [0, 0x80, 0]],
    [-32_768n, [0, 0x80]],
    [2n ** 64n, [0, 0, 0, 0, 0, 0, 0, 0, 1]],
    [0x0102_0304n, [4, 3, 2, 1]],
  ])('of %d are %j', (value, bytes) => {
    expect(toBytes(value)).toEqual(bytes);
  });

  test('are two’s complement, least significant first, and as few as keep the sign', () => {
    fc.assert(
      fc.property(anyBigint, (value) => {
        const bytes = toBytes(value);
        expect(fromBytes(bytes)).toBe(value);
        expect(bytes.length === 1 || fromBytes(bytes.slice(0, -1)) !== value).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('are a Uint8Array with a buffer of its own', () => {
    const bytes = toForm(5n, 'bytes') as Uint8Array;
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(bytes.buffer.byteLength).toBe(1);
  });
});

describe('the text of a bigint', () => {
  test('is its decimal digits, with a minus before negative ones', () => {
    expect(toForm(0n, 'decimal')).toBe('0');
    expect(toForm(-12n, 'decimal')).toBe('-12');
    fc.assert(
      fc.property(anyBigint, (value) => {
        expect(BigInt(String(toForm(value, 'decimal')))).toBe(value);
      }),
    );
  });

  test('is its hexadecimal digits without a prefix, with a minus before negative ones', () => {
    expect(toForm(255n, 'hex')).toBe('ff');
    expect(toForm(-256n, 'hex')).toBe('-100');
    expect(toForm(0n, 'hex')).toBe('0');
  });
});

test('the form bigint is the value itself', () => {
  expect(toForm(2n ** 100n, 'bigint')).toBe(2n ** 100n);
});

describe.each(RESULT_FORMS)('the form %s', (form) => {
  test.each([
    [5, '5'],
    ['5', '"5"'],
    [undefined, 'undefined'],
    [[5n], 'an array of 1'],
  ])('of a result that is no bigint is refused: %o', (value, shown) => {
    expect(() => toForm(value, form)).toThrow(PoolError);
    expect(() => toForm(value, form)).toThrow(
      `Option 'as': '${form}' needs a function whose result is a bigint, got ${shown}.`,
    );
  });
});
