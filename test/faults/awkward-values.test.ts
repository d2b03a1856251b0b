// Values that are awkward to carry between threads: found by trying to break the pool, kept so that they stay mended.
import { expect, test } from 'vitest';
import { evaluate, memoCounts } from '../../src/compute/evaluate.ts';
import { memoize } from '../../src/compute/memoize.ts';
import type { Dispatcher, Task } from '../../src/dispatch/dispatcher.ts';
import { PoolError } from '../../src/errors.ts';
import { MemoPool } from '../../src/pool.ts';
import type { AnyFunction } from '../../src/types.ts';
import { memoKey } from '../../src/values/key.ts';
import { snapshot } from '../../src/values/snapshot.ts';
import { encodeResult } from '../../src/wire.ts';
import { decodeError } from '../../src/wire-error.ts';
import { behavioursPool, rejection } from '../fixtures/pools.ts';

const notCloneable = expect.objectContaining({ code: 'ERR_ARGUMENT_NOT_CLONEABLE' });

async function errorOf(fn: AnyFunction): Promise<unknown> {
  const registry = { find: async () => fn, found: () => undefined, nameOf: () => undefined };
  const reply = await evaluate({ registry, name: 'f', args: [], form: undefined, onPhase: () => {} });
  if (reply.ok) throw new Error('expected an error');
  return decodeError(reply.error);
}

test('a result nested deeper than the main thread can decode is a named error, and the pool goes on', async () => {
  const pool = behavioursPool();
  expect(await rejection(pool.fn.nestedResult(20_000))).toMatchObject({
    code: 'ERR_RESULT_NOT_CLONEABLE',
    message: expect.stringContaining('nested less deeply'),
  });
  expect(pool.cacheInfo()).toMatchObject({ currsize: 0, errors: 1 });
  expect(await pool.fn.twice(2)).toBe(4);
});

test('an error whose own data is nested too deeply arrives all the same', async () => {
  const pool = behavioursPool();
  expect(await rejection(pool.fn.throwNested(20_000))).toMatchObject({
    message: 'mine',
    tree: 'an array of 1',
  });
  expect(pool.stats().workerDeaths).toBe(0);
});

test("share 'freeze' takes a result of 300,000 elements", async () => {
  const pool = behavioursPool({ share: 'freeze' });
  expect((await pool.fn.list(300_000)).items).toHaveLength(300_000);
});

test('an AggregateError that holds itself three times over ends', async () => {
  const pool = behavioursPool();
  expect(await rejection(pool.fn.throwKnot())).toBeInstanceOf(AggregateError);
});

test('an error whose own getter throws arrives, and its worker is kept', async () => {
  const pool = behavioursPool();
  expect((await rejection(pool.fn.throwTrap())).message).toBe('outer');
  expect(pool.stats().workerDeaths).toBe(0);
});

test('whatever is odd about what a function throws, it is an answer', async () => {
  const thrower = (thrown: unknown) => () => {
    throw thrown;
  };
  const odd = Object.assign(new AggregateError([], 'no list'), { errors: undefined });
  expect(await errorOf(thrower(odd))).toMatchObject({ message: 'no list' });
  expect(await errorOf(thrower(Object.assign(new Error('x'), { name: Object.create(null) })))).toMatchObject({
    name: 'Error',
  });
  const trap = Object.defineProperty({}, Symbol.toStringTag, {
    get: () => {
      throw new Error('tag');
    },
  });
  expect(await errorOf(thrower(trap))).toMatchObject({ code: 'ERR_NON_ERROR_THROWN' });
});

test("a function with another library's cacheInfo has no counters of ours", () => {
  for (const cacheInfo of [undefined, 1, () => undefined, () => ({ hits: 1 }), throwing]) {
    expect(memoCounts(Object.assign(() => 5, { cacheInfo }))).toBeUndefined();
  }
});

function throwing(): never {
  throw new Error('not ours');
}

test('a message port, as argument or result, is refused with a code', () => {
  const { port1, port2 } = new MessageChannel();
  try {
    expect(() => snapshot([{ port: port1 }])).toThrow(notCloneable);
    expect(() => encodeResult({ port: port1 })).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_NOT_CLONEABLE' }),
    );
  } finally {
    port1.close();
    port2.close();
  }
});

test('a view of a detached buffer is refused with a code', () => {
  const view = new Uint8Array(8);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  expect(() => snapshot([view])).toThrow(notCloneable);
});

test("a getter's own RangeError is not taken for the engine's", () => {
  const value = {
    get a(): never {
      throw new RangeError('mine');
    },
  };
  expect(() => snapshot([value])).toThrow(/^mine$/);
  expect(() => memoKey([value], true)).toThrow(/^mine$/);
  expect(() => encodeResult(value)).toThrow(/^mine$/);
});

test('the refusal of a deeply nested argument is a short message', () => {
  let value: unknown = 0;
  for (let level = 0; level < 100_000; level++) value = [value];
  const refused = () => memoKey([value], true);
  expect(refused).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{50,500}$/) }));
});

test('an uncloneable part behind 200,000 others is found', () => {
  const wide = [...new Array<number>(200_000).fill(0), () => 1];
  expect(() => encodeResult(wide)).toThrow(expect.objectContaining({ code: 'ERR_RESULT_NOT_CLONEABLE' }));
});

test('a resizable buffer is not the fixed one of the same bytes', () => {
  const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
  const resizable = new Resizable(4, { maxByteLength: 8 });
  expect(memoKey([resizable], true)).not.toBe(memoKey([new ArrayBuffer(4)], true));
});

test('memoize refuses an instance of a class that extends a built-in one, whose state no key can see', () => {
  class Stack extends Array<number> {}
  class Table extends Map<string, number> {}
  const size = memoize((value: Stack | Table) => ('size' in value ? value.size : value.length));
  for (const value of [new Stack(), new Table()]) expect(() => size(value)).toThrow(notCloneable);
});

test('memoize tells errors apart by their own data, and expressions by their lastIndex', () => {
  const codeOf = memoize((error: Error & { code: string }) => error.code);
  const coded = (code: string) => Object.assign(new Error('m'), { code, stack: '' });
  expect(['A', 'B'].map((code) => codeOf(coded(code)))).toEqual(['A', 'B']);
  const indexOf = memoize((expression: RegExp) => expression.lastIndex);
  expect([0, 1].map((lastIndex) => indexOf(Object.assign(/a/g, { lastIndex })))).toEqual([0, 1]);
});

test('calls of an unknown name count, those that fail together too', async () => {
  const tasks: Task[] = [];
  const dispatcher: Pick<Dispatcher, 'submit'> = {
    submit: (task) => {
      tasks.push(task);
      return { cancel: () => {}, watch: () => {}, phase: 'queue', isOpen: false, peers: [], fraction: 0 };
    },
  };
  const options = {
    maxsize: 9,
    maxBytes: null,
    maxArgumentBytes: null,
    typed: true,
    share: 'clone',
    modules: [],
    builtIns: false,
  } as const;
  const pool = new MemoPool(options, dispatcher as Dispatcher);
  const calls = [1, 2, 3].map((n) => rejection(pool.run('nope', [n])));
  const error = new PoolError('ERR_FUNCTION_NOT_FOUND', 'nope');
  for (const task of tasks) task.onDone({ ok: false, error, computeMs: 0 });
  await Promise.all(calls);
  expect(pool.cacheInfo()).toMatchObject({ misses: 3, errors: 3 });
});
