import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PoolError } from '../../src/errors.ts';
import { type MemoKey, memoKey } from '../../src/values/key.ts';
import { snapshot } from '../../src/values/snapshot.ts';
import { anyArguments, anyValue, describeValue, everySmallValue } from './structured-values.ts';

const CALLS = 30_000;

type Encoder = (args: readonly unknown[]) => MemoKey;

const encoders: readonly (readonly [string, boolean, Encoder])[] = [
  ['typed', true, (args) => memoKey(args, true)],
  ['untyped', false, (args) => memoKey(args, false)],
];

function refusal(args: readonly unknown[]): PoolError {
  try {
    memoKey(args, true);
  } catch (error) {
    if (error instanceof PoolError) return error;
  }
  throw new Error('was not refused');
}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

// All calls and their keys: every call is held against all the others.
class Book {
  readonly #typed: boolean;
  readonly #encode: Encoder;
  readonly #callOfKey = new Map<MemoKey, string>();
  readonly #keyOfCall = new Map<string, MemoKey>();

  constructor(typed: boolean, encode: Encoder) {
    this.#typed = typed;
    this.#encode = encode;
  }

  get size(): number {
    return this.#callOfKey.size;
  }

  /** @throws AssertionError when another call has this key, or this call another key */
  enter(args: readonly unknown[]): MemoKey {
    const call = describeValue(args, this.#typed);
    const key = asInMap(this.#encode(args));
    if ((this.#callOfKey.get(key) ?? call) !== call) expect(this.#callOfKey.get(key)).toBe(call);
    if (this.#keyOfCall.has(call) && this.#keyOfCall.get(call) !== key)
      expect(this.#keyOfCall.get(call)).toBe(key);
    this.#callOfKey.set(key, call);
    this.#keyOfCall.set(call, key);
    return key;
  }
}

type Texts = readonly string[];

// What six, four or two texts can stand in.
const structures: readonly (readonly [string, (texts: Texts) => unknown[]])[] = [
  ['arguments', (texts) => [...texts]],
  ['an array', (texts) => [[...texts]]],
  ['a Set', (texts) => [new Set(texts)]],
  ['an object', (texts) => [Object.fromEntries(pairs(texts))]],
  ['an array with properties', (texts) => [Object.assign([], Object.fromEntries(pairs(texts)))]],
  ['a Map', (texts) => [new Map(pairs(texts))]],
  ['objects in an array', (texts) => [pairs(texts).map(([key, value]) => ({ [key]: value }))]],
  ['errors', (texts) => [pairs(texts).map(([name, message]) => Object.assign(new Error(message), { name, stack: '' }))]], // biome-ignore format: a row
  ['errors’ stacks', (texts) => [pairs(texts).map(([message, stack]) => Object.assign(new Error(message), { stack }))]], // biome-ignore format: a row
];

function pairs(texts: Texts): [string, string][] {
  return Array.from({ length: texts.length / 2 }, (_, n) => [texts[2 * n] ?? '', texts[2 * n + 1] ?? '']);
}

/** The atoms in their order as `parts` texts, neighbours joined by the seam that stood between them: in every way. */
function fusions(atoms: Texts, seams: Texts, parts: number): string[][] {
  if (parts === 1)
    return [[atoms.slice(1).reduce((text, atom, n) => text + seams[n] + atom, atoms[0] ?? '')]];
  const all: string[][] = [];
  for (let first = 1; first <= atoms.length - parts + 1; first++) {
    const [head = []] = fusions(atoms.slice(0, first), seams, 1);
    for (const rest of fusions(atoms.slice(first), seams.slice(first), parts - 1))
      all.push([...head, ...rest]);
  }
  return all;
}

// A Map takes -0 for 0, and so does a memo.
function asInMap(key: MemoKey): MemoKey {
  return Object.is(key, -0) ? 0 : key;
}

describe.each(encoders)('a key, %s,', (_name, typed, encode) => {
  test('stands for one call among thousands of every kind, and each call has one key', () => {
    const book = new Book(typed, encode);
    fc.assert(
      fc.property(anyArguments, (args) => {
        book.enter(args);
      }),
      { numRuns: CALLS },
    );
    expect(book.size).toBeGreaterThan(CALLS / 4);
    expect(book.size).toBeLessThan(CALLS); // the same call came again
  });

  test('stands for one call among those whose texts are other calls’ keys', () => {
    const book = new Book(typed, encode);
    fc.assert(
      fc.property(anyArguments, (args) => {
        const key = String(book.enter(args));
        book.enter([key]);
        book.enter([key.slice(1)]);
        book.enter([[key], { [key]: key }]);
      }),
      { numRuns: CALLS / 10 },
    );
  });

  test('stands for one call among all small structures', () => {
    const book = new Book(typed, encode);
    for (let nodes = 1; nodes <= 5; nodes++) for (const make of everySmallValue(nodes)) book.enter([make()]);
    expect(book.size).toBeGreaterThan(20_000);
  });

  test('stands for one call among pairs of integers and the numbers that are their keys', () => {
    const book = new Book(typed, encode);
    const edges = [-1025, -1024, -1023, -1, 0, 1, 31_742, 31_743, 31_744, 2 ** 31, -(2 ** 31), 0.5];
    const side = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -1100, max: 32_000 }));
    fc.assert(
      fc.property(side, side, (first, second) => {
        const key = book.enter([first, second]);
        book.enter([second, first]);
        book.enter([first, BigInt(Math.trunc(second))]);
        book.enter([String(key)]);
        if (typeof key !== 'number') return;
        for (const lone of [key, key + 1, key - 0.5, -key, BigInt(key), `~${key}`, [first, second]]) {
          book.enter([lone]);
        }
        book.enter([key, second]);
        book.enter([first, second, 0]);
      }),
      { numRuns: CALLS / 10 },
    );
    for (const edge of [-(2 ** 30), -(2 ** 31), -(2 ** 52), -(2 ** 53), -Infinity]) {
      for (const beside of [edge - 1, edge - 0.5, edge, edge + 0.5, edge + 1]) book.enter([beside]);
    }
    expect(book.size).toBeGreaterThan(CALLS / 6);
  });

  // Atoms stand in a value with something of the encoding between them. Fused with just that into longer texts,
  // they must not pass for the atoms themselves, wherever the seams are.
  test.each(structures)(
    'stands for one call when the texts in %s contain the encoding’s own seams',
    (_name, build) => {
      const book = new Book(typed, encode);
      const atoms = ['α', 'β', 'γ', 'δ', 'ε', 'ζ'];
      const seams = String(encode(build(atoms)))
        .split(new RegExp(atoms.join('|')))
        .slice(1, -1);
      expect(seams).toHaveLength(atoms.length - 1);
      for (const parts of [2, 4, 6])
        for (const fused of fusions(atoms, seams, parts)) book.enter(build(fused));
      expect(book.size).toBe(5 + 10 + 1);
    },
  );

  test('is the same for what arrives after cloning', () => {
    fc.assert(
      fc.property(anyArguments, (args) => {
        fc.pre(!repeatsAView(args));
        expect(asInMap(encode(snapshot(args).args))).toBe(asInMap(encode(args)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not depend on the order of an object’s keys, and depends on that of a Map and a Set', () => {
    expect(encode([{ a: 1, b: { c: 2, d: 3 } }])).toBe(encode([{ b: { d: 3, c: 2 }, a: 1 }]));
    const entries: [string, number][] = [
      ['a', 1],
      ['b', 2],
    ];
    expect(encode([new Map(entries)])).not.toBe(encode([new Map(entries.toReversed())]));
    expect(encode([new Set([1, 2])])).not.toBe(encode([new Set([2, 1])]));
  });

  test('is one for 0 and -0, and one for NaN and NaN, alone and inside', () => {
    const keys = (values: readonly unknown[]) =>
      new Set(values.flatMap((value) => [encode([value]), encode([value, 1]), encode([[value]])]));
    expect(keys([0, -0]).size).toBe(3);
    expect(keys([Number.NaN, 0 / 0]).size).toBe(3);
  });

  test('tells an own key named __proto__ from no key, and from a prototype', () => {
    const own = (value: unknown): unknown => JSON.parse(`{"__proto__":${JSON.stringify(value)}}`);
    const values = [{}, own({}), own(1), own({ a: 1 }), { a: 1 }, { ['__proto__x']: 1 }];
    expect(new Set(values.map((value) => encode([value]))).size).toBe(values.length);
    expect(encode([Object.setPrototypeOf({ a: 1 }, null)])).toBe(encode([{ a: 1 }]));
  });

  test('is that of plain data for an object of another realm', () => {
    expect(encode([runInNewContext('({ a: [1, new Map([[1, 2]])] })')])).toBe(
      encode([{ a: [1, new Map([[1, 2]])] }]),
    );
  });
});

// v8.serialize writes a view twice that is met twice, where structuredClone keeps the identity.
function repeatsAView(args: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [...args];
  for (let part = waiting.pop(); waiting.length > 0 || part !== undefined; part = waiting.pop()) {
    if (typeof part !== 'object' || part === null) continue;
    if (ArrayBuffer.isView(part)) {
      if (seen.has(part)) return true;
      seen.add(part);
    } else if (part instanceof Map) waiting.push(...[...part].flat());
    else if (part instanceof Set) waiting.push(...part);
    else if (part instanceof Error) waiting.push(part.cause);
    else waiting.push(...Object.values(part));
  }
  return false;
}

describe('a typed key', () => {
  test('tells 3, 3n, the text 3, true and 1 apart, at every depth', () => {
    const values = [
      3,
      3n,
      '3',
      '3n',
      true,
      1,
      1n,
      'true',
      null,
      undefined,
      'null',
      [3],
      [[3]],
      { 0: 3 },
      [3n],
    ];
    const calls = values.flatMap((value) => [[value], [value, 0], [[value, 0]], [{ a: value }]]);
    expect(new Set(calls.map((args) => memoKey(args, true))).size).toBe(calls.length);
  });

  test('tells no argument, undefined and two of them apart', () => {
    const calls = [[], [undefined], [undefined, undefined], [[]], [[undefined]], [new Array(1)], [null]];
    expect(new Set(calls.map((args) => memoKey(args, true))).size).toBe(calls.length);
  });
});

describe('an untyped key', () => {
  const integers = [
    0,
    3,
    -3,
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 60,
    -(2 ** 60),
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    1e21,
    -1e21,
    Number.MAX_VALUE,
  ];

  test.each(integers)('is one for the number %d and the same bigint, alone and inside', (integer) => {
    const both = [integer, BigInt(integer)];
    expect(new Set(both.map((value) => memoKey([value], false))).size).toBe(1);
    expect(new Set(both.map((value) => memoKey([[value]], false))).size).toBe(1);
    expect(new Set(both.map((value) => memoKey([{ a: value }, 1], false))).size).toBe(1);
  });

  test.each([2 ** 53, 2 ** 63, 1e21])('tells the bigint beside %d from it', (integer) => {
    for (const beside of [BigInt(integer) + 1n, BigInt(integer) - 1n]) {
      expect(memoKey([beside], false)).not.toBe(memoKey([integer], false));
      expect(memoKey([[beside]], false)).not.toBe(memoKey([[integer]], false));
    }
  });

  test('still tells a number from a text and from a boolean', () => {
    const values = [1, '1', true, 1.5, '1.5', 'NaN', Number.NaN];
    expect(new Set(values.map((value) => memoKey([value], false))).size).toBe(values.length);
  });
});

describe('the key of one argument', () => {
  test('is the number, the bigint of 64 bits or the boolean itself', () => {
    for (const value of [
      5,
      -5,
      -0.5,
      2 ** 53,
      Number.NaN,
      Infinity,
      -Infinity,
      7n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      true,
      false,
      null,
      undefined,
    ]) {
      expect(memoKey([value], true)).toBe(value);
    }
  });

  test('is short hex for a bigint beyond 64 bits, of which V8 hashes only the low half', () => {
    expect(memoKey([2n ** 63n], true)).toBe('#8000000000000000');
    expect(memoKey([-(2n ** 64n)], true)).toBe('#-10000000000000000');
  });
});

describe('the typed key of two integers', () => {
  test('is one integer of 32 bits for small ones, and 0 and -0 are one', () => {
    for (const pair of [
      [0, 0],
      [16, 9],
      [-1024, 31_743],
      [31_743, -1024],
      [31_743, 31_743],
    ]) {
      const key = memoKey(pair, true) as number;
      expect(key | 0).toBe(key);
    }
    expect(memoKey([-0, 0], true)).toBe(memoKey([0, -0], true));
  });

  test('is a text for others, and so is a lone number from which it could not be told apart', () => {
    for (const pair of [
      [0, 0.5],
      [31_744, 0],
      [0, -1025],
      [Number.NaN, 0],
      [0, Infinity],
    ]) {
      expect(typeof memoKey(pair, true)).toBe('string');
    }
    expect(memoKey([memoKey([16, 9], true)], true)).toBe(`~${String(memoKey([16, 9], true))}`);
    expect(memoKey([-(2 ** 30)], true)).toBe(-(2 ** 30));
  });
});

describe('what cannot be keyed', () => {
  class Point {
    x = 1;
  }

  const uncloneable: readonly (readonly [string, unknown, string])[] = [
    ['a function', () => 1, 'expected a value that can be cloned, got a function'],
    ['a symbol', Symbol('s'), 'expected a value that can be cloned, got a symbol'],
    ['a boxed symbol', Object(Symbol('s')), 'expected a value that can be cloned, got a symbol'],
    ['a WeakMap', new WeakMap(), 'got a WeakMap with state of its own'],
    ['a WeakSet', new WeakSet(), 'got a WeakSet with state of its own'],
    ['a Promise', Promise.resolve(1), 'got a Promise with state of its own'],
    ['an instance of a class', new Point(), 'got an Object with state of its own'],
    ['a generator', (function* () {})(), 'got a Generator with state of its own'],
    ['a WeakRef', new WeakRef({}), 'got a WeakRef with state of its own'],
    ['a SharedArrayBuffer', new SharedArrayBuffer(8), 'got a SharedArrayBuffer with state of its own'],
  ];

  test.each(uncloneable)('%s is refused, with what was expected', (_name, value, message) => {
    const error = refusal([value]);
    expect(error.code).toBe('ERR_ARGUMENT_NOT_CLONEABLE');
    expect(error.message).toContain(`Argument 1: expected `);
    expect(error.message).toContain(message);
    expect(error.message).toContain('Pass plain data');
  });

  const bad = () => 1;
  const ownProto = Object.defineProperty({}, '__proto__', { value: [bad], enumerable: true });
  const places: readonly (readonly [string, readonly unknown[], string, readonly unknown[]])[] = [
    ['the second argument', [1, bad], 'Argument 2:', [1]],
    ['an array', [[1, [2, bad]]], 'Argument 1[1][1]:', [0, 1, 1]],
    ['an object', [{ a: { b: bad } }], 'Argument 1.a.b:', [0, 'a', 'b']],
    ['an own __proto__', [ownProto], 'Argument 1.__proto__[0]:', [0, '__proto__', 0]],
    ['a Map’s value', [new Map([['k', bad]])], 'Argument 1."k":', [0, '"k"']],
    ['a Map’s key', [new Map([[bad, 1]])], 'Argument 1.a function:', [0, 'a function']],
    ['a Set', [new Set([1, bad])], 'Argument 1[1]:', [0, 1]],
    ['an error’s cause', [new Error('m', { cause: [bad] })], 'Argument 1.cause[0]:', [0, 'cause', 0]],
    ['beside an array’s elements', [Object.assign([1], { extra: bad })], 'Argument 1.extra:', [0, 'extra']],
    ['a place after others', [[1, 2], { a: [1], b: [[]], z: [3, bad] }], 'Argument 2.z[1]:', [1, 'z', 1]],
  ];

  test.each(places)('in %s is refused with its path', (_name, args, where, path) => {
    const error = refusal(args);
    expect(error.code).toBe('ERR_ARGUMENT_NOT_CLONEABLE');
    expect(error.message.startsWith(where)).toBe(true);
    expect(error.details['path']).toEqual(path);
  });

  test('a circular reference is refused with the path to where it closes', () => {
    const array: unknown[] = [1];
    array.push({ deep: array });
    expect(refusal([array]).message).toContain(
      'Argument 1[1].deep: expected a value without cycles, got a circular reference',
    );
    const map = new Map<string, unknown>();
    map.set('self', map);
    expect(refusal([map]).message).toContain('a circular reference');
    const error = new Error('m');
    error.cause = error;
    expect(refusal([error]).message).toContain('Argument 1.cause: expected a value without cycles');
  });

  test('an object met twice without a cycle is fine', () => {
    const shared = { a: 1 };
    expect(() => memoKey([shared, [shared, new Set([shared])]], true)).not.toThrow();
  });

  test('a value nested a hundred thousand deep is refused, not a crash of the stack', () => {
    const error = refusal([nested(100_000)]);
    expect(error.code).toBe('ERR_ARGUMENT_NOT_CLONEABLE');
    expect(error.message).toContain('expected a value nested less deeply');
  });

  test('a value nested a few hundred deep has a key', () => {
    expect(() => memoKey([nested(300)], true)).not.toThrow();
  });
});

test('keys are made of values without changing them', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const before = describeValue(value, true);
      memoKey([value], true);
      expect(describeValue(value, true)).toBe(before);
    }),
    { numRuns: 500 },
  );
});
