import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, receiveResult, type Share } from '../src/answer.ts';
import { PoolError } from '../src/errors.ts';
import { encodeResult, MOVED_BYTES } from '../src/wire.ts';
import { anyValue, describeValue } from './values/structured-values.ts';

function answerOf(value: unknown, share: Share = 'clone'): Answer {
  // A message between threads is a clone.
  const result = structuredClone(encodeResult(value));
  return receiveResult({ result, computeMs: 3 }, share);
}

describe('a result', () => {
  test.each(['clone', 'freeze', 'reference'] as const)('arrives as it was sent: %s', (share) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(!sharesAView(value));
        expect(describeValue(answerOf(value, share).read(), true)).toBe(describeValue(value, true));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([0, -0, 1.5, Number.NaN, Infinity, true, null, undefined, '', 'a', 5n, -(2n ** 63n)])(
    'that is small is sent as it is: %o',
    (value) => {
      expect(encodeResult(value)).toEqual({ kind: 'primitive', value });
      expect(answerOf(value).read()).toBe(value);
    },
  );

  test.each([
    ['a bigint beyond 64 bits', 2n ** 63n],
    ['a huge bigint', -(3n ** 50_000n)],
    ['a long string', 'é'.repeat(5000)],
  ])('that is %s is decoded once and shared', (_what, value) => {
    const encoded = encodeResult(value);
    expect(encoded).toMatchObject({ kind: 'bytes', immutable: true });
    expect(answerOf(value).read()).toBe(value);
  });

  test('that is an object is a copy of its own for every reader, which no other sees changed', () => {
    const answer = answerOf({ list: [1, 2] });
    const [one, other] = [answer.read(), answer.read()] as { list: number[] }[];
    expect(one).toEqual({ list: [1, 2] });
    expect(one).not.toBe(other);
    one?.list.push(3);
    expect(other).toEqual({ list: [1, 2] });
    expect(answer.read()).toEqual({ list: [1, 2] });
  });

  test('may be shared by choice: frozen through and through, or as it is', () => {
    const frozen = answerOf({ list: [1, 2] }, 'freeze');
    expect(frozen.read()).toBe(frozen.read());
    expect(Object.isFrozen((frozen.read() as { list: unknown }).list)).toBe(true);
    const shared = answerOf({ list: [1, 2] }, 'reference');
    expect(shared.read()).toBe(shared.read());
    expect(Object.isFrozen(shared.read())).toBe(false);
  });

  test('that cannot be frozen is cloned for each reader instead', () => {
    for (const value of [new Map([[1, 2]]), { at: new Date(0) }, [new Uint8Array(2)]]) {
      const answer = answerOf(value, 'freeze');
      expect(answer.read()).toEqual(value);
      expect(answer.read()).not.toBe(answer.read());
      expect(Object.isFrozen(answer.read())).toBe(false);
    }
  });

  test('keeps what is shared inside shared, and a cycle a cycle', () => {
    const part = { a: 1 };
    const cycle: Record<string, unknown> = { part, again: part };
    cycle['self'] = cycle;
    const read = answerOf(cycle).read() as Record<string, unknown>;
    expect(read['self']).toBe(read);
    expect(read['part']).toBe(read['again']);
  });

  test("in the form 'bytes' is a copy of its own for every reader, small and large", () => {
    for (const size of [3, MOVED_BYTES]) {
      const answer = receiveResult(
        { result: encodeResult(new Uint8Array(size).fill(7), 'bytes'), computeMs: 3 },
        'clone',
      );
      const first = answer.read() as Uint8Array;
      first.fill(0);
      const second = answer.read() as Uint8Array;
      expect(second).toEqual(new Uint8Array(size).fill(7));
      second.fill(1);
      expect(answer.read()).toEqual(new Uint8Array(size).fill(7));
    }
  });

  test('tells what keeping it takes and what computing it took', () => {
    expect(answerOf(1)).toMatchObject({ bytes: 8, computeMs: 3 });
    expect(answerOf(5n).bytes).toBe(8);
    expect(answerOf('a'.repeat(1000)).bytes).toBe(1000);
    expect(answerOf('€'.repeat(1000)).bytes).toBe(2000);
    for (const [value, bytes] of [
      [2n ** 80_000n, 10_000],
      ['a'.repeat(100_000), 100_000],
      [new Uint8Array(50_000), 50_000],
      [{ list: new Float64Array(1000) }, 8000],
    ] as const) {
      const answer = answerOf(value);
      expect(answer.bytes).toBeGreaterThanOrEqual(bytes);
      expect(answer.bytes).toBeLessThan(bytes + 100);
    }
  });
});

// v8.serialize writes a view twice that is met twice.
function sharesAView(value: unknown): boolean {
  const described = describeValue(value, true);
  return /"seen"/.test(described) && /Array"|Buffer"|DataView"/.test(described);
}

describe('a result that cannot be cloned', () => {
  test.each([
    [() => 1, 'the value itself (a function)'],
    [Symbol('s'), 'the value itself (a symbol)'],
    [{ a: [1, () => 1] }, '.a[1] (a function)'],
    [[new WeakSet()], '[0] (a WeakSet)'],
    [{ later: Promise.resolve() }, '.later (a Promise)'],
  ])('is refused with its place', (value, place) => {
    const encode = () => encodeResult(value);
    expect(encode).toThrow(PoolError);
    expect(encode).toThrow(expect.objectContaining({ code: 'ERR_RESULT_NOT_CLONEABLE' }));
    expect(encode).toThrow(`The result cannot be cloned to the main thread: ${place}. Return plain data.`);
  });

  test('is refused with the engine’s words where there is no place to name', () => {
    expect(() => encodeResult([new SharedArrayBuffer(8)])).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_NOT_CLONEABLE',
        message: expect.stringContaining('SharedArrayBuffer'),
      }),
    );
  });
});
