import { describe, expect, test } from 'vitest';
import { bell } from '../../../workers/functions/bell.ts';
import { stirling2 } from '../../../workers/functions/stirling2.ts';

// OEIS A000110
const TERMS = [1, 1, 2, 5, 15, 52, 203, 877, 4140, 21147, 115975, 678570, 4213597, 27644437, 190899322];

describe('bell', () => {
  test('gives the terms of OEIS A000110', () => {
    expect(TERMS.map((_, n) => bell(n))).toEqual(TERMS.map(BigInt));
    expect(bell(25)).toBe(4638590332229999353n);
  });

  test('agrees with the triangle of Aitken up to 400', () => {
    let row = [1n];
    for (let n = 0; n < 400; n++) {
      expect(bell(n)).toBe(row[0]);
      const next = [row.at(-1) ?? 0n];
      for (const above of row) next.push((next.at(-1) ?? 0n) + above);
      row = next;
    }
  });

  test('is the sum of the Stirling numbers of its row', () => {
    for (const n of [7, 64, 150]) {
      let sum = 0n;
      for (let k = 0; k <= n; k++) sum += stirling2(n, k);
      expect(bell(n)).toBe(sum);
    }
  });

  // Touchard: B(n + p) = B(n) + B(n + 1) modulo a prime p. It would catch a last digit wrongly rounded.
  test('satisfies the congruence of Touchard where no table reaches', () => {
    for (const p of [101, 997]) {
      expect((bell(1000 + p) - bell(1000) - bell(1001)) % BigInt(p)).toBe(0n);
    }
  });

  test('takes numbers and bigints alike', () => {
    expect(bell(60n)).toBe(bell(60));
  });
});
