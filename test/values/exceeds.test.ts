import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exceeds } from '../../src/values/exceeds.ts';
import { anyValue } from './structured-values.ts';

const KB = 1024;

/** The fewest bytes that `args` do not exceed. */
function weightOf(args: readonly unknown[]): number {
  let [most, least] = [2 ** 40, -1];
  while (most - least > 1) {
    const middle = Math.floor((most + least) / 2);
    if (exceeds(args, middle)) least = middle;
    else most = middle;
  }
  return most;
}

describe('arguments exceed a limit', () => {
  const large: readonly (readonly [string, unknown])[] = [
    ['a text', 'a'.repeat(10 * KB)],
    ['a text of wide characters', '€'.repeat(5 * KB)],
    ['a bigint', 2n ** BigInt(8 * 10 * KB)],
    ['a negative bigint', -(2n ** BigInt(8 * 10 * KB))],
    ['a typed array', new Float64Array(10 * 128)],
    ['a Buffer', Buffer.alloc(10 * KB)],
    ['an ArrayBuffer', new ArrayBuffer(10 * KB)],
    ['a DataView', new DataView(new ArrayBuffer(10 * KB))],
    ['an array of numbers', new Array(10 * 128).fill(1)],
    ['an object', Object.fromEntries(Array.from({ length: 10 * 128 }, (_, n) => [`k${n}`, n]))],
    ['a Map', new Map(Array.from({ length: 5 * 128 }, (_, n) => [n, n]))],
    ['a Set', new Set(Array.from({ length: 10 * 128 }, (_, n) => n))],
    ['a boxed text', new String('a'.repeat(10 * KB))],
    ['a boxed bigint', Object(2n ** BigInt(8 * 10 * KB))],
    ['the message of an error', new Error('a'.repeat(10 * KB))],
    ['the cause of an error', new Error('m', { cause: 'a'.repeat(10 * KB) })],
    ['the name of a property', { ['a'.repeat(10 * KB)]: 1 }],
  ];

  test.each(large)('by %s, wherever it stands', (_what, value) => {
    for (const args of [
      [value],
      [1, value],
      [[value]],
      [{ a: value }],
      [new Map([[1, value]])],
      [new Map([[value, 1]])],
      [new Set([value])],
    ]) {
      expect(exceeds(args, 9 * KB)).toBe(true);
      expect(exceeds(args, 22 * KB)).toBe(false);
    }
  });

  test('by many small ones', () => {
    const many = Array.from({ length: 1000 }, () => [{}]);
    expect(exceeds(many, 20 * KB)).toBe(true);
    expect(exceeds(many, 100 * KB)).toBe(false);
    expect(exceeds(new Array(1000).fill('ab'), 15 * KB)).toBe(true);
    expect(exceeds(new Array(1000).fill(1n), 15 * KB)).toBe(true);
  });

  test('as soon as they weigh a byte more', () => {
    for (const args of [[], [1], ['a'.repeat(100)], [2n ** 100n], [[1, 2]], [new Uint8Array(3)]]) {
      expect(exceeds(args, weightOf(args))).toBe(false);
      expect(exceeds(args, weightOf(args) - 1)).toBe(true);
    }
    expect(weightOf(['a'.repeat(1000)]) - weightOf(['a'.repeat(100)])).toBe(900);
    expect(weightOf(['€'.repeat(1000)]) - weightOf(['€'.repeat(100)])).toBe(1800);
    expect(weightOf([2n ** 6400n]) - weightOf([2n ** 640n])).toBe(720);
  });

  test('and weigh no less with more inside', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (one, other) => {
        expect(weightOf([one, other])).toBeGreaterThanOrEqual(weightOf([one]));
        expect(weightOf([[one]])).toBeGreaterThan(weightOf([one]));
      }),
      { numRuns: 200 },
    );
  });
});

test('what is met twice weighs once, and a cycle ends', () => {
  const shared = new Uint8Array(10 * KB);
  expect(exceeds([shared, [shared], { shared }], 11 * KB)).toBe(false);
  const cycle: unknown[] = [];
  cycle.push(cycle, { cycle }, new Map([[cycle, cycle]]), new Set([cycle]));
  expect(exceeds([cycle], KB)).toBe(false);
});

test('of a view its own bytes weigh, not those of its buffer', () => {
  const buffer = new ArrayBuffer(10 * KB);
  expect(exceeds([new Uint8Array(buffer, 5, 10)], 100)).toBe(false);
});

test('no code of an argument runs', () => {
  const trap = (): never => {
    throw new Error('it ran');
  };
  const traps = new Proxy({}, { get: () => trap });
  const list = [1, 2];
  Object.defineProperty(list, 1, { get: trap, enumerable: true });
  class Trapped extends Map<unknown, unknown> {
    override get size(): number {
      return trap();
    }
    override [Symbol.iterator] = trap;
    override entries = trap;
  }
  const hostile = [
    {
      get a() {
        return trap();
      },
    },
    list,
    new Proxy({}, traps),
    new Proxy([], traps),
    new Trapped([[1, 2]]),
    Object.defineProperty(new Error('m'), 'message', { get: trap }),
    Object.assign(new String('a'), { valueOf: trap, toString: trap }),
  ];
  for (const value of hostile) expect(exceeds([value], KB)).toBe(false);
});

test('a walk ends where the limit is passed', () => {
  let reads = 0;
  const watched = new Map(Array.from({ length: 1000 }, (_, n) => [n, n]));
  const next = watched.entries().next;
  const prototype = Object.getPrototypeOf(watched.entries()) as { next: () => IteratorResult<unknown> };
  prototype.next = function (this: never) {
    reads++;
    return next.call(this);
  };
  try {
    expect(exceeds([watched], 160)).toBe(true);
  } finally {
    prototype.next = next;
  }
  expect(reads).toBeLessThan(12);
});

test('a deep value needs no stack', () => {
  let deep: unknown = 0;
  for (let level = 0; level < 300_000; level++) deep = [deep];
  expect(exceeds([deep], 2 ** 26)).toBe(false);
  expect(exceeds([deep], 2 ** 20)).toBe(true);
});
