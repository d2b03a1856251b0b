import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/values/decode.ts';
import { anyValue, describeValue } from './structured-values.ts';

describe('decode', () => {
  test('gives what Node’s own deserialize gives, of every kind of value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = serialize(value);
        expect(describeValue(decode(bytes), true)).toBe(describeValue(deserialize(bytes), true));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['a Uint8Array', new Uint8Array([1, 2, 3])],
    ['a Float64Array', new Float64Array([1.5, 2])],
    ['a BigInt64Array', new BigInt64Array([-1n])],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3]).buffer)],
    ['a Buffer', Buffer.from('abc')],
    ['an empty Uint8Array', new Uint8Array(0)],
    ['a part of a larger buffer', new Uint8Array([0, 1, 2, 3]).subarray(1, 3)],
  ])('gives %s of its own: writing to it changes neither the bytes nor another reader’s', (_kind, view) => {
    const bytes = serialize({ view });
    const before = Buffer.from(bytes);
    const [one, other] = [decode(bytes), decode(bytes)] as { view: typeof view }[];
    expect(one?.view).toEqual(view);
    expect(Object.getPrototypeOf(one?.view)).toBe(Object.getPrototypeOf(view));
    if (one !== undefined)
      new Uint8Array(one.view.buffer, one.view.byteOffset, one.view.byteLength).fill(255);
    expect(other?.view).toEqual(view);
    expect(bytes.equals(before)).toBe(true);
  });

  test('shows nothing beyond a view’s own bytes through its buffer', () => {
    const bytes = serialize({ secret: 'the rest of the message', view: new Uint8Array([1, 2]) });
    const { view } = decode(bytes) as { view: Uint8Array };
    expect([view.buffer.byteLength, view.byteOffset]).toEqual([2, 0]);
  });
});
