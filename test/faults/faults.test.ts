// What can go wrong in a call, and what its caller gets: a named error, and a pool that answers the next call.
import { spawn } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createPool, type Pool, PoolError } from '../../src/index.ts';
import { behavioursPool, closing, moduleUrl, openBehavioursPool, rejection } from '../fixtures/pools.ts';

type Behaviours = Pool<typeof import('../fixtures/modules/behaviours.ts')>;
type Untyped = Pool<Record<string, (...args: unknown[]) => unknown>>;

/** One fault: how to bring it about, and the code and words of what the caller gets. */
interface Fault {
  readonly fault: string;
  readonly call: (pool: Behaviours) => Promise<unknown>;
  readonly code: string;
  readonly words: RegExp;
}

const faults: readonly Fault[] = [
  {
    fault: 'the function calls process.exit(3)',
    call: (pool) => pool.fn.exit(3),
    code: 'ERR_WORKER_EXIT',
    words: /exit.*code 3/,
  },
  {
    fault: 'the function calls process.exit(0)',
    call: (pool) => pool.fn.exit(0),
    code: 'ERR_WORKER_EXIT',
    words: /exit.*code 0/,
  },
  {
    fault: 'the function throws null',
    call: (pool) => pool.fn.throwValue('null'),
    code: 'ERR_NON_ERROR_THROWN',
    words: /throwValue threw null/,
  },
  {
    fault: 'the function throws undefined',
    call: (pool) => pool.fn.throwValue('undefined'),
    code: 'ERR_NON_ERROR_THROWN',
    words: /threw undefined/,
  },
  {
    fault: 'the function throws a string',
    call: (pool) => pool.fn.throwValue('string'),
    code: 'ERR_NON_ERROR_THROWN',
    words: /threw "a string"/,
  },
  {
    fault: 'the function throws an object that is no Error',
    call: (pool) => pool.fn.throwValue('object'),
    code: 'ERR_NON_ERROR_THROWN',
    words: /threw an Object/,
  },
  {
    fault: 'a timer throws null while the function runs',
    call: (pool) => pool.fn.throwNullFromTimer(),
    code: 'ERR_NON_ERROR_THROWN',
    words: /throwNullFromTimer threw null/,
  },
  {
    fault: 'the result holds a function',
    call: (pool) => pool.fn.returnFunction(),
    code: 'ERR_RESULT_NOT_CLONEABLE',
    words: /\.handlers\[1\] \(a function\)/,
  },
  {
    fault: 'the recursion is deeper than the stack',
    call: (pool) => pool.fn.overflow(),
    code: 'ERR_STACK_OVERFLOW',
    words: /overflow recursed deeper.*stackSizeMb/,
  },
  {
    fault: 'a bigint grows beyond what the engine can hold',
    call: (pool) => pool.fn.hugeBigint(),
    code: 'ERR_RESULT_TOO_LARGE',
    words: /2\^30 bits/,
  },
  {
    fault: 'the export is no function',
    call: (pool) => (pool as unknown as Untyped).run('notAFunction', []),
    code: 'ERR_FUNCTION_NOT_FOUND',
    words: /"notAFunction" is no function, but 42/,
  },
  ...['toString', 'constructor', '__proto__', 'hasOwnProperty', 'then'].map((name) => ({
    fault: `the name ${name} is asked for`,
    call: (pool: Behaviours) => (pool as unknown as Untyped).run(name, []),
    code: 'ERR_FUNCTION_NOT_FOUND',
    words: new RegExp(`no function "${name}".*There are: .*fibonacci`),
  })),
  {
    fault: 'a name is mistyped',
    call: (pool) => (pool as unknown as Untyped).run('fibonaci', [1]),
    code: 'ERR_FUNCTION_NOT_FOUND',
    words: /Did you mean 'fibonacci'/,
  },
  {
    fault: 'an argument is a function',
    call: (pool) => pool.fn.describe({ a: [() => 1] }),
    code: 'ERR_ARGUMENT_NOT_CLONEABLE',
    words: /Argument 1\.a\[0\].*a function/,
  },
  {
    fault: 'an argument is circular',
    call: (pool) => {
      const circular: { self?: unknown } = {};
      circular.self = circular;
      return pool.fn.describe(circular);
    },
    code: 'ERR_ARGUMENT_NOT_CLONEABLE',
    words: /Argument 1\.self.*circular/,
  },
];

