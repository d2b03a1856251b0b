import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lcs } from '../../../workers/functions/lcs.ts';

/** The length by the table of the definition. */
function plainLength(a: readonly string[], b: readonly string[]): number {
  let row = [0, ...b.map(() => 0)];
  for (const one of a) {
    const next = [0];
    b.forEach((other, j) => {
      next.push(one === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

function isSubsequence(short: readonly string[], long: readonly string[]): boolean {
  let found = 0;
  for (const item of long) if (item === short[found]) found++;
  return found === short.length;
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀', '😁'), maxLength: 50 });

describe('lcs', () => {
  test('gives the subsequences of textbooks', () => {
    expect(lcs('AGGTAB', 'GXTXAYB')).toBe('GTAB');
    expect(lcs('ABCDGH', 'AEDFHR')).toBe('ADH');
    expect(lcs('', 'abc')).toBe('');
    expect(lcs('abc', 'xyz')).toBe('');
    expect(lcs('same', 'same')).toBe('same');
  });

  test('is a subsequence of both texts, and none is longer', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const common = [...lcs(a, b)];
        expect(isSubsequence(common, [...a])).toBe(true);
        expect(isSubsequence(common, [...b])).toBe(true);
        expect(common.length).toBe(plainLength([...a], [...b]));
      }),
    );
  });

  test('gives the same one of several every time', () => {
    expect(lcs('ab', 'ba')).toBe('b');
    expect(lcs('abcbdab', 'bdcaba')).toBe('bdab');
  });

  test('never cuts a code point', () => {
    expect(lcs('😀', '😁')).toBe(''); // they share their first code unit
    expect(lcs('x😀y', '😀')).toBe('😀');
  });
});
