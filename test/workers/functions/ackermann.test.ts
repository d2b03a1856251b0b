import { describe, expect, test } from 'vitest';
import { ackermann } from '../../../workers/functions/ackermann.ts';

function plain(m: number, n: number): number {
  if (m === 0) return n + 1;
  return plain(m - 1, n === 0 ? 1 : plain(m, n - 1));
}

describe('ackermann', () => {
  test('agrees with its definition for small arguments', () => {
    for (let m = 0; m <= 2; m++) for (let n = 0; n <= 20; n++) expect(ackermann(m, n)).toBe(plain(m, n));
    for (let n = 0; n <= 5; n++) expect(ackermann(3, n)).toBe(plain(3, n));
    expect(ackermann(4, 0)).toBe(plain(4, 0));
  });

  test('reaches the ends of its domain on the stack of any thread', () => {
    expect(ackermann(0, 65_534)).toBe(65_535);
    expect(ackermann(1, 65_533)).toBe(65_535);
    expect(ackermann(2, 32_766)).toBe(65_535);
    expect(ackermann(3, 13)).toBe(2 ** 16 - 3);
    expect(ackermann(4, 1)).toBe(65_533);
    expect(ackermann(5, 0)).toBe(65_533);
  });
});
