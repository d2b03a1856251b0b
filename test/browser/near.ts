// Whether what is drawn is what was measured, as near as a reader could tell.
import { expect } from 'vitest';

/** Values as near as a pixel and a half of `range` over the height of a plot lets one read them. */
export function expectNear(
  drawn: readonly number[],
  values: readonly number[],
  range: number = Math.max(...values),
): void {
  expect(drawn).toHaveLength(values.length);
  for (const [index, value] of values.entries()) {
    expect(Math.abs((drawn[index] ?? Number.NaN) - value)).toBeLessThan(range * 0.012);
  }
}

/** The same on a logarithmic axis, where a pixel is a factor. */
export function expectFactor(drawn: readonly number[], values: readonly number[], factor = 1.03): void {
  expect(drawn).toHaveLength(values.length);
  for (const [index, value] of values.entries()) {
    const ratio = (drawn[index] ?? Number.NaN) / value;
    expect(ratio).toBeGreaterThan(1 / factor);
    expect(ratio).toBeLessThan(factor);
  }
}
