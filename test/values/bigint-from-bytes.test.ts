// A bigint is made of its bytes, in shared memory or not.
import { expect, test } from 'vitest';
import { bigintFrom, byHex, HEAD_BYTES } from '../../src/values/bigint-from-bytes.ts';

const VALUES = [0n, 1n, 255n, 256n, 2n ** 63n, 2n ** 64n, 2n ** 64n - 1n, 10n ** 5_000n, 2n ** 40_000n - 1n];

function encode(value: bigint, zeros: number): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').reverse();
  const room = new Uint8Array(new SharedArrayBuffer(HEAD_BYTES + bytes.length + zeros));
  room.set(bytes, HEAD_BYTES);
  return room;
}

test.each([
  ['by the format', bigintFrom],
  ['by hex', byHex],
])(
  'bytes %s are the bigint that they are of, with zeros above them or none, and with its sign',
  (_, make) => {
    for (const value of VALUES) {
      for (const zeros of [0, 1, 7, 8, 100]) {
        const room = encode(value, zeros);
        const number = { buffer: room.buffer, at: HEAD_BYTES, count: room.length - HEAD_BYTES };
        expect(make({ ...number, isNegative: false })).toBe(value);
        expect(make({ ...number, isNegative: true })).toBe(-value);
      }
    }
  },
);

test('more bytes than V8 has room for are refused before it sees them', () => {
  const buffer = new ArrayBuffer(2 ** 27 + 9);
  new Uint8Array(buffer).fill(1, 2 ** 27);
  const number = { buffer, at: 8, count: 2 ** 27 + 1, isNegative: false };
  expect(() => bigintFrom(number)).toThrow(RangeError);
});
