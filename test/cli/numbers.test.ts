import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_DIGITS, readNumber, toArgument } from '../../src/cli/numbers.ts';

function whole(value: bigint) {
  return { kind: 'whole', value };
}

describe('a number on the command line', () => {
  it.each([
    ['0', 0n],
    ['007', 7n],
    ['+5', 5n],
    ['-5', -5n],
    ['1e6', 1_000_000n],
    ['1E6', 1_000_000n],
    ['1e+2', 100n],
    ['2.5e3', 2500n],
    ['.5e1', 5n],
    ['10e-1', 1n],
    ['1.0', 1n],
    ['0e-5', 0n],
    ['0e999999999999', 0n],
    ['10_000_000', 10_000_000n],
    ['1_0.5_0e2', 1050n],
    ['2^20', 1_048_576n],
    ['-2^20', -1_048_576n],
    ['10^30', 10n ** 30n],
    ['0^0', 1n],
    ['1^1000000000000', 1n],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1e400', 10n ** 400n],
    ['1.5e400', 15n * 10n ** 399n],
  ])('is read exactly: %s', (text, value) => {
    expect(readNumber(text)).toEqual(whole(value));
  });

  it.each(['1.5', '-0.25', '1e-3', '1e-400', '15e-1', '.5'])('may have a fraction: %s', (text) => {
    expect(readNumber(text)).toEqual({ kind: 'fraction' });
  });

  it.each([
    '',
    '-',
    'abc',
    '1,000',
    '1__0',
    '_1',
    '1_',
    ' 1',
    '1e',
    'e5',
    '.',
    '5.',
    '1.5.2',
    '0x10',
    '2^',
    '2^-1',
    '2^1.5',
    '2^3^2',
    '2**3',
    '--5',
    '5n',
    'NaN',
    'Infinity',
    '٣',
  ])('is none: %j', (text) => {
    expect(readNumber(text)).toEqual({ kind: 'none' });
  });

  it.each(['1e1000000', '1e99999999999999999999', '2^99999999', '10^1000001', `9${'0'.repeat(MOST_DIGITS)}`])(
    'is not made when it has too many digits',
    (text) => {
      expect(readNumber(text)).toEqual({ kind: 'too-long', negative: false });
      expect(readNumber(`-${text}`)).toEqual({ kind: 'too-long', negative: true });
    },
  );

  it('is read as BigInt would read it, with underscores or without', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        const grouped = value.toString().replace(/\B(?=(\d{3})+$)/g, '_');
        expect(readNumber(value.toString())).toEqual(whole(value));
        expect(readNumber(grouped)).toEqual(whole(value));
      }),
    );
  });

  it('is the same with an exponent as written out', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(50), (mantissa, exponent) => {
        expect(readNumber(`${mantissa}e${exponent}`)).toEqual(whole(mantissa * 10n ** BigInt(exponent)));
        expect(readNumber(`${mantissa * 10n ** BigInt(exponent)}e-${exponent}`)).toEqual(whole(mantissa));
      }),
    );
  });

  it('becomes a bigint only where a number would not be exact', () => {
    expect(toArgument(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(toArgument(2n ** 53n)).toBe(2n ** 53n);
    expect(toArgument(-(2n ** 53n))).toBe(-(2n ** 53n));
    expect(toArgument(-7n)).toBe(-7);
  });
});