describe.each([1, 2])('on %i worker(s)', (workers) => {
  // One pool for all faults: each must leave it fit for the next.
  let pool: Behaviours;
  beforeAll(() => {
    pool = openBehavioursPool({ workers, stackSizeMb: 32 });
  });
  afterAll(() => pool.close({ timeoutMs: 0 }));

  test.each(faults)(
    'when $fault, the caller gets $code and the pool goes on',
    async ({ call, code, words }) => {
      await pool.cacheClear();
      for (const time of ['first', 'second']) {
        const error = await rejection(call(pool));
        expect(error, time).toBeInstanceOf(PoolError);
        expect(error, time).toMatchObject({ code, message: expect.stringMatching(words) });
      }
      expect(await pool.fn.twice(21)).toBe(42);
      const { hits, misses, joins } = pool.cacheInfo();
      expect(hits + misses + joins).toBe(code === 'ERR_ARGUMENT_NOT_CLONEABLE' ? 1 : 3);
    },
  );
});

test('a heap that is exhausted rejects its call, naming the limit and the option', {
  timeout: 60_000,
}, async () => {
  const pool = behavioursPool({ workerMemoryMb: 64 });
  const error = await rejection(pool.fn.fillHeap());
  expect(error).toMatchObject({
    code: 'ERR_WORKER_MEMORY',
    message: expect.stringMatching(/64 MB.*workerMemoryMb/),
  });
  expect(await pool.fn.twice(21)).toBe(42);
  expect(pool.stats().workerDeaths).toBe(1);
});

test('all joined callers of a call that exits reject, and it is not retried', async () => {
  const pool = behavioursPool();
  const results = await Promise.allSettled([pool.fn.exit(7), pool.fn.exit(7)]);
  for (const result of results) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'ERR_WORKER_EXIT', details: { exitCode: 7 } },
    });
  }
  expect(pool.stats()).toMatchObject({ workerDeaths: 1, failed: 1 });
});

test('what waits behind a call that exits is computed by the replacement', async () => {
  const pool = behavioursPool();
  const [exited, waited] = await Promise.allSettled([pool.fn.exit(1), pool.fn.twice(3)]);
  expect(exited.status).toBe('rejected');
  expect(waited).toEqual({ status: 'fulfilled', value: 6 });
});

test('an error thrown by a timer while its call runs rejects that call', async () => {
  const pool = behavioursPool();
  const error = await rejection(pool.fn.failFromTimer());
  expect(error.message).toBe('thrown by a timer');
  expect(await pool.fn.twice(21)).toBe(42);
});

/** The next warning of the process. */
function nextWarning(): Promise<Error> {
  return new Promise((resolve) => {
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation((warning, options) => {
      emit.mockRestore();
      resolve(Object.assign(new Error(String(warning)), options));
    });
  });
}

test('a warning of an error that a call left behind is short, however long its message is', async () => {
  const pool = behavioursPool();
  const warned = nextWarning();
  expect(await pool.fn.leaveTimerBehind(1e6)).toBe('answered');
  const { message } = await warned;
  expect(message).toMatch(/leaveTimerBehind .*left behindleft behind/);
  expect(message.length).toBeLessThan(2000);
});

test('an error thrown by a timer after its call was answered harms no later call and is told as a warning', async () => {
  const pool = behavioursPool();
  const warned = nextWarning();
  expect(await pool.fn.leaveTimerBehind()).toBe('answered');
  const next = pool.fn.fib(20_000);
  expect(await warned).toMatchObject({
    code: 'MEMOPOOL_LATE_ERROR',
    message: expect.stringMatching(/leaveTimerBehind .*left behind/),
  });
  expect((await next) > 0n).toBe(true);
  expect(await pool.fn.twice(21)).toBe(42);
});

