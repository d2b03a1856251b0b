// The server of a worker's messages, in this process: what it posts, and when.
import { AsyncResource } from 'node:async_hooks';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { setAdviser } from '../../src/compute/advice.ts';
import { basket, forgetHarvest, openHarvest } from '../../src/compute/harvest.ts';
import { memoize } from '../../src/compute/memoize.ts';
import { clearMemos } from '../../src/compute/memos.ts';
import type { Registry } from '../../src/compute/registry.ts';
import { Server, type ServerOptions } from '../../src/compute/serve.ts';
import { Control } from '../../src/control.ts';
import type { AnyFunction } from '../../src/types.ts';
import { type CallGroup, type FromThread, groupSize, type Reply, unpackReply } from '../../src/wire.ts';
import { decodeError } from '../../src/wire-error.ts';

interface Replies {
  readonly first: number;
  readonly ended: boolean;
  readonly values: readonly unknown[];
  readonly computeMs: readonly number[];
  readonly memos: readonly unknown[];
}

/** A server and what it has posted. */
class Bench {
  readonly control = new Control();
  readonly posted: FromThread[] = [];
  readonly transferred: ArrayBuffer[] = [];
  readonly server: Server;
  #last = 0;

  constructor(
    functions: Readonly<Record<string, AnyFunction>>,
    options: Pick<ServerOptions, 'memoBytes' | 'clock'> = {},
  ) {
    const registry: Registry = {
      find: async (name) => functions[name] ?? Promise.reject(new Error(`no ${name}`)),
      found: (name) => functions[name],
      nameOf: (fn) => Object.keys(functions).find((name) => functions[name] === fn),
    };
    this.server = new Server({
      registry,
      control: this.control,
      ...options,
      onBroken: (error) => {
        throw error;
      },
      post: (message, transfer) => {
        this.posted.push(message);
        this.transferred.push(...transfer);
      },
    });
  }

  /** Sends calls of one function each, numbered on. */
  send(name: string, args: readonly unknown[]): number {
    return this.sendGroups([[name, undefined, 1, args]]);
  }

  /** The same, once all that was sent before is done. */
  async sendAlone(name: string, args: readonly unknown[]): Promise<void> {
    await reactions();
    this.send(name, args);
  }

