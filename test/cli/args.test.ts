import { describe, expect, it } from 'vitest';
import { parseArgument } from '../../src/cli/args.ts';
import { UsageError } from '../../src/cli/failure.ts';
import { markNegatives, unmark } from '../../src/cli/negatives.ts';

describe('an argument of `memopool run`', () => {
  it.each([
    ['10', 10],
    ['1e6', 1_000_000],
    ['-2^3', -8],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['1e30', 10n ** 30n],
    ['5n', 5n],
    ['-1e3n', -1000n],
    ['1.5', 1.5],
    ['-.25', -0.25],
    ['1_0.5', 10.5],
  ])('is a number or a bigint: %s', (text, value) => {
    expect(parseArgument(text)).toBe(value);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['null', null],
    ['"10"', '10'],
    ['"say \\"n\\""', 'say "n"'],
    ['[1, "a", [true]]', [1, 'a', [true]]],
    ['{"n": [1.5], "s": "s"}', { n: [1.5], s: 's' }],
  ])('is JSON: %s', (text, value) => {
    expect(parseArgument(text)).toEqual(value);
  });

  it('keeps large whole numbers inside JSON exact', () => {
    expect(
      parseArgument('[9007199254740993, -1e20, {"12345678901234567890": 12345678901234567890}]'),
    ).toEqual([9_007_199_254_740_993n, -(10n ** 20n), { '12345678901234567890': 12345678901234567890n }]);
    expect(parseArgument('["12345678901234567890", "n5", "s"]')).toEqual(['12345678901234567890', 'n5', 's']);
  });

  it.each(['hello', 'n', '1.5n', '1,000', '[1, 2', '{a}', 'nullable', 'Infinity', '', ' 7', '"'])(
    'is the text itself otherwise: %j',
    (text) => {
      expect(parseArgument(text)).toBe(text);
    },
  );

  it('pollutes no prototype', () => {
    const value = parseArgument('{"__proto__": {"polluted": 1}}') as object;
    expect(Reflect.get(value, 'polluted')).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it('is refused when it is a number too long to be read', () => {
    for (const text of ['1e99999999', '1e99999999n', '[1e99999999]']) {
      expect(() => parseArgument(text), text).toThrow(UsageError);
    }
  });
});

describe('negative numbers among the arguments', () => {
  it('are marked, options are not, and unmarking gives the arguments back', () => {
    const args = ['fib', '-7', '-10_000', '-2^20', '-.5', '-7n', '--json', '-o', '-', '--', '-x', ''];
    const marked = markNegatives(args);
    expect(marked.filter((arg) => arg.startsWith('-'))).toEqual(['--json', '-o', '-', '--', '-x']);
    expect(marked.map(unmark)).toEqual(args);
  });
});
