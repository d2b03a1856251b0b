// One call in this process, with a registry that has one function.
import { describe, expect, test } from 'vitest';
import { receiveResult } from '../../src/answer.ts';
import { evaluate, memoCounts } from '../../src/compute/evaluate.ts';
import { memoize } from '../../src/compute/memoize.ts';
import type { Registry } from '../../src/compute/registry.ts';
import { PoolError } from '../../src/errors.ts';
import type { AnyFunction, Phase, ResultForm } from '../../src/types.ts';
import type { Reply } from '../../src/wire.ts';
import { decodeError } from '../../src/wire-error.ts';

function registryOf(find: () => Promise<AnyFunction>): Registry {
  return { find, found: () => undefined, nameOf: () => undefined };
}

interface Evaluated {
  readonly reply: Reply;
  readonly phases: readonly Phase[];
}

async function evaluated(fn: () => unknown, form?: ResultForm): Promise<Evaluated> {
  return evaluatedCall(fn, [], form);
}

async function evaluatedCall(
  fn: AnyFunction,
  args: readonly unknown[],
  form?: ResultForm,
): Promise<Evaluated> {
  const phases: Phase[] = [];
  const registry = registryOf(() => Promise.resolve(fn));
  const onPhase = (phase: Phase) => phases.push(phase);
  return { reply: await evaluate({ registry, name: 'mine', args, form, onPhase }), phases };
}

async function resultOf(fn: () => unknown, form?: ResultForm): Promise<unknown> {
  const { reply } = await evaluated(fn, form);
  if (!reply.ok) throw decodeError(reply.error);
  return receiveResult(reply, 'clone').read();
}

async function errorOf(fn: () => unknown, form?: ResultForm): Promise<unknown> {
  const { reply } = await evaluated(fn, form);
  if (reply.ok) throw new Error('it did not fail');
  return decodeError(reply.error);
}

function throwing(value: unknown): () => never {
  return () => {
    throw value;
  };
}

describe('a call', () => {
  test('gives its value, at once or later', async () => {
    expect(await resultOf(() => 5n)).toBe(5n);
    expect(await resultOf(() => undefined)).toBeUndefined();
    expect(await resultOf(async () => ({ list: [1, 2] }))).toEqual({ list: [1, 2] });
    // biome-ignore lint/suspicious/noThenProperty: a promise of another make
    expect(await resultOf(() => ({ then: (settle: (value: number) => void) => settle(7) }))).toBe(7);
  });

  test('gets its arguments', async () => {
    const { reply } = await evaluatedCall((...args: unknown[]) => args, [1, 'a', { b: 2n }]);
    expect(reply.ok && receiveResult(reply, 'clone').read()).toEqual([1, 'a', { b: 2n }]);
  });

  test('gives a bigint in the form that was asked for', async () => {
    expect(await resultOf(() => 255n, 'hex')).toBe('ff');
    expect(await resultOf(() => 255n, 'decimal')).toBe('255');
    expect(await resultOf(async () => 255n, 'bigint')).toBe(255n);
    expect(await resultOf(() => 255n, 'bytes')).toEqual(new Uint8Array([255, 0]));
    expect(await errorOf(() => 255, 'hex')).toMatchObject({ code: 'ERR_OPTION' });
  });

  test('tells its phases in order: load, compute, convert when there is a form, encode, and back to the queue', async () => {
    expect((await evaluated(() => 5n)).phases).toEqual(['load', 'compute', 'encode', 'queue']);
    expect((await evaluated(() => 5n, 'hex')).phases).toEqual([
      'load',
      'compute',
      'convert',
      'encode',
      'queue',
    ]);
    expect((await evaluated(throwing(new Error('mine')))).phases).toEqual(['load', 'compute', 'queue']);
    expect((await evaluated(() => 5, 'hex')).phases).toEqual(['load', 'compute', 'convert', 'queue']);
  });

  test('is in its phase while that phase runs', async () => {
    const phases: Phase[] = [];
    const seen: unknown[] = [];
    await evaluate({
      registry: registryOf(async () => {
        seen.push(phases.at(-1));
        return () => seen.push(phases.at(-1));
      }),
      name: 'mine',
      args: [],
      form: undefined,
      onPhase: (phase) => phases.push(phase),
    });
    expect(seen).toEqual(['load', 'compute']);
  });

  test('of a function found before gives its reply at once, unless that is a promise', () => {
    const registry: Registry = {
      find: () => Promise.reject(new Error('not asked')),
      found: (name) => (name === 'later' ? async () => 5n : () => 5n),
      nameOf: () => undefined,
    };
    const call = { registry, args: [], form: undefined, onPhase: () => {} };
    expect(evaluate({ ...call, name: 'now' })).toMatchObject({ ok: true, result: { value: 5n } });
    expect(evaluate({ ...call, name: 'later' })).toBeInstanceOf(Promise);
  });

  test('tells how long it computed', async () => {
    for (const fn of [() => 1, throwing(new Error('mine'))]) {
      const { reply } = await evaluated(fn);
      expect(reply.computeMs).toBeGreaterThanOrEqual(0);
      expect(reply.computeMs).toBeLessThan(10_000);
    }
  });
});

