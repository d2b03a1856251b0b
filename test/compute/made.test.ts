// Functions with a maker: calls through a pool get what it made, in the form they ask for.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, test, vi } from 'vitest';
import { receiveResult } from '../../src/answer.ts';
import { evaluate } from '../../src/compute/evaluate.ts';
import { encodeMade, type Made, type Maker, setMaker } from '../../src/compute/made.ts';
import { PoolError } from '../../src/errors.ts';
import { type AnyFunction, type Phase, RESULT_FORMS, type ResultForm } from '../../src/types.ts';
import { bytesOf, MOST_BIGINT_BYTES, roomForBigint } from '../../src/values/bigint-bytes.ts';
import type { BigintHandle } from '../../src/values/bigint-handle.ts';
import { DigitsHandle } from '../../src/values/digits-handle.ts';
import { encodeText, LONGEST_STRING, roomForText } from '../../src/values/text-bytes.ts';
import type { Reply, WireResult } from '../../src/wire.ts';
import { decodeError } from '../../src/wire-error.ts';

const VALUE = -(7n ** 2000n);
const KNOWN = { bigint: true, text: true };
const UNKNOWN = { bigint: false, text: false };

function owned(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** What a kernel would make of a number in a form. */
function madeOf(value: bigint, form: ResultForm | undefined): Made {
  if (form === 'bytes') return { kind: 'raw', bytes: bytesOf(value) };
  const isText = form === 'decimal' || form === 'digits';
  if (isText) return { kind: 'text', bytes: encodeText(value.toString()) };
  return { kind: 'bigint', bytes: owned(serialize(value)) };
}

function read(result: WireResult): unknown {
  return receiveResult({ result, computeMs: 0 }, 'clone').read();
}

/** A value in words that can be compared, whatever form it is in. */
function shown(value: unknown): unknown {
  if (value instanceof DigitsHandle) return ['digits', value.toString()];
  if (typeof value === 'object' && value !== null && 'toBigInt' in value) {
    return ['handle', (value as BigintHandle).toBigInt()];
  }
  return value;
}

function call(fn: AnyFunction, args: readonly unknown[], form?: ResultForm) {
  const phases: Phase[] = [];
  const registry = { find: () => Promise.reject(new Error('not asked')), found: () => fn };
  const onPhase = (phase: Phase) => phases.push(phase);
  return { reply: evaluate({ registry, name: 'mine', args, form, onPhase }) as Reply, phases };
}

function withMaker(fn: AnyFunction, maker: Maker): AnyFunction {
  setMaker(fn, maker);
  return fn;
}

describe.each([undefined, ...RESULT_FORMS])('a result made in the form %s', (form) => {
  test.each([VALUE, -VALUE, 0n, 5n])('is the one that is converted to it: %d', (value) => {
    const made = withMaker(
      () => 0n,
      () => madeOf(value, form),
    );
    const replies = [call(made, [], form), call(() => value, [], form)].map(({ reply }) => reply);
    const [got, expected] = replies.map((reply) => reply.ok && shown(read(reply.result)));
    expect(got).toEqual(expected);
  });

  test('is the same for an engine of which no layout is known', () => {
    if (form === 'handle') return; // is refused as such, test/values/bigint-bytes.test.ts
    const made = madeOf(VALUE, form);
    expect(shown(read(encodeMade(made, form, UNKNOWN)))).toEqual(shown(read(encodeMade(made, form, KNOWN))));
  });
});

test.each(['decimal', 'hex', 'digits', 'bytes', 'handle', 'bigint', undefined] as const)(
  'a bigint that was made stands for the form %s too',
  (form) => {
    const made: Made = { kind: 'bigint', bytes: serialize(VALUE) };
    const { reply } = call(() => VALUE, [], form);
    expect(shown(read(encodeMade(made, form)))).toEqual(reply.ok && shown(read(reply.result)));
  },
);

describe('a function with a maker', () => {
  test('gets the arguments and the form, and is not called', () => {
    const fn = vi.fn(() => 1n);
    const maker = vi.fn((_args: readonly unknown[], form?: ResultForm) => madeOf(9n, form));
    expect(call(withMaker(fn, maker), [4, 'a'], 'decimal').reply.ok).toBe(true);
    expect(call(fn, [5]).reply.ok).toBe(true);
    expect(maker.mock.calls[0]).toEqual([[4, 'a'], 'decimal']);
    expect(fn).not.toHaveBeenCalled();
  });

  test('is called where the maker makes nothing, and its result is converted', () => {
    const fn = withMaker(
      (n: bigint) => 2n * n,
      () => undefined,
    );
    const { reply, phases } = call(fn, [21n], 'hex');
    expect(reply.ok && read(reply.result)).toBe('2a');
    expect(phases).toEqual(['load', 'compute', 'convert', 'encode', 'queue']);
  });

  test('is called plainly as ever', () => {
    const fn = withMaker(
      () => 3n,
      () => madeOf(4n, undefined),
    );
    expect(fn()).toBe(3n);
  });

  test('has no phase of converting', () => {
    const fn = withMaker(
      () => 3n,
      (_, form) => madeOf(4n, form),
    );
    expect(call(fn, [], 'decimal').phases).toEqual(['load', 'compute', 'encode', 'queue']);
  });

  test('fails with what its maker throws', () => {
    const fn = withMaker(
      () => 3n,
      () => {
        throw new PoolError('ERR_RESULT_TOO_LARGE', 'too large');
      },
    );
    const { reply } = call(fn, []);
    expect(!reply.ok && decodeError(reply.error)).toMatchObject({
      code: 'ERR_RESULT_TOO_LARGE',
      message: 'too large',
    });
  });

  test('is asked by its own property alone', () => {
    const parent = withMaker(
      () => 1n,
      () => madeOf(2n, undefined),
    );
    const child = Object.setPrototypeOf(() => 3n, parent) as AnyFunction;
    const { reply } = call(child, []);
    expect(reply.ok && read(reply.result)).toBe(3n);
  });
});

describe('the bytes of what was made', () => {
  test('change hands uncopied when their buffer is theirs', () => {
    const made = madeOf(VALUE, 'digits');
    const result = encodeMade(made, 'digits');
    expect(result.kind === 'digits' && result.bytes).toBe(made.bytes);
  });

  test.each([new ArrayBuffer(5000), new SharedArrayBuffer(5000)])(
    'are copied out of a larger or shared buffer: %o',
    (buffer) => {
      const encoded = encodeText(VALUE.toString());
      const bytes = new Uint8Array(buffer, 16, encoded.length);
      bytes.set(encoded);
      const result = encodeMade({ kind: 'text', bytes }, 'digits');
      if (result.kind !== 'digits') throw new Error(result.kind);
      expect(result.bytes.buffer).toBeInstanceOf(ArrayBuffer);
      expect(result.bytes.buffer.byteLength).toBe(encoded.length);
      expect(deserialize(result.bytes)).toBe(VALUE.toString());
    },
  );

  test.each([undefined, 'bigint', 'handle', 'hex'] as const)(
    'are refused in the form %s beyond what a bigint holds, which would end the process',
    (form) => {
      const { encoded } = roomForBigint(MOST_BIGINT_BYTES + 8, false);
      expect(() => encodeMade({ kind: 'bigint', bytes: encoded }, form)).toThrow(
        expect.objectContaining({
          code: 'ERR_RESULT_TOO_LARGE',
          details: { got: MOST_BIGINT_BYTES + 8, most: MOST_BIGINT_BYTES },
        }),
      );
    },
  );

  test("are refused as 'decimal' beyond what a string holds, and taken as 'digits'", () => {
    const { encoded } = roomForText(LONGEST_STRING + 1);
    expect(() => encodeMade({ kind: 'text', bytes: encoded }, 'decimal')).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_TOO_LARGE', message: expect.stringContaining("'digits'") }),
    );
    expect(encodeMade({ kind: 'text', bytes: encoded }, 'digits').kind).toBe('digits');
  });

  test.each([
    ['text', 'bytes'],
    ['text', undefined],
    ['raw', 'decimal'],
    ['raw', undefined],
  ] as const)('of the kind %s are none for the form %s', (kind, form) => {
    expect(() => encodeMade({ kind, bytes: encodeText('12') }, form)).toThrow(TypeError);
  });
});
