import { expect, test } from 'vitest';
import { Random } from '../../src/curves/random.ts';

function draw(seed: number, count: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
}

test('a seed gives the same numbers again, and another seed others', () => {
  expect(draw(7, 100)).toEqual(draw(7, 100));
  const firsts = [0, 1, -1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 40, Number.MAX_SAFE_INTEGER].map(
    (seed) => draw(seed, 1)[0],
  );
  expect(new Set(firsts).size).toBe(firsts.length);
});

test('the numbers are spread evenly over [0, 1), by their high bits and by their low ones', () => {
  const high = new Array<number>(64).fill(0);
  const low = new Array<number>(64).fill(0);
  for (const value of draw(1, 64_000)) {
    expect(value >= 0 && value < 1).toBe(true);
    const scaled = value * 2 ** 53;
    const top = Math.floor(value * 64);
    const bottom = scaled % 64;
    high[top] = (high[top] ?? 0) + 1;
    low[bottom] = (low[bottom] ?? 0) + 1;
  }
  // 63 degrees of freedom: above 120 with a probability below 0.00002.
  const chiSquare = (counts: readonly number[]) => counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  expect(chiSquare(high)).toBeLessThan(120);
  expect(chiSquare(low)).toBeLessThan(120);
});

test('one below a count is whole, and each comes', () => {
  const random = new Random(3);
  const seen = new Set(Array.from({ length: 300 }, () => random.below(10)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
