// Into how many parts a call is worth to be divided, by what calls alike were measured to take.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Grain } from '../../src/compute/grain.ts';

describe('where calls have a cost', () => {
  const call = (cost: number) => ({ cost, size: 0 });

  test('one of which nothing is known is divided into four parts a worker', () => {
    expect(new Grain().partsOf(call(1), 1)).toBe(4);
    expect(new Grain().partsOf(call(1e9), 8)).toBe(32);
  });

  test('no part is to take less than a millisecond, and there are four a worker at the most', () => {
    const grain = new Grain();
    grain.learn(call(100), 10);
    expect(grain.partsOf(call(5), 2)).toBe(1);
    expect(grain.partsOf(call(35), 2)).toBe(3);
    expect(grain.partsOf(call(80), 2)).toBe(8);
    expect(grain.partsOf(call(1e6), 2)).toBe(8);
  });

  test('what is measured later counts, but not alone', () => {
    const grain = new Grain();
    grain.learn(call(1), 2);
    grain.learn(call(1), 12);
    expect(grain.partsOf(call(1), 8)).toBe(5); // between the two, nearer to the first
    for (let i = 0; i < 50; i++) grain.learn(call(1), 12);
    expect(grain.partsOf(call(1), 8)).toBe(11);
  });

  test('a call that costs nothing teaches nothing', () => {
    const grain = new Grain();
    grain.learn(call(0), 100);
    expect(grain.partsOf(call(3), 2)).toBe(8);
    grain.learn(call(1), 1);
    expect(grain.partsOf(call(0), 2)).toBe(1);
  });
});

test('where they have none, calls are told apart by the size of their arguments', () => {
  const grain = new Grain();
  const call = (size: number) => ({ cost: undefined, size });
  grain.learn(call(3), 0.1);
  grain.learn(call(20), 6);
  expect(grain.partsOf(call(3), 2)).toBe(1);
  expect(grain.partsOf(call(20), 2)).toBe(6);
  expect(grain.partsOf(call(19), 2)).toBe(8);
});

test('there is one part at the least and four a worker at the most, whatever was measured', () => {
  const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
  const cost = fc.double({ min: 0, max: 1e15, noNaN: true });
  const property = fc.property(
    fc.array(fc.tuple(cost, ms)),
    cost,
    fc.integer({ min: 1, max: 64 }),
    (learnt, asked, workers) => {
      const grain = new Grain();
      for (const [known, took] of learnt) grain.learn({ cost: known, size: 0 }, took);
      const parts = grain.partsOf({ cost: asked, size: 0 }, workers);
      expect(Number.isInteger(parts)).toBe(true);
      expect(parts).toBeGreaterThanOrEqual(1);
      expect(parts).toBeLessThanOrEqual(4 * workers);
    },
  );
  fc.assert(property);
});
