import { describe, expect, it } from 'vitest';
import {
  parseBudget,
  parseCounts,
  parseMaxBytes,
  parseRange,
  randomSeed,
  sourceOf,
} from '../../../src/cli/tuning/flags.ts';
import { patternCalls } from '../../../src/cli/tuning/pattern-calls.ts';

describe('--budget', () => {
  it.each([
    ['60s', 60_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['24h', 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseBudget(text)).toBe(ms);
  });

  it.each(['60', '0s', '99ms', '25h', '', 's', '1e3s', '-1s', '1 s', 'soon'])('refuses %j', (text) => {
    expect(() => parseBudget(text)).toThrow(/--budget: expected a time from 100ms to 24h.*got/);
  });
});

describe('the other options', () => {
  it('take numbers as people write them', () => {
    expect(parseCounts('8,1, 2')).toEqual([1, 2, 8]);
    expect([parseMaxBytes('2^26'), parseMaxBytes('none')]).toEqual([67_108_864, null]);
    expect(parseRange('-5..1e3')).toEqual({ low: -5, high: 1000 });
    expect(randomSeed()).toBeLessThan(2 ** 32);
  });

  it.each(['', '1,1', '0', '1,1025', '1;2', Array.from({ length: 17 }, (_, i) => i + 1).join(',')])(
    'refuse counts that cannot be: %j',
    (text) => {
      expect(() => parseCounts(text)).toThrow(/--counts: expected up to 16 different/);
    },
  );

  it.each(['5', '5..', '..5', '5..4', '1..2..3', 'a..b', '1.5..2'])('refuse the range %j', (text) => {
    expect(() => parseRange(text)).toThrow(/--args: expected two whole numbers.*100\.\.1099/);
  });
});

describe('where the calls come from', () => {
  it.each([[{}], [{ workload: 'a', trace: 'b' }]])(
    'is one of three ways, with an example each: not %j',
    (flags) => {
      let message = '';
      try {
        sourceOf(flags, 'f');
      } catch (error) {
        message = String(error);
      }
      for (const way of ['--workload calls.txt', '--trace live.trace', '--pattern zipf:1'])
        expect(message).toContain(way);
      for (const line of message.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    },
  );

  it.each([
    [{ trace: 'a' }, 'f', /--trace: expected no function/],
    [{ trace: 'a', counts: '1' }, undefined, /--counts: expected --workload or --pattern/],
    [{ trace: 'a', concurrency: '1' }, undefined, /--concurrency: expected --workload or --pattern/],
    [{ workload: 'a', args: '1..2' }, 'f', /--args: expected --pattern/],
    [{ pattern: 'scan' }, 'f', /--pattern: expected --args/],
  ])('refuses what does not go with it: %j', (flags, target, message) => {
    expect(() => sourceOf(flags, target)).toThrow(message);
  });
});

describe('calls by a pattern', () => {
  const pattern = { name: 'loop', exponent: 1, keys: 5, length: 6 } as const;

  it('have a number of the range for each rank, drawn by the seed', () => {
    const range = { low: 100, high: 104 };
    const drawn = (seed: number) => patternCalls('f', pattern, { range, seed }).map(({ args }) => args[0]);
    const numbers = drawn(1);
    expect(new Set(numbers)).toEqual(new Set([100, 101, 102, 103, 104]));
    expect(numbers[5]).toBe(numbers[0]);
    expect(drawn(1)).toEqual(numbers);
    const orders = new Set(Array.from({ length: 50 }, (_, seed) => drawn(seed).join()));
    expect(orders.size).toBeGreaterThan(20);
  });

  it('may come from a range far larger than the pattern', () => {
    const range = { low: -(2 ** 40), high: 2 ** 40 };
    const calls = patternCalls('f', pattern, { range, seed: 7 });
    expect(new Set(calls.map(({ args }) => args[0])).size).toBe(5);
  });

  it('are refused when the range is too small', () => {
    const range = { low: 1, high: 4 };
    expect(() => patternCalls('f', pattern, { range, seed: 1 })).toThrow(/--args: .*5; got 4/);
  });
});
