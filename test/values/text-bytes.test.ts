import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeText, LONGEST_STRING, roomForText, stringOf, textIn } from '../../src/values/text-bytes.ts';
import { readVarint, varintLength, writeVarint } from '../../src/values/varint.ts';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789-'), maxLength: 20_000 });

describe('a text in bytes', () => {
  test('is encoded as the engine does it', () => {
    fc.assert(
      fc.property(digits, (text) => {
        expect(Buffer.compare(encodeText(text), serialize(text))).toBe(0);
      }),
    );
  });

  test('that was written into its room is the string it spells, without being copied', () => {
    const { encoded, text } = roomForText(3);
    text.set([0x2d, 0x34, 0x32]);
    expect(text.buffer).toBe(encoded.buffer);
    expect(encoded.buffer.byteLength).toBe(encoded.byteLength);
    expect(deserialize(encoded)).toBe('-42');
    expect(stringOf(textIn(encoded) ?? text)).toBe('-42');
  });

  test.each([5, 12n, 'é𝟙', null, ['1']])('is not found in what is none: %o', (value) => {
    expect(textIn(serialize(value))).toBeUndefined();
  });

  test('is not found in what was cut short', () => {
    const encoded = encodeText('1'.repeat(300));
    for (let length = 0; length < encoded.length; length++) {
      expect(textIn(encoded.subarray(0, length))).toBeUndefined();
    }
  });

  test('longer than a string is refused with its length', () => {
    const { text } = roomForText(LONGEST_STRING + 1);
    expect(() => stringOf(text)).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_TOO_LARGE',
        message: expect.stringMatching(/at most 536870888 characters.*got 536870889\./),
      }),
    );
  });
});

test('a varint is read as it was written, up to 2^53 - 1', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
      const bytes = new Uint8Array(12);
      const end = writeVarint(bytes, 1, value);
      expect(end - 1).toBe(varintLength(value));
      expect(readVarint(bytes, 1)).toEqual({ value, end });
      expect(readVarint(bytes.subarray(0, end - 1), 1)).toBeUndefined();
    }),
  );
});
