import { describe, expect, test } from 'vitest';
import { checkBound, checkWhole, invalidOption, refuseUnknown } from '../src/check.ts';
import { PoolError } from '../src/errors.ts';

describe('a bound', () => {
  test.each([0, 1, 1e9, Number.MAX_SAFE_INTEGER, null, -0])('may be %o', (value) => {
    expect(() => checkBound('run', 'timeoutMs', value)).not.toThrow();
  });

  test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53, '5', 5n, true, undefined, {}, []])(
    'may not be %o',
    (value) => {
      expect(() => checkBound('run', 'timeoutMs', value)).toThrow(
        "run: option 'timeoutMs': expected a whole number from 0, or null for no bound, got ",
      );
    },
  );
});

describe('a whole number in a range', () => {
  test.each([1, 2, 3])('may be %o', (value) => {
    expect(() => checkWhole('workers', value, { least: 1, most: 3 })).not.toThrow();
  });

  test.each([0, 4, 1.5, Number.NaN, null, undefined, '2', 2n])('may not be %o', (value) => {
    expect(() => checkWhole('workers', value, { least: 1, most: 3 })).toThrow(
      "createPool: option 'workers': expected a whole number from 1 to 3, got ",
    );
  });
});

describe('unknown options', () => {
  test('are refused with the name that was probably meant', () => {
    expect(() => refuseUnknown('run', { timeoutMS: 5 }, ['signal', 'timeoutMs'])).toThrow(
      'run: unknown option "timeoutMS". Did you mean \'timeoutMs\'? There are: signal, timeoutMs.',
    );
  });

  test('are not those known, nor those inherited', () => {
    expect(() => refuseUnknown('run', { signal: 1 }, ['signal'])).not.toThrow();
    expect(() => refuseUnknown('run', Object.create({ other: 1 }), ['signal'])).not.toThrow();
  });

  test.each([null, undefined, 1, 'signal', () => 1])('and what is no object: %o', (options) => {
    expect(() => refuseUnknown('run', options, ['signal'])).toThrow(
      'run: expected an object of options, got ',
    );
  });
});

test('an invalid option says where, which, what was expected and what came', () => {
  const error = invalidOption('run', 'as', 'one of decimal, hex', { a: 1 });
  expect(error).toBeInstanceOf(PoolError);
  expect(error).toMatchObject({
    code: 'ERR_OPTION',
    message: "run: option 'as': expected one of decimal, hex, got an Object.",
    details: { option: 'as' },
  });
});
