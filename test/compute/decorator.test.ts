// `memoize` as a standard decorator, applied by hand as the language would apply it: the test runner compiles no
// decorators. examples/decorated-method.ts has the syntax.
import { expect, test } from 'vitest';
import { memoize } from '../../src/compute/memoize.ts';
import { collected } from './collect-garbage.ts';

interface Scale {
  readonly factor: number;
  computed: number;
}

function times(this: Scale, n: number): number {
  this.computed++;
  return this.factor * n;
}

const context = { kind: 'method', static: false, name: 'times' } as const;

test('each instance has a memo of its own', () => {
  const method = memoize(times, context);
  const double: Scale = { factor: 2, computed: 0 };
  const triple: Scale = { factor: 3, computed: 0 };
  expect([method.call(double, 5), method.call(triple, 5), method.call(double, 5)]).toEqual([10, 15, 10]);
  expect([double.computed, triple.computed]).toEqual([1, 1]);
  expect(method.of(double).cacheInfo()).toMatchObject({ hits: 1, misses: 1, currsize: 1 });
  expect(method.of(triple).cacheInfo()).toMatchObject({ hits: 0, misses: 1, currsize: 1 });
});

test('clearing the memo of one instance leaves the others', () => {
  const method = memoize(times, context);
  const double: Scale = { factor: 2, computed: 0 };
  const triple: Scale = { factor: 3, computed: 0 };
  for (const scale of [double, triple]) method.call(scale, 1);
  method.of(double).cacheClear();
  for (const scale of [double, triple]) method.call(scale, 1);
  expect([double.computed, triple.computed]).toEqual([2, 1]);
});

test('with options it decorates too, and wraps plain functions', () => {
  const method = memoize({ maxsize: 1 })(times, context);
  const double: Scale = { factor: 2, computed: 0 };
  for (const n of [1, 2, 1]) method.call(double, n);
  expect(double.computed).toBe(3);
  expect(method.of(double).cacheParameters()).toEqual({ maxsize: 1, typed: true });
  const wrapped = memoize({ maxsize: 2 })((n: number) => n + 1);
  expect(wrapped(1)).toBe(2);
  expect(wrapped.cacheParameters()).toEqual({ maxsize: 2, typed: true });
});

test('name and length of the method are kept', () => {
  const method = memoize(times, context);
  expect([method.name, method.length]).toEqual(['times', 1]);
});

test('an instance can be collected although it called a memoized method', async () => {
  const method = memoize(times, context);
  await collected(() => {
    const scale: Scale = { factor: 2, computed: 0 };
    method.call(scale, 1);
    return scale;
  });
});

test('options are checked when the decorator is made', () => {
  expect(() => memoize({ maxsize: -1 })).toThrow(/expected a whole number.*got -1/);
  expect(() => memoize({ maxSize: 1 } as never)).toThrow(/Did you mean 'maxsize'/);
});