describe('an error of the function', () => {
  test('arrives as that error: class, name, message, own data, stack', async () => {
    const thrown = Object.assign(new TypeError('not that'), { code: 'E_MINE', at: { line: 3 } });
    const error = await errorOf(throwing(thrown));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'TypeError', message: 'not that', code: 'E_MINE', at: { line: 3 } });
    expect((error as Error).stack).toBe(thrown.stack);
  });

  test('arrives alike when its promise rejects', async () => {
    expect(await errorOf(() => Promise.reject(new URIError('later')))).toBeInstanceOf(URIError);
  });

  test.each([
    [null, 'mine threw null, which is no Error.'],
    [undefined, 'mine threw undefined, which is no Error.'],
    ['a text', 'mine threw "a text", which is no Error.'],
    [404, 'mine threw 404, which is no Error.'],
    [10n ** 30n, 'mine threw a bigint of more than 64 bits, which is no Error.'],
    [{ status: 404 }, 'mine threw an Object, which is no Error.'],
    [[1, 2], 'mine threw an array of 2, which is no Error.'],
  ])('that is no Error gets to be one, with what was thrown as its cause: %o', async (thrown, message) => {
    for (const fn of [throwing(thrown), () => Promise.reject(thrown)]) {
      const error = await errorOf(fn);
      expect(error).toBeInstanceOf(PoolError);
      expect(error).toMatchObject({ code: 'ERR_NON_ERROR_THROWN', message, details: { name: 'mine' } });
      expect(Object.hasOwn(error as object, 'cause')).toBe(true);
      expect((error as Error).cause).toEqual(thrown);
    }
  });

  test('that is a function arrives as its description', async () => {
    expect(await errorOf(throwing(() => 1))).toMatchObject({
      code: 'ERR_NON_ERROR_THROWN',
      cause: 'a function',
    });
  });

  test('that is a RangeError of its own stays one', async () => {
    const error = await errorOf(throwing(new RangeError('out of my range')));
    expect(error).toBeInstanceOf(RangeError);
    expect(error).not.toBeInstanceOf(PoolError);
    expect(error).toMatchObject({ message: 'out of my range' });
  });
});