describe('a module that cannot be loaded', () => {
  const modules = [
    { module: 'throws-on-import.ts', words: /throws-on-import\.ts.*this module throws on import/ },
    { module: 'no-such-module.js', words: /no-such-module\.js/ },
    { module: 'syntax-error.js', words: /syntax-error\.js.*SyntaxError/ },
    { module: 'exits-on-import.ts', words: /process\.exit \(code 4\) while it was imported/ },
  ];

  test.each(modules)(
    '$module: ERR_MODULE_LOAD on the second call as on the first',
    async ({ module, words }) => {
      const pool = closing(createPool({ workers: 1, functions: moduleUrl(module) }));
      for (const n of [1, 2]) {
        const error = await rejection(pool.fn.fibonacci(n));
        expect(error).toMatchObject({ code: 'ERR_MODULE_LOAD', message: expect.stringMatching(words) });
      }
    },
  );

  test('an import that never ends falls to the time limits of call and start', {
    timeout: 60_000,
  }, async () => {
    const pool = closing(createPool({ workers: 1, functions: moduleUrl('endless-import.ts') }));
    await expect(pool.run('fibonacci', [1], { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    });
  });
});

describe('bad arguments of a built-in function', () => {
  const pool = () => closing(createPool({ workers: 1 }));
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['NaN', Number.NaN, 'ERR_ARGUMENT'],
    ['1.5', 1.5, 'ERR_ARGUMENT'],
    ["'10'", '10', 'ERR_ARGUMENT'],
    ['1e400', Number('1e400'), 'ERR_ARGUMENT'],
    ['null', null, 'ERR_ARGUMENT'],
    ['a huge number', 1e15, 'ERR_RESULT_TOO_LARGE'],
    ['a huge bigint', 10n ** 400n, 'ERR_RESULT_TOO_LARGE'],
  ];

  test.each(bad)('fibonacci(%s) is refused before anything is queued', async (_name, argument, code) => {
    const own = pool();
    const error = await rejection((own as unknown as Untyped).run('fibonacci', [argument]));
    expect(error).toMatchObject({ code, message: expect.stringMatching(/expected .*, got /) });
    expect(own.stats()).toMatchObject({ workers: 0 });
    expect(own.cacheInfo()).toMatchObject({ misses: 0 });
    expect(await own.fn.fibonacci(10)).toBe(55n);
  });

  test('factorial(-1) is refused before anything is queued', async () => {
    const own = pool();
    expect(await rejection(own.fn.factorial(-1))).toMatchObject({ code: 'ERR_ARGUMENT' });
    expect(own.stats().workers).toBe(0);
  });

  test('run without an array of arguments says how to write it', async () => {
    const error = await rejection(pool().run('fibonacci', 10 as never));
    expect(error).toMatchObject({
      code: 'ERR_ARGUMENT',
      message: expect.stringContaining("run('fibonacci', ["),
    });
  });

  test('an unknown option of a call is refused with the one that was meant', async () => {
    const error = await rejection(pool().run('fibonacci', [10], { timeOutMs: 5 } as never));
    expect(error).toMatchObject({ code: 'ERR_OPTION', message: expect.stringContaining("'timeoutMs'") });
  });
});

test("a user's function of a built-in's name takes its place, and its domain is its own", async () => {
  const pool = closing(
    createPool<typeof import('../fixtures/modules/plain.js')>({ functions: moduleUrl('plain.js') }),
  );
  expect(await pool.fn.fibonacci('ten')).toBe('my own of ten');
  expect(await pool.fn.triple(5)).toBe(15);
  expect(await pool.fn.lucas(10)).toBe(123n);
});

test('a pool without built-in functions has none, and its list of names says so', async () => {
  const pool = closing(createPool({ workers: 1, functions: moduleUrl('plain.js'), builtIns: false }));
  const error = await rejection(pool.fn.lucas(10));
  expect(error).toMatchObject({
    code: 'ERR_FUNCTION_NOT_FOUND',
    message: expect.stringMatching(/There are: fibonacci, triple\.$/),
  });
});

test("a built-in's domain is checked in a pool with functions of its own too", async () => {
  const pool = behavioursPool();
  expect(await rejection(pool.fn.lucas(1.5))).toMatchObject({ code: 'ERR_ARGUMENT' });
});

test('a stack that the system refuses is made smaller, with one warning, and the pool works', async () => {
  const script = fileURLToPath(new URL('../fixtures/huge-stack.mjs', import.meta.url));
  // 20 GB of address space, where the script asks for a stack of 64 GiB.
  const limited = spawn('sh', ['-c', `ulimit -v 20000000; exec '${process.execPath}' '${script}'`]);
  const [out, warnings] = await Promise.all([text(limited.stdout), text(limited.stderr)]);
  expect(out).toBe('55n\n');
  expect(warnings.match(/MEMOPOOL_SMALLER_STACK/g)).toHaveLength(1);
});

