import { Readable } from 'node:stream';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DigitsHandle } from '../../src/values/digits-handle.ts';
import { encodeText, roomForText } from '../../src/values/text-bytes.ts';

function handleOf(value: bigint): DigitsHandle {
  return new DigitsHandle(encodeText(value.toString()));
}

const anyBigint = fc.bigInt({ min: -(10n ** 300n), max: 10n ** 300n });

describe('a handle of digits', () => {
  test('gives the digits, their number and the sign', () => {
    fc.assert(
      fc.property(anyBigint, (value) => {
        const handle = handleOf(value);
        const digits = (value < 0n ? -value : value).toString();
        expect(String(handle)).toBe(value.toString());
        expect(handle.length).toBe(digits.length);
        expect(handle.isNegative).toBe(value < 0n);
        expect(handle.byteLength).toBeGreaterThanOrEqual(digits.length);
      }),
    );
  });

  test('gives parts of the digits as a string without the sign does', () => {
    const place = fc.integer({ min: -320, max: 320 });
    fc.assert(
      fc.property(anyBigint, place, place, (value, from, to) => {
        const digits = (value < 0n ? -value : value).toString();
        const handle = handleOf(value);
        expect(handle.slice(from, to)).toBe(digits.slice(from, to));
        expect(handle.slice(from)).toBe(digits.slice(from));
        expect(handle.slice()).toBe(digits);
      }),
    );
  });

  test('gives sign and digits in chunks of the size wanted, as often as asked', () => {
    fc.assert(
      fc.property(anyBigint, fc.integer({ min: 1, max: 400 }), (value, size) => {
        const chunks = handleOf(value).chunks(size);
        for (const list of [[...chunks], [...chunks]]) {
          expect(Buffer.concat(list).toString('latin1')).toBe(value.toString());
          for (const chunk of list.slice(0, -1)) expect(chunk.length).toBe(size);
        }
      }),
    );
  });

  test('gives chunks of at most 256 KiB unless told otherwise', () => {
    const handle = new DigitsHandle(encodeText('7'.repeat(600_000)));
    expect([...handle.chunks()].map((chunk) => chunk.length)).toEqual([262_144, 262_144, 75_712]);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 20 + 1, '10'])('has no chunks of %o bytes', (size) => {
    expect(() => handleOf(5n).chunks(size as number)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', message: expect.stringContaining('1 to 1048576') }),
    );
  });

  test('can be read as a stream', async () => {
    const parts: Uint8Array[] = [];
    for await (const part of Readable.from(handleOf(-(10n ** 50n)).chunks(7))) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(`-1${'0'.repeat(50)}`);
  });

  test('cannot be changed by who holds it, nor through what it gave', () => {
    const handle = new DigitsHandle(serialize('123')); // a Buffer, whose slice() is a view
    for (const chunk of handle.chunks()) {
      chunk.fill(0x39);
      new Uint8Array(chunk.buffer).fill(0x39);
    }
    expect(Reflect.set(handle, 'length', 9)).toBe(false);
    expect([handle.toString(), handle.length]).toEqual(['123', 3]);
  });

  test('may have more digits than a string holds: parts and chunks of it are to be had, the whole is not', () => {
    const length = 2 ** 29 + 5;
    const { encoded, text } = roomForText(length + 1);
    text[0] = 0x2d;
    text.fill(0x33, length - 4);
    const handle = new DigitsHandle(encoded);
    expect([handle.length, handle.isNegative]).toEqual([length, true]);
    expect(handle.slice(-5)).toBe('33333');
    for (const chunk of handle.chunks(16)) {
      expect(chunk.length).toBe(16);
      break;
    }
    for (const read of [() => handle.toString(), () => handle.slice()]) {
      expect(read).toThrow(expect.objectContaining({ code: 'ERR_RESULT_TOO_LARGE' }));
    }
  });

  test('of what are no digits is refused', () => {
    expect(() => new DigitsHandle(serialize(12n))).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }));
  });
});