describe('a limit of the engine', () => {
  test('of the stack is ERR_STACK_OVERFLOW, with the option to raise', async () => {
    const endless = (n: number): number => 1 + endless(n + 1);
    const error = await errorOf(() => endless(0));
    expect(error).toMatchObject({ code: 'ERR_STACK_OVERFLOW', details: { name: 'mine' } });
    expect((error as Error).message).toContain('raise the option stackSizeMb');
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  test('of the stack is ERR_STACK_OVERFLOW in a memoized recursion, whatever its arguments; finished entries stay', async () => {
    const chain = memoize((n: number): number => (n === 0 ? 0 : 1 + chain(n - 1)), { maxsize: null });
    const pairs = memoize((n: number, list: readonly number[]): number => (n === 0 ? 0 : 1 + pairs(n - 1, [n, ...list.slice(0, 3)])), { maxsize: null }); // biome-ignore format: one line
    chain(50);
    pairs(3, []);
    expect(await errorOf(() => chain(1_000_000))).toMatchObject({ code: 'ERR_STACK_OVERFLOW' });
    expect(await errorOf(() => pairs(1_000_000, []))).toMatchObject({ code: 'ERR_STACK_OVERFLOW' });
    expect(chain.cacheInfo().currsize).toBe(51);
    expect(pairs.cacheInfo().currsize).toBe(4);
    expect(await resultOf(() => chain(60))).toBe(60);
    expect(chain.cacheInfo().currsize).toBe(61);
  });

  test('of the stack tells how deep the memoized functions were, and nothing of others', async () => {
    let deepest = 0;
    const down = (n: number): number => {
      deepest = Math.max(deepest, n);
      return 1 + (n % 2 === 0 ? even(n + 1) : odd(n + 1));
    };
    const even = memoize((n: number): number => down(n), { maxsize: null });
    const odd = memoize((n: number): number => down(n), { maxsize: 50 });
    const failing = memoize((n: number): number => {
      if (n > 0) return failing(n - 1);
      throw new Error('mine');
    });
    await errorOf(() => failing(100)); // not part of what comes later
    for (let round = 0; round < 2; round++) {
      deepest = 0;
      const error = await errorOf(() => even(1));
      const { depth } = (error as PoolError).details as { depth: number };
      expect(Math.abs(depth - deepest)).toBeLessThanOrEqual(3); // the last levels may not have come to note theirs
      expect((error as PoolError).message).toContain(`, up to ${depth} levels of memoized functions deep;`);
    }
    const endless = (n: number): number => 1 + endless(n + 1);
    const { details } = (await errorOf(() => endless(0))) as PoolError;
    expect(details).toEqual({ name: 'mine' });
  });

  test('of bigints is ERR_RESULT_TOO_LARGE', async () => {
    const error = await errorOf(() => 2n ** (2n ** 31n));
    expect(error).toMatchObject({ code: 'ERR_RESULT_TOO_LARGE', details: { name: 'mine' } });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  });

  test('of strings is ERR_RESULT_TOO_LARGE', async () => {
    expect(await errorOf(() => 'a'.repeat(2 ** 30))).toMatchObject({ code: 'ERR_RESULT_TOO_LARGE' });
  });
});

describe('a result that cannot be cloned', () => {
  test.each([
    [() => () => 1, 'the value itself (a function)'],
    [() => Symbol('s'), 'the value itself (a symbol)'],
    [() => ({ list: [1, { handler: () => 1 }] }), '.list[1].handler (a function)'],
    [() => [new WeakMap()], '[0] (a WeakMap)'],
    [() => new Map([['a', Promise.resolve()]]), '.get("a") (a Promise)'],
  ])('is ERR_RESULT_NOT_CLONEABLE with its place: %s', async (fn, place) => {
    const error = await errorOf(fn);
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({ code: 'ERR_RESULT_NOT_CLONEABLE' });
    expect((error as Error).message).toBe(
      `The result cannot be cloned to the main thread: ${place}. Return plain data.`,
    );
  });

  test('because it is nested too deeply for this thread’s stack is ERR_RESULT_NOT_CLONEABLE', async () => {
    const error = await errorOf(() => {
      let deep: unknown = 0;
      for (let level = 0; level < 150_000; level++) deep = [deep];
      return deep;
    });
    expect(error).toMatchObject({ code: 'ERR_RESULT_NOT_CLONEABLE' });
  });

  test('because a getter of it throws is that getter’s own error', async () => {
    const error = await errorOf(() => ({
      get bad(): never {
        throw new TypeError('read me not');
      },
    }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'read me not' });
  });
});

test('an error of the registry arrives as it is', async () => {
  const refused = new PoolError('ERR_FUNCTION_NOT_FOUND', 'There is no function "mine".', {
    details: { name: 'mine' },
  });
  const phases: Phase[] = [];
  const reply = await evaluate({
    registry: registryOf(() => Promise.reject(refused)),
    name: 'mine',
    args: [],
    form: undefined,
    onPhase: (phase) => phases.push(phase),
  });
  expect(reply.ok).toBe(false);
  expect(!reply.ok && decodeError(reply.error)).toMatchObject({
    code: 'ERR_FUNCTION_NOT_FOUND',
    details: { name: 'mine' },
  });
  expect(phases).toEqual(['load', 'queue']);
});

describe('the counters of a memo', () => {
  test('are told of a memoized function, and of no other', () => {
    const memo = memoize((n: number) => n);
    memo(1);
    memo(1);
    expect(memoCounts(memo)).toMatchObject({ hits: 1, misses: 1, currsize: 1 });
    expect(memoCounts(() => 1)).toBeUndefined();
    expect(memoCounts(undefined)).toBeUndefined();
  });
});

describe('what a function throws may be hostile: its caller gets an error all the same', () => {
  const trap = () => {
    throw new Error('a trap');
  };
  const hostile: readonly (readonly [string, unknown])[] = [
    ['a proxy whose every trap throws', new Proxy(new Error('e'), { get: trap, getPrototypeOf: trap })],
    ['a revoked proxy', revokedProxy()],
    ['a RangeError whose message is no text', Object.assign(new RangeError('m'), { message: 5 })],
    [
      'a RangeError whose message throws',
      Object.defineProperty(new RangeError('m'), 'message', { get: trap }),
    ],
    ['a RangeError whose message is a symbol', Object.assign(new RangeError('m'), { message: Symbol('s') })],
  ];

  test.each(hostile)('%s', async (_what, thrown) => {
    for (const fn of [throwing(thrown), () => Promise.reject(thrown)]) {
      expect(await errorOf(fn)).toBeInstanceOf(Error);
    }
  });
});

function revokedProxy(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test('counters that throw when they are read are no counters', () => {
  const fn = Object.assign(() => 1, {
    cacheInfo: () => ({
      get hits(): number {
        throw new Error('mine');
      },
    }),
  });
  expect(memoCounts(fn)).toBeUndefined();
});