  /** The number of the first. */
  sendGroups(groups: readonly CallGroup[], revoked: readonly number[] = []): number {
    const first = this.#last + 1;
    for (const group of groups) for (let n = groupSize(group); n > 0; n--) this.control.offer(++this.#last);
    for (const seq of revoked) this.control.revoke(seq);
    this.server.receive(['calls', first, ...groups]);
    return first;
  }

  get replies(): Replies[] {
    return this.posted.flatMap((message) => {
      if (message[0] !== 'replies') return [];
      const [, first, ended, values, computeMs, ...memos] = message;
      return [{ first, ended, values, computeMs, memos }];
    });
  }

  /** What the user was told of memos. */
  get advice(): string[] {
    return this.posted.flatMap((message) => (message[0] === 'advice' ? [message.slice(1).join(' | ')] : []));
  }

  /** The names of those who left something behind. */
  get lateErrors(): (string | undefined)[] {
    return this.posted.flatMap((message) => (message[0] === 'late-error' ? [message[1]] : []));
  }

  /** What was answered so far, in order. */
  get values(): unknown[] {
    return this.replies.flatMap(({ values }) => values).map(read);
  }
}

function read(packed: unknown): unknown {
  const reply: Reply = unpackReply(packed, 0);
  if (!reply.ok) return decodeError(reply.error);
  return reply.result.kind === 'primitive' ? reply.result.value : reply.result;
}

async function reactions(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Promises that a test settles. */
function gates(): { readonly open: AnyFunction[]; readonly wait: () => Promise<unknown> } {
  const open: AnyFunction[] = [];
  return { open, wait: () => new Promise((resolve) => open.push(resolve)) };
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('a message of calls', () => {
  test('is answered in order and at once, when no promise is in it', async () => {
    const bench = new Bench({ twice: (n: number) => 2 * n });
    bench.send('twice', [1, 2, 3]);
    expect(bench.values).toEqual([2, 4, 6]);
    expect(bench.replies.at(-1)?.ended).toBe(true);
    bench.send('twice', [5]);
    await reactions();
    bench.send('twice', [4]);
    expect(bench.values).toEqual([2, 4, 6, 10, 8]);
  });

  test('is answered with errors among the values', () => {
    const mine = new TypeError('mine');
    const bench = new Bench({
      f: (n: number) => {
        if (n === 2) throw mine;
        return n;
      },
    });
    bench.send('f', [1, 2, 3]);
    expect(bench.values).toEqual([1, mine, 3]);
  });

  test('is answered with null and undefined as they are', () => {
    const bench = new Bench({ same: (value: unknown) => value });
    bench.send('same', [null, undefined, 0, '']);
    expect(bench.values).toEqual([null, undefined, 0, '']);
  });

  test('has arguments of every shape', () => {
    const bench = new Bench({ list: (...args: unknown[]) => JSON.stringify(args) });
    bench.sendGroups([
      ['list', undefined, 1, [1, 'a']],
      ['list', undefined, 2, [1, 2, 3, 4]],
      ['list', undefined, 0, [[], new Uint8Array(serialize([[5]]))]],
    ]);
    expect(bench.values).toEqual(['[1]', '["a"]', '[1,2]', '[3,4]', '[]', '[[5]]']);
  });

  test('without a call is ended too', () => {
    const bench = new Bench({});
    bench.sendGroups([]);
    expect(bench.replies).toMatchObject([{ values: [], ended: true }]);
  });

  test('tells what is finished when a call has taken long, before the rest', () => {
    const bench = new Bench({ spin: (ms: number) => spin(ms) });
    bench.send('spin', [0, 1, 0, 1]);
    expect(bench.replies.length).toBeGreaterThan(1);
    expect(bench.replies[0]?.values.length).toBeLessThanOrEqual(2);
    expect(bench.replies.map(({ ended }) => ended).lastIndexOf(false)).toBe(bench.replies.length - 2);
  });

  test('tells what is finished when it has grown large, and hands large results over', () => {
    const bench = new Bench({ bytes: (length: number) => new Uint8Array(length) });
    bench.send('bytes', [70_000, 10, 70_000, 10]);
    expect(bench.replies.length).toBeGreaterThanOrEqual(2);
    expect(bench.transferred).toHaveLength(2);
    expect(new Set(bench.transferred).size).toBe(2);
  });

  test('tells what is finished before it waits for a promise, and goes on after that', async () => {
    const { open, wait } = gates();
    const bench = new Bench({ now: (n: number) => n, wait });
    bench.sendGroups([
      ['now', undefined, 1, [1, 2]],
      ['wait', undefined, 1, [3]],
      ['now', undefined, 1, [4]],
    ]);
    expect(bench.values).toEqual([1, 2]);
    expect(bench.replies.at(-1)?.ended).toBe(false);
    expect(bench.control.stageOf(3)).toBe('current');
    bench.send('now', [5]);
    await reactions();
    expect(bench.values).toEqual([1, 2]);
    open[0]?.('late');
    await reactions();
    expect(bench.values).toEqual([1, 2, 'late', 4, 5]);
  });

  test('skips what was taken back, and counts it', async () => {
    const begun: number[] = [];
    const bench = new Bench({ f: (n: number) => begun.push(n) && n });
    bench.sendGroups([['f', undefined, 1, [1, 2, 3, 4, 5]]], [2, 5]);
    expect(begun).toEqual([1, 3, 4]);
    expect(bench.values).toEqual([1, undefined, 3, 4, undefined]);
    expect(bench.control.phase).toBe('queue');
    await reactions();
    bench.sendGroups([['f', undefined, 1, [6]]], [6]);
    expect(bench.replies.at(-1)).toMatchObject({ first: 6, values: [undefined], ended: true });
  });

  test('brings the counters of the memos that ran, and of no others', async () => {
    const square = memoize((n: number) => n * n);
    const bench = new Bench({ square, plain: (n: number) => n });
    bench.send('square', [2, 2, 3]);
    expect(bench.replies.at(-1)?.memos).toMatchObject([['square', { hits: 1, misses: 2, currsize: 2 }]]);
    await reactions();
    bench.send('plain', [2]);
    expect(bench.replies.at(-1)?.memos).toEqual([]);
  });
});

test('a function that is not known yet is looked for, and what follows it waits', async () => {
  const bench = new Bench({});
  bench.send('missing', [1, 2]);
  expect(bench.posted).toEqual([]);
  await reactions();
  await reactions();
  expect(bench.values).toMatchObject([{ message: 'no missing' }, { message: 'no missing' }]);
});

test('what is to be forgotten is, between the messages before and after it', async () => {
  const { open, wait } = gates();
  const bench = new Bench({ wait, memo: memoize((n: number) => n) });
  bench.send('memo', [1]);
  await reactions();
  bench.send('wait', [0]);
  bench.server.receive(['delete', 'memo', [1]]);
  bench.server.receive(['clear']);
  bench.send('memo', [1]);
  expect(bench.posted).toHaveLength(1);
  open[0]?.('opened');
  await reactions();
  expect(bench.posted.map(([kind]) => kind)).toEqual([
    'replies',
    'replies',
    'forgotten',
    'forgotten',
    'replies',
  ]);
  expect(bench.replies.at(-1)?.memos).toMatchObject([['memo', { misses: 1 }]]);
});

test('a key that throws when it is to be forgotten harms nothing', () => {
  const fn = Object.assign((n: number) => n, {
    cacheDelete: () => {
      throw new Error('mine');
    },
  });
  const bench = new Bench({ fn });
  bench.server.receive(['delete', 'fn', [1]]);
  bench.server.receive(['delete', 'unknown', [1]]);
  expect(bench.posted).toEqual([['forgotten'], ['forgotten']]);
});

describe('results that functions share', () => {
  const sum = memoize((n: number): number => (n === 0 ? 0 : n + sum(n - 1)), { share: 'all' });
  const groups = (bench: Bench): unknown[] =>
    bench.posted.flatMap((message) => (message[0] === 'harvest' ? [message.slice(1)] : []));

  beforeEach(() => {
    openHarvest();
    sum.cacheClear();
  });

  afterEach(() => {
    forgetHarvest();
    basket().isOpen = false;
  });

  test('are told before the replies of the calls that they came about in', async () => {
    const bench = new Bench({ sum });
    bench.send('sum', [2]);
    await bench.sendAlone('sum', [2]);
    expect(bench.posted.map(([kind]) => kind)).toEqual(['harvest', 'replies', 'replies']);
    expect(groups(bench)).toEqual([[['sum', 1, [0, 1, 2], [0, 1, 3], expect.any(Array)]]]);
  });

  test('are told of no function that cannot be called by name', () => {
    const bench = new Bench({ twice: (n: number) => 2 * sum(n) });
    bench.send('twice', [2]);
    expect(bench.posted.map(([kind]) => kind)).toEqual(['replies']);
  });

  test('are not told once the thread was to forget, if they came about before', async () => {
    const bench = new Bench({ sum });
    const late = AsyncResource.bind(() => sum(3)); // of an earlier call, say
    late();
    bench.server.receive(['delete', 'sum', [1]]);
    await bench.sendAlone('sum', [4]);
    expect(groups(bench)).toEqual([[['sum', 1, [4], [10], expect.any(Array)]]]);
  });

  test('are not told by a thread whose state is in doubt', async () => {
    const { wait } = gates();
    const bench = new Bench({
      fails: async (n: number) => {
        const fail = AsyncResource.bind(() => bench.server.receiveUncaught(new Error(`late ${sum(n)}`)));
        queueMicrotask(fail);
        await wait();
      },
    });
    bench.send('fails', [3]);
    await reactions();
    expect(bench.posted.map(([kind]) => kind)).toEqual(['replies']);
  });
});

describe('an error outside of every promise', () => {
  /** A function that leaves its asynchronous context behind, as a timer would. */
  function leaving(contexts: AsyncResource[], result: () => unknown): AnyFunction {
    return () => {
      contexts.push(new AsyncResource('TIMER'));
      return result();
    };
  }

  test('ends the call that it comes of while that runs, and the thread begins nothing more', async () => {
    const contexts: AsyncResource[] = [];
    const begun: number[] = [];
    const bench = new Bench({
      f: leaving(contexts, () => new Promise(() => {})),
      g: (n: number) => begun.push(n),
    });
    bench.sendGroups([
      ['f', undefined, 1, [1]],
      ['g', undefined, 1, [2]],
    ]);
    bench.send('g', [3]);
    bench.server.receive(['clear']);
    const error = new Error('of a timer');
    contexts[0]?.runInAsyncScope(() => bench.server.receiveUncaught(error));
    await reactions();
    expect(bench.values).toEqual([error]);
    expect(bench.replies[0]?.values).toMatchObject([{ ok: false, spoiled: true }]);
    expect([begun, bench.lateErrors]).toEqual([[], []]);
    bench.send('g', [4]);
    await reactions();
    expect([begun, bench.posted.length]).toEqual([[], 1]);
  });

  test('of a call that was answered is told as late, and no call is harmed', async () => {
    const contexts: AsyncResource[] = [];
    const { open, wait } = gates();
    const bench = new Bench({ f: leaving(contexts, () => 'answered'), wait });
    bench.send('f', [1]);
    await reactions();
    bench.send('wait', [2]);
    contexts[0]?.runInAsyncScope(() => bench.server.receiveUncaught(new Error('late')));
    expect(bench.lateErrors).toEqual(['f']);
    open[0]?.('unharmed');
    await reactions();
    expect(bench.values).toEqual(['answered', 'unharmed']);
  });

  test('of an earlier call of the same function is late too', async () => {
    const contexts: AsyncResource[] = [];
    const { open, wait } = gates();
    const bench = new Bench({ f: leaving(contexts, wait) });
    bench.send('f', [1, 2]);
    open[0]?.('first');
    await reactions();
    contexts[0]?.runInAsyncScope(() => bench.server.receiveUncaught(new Error('late')));
    expect(bench.lateErrors).toEqual(['f']);
    open[1]?.('second');
    await reactions();
    expect(bench.values).toEqual(['first', 'second']);
  });

  test('of nobody is told without a name', () => {
    const bench = new Bench({});
    bench.server.receiveUncaught(new Error('of nobody'));
    expect(bench.lateErrors).toEqual([undefined]);
  });
});

describe('an exit that the engine makes for an error which nobody heard', () => {
  /** Two calls, the first answered and the second running, and the asynchronous contexts they left behind. */
  async function twoCalls() {
    const contexts: AsyncResource[] = [];
    const answers = ['answered', new Promise(() => {})];
    const bench = new Bench({
      f: () => {
        contexts.push(new AsyncResource('TIMER'));
        return answers.shift();
      },
    });
    bench.send('f', [1]);
    await reactions();
    bench.send('f', [2]);
    await reactions();
    const [early, running] = contexts;
    const exits = () => bench.posted.filter(([kind]) => kind === 'late-exit');
    return { server: bench.server, early, running, exits };
  }

  test('is the doing of the call that runs when the error is its own', async () => {
    const { server, running, exits } = await twoCalls();
    running?.runInAsyncScope(() => server.noteUncaught());
    server.receiveExit(1);
    expect(exits()).toEqual([]);
  });

  test('is late when the error was left behind by an earlier call', async () => {
    const { server, early, exits } = await twoCalls();
    early?.runInAsyncScope(() => server.noteUncaught());
    server.receiveExit(1);
    expect(exits()).toEqual([['late-exit', 'f', 1]]);
  });

  test('is not thought of any more once the error was heard', async () => {
    const { server, early, running, exits } = await twoCalls();
    early?.runInAsyncScope(() => {
      server.noteUncaught();
      server.receiveUncaught(new Error('heard'));
    });
    running?.runInAsyncScope(() => server.receiveExit(1));
    expect(exits()).toEqual([]);
    server.receiveExit(1);
    expect(exits()).toEqual([['late-exit', undefined, 1]]);
  });
});

test('whatever the calls do, every number is answered once, in order, and each message is ended once', async () => {
  const kind = fc.constantFrom('value', 'error', 'promise', 'rejection', 'revoked', 'bytes', 'spin');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(kind, { maxLength: 8 }), { maxLength: 8 }), async (messages) => {
      const bench = new Bench({
        value: (n: number) => n,
        error: (n: number) => {
          throw new Error(String(n));
        },
        promise: async (n: number) => n,
        rejection: async (n: number) => Promise.reject(new Error(String(n))),
        revoked: () => {
          throw new Error('was taken back');
        },
        bytes: () => new Uint8Array(40_000),
        spin: () => spin(0.1),
      });
      let seq = 0;
      const expected: unknown[] = [];
      for (const kinds of messages) {
        const groups: CallGroup[] = [];
        const revoked: number[] = [];
        for (const name of kinds) {
          groups.push([name, undefined, 1, [++seq]]);
          if (name === 'revoked') revoked.push(seq);
          if (name === 'value' || name === 'promise') expected.push(seq);
          else if (name === 'error' || name === 'rejection') expected.push(new Error(String(seq)));
          else if (name === 'bytes') expected.push(expect.objectContaining({ kind: 'bytes' }));
          else expected.push(undefined);
        }
        bench.sendGroups(groups, revoked);
      }
      while (bench.replies.filter(({ ended }) => ended).length < messages.length) await reactions();
      expect(bench.values).toEqual(expected);
      let next = 1;
      for (const { first, values, computeMs } of bench.replies) {
        expect([first, computeMs.length]).toEqual([next, values.length]);
        next += values.length;
      }
      expect(bench.control.phase).toBe('queue');
    }),
    { numRuns: 200 },
  );
});

