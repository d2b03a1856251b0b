import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as parts from '../../../../workers/functions/parallel/partition-parts.ts';
import {
  MAX_TABULATED,
  moduliFor,
  modulus,
  partitionResidues,
} from '../../../../workers/functions/parallel/partition-residues.ts';
import { partitions } from '../../../../workers/functions/partitions.ts';
import { byParts } from './tree.ts';

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

const moduli = Array.from({ length: moduliFor(MAX_TABULATED) }, (_, index) => modulus(index));

describe('the moduli', () => {
  test('have no divisor in common, and are small enough for sums of 258 in a double', () => {
    expect(new Set(moduli).size).toBe(moduli.length);
    for (const [i, one] of moduli.entries()) {
      expect(one).toBeGreaterThan(1n);
      expect(one * 258n).toBeLessThan(2n ** 53n);
      for (const other of moduli.slice(0, i)) expect(gcd(one, other)).toBe(1n);
    }
  });

  test('are as many as hold p(n)', () => {
    for (const n of [0, 1, 2, 3, 10, 100, 1000, 2500, 5000]) {
      const product = moduli.slice(0, moduliFor(n)).reduce((all, one) => all * one, 1n);
      expect(product).toBeGreaterThan(partitions(n));
    }
  });
});

describe('partition numbers by parts', () => {
  test('agree with the partition numbers, the last 256 up to n or all of them', () => {
    for (const n of [0, 1, 2, 254, 255, 256, 1500, 4000]) {
      const { values } = parts.base(...parts.partitionCall(n, 256));
      const first = n + 1 - values.length;
      expect(values).toHaveLength(Math.min(256, n + 1));
      expect(values).toEqual(values.map((_, i) => partitions(first + i)));
    }
  });

  test('agree in whatever order they are asked for: the tables go on from what they know', () => {
    fc.assert(
      fc.property(fc.nat(3000), (n) => {
        expect(parts.base(...parts.partitionCall(n, 1)).values).toEqual([partitions(n)]);
      }),
      { numRuns: 50 },
    );
  });

  test('agree divided as they divide themselves', () => {
    const n = 6000;
    for (const depth of [1, 2, 10]) {
      const { values } = byParts<parts.PartitionPart, parts.Residues>(
        parts,
        parts.partitionCall(n, 3),
        depth,
      );
      expect(values).toEqual([partitions(n - 2), partitions(n - 1), partitions(n)]);
    }
  });

  test('are left in one piece where they are few, and never divided below one modulus', () => {
    expect(parts.split(...parts.partitionCall(500, 1))).toBeUndefined();
    expect(parts.split(100_000, 1, 3, 4)).toBeUndefined();
    expect(parts.split(100_000, 1, 3, 6)).toEqual([
      [100_000, 1, 3, 5],
      [100_000, 1, 5, 6],
    ]);
  });

  // Ramanujan: an exact test at the end of the domain, which no sum that was rounded would pass.
  test('are exact up to the last n', () => {
    const { modulus: m, values } = parts.base(100_000, 6, 0, 1);
    expect(m).toBe(modulus(0));
    const residues = partitionResidues(0, 99_995, 100_000);
    expect(values).toEqual(Array.from(residues, BigInt));
    const whole = parts.base(...parts.partitionCall(99_999, 1)).values[0] ?? 1n;
    expect(whole % 5n).toBe(0n); // p(5k + 4)
    expect(whole % 25n).toBe(0n); // p(25k + 24)
    expect(whole.toString()).toHaveLength(347);
  });
});
