// An error as it leaves a worker and arrives: encoded, cloned as a message is, decoded.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, PoolError } from '../src/errors.ts';
import { decodeError, encodeError } from '../src/wire-error.ts';

function arrived(error: unknown): unknown {
  return decodeError(structuredClone(encodeError(error)));
}

function arrivedError<E extends Error>(error: E): E & Record<string, unknown> {
  const decoded = arrived(error);
  if (!(decoded instanceof Error)) throw new Error('it is no error any more');
  return decoded as E & Record<string, unknown>;
}

const CLASSES = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

describe('an error', () => {
  test.each(CLASSES)('of the class %o arrives as one', (Class) => {
    const error = arrivedError(new Class('what went wrong'));
    expect(Object.getPrototypeOf(error)).toBe(Class.prototype);
    expect(error.name).toBe(Class.name);
    expect(error.message).toBe('what went wrong');
    expect(Object.keys(error)).toEqual([]);
  });

  test('brings the worker’s stack', () => {
    const thrown = new TypeError('m');
    thrown.stack = 'TypeError: m\n    at compute (worker.js:1:2)';
    expect(arrivedError(thrown).stack).toBe(thrown.stack);
  });

  test('of a class of one’s own arrives as the built-in class beneath, with its own name', () => {
    class NoSuchCity extends RangeError {
      override readonly name = 'NoSuchCity';
      readonly city = 'Ys';
    }
    const error = arrivedError(new NoSuchCity('not found'));
    expect(Object.getPrototypeOf(error)).toBe(RangeError.prototype);
    expect(error).toMatchObject({ name: 'NoSuchCity', message: 'not found', city: 'Ys' });
    expect(String(error)).toBe('NoSuchCity: not found');
    class Plain extends Error {}
    Plain.prototype.name = 'Plain';
    expect(arrivedError(new Plain('m')).name).toBe('Plain');
  });

  test('brings its code and its own data, each with its type', () => {
    const data = {
      code: 'E_MINE',
      status: 404,
      list: [1n, new Map([[1, 2]])],
      at: new Date(5),
      none: undefined,
    };
    const error = arrivedError(Object.assign(new Error('m'), data));
    expect({ ...error }).toEqual(data);
    expect(Object.keys(error)).toEqual(Object.keys(data));
  });

  test('brings what cannot be cloned of its data as a description, and the rest as it is', () => {
    const data = {
      retry: () => 1,
      pending: Promise.resolve(),
      tag: Symbol('t'),
      parts: [1, () => 1],
      status: 404,
    };
    expect({ ...arrivedError(Object.assign(new Error('m'), data)) }).toEqual({
      retry: 'a function',
      pending: 'a Promise',
      tag: 'a symbol',
      parts: 'an array of 2',
      status: 404,
    });
  });

  test('brings a code that is no own data of it, but its class’s', () => {
    class Refused extends Error {
      get code(): string {
        return 'E_REFUSED';
      }
    }
    const error = arrivedError(new Refused('m'));
    expect(error.code).toBe('E_REFUSED');
    expect(Object.keys(error)).toEqual([]);
    expect(Object.hasOwn(arrivedError(new Error('m')), 'code')).toBe(false);
  });

  test('brings errors among its own data as errors, with what they have', () => {
    const original = Object.assign(new RangeError('original', { cause: 'root' }), { code: 'E_ORIGINAL' });
    const error = arrivedError(Object.assign(new Error('m'), { original }));
    expect(error.original).toBeInstanceOf(RangeError);
    expect(error.original).toMatchObject({ message: 'original', code: 'E_ORIGINAL', cause: 'root' });
    expect((error.original as Error).stack).toBe(original.stack);
    expect(Object.keys(error)).toEqual(['original']);
  });

  test('that holds itself many times over ends', () => {
    const knot = new Error('knot');
    Object.assign(knot, { a: knot, b: knot, c: knot, d: knot });
    expect(arrivedError(knot)['a']).toBeInstanceOf(Error);
  });

  test('that is no AggregateError brings its own errors as data', () => {
    const errors = [{ path: 'a', message: 'missing' }];
    expect(arrivedError(Object.assign(new TypeError('invalid'), { errors })).errors).toEqual(errors);
  });

  test('of another realm arrives as one of ours', () => {
    const thrown: unknown = runInNewContext("Object.assign(new RangeError('far'), { code: 'E_FAR' })");
    expect(thrown).not.toBeInstanceOf(Error);
    const error = arrived(thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ name: 'RangeError', message: 'far', code: 'E_FAR' });
  });

  test.each([
    ['AbortError', 20],
    ['DataCloneError', 25],
    ['TimeoutError', 23],
    ['MineOnly', 0],
  ])('that is a DOMException arrives as one: %s', (name, code) => {
    const thrown = new DOMException('what went wrong', name);
    const error = arrivedError(thrown);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name, message: 'what went wrong', code, stack: thrown.stack });
    expect(Object.hasOwn(error, 'name')).toBe(false);
    expect(Object.keys(error)).toEqual([]);
  });

  test('that is a DOMException brings its cause and its own data', () => {
    const thrown = Object.assign(new DOMException('m', 'AbortError'), { url: 'x:' });
    Object.defineProperty(thrown, 'cause', { value: new TypeError('because') });
    const error = arrivedError(thrown);
    expect(error).toMatchObject({ name: 'AbortError', url: 'x:' });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test.skipIf(typeof SuppressedError === 'undefined')('that suppressed another arrives with both', () => {
    const thrown = new SuppressedError(new TypeError('later'), new RangeError('sooner'), 'both');
    const error = arrivedError(thrown);
    expect(error).toBeInstanceOf(SuppressedError);
    expect(error.error).toBeInstanceOf(TypeError);
    expect(error.suppressed).toMatchObject({ message: 'sooner' });
  });

  test('with an own key named __proto__ pollutes nothing', () => {
    const thrown = Object.defineProperty(new Error('m'), '__proto__', {
      value: { polluted: true },
      enumerable: true,
    });
    const error = arrivedError(thrown);
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
    expect(Object.getOwnPropertyDescriptor(error, '__proto__')?.value).toEqual({ polluted: true });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Reflect.get(error, 'polluted')).toBeUndefined();
  });

  test('can be shown by Node as any other error', () => {
    const error = arrivedError(Object.assign(new TypeError('m'), { code: 'E_MINE' }));
    for (const key of ['stack', 'message'])
      expect(Object.getOwnPropertyDescriptor(error, key)?.enumerable).toBe(false);
    expect(Object.prototype.toString.call(error)).toBe('[object Error]');
  });
});