test('one long-lived signal over 10,000 calls has one listener while they wait and none afterwards', async () => {
  const pool = closing(createPool({ workers: 1 }));
  const { signal } = new AbortController();
  const calls = Array.from({ length: 10_000 }, (_, n) => pool.run('fibonacci', [n % 100], { signal }));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await Promise.all(calls);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a time limit counts neither the start of a thread nor imports: the next call after a timeout is not hit by it', async () => {
  const pool = behavioursPool();
  await rejection(pool.run('endless', [], { timeoutMs: 20 }));
  for (let n = 0; n < 5; n++) expect(await pool.run('twice', [n], { timeoutMs: 20 })).toBe(2 * n);
  expect(pool.stats().cancelled).toBe(1);
});

test('a signal that aborts a thousand calls at once ends the threads that ran them and starts none for the rest', async () => {
  let started = 0;
  const count = () => started++;
  process.on('worker', count);
  onTestFinished(() => {
    process.off('worker', count);
  });
  const pool = behavioursPool({ workers: 2 });
  await Promise.all([pool.fn.fib(5000), pool.fn.fib(5001)]);
  const leaver = new AbortController();
  const calls = Array.from({ length: 1000 }, (_, n) =>
    pool.run('fib', [100_000 + n], { signal: leaver.signal }),
  );
  await new Promise((resolve) => setImmediate(resolve)); // sent
  leaver.abort();
  await Promise.allSettled(calls);
  expect(await pool.fn.twice(1)).toBe(2);
  expect(started).toBeLessThanOrEqual(3); // two at first, and one for the last call if both had begun
});

test('a call cancelled while its thread starts ends the thread and not the process', {
  timeout: 60_000,
}, async () => {
  for (let round = 0; round < 40; round++) {
    const pool = createPool({ workers: 1 });
    const leaver = new AbortController();
    const call = rejection(pool.run('fibonacci', [100_000_000], { signal: leaver.signal }));
    // Every moment of the start, by turns: no event marks them.
    await new Promise((resolve) => setTimeout(resolve, 15 + round));
    leaver.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await pool.close();
  }
});

test('onProgress that throws rejects its own caller with its error, and no other', async () => {
  const pool = behavioursPool();
  const error = new Error('from onProgress');
  const told = pool.run('fib', [60_000], {
    onProgress: () => {
      throw error;
    },
  });
  const untold = pool.run('fib', [60_000]);
  await expect(told).rejects.toBe(error);
  expect((await untold) > 0n).toBe(true);
});

test('more arguments than any function takes are refused at once', async () => {
  const pool = behavioursPool();
  const refused = await rejection(pool.run('twice', new Array<number>(3e7) as never));
  expect(refused).toMatchObject({
    code: 'ERR_ARGUMENT',
    message: expect.stringContaining('Pass an array as one'),
  });
});

test('a name that is no text is refused by cacheInfo and cacheClear', async () => {
  const pool = behavioursPool();
  expect(() => pool.cacheInfo(1 as never)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }));
  expect(await rejection(pool.cacheClear(null as never))).toMatchObject({ code: 'ERR_ARGUMENT' });
});

test('what a function posts to the main thread by itself harms nothing', async () => {
  const pool = behavioursPool();
  expect(await pool.fn.postJunk()).toBe('posted');
  expect(await pool.fn.twice(2)).toBe(4);
});

test('what the language asks an object for is no call: JSON, templates and await leave a pool alone', async () => {
  const pool = behavioursPool();
  expect(JSON.parse(JSON.stringify({ pool, fn: pool.fn }))).toEqual({ pool: { fn: {} }, fn: {} });
  expect(() => String(pool.fn)).toThrow(TypeError);
  expect(await pool.fn).toBe(pool.fn);
  expect(pool.stats()).toMatchObject({ workers: 0, flights: 0 });
});

test('1,000 aborts at once leave nothing queued and the pool working', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const calls = Array.from({ length: 1000 }, (_, n) =>
    pool.run('fib', [10_000 + n], { signal: leaver.signal }),
  );
  leaver.abort();
  const results = await Promise.allSettled(calls);
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(pool.stats()).toMatchObject({ queued: 0, busy: 0, flights: 0, cancelled: 1000 });
  expect(await pool.fn.twice(21)).toBe(42);
});
