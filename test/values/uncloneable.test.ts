import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findUncloneable } from '../../src/values/uncloneable.ts';
import { anyValue } from './structured-values.ts';

describe('findUncloneable', () => {
  const handler = () => 1;
  const places: readonly (readonly [string, unknown, string])[] = [
    ['the value itself', handler, 'the value itself (a function)'],
    ['an array', [1, [2, handler]], '[1][1] (a function)'],
    ['an object', { a: { handlers: [1, handler] } }, '.a.handlers[1] (a function)'],
    ['a Map’s value', { m: new Map([['k', handler]]) }, '.m.get("k") (a function)'],
    ['a Map’s key', new Map([[handler, 1]]), '.keys(a function) (a function)'],
    ['a Set', [new Set([1, handler])], '[0].values(1) (a function)'],
    ['an error’s data', Object.assign(new Error('m'), { f: handler }), '.f (a function)'],
    ['beside an array’s elements', Object.assign([1], { f: handler }), '[f] (a function)'],
  ];

  test.each(places)('tells where in %s it stands', (_name, value, place) => {
    expect(findUncloneable(value)).toBe(place);
  });

  const kinds: readonly (readonly [string, unknown])[] = [
    ['a symbol', Symbol('s')],
    ['a WeakMap', new WeakMap()],
    ['a WeakSet', new WeakSet()],
    ['a WeakRef', new WeakRef({})],
    ['a Promise', Promise.resolve()],
    ['a Generator', (function* () {})()],
    ['an Object', new Proxy({}, {})],
  ];

  test.each(kinds)('finds %s', (shown, value) => {
    expect(findUncloneable({ at: value })).toBe(`.at (${shown})`);
  });

  test('names the one nearest to the surface', () => {
    expect(findUncloneable({ deep: { deeper: handler }, shallow: handler })).toBe('.shallow (a function)');
    expect(findUncloneable({ shallow: handler, deep: { deeper: handler } })).toBe('.shallow (a function)');
  });

  test('finds nothing in what can be cloned', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        structuredClone(value);
        expect(findUncloneable(value)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('ends on a cycle, and steps over a getter that throws', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = { cycle };
    expect(findUncloneable(cycle)).toBeUndefined();
    const knot: unknown[] = [];
    for (let n = 0; n < 10; n++) knot.push(knot, [knot, knot]);
    expect(findUncloneable([knot, [[[[[[[[handler]]]]]]]]])).toBe('[1][0][0][0][0][0][0][0][0] (a function)');
    const value = {
      get bad(): never {
        throw new Error('read');
      },
      z: handler,
    };
    expect(findUncloneable(value)).toBe('.z (a function)');
  });

  test('shows the beginning of a path too long for a message', () => {
    let list: unknown = handler;
    for (let n = 0; n < 150_000; n++) list = [list];
    expect(findUncloneable(list)).toMatch(/^(\[0\]){40}… \(a function\)$/);
  });

  test('gives up on a value too large to search for a message', () => {
    const list: unknown[] = new Array(2_000_001).fill(0);
    list.push(handler);
    expect(findUncloneable(list)).toBeUndefined();
  });
});
