import { describe, expect, test } from 'vitest';
import { freezeDeep } from '../../src/values/freeze.ts';

describe('freezeDeep', () => {
  test('freezes arrays and plain objects through and through', () => {
    const value = { list: [1, { deep: ['a'] }], nothing: null, empty: {}, big: 2n ** 70n };
    expect(freezeDeep(value)).toBe(true);
    const parts = [value, value.list, value.list[1], (value.list[1] as { deep: unknown }).deep, value.empty];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  test.each([
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a Date', new Date(0)],
    ['bytes', new Uint8Array(2)],
    ['a buffer', new ArrayBuffer(2)],
    ['a regular expression', /a/g],
    ['an error', new Error('m')],
    ['a boxed number', Object(1)],
  ])('promises nothing of a value with %s in it, which a freeze does not protect', (_what, part) => {
    expect(freezeDeep(part)).toBe(false);
    expect(freezeDeep({ list: [[part]] })).toBe(false);
  });

  test('takes primitives as they are', () => {
    for (const value of [1, 1n, 'a', true, null, undefined]) expect(freezeDeep(value)).toBe(true);
  });

  test('ends on a cycle, and does not overflow the stack on a list linked a hundred thousand deep', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(freezeDeep(cycle)).toBe(true);
    let list: object = {};
    for (let n = 0; n < 100_000; n++) list = { next: list };
    expect(freezeDeep(list)).toBe(true);
  });
});