describe('the cause of an error', () => {
  test('arrives, and its cause, each as the error it was', () => {
    const root = Object.assign(new RangeError('root'), { code: 'E_ROOT' });
    const middle = new TypeError('middle', { cause: root });
    const error = arrivedError(new Error('top', { cause: middle }));
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'middle' });
    const end = (error.cause as Error).cause;
    expect(end).toBeInstanceOf(RangeError);
    expect(end).toMatchObject({ message: 'root', code: 'E_ROOT', stack: root.stack });
    expect(Object.getOwnPropertyDescriptor(error, 'cause')?.enumerable).toBe(false);
  });

  test.each([undefined, null, 0, 'a text', { plain: ['data'] }])('may be no error: %o', (cause) => {
    const error = arrivedError(new Error('m', { cause }));
    expect(Object.hasOwn(error, 'cause')).toBe(true);
    expect(error.cause).toEqual(cause);
  });

  test('is absent when there was none', () => {
    expect(Object.hasOwn(arrivedError(new Error('m')), 'cause')).toBe(false);
  });

  test('that cannot be cloned is its description', () => {
    expect(arrivedError(new Error('m', { cause: () => 1 })).cause).toBe('a function');
  });

  test('chains end, a circular one too, at the sixteenth', () => {
    const circular = new Error('again');
    circular.cause = circular;
    let long = new Error('cause 0');
    for (let n = 1; n < 1000; n++) long = new Error(`cause ${n}`, { cause: long });
    for (const thrown of [circular, long]) {
      let depth = 0;
      let error: unknown = arrived(thrown);
      for (; error instanceof Error; error = error.cause) depth++;
      expect(depth).toBe(16);
      expect(error).toMatch(/^Error: (again|cause 983)$/);
    }
  });
});

