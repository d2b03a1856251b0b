import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance } from '../../../workers/functions/edit-distance.ts';

/** The definition on lists of code points. */
function plain(a: readonly string[], b: readonly string[]): number {
  const [first, ...restA] = a;
  const [other, ...restB] = b;
  if (first === undefined || other === undefined) return a.length + b.length;
  if (first === other) return plain(restA, restB);
  return 1 + Math.min(plain(restA, b), plain(a, restB), plain(restA, restB));
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), maxLength: 60 });

describe('editDistance', () => {
  test('gives the distances of textbooks', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('saturday', 'sunday')).toBe(3);
    expect(editDistance('intention', 'execution')).toBe(5);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('same', 'same')).toBe(0);
  });

  test('agrees with the definition on short texts', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(plain([...a], [...b]));
      }),
    );
  });

  test('is a metric: 0 only for equal texts, symmetric, and no detour is shorter', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });

  test('counts code points, not code units', () => {
    expect(editDistance('😀', '😁')).toBe(1);
    expect(editDistance('a😀', 'a')).toBe(1);
    expect(editDistance('\ud83d', '😀')).toBe(1);
  });
});
