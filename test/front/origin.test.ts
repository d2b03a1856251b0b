import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { PoolError } from '../../src/errors.ts';
import { Origins, withOrigin } from '../../src/front/origin.ts';
import { decodeError, encodeError } from '../../src/wire-error.ts';

function prepareStackTraceBy(prepare: typeof Error.prepareStackTrace, act: () => void): void {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = prepare;
  try {
    act();
  } finally {
    Error.prepareStackTrace = before;
  }
}

test('an Error.prepareStackTrace of the user’s may give or throw anything: the error stays as it is', () => {
  const prepares: readonly (typeof Error.prepareStackTrace)[] = [
    () => [1, 2],
    () => 'a text',
    () => {
      throw new Error('not now');
    },
  ];
  for (const prepare of prepares) {
    for (const error of [
      decodeError(encodeError(new TypeError('mine'))),
      new PoolError('ERR_TIMEOUT', 'm'),
    ]) {
      const { stack } = error as Error;
      function call(): void {
        const origin = new Origins(systemClock).capture(call);
        prepareStackTraceBy(prepare, () => expect(withOrigin(error, origin)).toBe(error));
      }
      call();
      expect((error as Error).stack).toBe(stack);
    }
  }
});

test('an error that brought no stack begins with its name and message', () => {
  const thrown = new TypeError('mine');
  Object.defineProperty(thrown, 'stack', { value: undefined });
  const error = decodeError(encodeError(thrown));
  const call = () => withOrigin(error, new Origins(systemClock).capture(call));
  expect(call()).toMatchObject({
    stack: expect.stringMatching(/^TypeError: mine\n {4}--- called from ---\n {4}at .*origin\.test/),
  });
});

test('what is no error, or an error of the user’s that was thrown here, stays as it is', () => {
  const call = (error: unknown) => withOrigin(error, new Origins(systemClock).capture(call));
  const mine = new Error('of onProgress');
  const { stack } = mine;
  expect(call(mine)).toBe(mine);
  expect(mine.stack).toBe(stack);
  expect(call(null)).toBe(null);
});
