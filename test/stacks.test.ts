// The stack of an error: the worker's frames, then those of the caller, and none of the pool's.
import { describe, expect, test } from 'vitest';
import { AbortError, PoolError } from '../src/index.ts';
import { behavioursPool, rejection } from './fixtures/pools.ts';

const SEPARATOR = '    --- called from ---';

/** The frames above and below the separator. */
function partsOf(error: Error): { readonly above: string[]; readonly below: string[] } {
  const lines = error.stack?.split('\n') ?? [];
  const at = lines.indexOf(SEPARATOR);
  if (at < 0) throw new Error(`expected a separator in ${error.stack}`);
  return { above: lines.slice(0, at), below: lines.slice(at + 1) };
}

/** The frames of an error that has nothing of a worker. */
function framesOf(error: Error): string[] {
  const [header, ...frames] = error.stack?.split('\n') ?? [];
  expect(header).toBe(`${error.name}: ${error.message}`);
  return frames;
}

const OURS = /[\\/]src[\\/]/;

describe('the stack of an error that a function throws', () => {
  test('has the worker’s frames, and then those of who called pool.run', async () => {
    const pool = behavioursPool();
    const asksForIt = () => rejection(pool.run('throwRich', []));
    const { above, below } = partsOf(await asksForIt());
    expect(above[0]).toBe('RangeError: out of the question');
    expect(above[1]).toMatch(/^ {4}at throwRich .*behaviours/);
    expect(below[0]).toMatch(/^ {4}at asksForIt .*stacks\.test/);
    expect(below.join('\n')).not.toMatch(OURS);
  });

  test('has those of who called pool.fn', async () => {
    const pool = behavioursPool();
    const asksForIt = () => rejection(pool.fn.throwRich());
    const { below } = partsOf(await asksForIt());
    expect(below[0]).toMatch(/^ {4}at asksForIt .*stacks\.test/);
    expect(below.join('\n')).not.toMatch(OURS);
  });

  test('has those of who awaits it, also after an await', async () => {
    const pool = behavioursPool();
    async function inner(): Promise<unknown> {
      await null;
      return await pool.fn.throwRich();
    }
    async function outer(): Promise<unknown> {
      return await inner();
    }
    const { below } = partsOf(await rejection(outer()));
    expect(below[0]).toMatch(/^ {4}at inner .*stacks\.test/);
    expect(below.join('\n')).toMatch(/^ {4}at (async )?outer .*stacks\.test/m);
  });

  test('is that of the call that started the computation, in the error that all callers share', async () => {
    const pool = behavioursPool();
    const first = () => rejection(pool.fn.throwRich());
    const second = () => rejection(pool.fn.throwRich());
    const [one, other] = await Promise.all([first(), second()]);
    expect(other).toBe(one);
    expect(partsOf(one).below[0]).toMatch(/at first /);
    expect(one.stack?.split(SEPARATOR)).toHaveLength(2);
  });

  test('leaves that of its cause as it was', async () => {
    const { cause } = await rejection(behavioursPool().fn.throwRich());
    expect((cause as Error).stack).toMatch(/^TypeError: because\n {4}at throwRich /);
    expect((cause as Error).stack).not.toContain(SEPARATOR);
  });

  test('can be written and is not listed, as any error’s', async () => {
    const error = await rejection(behavioursPool().fn.throwRich());
    expect(Object.keys(error)).not.toContain('stack');
    error.stack = 'mine';
    expect(error.stack).toBe('mine');
  });

  test('has the caller’s frames when what was thrown is no Error', async () => {
    const asksForIt = (pool = behavioursPool()) => rejection(pool.fn.throwValue('null'));
    const error = await asksForIt();
    expect(error).toMatchObject({ code: 'ERR_NON_ERROR_THROWN' });
    expect(partsOf(error).below[0]).toMatch(/at asksForIt /);
  });
});