describe('an AggregateError', () => {
  test('arrives with its errors in their order, and what is no error among them', () => {
    const thrown = new AggregateError([new TypeError('one'), 'two', new RangeError('three')], 'all failed');
    const error = arrivedError(Object.assign(thrown, { code: 'E_ALL' }));
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({ name: 'AggregateError', message: 'all failed', code: 'E_ALL' });
    expect(error.errors[0]).toBeInstanceOf(TypeError);
    expect(error.errors.map((part: unknown) => (part instanceof Error ? part.message : part))).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  test('within another arrives with its own errors', () => {
    const inner = Object.assign(new AggregateError([new TypeError('one')], 'inner'), { code: 'E_INNER' });
    const error = arrivedError(new AggregateError([inner, new RangeError('two')], 'outer', { cause: inner }));
    expect(error.errors[0]).toBeInstanceOf(AggregateError);
    expect(error.errors[0]).toMatchObject({ message: 'inner', code: 'E_INNER', stack: inner.stack });
    expect(error.errors[0].errors[0]).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ message: 'inner' });
  });

  test('of thousands arrives with the first thousand', () => {
    const errors = Array.from({ length: 2500 }, (_, n) => new Error(`part ${n}`));
    const error = arrivedError(new AggregateError(errors, 'all failed'));
    expect(error.errors).toHaveLength(1000);
    expect(error.errors[999]).toMatchObject({ message: 'part 999' });
  });

  test('that contains itself ends', () => {
    const thrown = new AggregateError([], 'round');
    thrown.errors.push(thrown);
    expect(arrivedError(thrown).errors[0]).toBeInstanceOf(AggregateError);
  });
});

describe('a PoolError', () => {
  test('arrives as one, with its code, details and cause', () => {
    const cause = new RangeError('Maximum call stack size exceeded');
    const details = { name: 'fib', path: [0, 'a'] };
    const error = arrivedError(new PoolError('ERR_STACK_OVERFLOW', 'too deep', { cause, details }));
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({
      name: 'PoolError',
      code: 'ERR_STACK_OVERFLOW',
      message: 'too deep',
      details,
    });
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test.each<ErrorCode>(['ERR_OPTION', 'ERR_MODULE_LOAD', 'ERR_RESULT_TOO_LARGE'])(
    'keeps its code: %s',
    (code) => {
      const error = arrivedError(new PoolError(code, 'm'));
      expect(error.code).toBe(code);
      expect(error.details).toEqual({});
      expect(Object.hasOwn(error, 'cause')).toBe(false);
    },
  );
});

describe('what is thrown and is no error', () => {
  test.each([undefined, null, 5, 10n ** 30n, 'a text', [1, { a: 2 }], { status: 404 }])(
    'arrives as it is when it can be cloned: %o',
    (thrown) => {
      expect(arrived(thrown)).toEqual(thrown);
    },
  );

  test('arrives as its description when it cannot', () => {
    expect(arrived(() => 1)).toBe('a function');
    expect(arrived(Symbol('s'))).toBe('a symbol');
    expect(arrived([() => 1])).toBe('an array of 1');
  });
});

test('what throws when it is looked at is told as an error that says so', () => {
  const trap = () => {
    throw new Error('a trap');
  };
  for (const hostile of [
    new Proxy({}, { getPrototypeOf: trap }),
    new Proxy(new Error('m'), { ownKeys: trap }),
  ]) {
    expect(decodeError(encodeError(hostile))).toMatchObject({ code: 'ERR_NON_ERROR_THROWN' });
  }
});
