import { describe, expect, test } from 'vitest';
import { PATTERN_NAMES, parsePattern, ranksOf, showPattern } from '../../src/curves/patterns.ts';

function ranks(text: string, seed = 1): number[] {
  return [...ranksOf(parsePattern(text), seed)];
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('the text of a pattern', () => {
  test('has defaults', () => {
    expect(parsePattern('zipf')).toEqual({ name: 'zipf', exponent: 1, keys: 10_000, length: 100_000 });
    expect(parsePattern('scan,length=7')).toEqual({ name: 'scan', exponent: 1, keys: 7, length: 7 });
  });

  test('is read back from what it is shown as', () => {
    for (const text of ['zipf:0.8,keys=50,length=100', 'loop,keys=3,length=9', 'mixed:1.2,keys=5,length=1']) {
      expect(showPattern(parsePattern(text))).toBe(text);
    }
    expect(parsePattern('phase:1.10,length=1e6,keys=10_000').length).toBe(1_000_000);
  });

  test.each([
    ['zipff', 'expected one of zipf, uniform, loop, scan, mixed, phase, got "zipff"'],
    ['', 'expected one of zipf, uniform, loop, scan, mixed, phase, got ""'],
    ['zipf:-1', 'expected an exponent from 0 to 10, got "-1"'],
    ['zipf:', 'expected an exponent from 0 to 10, got ""'],
    ['zipf:1:2', 'expected one exponent, got "zipf:1:2"'],
    ['loop:1', 'expected no exponent after \'loop\', got "loop:1"'],
    ['loop,keys=0', 'expected keys as a whole number from 1 to 10000000, got "0"'],
    ['loop,length=1.5', 'expected length as a whole number from 1 to 1000000000, got "1.5"'],
    ['loop,keys', 'expected keys=NUMBER or length=NUMBER, each once, got "keys"'],
    ['loop,keys=1,keys=2', 'expected keys=NUMBER or length=NUMBER, each once, got "keys=2"'],
    ['scan,keys=5,length=6', 'because a scan has each once, got 5 and 6'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parsePattern(text)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(message) }),
    );
  });
});

test.each(PATTERN_NAMES)(
  '%s gives as many as its length, all below its keys, the same by the same seed',
  (name) => {
    const text = `${name},keys=1001,length=1000`;
    const first = ranks(text);
    expect(first.length).toBe(1000);
    expect(first.every((rank) => Number.isInteger(rank) && rank >= 0 && rank < 1001)).toBe(true);
    expect(ranks(text)).toEqual(first);
    if (name !== 'loop' && name !== 'scan') expect(ranks(text, 2)).not.toEqual(first);
  },
);

test('zipf has each key by its weight', () => {
  const counts = countsOf(ranks('zipf:1,keys=10,length=50000'));
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].reduce((sum, rank) => sum + 1 / rank, 0);
  for (let rank = 0; rank < 10; rank++) {
    const expected = 50_000 / (rank + 1) / all;
    expect(Math.abs((counts.get(rank) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test('a loop begins again, a scan does not', () => {
  expect(ranks('loop,keys=3,length=7')).toEqual([0, 1, 2, 0, 1, 2, 0]);
  expect(ranks('scan,length=4')).toEqual([0, 1, 2, 3]);
});

test('phase changes what is used most', () => {
  const all = ranks('phase:1.5,keys=100,length=4000');
  const most = [0, 1, 2, 3].map((phase) => {
    const counts = [...countsOf(all.slice(1000 * phase, 1000 * phase + 1000))];
    return counts.sort((a, b) => b[1] - a[1])[0]?.[0];
  });
  expect(most).toEqual([0, 25, 50, 75]);
});

test('mixed has each key of its second half once, until all have come', () => {
  const scanned = ranks('mixed,keys=100,length=500').filter((rank) => rank >= 50);
  expect(scanned.slice(0, 45)).toEqual(Array.from({ length: 45 }, (_, i) => 50 + i));
});
