import { deserialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { PoolError } from '../../src/errors.ts';
import { snapshot } from '../../src/values/snapshot.ts';

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a snapshot of arguments', () => {
  test('does not show later changes of the caller’s objects', () => {
    const list = [1, 2];
    const options = {
      deep: { n: 1 },
      map: new Map([['a', 1]]),
      bytes: new Uint8Array([1, 2]),
      at: new Date(5),
    };
    const { args, bytes } = snapshot([list, options]);
    list.push(3);
    options.deep.n = 2;
    options.map.set('b', 2);
    options.bytes[0] = 9;
    options.at.setTime(6);
    const asTheyWere = [
      [1, 2],
      { deep: { n: 1 }, map: new Map([['a', 1]]), bytes: new Uint8Array([1, 2]), at: new Date(5) },
    ];
    expect(args).toEqual(asTheyWere);
    expect(deserialize(bytes ?? new Uint8Array())).toEqual(asTheyWere);
  });

  test('does not show later changes of the array of arguments itself', () => {
    const primitives: unknown[] = [1, 'a'];
    const objects: unknown[] = [[1], 'a'];
    const both = [snapshot(primitives), snapshot(objects)];
    primitives.push(3);
    objects[0] = 'other';
    expect(both.map(({ args }) => args)).toEqual([
      [1, 'a'],
      [[1], 'a'],
    ]);
  });

  test('serializes nothing when every argument is a primitive', () => {
    const primitives = [1, 1n, 'a', true, null, undefined, Number.NaN, -0, 2n ** 100n];
    const { args, bytes } = snapshot(primitives);
    expect(bytes).toBeUndefined();
    expect(args).toEqual(primitives);
    expect(snapshot([]).bytes).toBeUndefined();
    expect(snapshot([1, {}]).bytes).toBeInstanceOf(Uint8Array);
  });

  test('runs a getter once', () => {
    let reads = 0;
    const { args } = snapshot([
      {
        get n() {
          return ++reads;
        },
      },
    ]);
    expect(reads).toBe(1);
    expect(args).toEqual([{ n: 1 }]);
    expect(Object.getOwnPropertyDescriptor(args[0], 'n')?.get).toBeUndefined();
  });

  test('of an object whose getter throws is that getter’s own error', () => {
    const mine = new TypeError('not today');
    let reads = 0;
    const error = thrownBy(() =>
      snapshot([
        {
          get n(): never {
            reads++;
            throw mine;
          },
        },
      ]),
    );
    expect(error).toBe(mine);
    expect(reads).toBe(1);
  });

  test('keeps what is shared shared, and a cycle a cycle', () => {
    const shared = { a: 1 };
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const { args } = snapshot([shared, [shared], cycle]);
    expect((args[1] as unknown[])[0]).toBe(args[0]);
    expect((args[2] as unknown[])[0]).toBe(args[2]);
  });

  test('has an instance of a class as plain data, as a worker gets it', () => {
    class Point {
      x = 1;
      readonly #secret = 2;
      secret(): number {
        return this.#secret;
      }
    }
    const { args } = snapshot([new Point()]);
    expect(Object.getPrototypeOf(args[0])).toBe(Object.prototype);
    expect(args).toEqual([{ x: 1 }]);
  });
});

describe('what cannot be cloned', () => {
  const refused: readonly (readonly [string, readonly unknown[], string])[] = [
    ['a function', [1, { f: () => 1 }], 'Argument 2.f: expected a value that can be cloned, got a function.'],
    [
      'a symbol beside an object',
      [{ s: Symbol('s') }],
      'Argument 1.s: expected a value that can be cloned, got a symbol.',
    ],
    ['a WeakMap', [[0, new WeakMap()]], 'Argument 1[1]: expected plain data'],
    ['a Promise', [{ p: Promise.resolve() }], 'Argument 1.p: expected plain data'],
    ['a SharedArrayBuffer', [new SharedArrayBuffer(1)], 'Argument 1: expected plain data'],
    ['a proxy', [[new Proxy({}, {})]], 'The arguments cannot be cloned to a worker'],
  ];

  test.each(refused)('%s is refused, with its path where there is one', (_name, args, message) => {
    const error = thrownBy(() => snapshot(args));
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({ code: 'ERR_ARGUMENT_NOT_CLONEABLE' });
    expect((error as Error).message).toContain(message);
  });

  test('a value nested too deeply is refused, not a crash of the stack', () => {
    let deep: unknown = 0;
    for (let level = 0; level < 200_000; level++) deep = [deep];
    expect(thrownBy(() => snapshot([deep]))).toMatchObject({ code: 'ERR_ARGUMENT_NOT_CLONEABLE' });
  });
});