describe('the memos of a thread', () => {
  beforeEach(clearMemos);
  afterEach(() => setAdviser(undefined));

  const list = (n: number): number[] => Array.from({ length: 1000 }, (_, i) => n + i);
  const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
  // Looked at after some computing only.
  const spun = (n: number): number => {
    spin(6);
    return n;
  };

  test.each([
    ['without a bound', { maxsize: null }],
    ['bounded by entries', { maxsize: 500 }],
    ['bounded by bytes', { maxsize: null, maxBytes: 2 ** 30 }],
  ])(
    'are emptied between calls, the heaviest first, when they weigh more than memoBytes: %s',
    async (_name, options) => {
      const heavy = memoize(list, options);
      const light = memoize((n: number): number => n, options);
      const bench = new Bench({ heavy, light, spun }, { memoBytes: 2 ** 20 });
      await bench.sendAlone('light', [1, 2, 3]);
      await bench.sendAlone('heavy', range(0, 100));
      await bench.sendAlone('spun', [0]);
      expect(heavy.cacheInfo()).toMatchObject({ currsize: 100, misses: 100, evictions: 0 });
      expect(bench.advice).toEqual([]);
      await bench.sendAlone('heavy', range(100, 100));
      // Not after each message: weighing is to take a small share of the computing.
      for (let n = 0; n < 500 && heavy.cacheInfo().evictions === 0; n++) await bench.sendAlone('spun', [n]);
      const { currsize, misses, evictions } = heavy.cacheInfo();
      expect([misses, currsize + evictions]).toEqual([200, 200]);
      expect(evictions).toBeGreaterThan(100);
      expect(light.cacheInfo()).toMatchObject({ currsize: 3, evictions: 0 });
      const told = bench.replies
        .flatMap(({ memos }) => memos)
        .findLast((memo) => String(memo).startsWith('heavy,'));
      expect(told).toEqual(['heavy', expect.objectContaining({ currsize, evictions })]);
      expect(bench.advice).toEqual([
        expect.stringMatching(
          /^MEMOPOOL_MEMO_BYTES \| heavy \| its memo weighed about [12] MiB .* 1 MiB .*memoBytes/,
        ),
      ]);
    },
  );

  test('are not emptied within a call, which would compute what it needs again', () => {
    const heavy = memoize(list, { maxsize: null });
    const many = (n: number): number => {
      for (let i = 0; i < n; i++) heavy(i);
      return spun(heavy.cacheInfo().currsize);
    };
    const bench = new Bench({ many }, { memoBytes: 2 ** 20 });
    bench.send('many', [300]);
    expect(bench.values).toEqual([300]);
    expect(heavy.cacheInfo()).toMatchObject({ currsize: 0, evictions: 300 });
    expect(bench.advice).toEqual([expect.stringMatching(/^MEMOPOOL_MEMO_BYTES \| list \| its memo/)]);
  });

  test('are emptied as soon when the calls give promises: what each computes counts', async () => {
    const heavy = memoize(list, { maxsize: null });
    for (const n of range(0, 200)) heavy(n);
    let now = 0;
    const soon = async (): Promise<void> => {
      now += 0.1;
    };
    const clock = { ...systemClock, now: () => now };
    const bench = new Bench({ heavy, soon }, { memoBytes: 2 ** 20, clock });
    let messages = 0;
    for (; messages < 100 && heavy.cacheInfo().evictions === 0; messages++) {
      bench.send('soon', range(0, 15));
      while (bench.replies.filter(({ ended }) => ended).length <= messages) await reactions();
    }
    expect(messages).toBe(4); // 5 ms of computing
  });

  test('without a bound are left alone', async () => {
    const heavy = memoize(list, { maxsize: null });
    const bench = new Bench({ heavy, spun });
    await bench.sendAlone('heavy', range(0, 2000));
    await bench.sendAlone('spun', [1]);
    expect(heavy.cacheInfo()).toMatchObject({ currsize: 2000, evictions: 0 });
  });
});

describe('a memo too small for its recursion', () => {
  afterEach(() => setAdviser(undefined));

  test('is told as it is found, by the name it is called by, or as a part of who called it', async () => {
    const fibOf = () => {
      const fib: AnyFunction = memoize(
        (n: number): number => (n < 2 ? n : Number(fib(n - 1)) + Number(fib(n - 2))),
        {
          maxsize: 2,
        },
      );
      return fib;
    };
    const hidden = fibOf();
    const bench = new Bench({ fib: fibOf(), outer: (n: number) => hidden(n) });
    await bench.sendAlone('fib', [10]);
    await bench.sendAlone('outer', [10]);
    expect(bench.posted.map(([kind]) => kind)).toEqual(['advice', 'replies', 'advice', 'replies']);
    expect(bench.advice).toEqual([
      expect.stringMatching(/^MEMOPOOL_MEMO_TOO_SMALL \| fib \| its memo of maxsize 2 .* at least 3\.$/),
      expect.stringMatching(/^MEMOPOOL_MEMO_TOO_SMALL \| A memoized function inside outer \| its memo/),
    ]);
  });
});
