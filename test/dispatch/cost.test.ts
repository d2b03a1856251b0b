import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cost, Costs } from '../../src/dispatch/cost.ts';
import { sizeClass } from '../../src/values/size-class.ts';

describe('what a call costs', () => {
  test('is not known before it was measured', () => {
    expect(new Costs().of({ name: 'f', form: undefined, args: [1] })?.ms).toBeUndefined();
  });

  test('is known of a function by the size of its arguments and the form of its result', () => {
    const costs = new Costs();
    costs.of({ name: 'f', form: undefined, args: [1000] })?.learn(5);
    expect(costs.of({ name: 'f', form: undefined, args: [1010] })?.ms).toBe(5);
    expect(costs.of({ name: 'f', form: undefined, args: [10] })?.ms).toBeUndefined();
    expect(costs.of({ name: 'f', form: 'hex', args: [1000] })?.ms).toBeUndefined();
    expect(costs.of({ name: 'g', form: undefined, args: [1000] })?.ms).toBeUndefined();
  });

  test('follows the measurements, and stays between the least and the greatest', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (measured) => {
        const cost = new Cost();
        for (const ms of measured) cost.learn(ms);
        expect(cost.ms).toBeGreaterThanOrEqual(Math.min(...measured));
        expect(cost.ms).toBeLessThanOrEqual(Math.max(...measured) * (1 + 1e-12));
      }),
    );
  });

  test('forgets one pause soon', () => {
    const cost = new Cost();
    for (let n = 0; n < 10; n++) cost.learn(0.01);
    cost.learn(100);
    for (let n = 0; n < 15; n++) cost.learn(0.01);
    expect(cost.ms).toBeLessThan(0.02);
  });

  test('is kept for so many functions and no more', () => {
    const costs = new Costs();
    for (let n = 0; n < 10_000; n++) costs.of({ name: `f${n}`, form: undefined, args: [] })?.learn(1);
    expect(costs.of({ name: 'one more', form: undefined, args: [] })).toBeUndefined();
    expect(costs.of({ name: 'f0', form: undefined, args: [] })?.ms).toBe(1);
  });
});

describe('the size of arguments', () => {
  test('grows by one class with each power of two', () => {
    for (const [size, expected] of [
      [0, 0],
      [1, 1],
      [3, 2],
      [1023, 10],
      [2 ** 31 - 1, 31],
      [2 ** 31, 31],
      [2 ** 40, 40],
    ] as const) {
      expect([size, sizeClass([size])]).toEqual([size, expected]);
    }
  });

  test('is the magnitude of numbers, the length of texts and bytes', () => {
    expect(sizeClass([-1000])).toBe(sizeClass([1000n]));
    expect(sizeClass(['x'.repeat(1000)])).toBe(sizeClass([1000]));
    expect(sizeClass(new Uint8Array(1000))).toBe(sizeClass([1000]));
    expect(sizeClass([500, 'x'.repeat(500)])).toBe(sizeClass([1000]));
  });

  test('is a class for whatever comes', () => {
    const primitive = fc.oneof(
      fc.double(),
      fc.bigInt(),
      fc.string(),
      fc.boolean(),
      fc.constantFrom(null, undefined, Number.MAX_VALUE, 10n ** 400n, -(10n ** 400n)),
    );
    fc.assert(
      fc.property(fc.array(primitive), (args) => {
        const size = sizeClass(args);
        expect(Number.isInteger(size) && size >= 0 && size < 64).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