describe('the stack of an error of the pool’s own is that of the caller', () => {
  type Behaviours = ReturnType<typeof behavioursPool>;
  const failures: readonly (readonly [string, (pool: Behaviours) => Promise<unknown>])[] = [
    ['ERR_WORKER_EXIT', (pool) => pool.fn.exit(3)],
    ['ERR_TIMEOUT', (pool) => pool.run('endless', [], { timeoutMs: 1 })],
    ['ABORT_ERR', (pool) => pool.run('endless', [], { signal: AbortSignal.timeout(1) })],
    ['ABORT_ERR', (pool) => pool.run('endless', [], { signal: AbortSignal.abort() })],
    ['ERR_ARGUMENT_NOT_CLONEABLE', (pool) => pool.fn.describe(() => 1)],
    ['ERR_ARGUMENT_TOO_LARGE', (pool) => pool.fn.describe('a'.repeat(2 ** 27))],
    ['ERR_RESULT_NOT_CLONEABLE', (pool) => pool.fn.nestedResult(20_000)],
    [
      'ERR_POOL_CLOSED',
      (pool) => {
        const call = pool.fn.endless();
        void pool.close({ timeoutMs: 0 });
        return call;
      },
    ],
  ];

  test.each(failures)('%s', async (code, call) => {
    const pool = behavioursPool();
    const asksForIt = () => call(pool);
    const error = await rejection(asksForIt());
    expect(error).toMatchObject({ code });
    const frames = framesOf(error);
    expect(frames[0]).toMatch(/stacks\.test/);
    expect(frames[1]).toMatch(/^ {4}at asksForIt .*stacks\.test/);
    expect(frames.join('\n')).not.toMatch(OURS);
  });

  test('each its own, when one fault ends several calls', async () => {
    const pool = behavioursPool();
    const first = () => rejection(pool.fn.endless());
    const second = () => rejection(pool.run('spin', [60_000]));
    const ended = Promise.all([first(), second()]);
    await pool.close({ timeoutMs: 0 });
    const [one, other] = await ended;
    expect(framesOf(one)[0]).toMatch(/at first /);
    expect(framesOf(other)[0]).toMatch(/at second /);
    expect(other).toBeInstanceOf(PoolError);
    expect(other).toMatchObject({ code: 'ERR_POOL_CLOSED', message: one.message });
  });

  test('each its own, when two leave one computation', async () => {
    const pool = behavioursPool();
    const first = () => rejection(pool.run('endless', [], { timeoutMs: 1 }));
    const second = () => rejection(pool.run('endless', [], { signal: AbortSignal.timeout(1) }));
    const [one, other] = await Promise.all([first(), second()]);
    expect(framesOf(one)[0]).toMatch(/at first /);
    expect(framesOf(other)[0]).toMatch(/at second /);
    expect(other).toBeInstanceOf(AbortError);
  });

  test('also when its queue is full', async () => {
    const pool = behavioursPool({ queueSize: 0 });
    const asksForIt = () => rejection(pool.fn.twice(2));
    const first = pool.fn.twice(1);
    const error = await asksForIt();
    expect(error).toMatchObject({ code: 'ERR_QUEUE_FULL' });
    expect(framesOf(error)[0]).toMatch(/at asksForIt /);
    expect(await first).toBe(2);
  });
});

test('the first ten calls of a turn have their caller’s frames; the others have their worker’s alone', async () => {
  const pool = behavioursPool();
  for (let turn = 0; turn < 2; turn++) {
    const errors = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        rejection(pool.fn.twiceOr(100 * turn + n, 'throw') as Promise<unknown>),
      ),
    );
    for (const [n, { stack }] of errors.entries()) {
      expect(stack?.includes(SEPARATOR), `call ${n}`).toBe(n < 10);
      expect(stack).toMatch(/at twiceOr /);
    }
  }
});

test('of the many calls that one turn refuses, none has the frames of another', async () => {
  const pool = behavioursPool({ workers: 1, queueSize: 0 });
  const one = (n: number) => rejection(pool.fn.twice(n));
  const another = (n: number) => rejection(pool.fn.twice(n));
  const running = pool.fn.twice(0);
  const first = Array.from({ length: 9 }, (_, n) => one(n + 1));
  const last = Array.from({ length: 9 }, (_, n) => another(n + 10));
  for (const error of await Promise.all(first)) {
    expect(error).toMatchObject({ code: 'ERR_QUEUE_FULL' });
    expect(framesOf(error)[0]).toMatch(/^ {4}at one .*stacks\.test/);
  }
  for (const error of await Promise.all(last)) {
    expect(error).toMatchObject({ code: 'ERR_QUEUE_FULL' });
    expect(framesOf(error)).toEqual([]); // the first ten of a turn have frames
  }
  await running;
});

test('the limit of stacks is the user’s: it is not touched, and with 0 there is nothing to join', async () => {
  const pool = behavioursPool();
  const limit = Error.stackTraceLimit;
  await rejection(pool.fn.throwRich());
  expect(Error.stackTraceLimit).toBe(limit);
  Error.stackTraceLimit = 0;
  try {
    const { stack } = await rejection(pool.fn.throwRich());
    expect(stack).toMatch(/at throwRich /);
    expect(stack).not.toContain(SEPARATOR);
  } finally {
    Error.stackTraceLimit = limit;
  }
});
