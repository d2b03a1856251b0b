// Calls that wait for calls of their own, as the dispatcher has them: what becomes of them when they are withdrawn, or with
// their thread. The thread says what a test has it say.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Control } from '../../src/control.ts';
import type { Task } from '../../src/dispatch/dispatcher.ts';
import type { ThreadEvents, ThreadHandle } from '../../src/dispatch/thread.ts';
import { Threads } from '../../src/dispatch/threads.ts';
import { PoolError } from '../../src/errors.ts';
import { MemoPool } from '../../src/pool.ts';
import { type ThreadMessage, WAITING } from '../../src/wire.ts';
import { rejection } from '../fixtures/pools.ts';

class ScriptedThread implements ThreadHandle {
  readonly control = new Control();
  readonly posted: ThreadMessage[] = [];
  isEnded = false;
  readonly events: ThreadEvents;

  constructor(events: ThreadEvents) {
    this.events = events;
  }

  post(message: ThreadMessage): void {
    this.posted.push(message);
  }

  read(): void {}
  hold(): void {}

  async end(): Promise<void> {
    this.isEnded = true;
  }

  deathOf(name: string): PoolError {
    return new PoolError('ERR_WORKER_EXIT', `${name} exited`);
  }

  begin(seq: number): void {
    this.control.take(seq);
    this.control.enter('compute');
  }

  /** The call waits from now on, and the thread is free. */
  open(seq: number): void {
    this.control.enter('queue');
    this.events.onMessage(['replies', seq, true, [WAITING], [0]]);
  }
}

function dispatcherOf(threads: ScriptedThread[]): Threads {
  return new Threads({
    minWorkers: 0,
    maxWorkers: 1,
    queueSize: 10,
    onLateError: () => {},
    onHarvest: () => {},
    onAdvice: () => {},
    startThread: (events) => {
      const thread = new ScriptedThread(events);
      threads.push(thread);
      return thread;
    },
  });
}

function taskOf(name: string, log: string[] = []): Task {
  return {
    name,
    args: [1],
    form: undefined,
    isNested: false,
    parts: 0,
    ask: () => {},
    onOpen: () => {},
    onStuck: () => log.push(`${name} is stuck`),
    onUnstuck: () => log.push(`${name} is not stuck`),
    onSend: () => {},
    onStart: () => {},
    onDone: ({ ok }) => log.push(`${name} is done: ${ok}`),
  };
}

let threads: ScriptedThread[];

function first(): ScriptedThread {
  const [thread] = threads;
  if (thread === undefined) throw new Error('no thread was started');
  return thread;
}

beforeEach(() => {
  vi.useFakeTimers();
  threads = [];
});

afterEach(() => {
  vi.useRealTimers();
});

test('one that was withdrawn before it was heard that it waits is ended with its thread when it runs on', async () => {
  const dispatcher = dispatcherOf(threads);
  const ticket = dispatcher.submit(taskOf('f'));
  await Promise.resolve();
  first().begin(1);
  ticket.cancel();
  first().open(1);
  expect(first().posted).toContainEqual(['cancel', 1]);
  first().control.resume(1);
  vi.advanceTimersByTime(1000);
  expect(first().isEnded).toBe(true);
  await dispatcher.destroy(new Error('enough'));
});

test('a thread that ends leaves no timer behind', async () => {
  const dispatcher = dispatcherOf(threads);
  const ticket = dispatcher.submit(taskOf('f'));
  await Promise.resolve();
  first().begin(1);
  first().open(1);
  ticket.cancel();
  await dispatcher.destroy(new Error('enough'));
  expect(vi.getTimerCount()).toBe(0);
});

test('a thread with nothing to do stays as long as calls wait on it', async () => {
  const dispatcher = dispatcherOf(threads);
  dispatcher.submit(taskOf('f'));
  await Promise.resolve();
  first().begin(1);
  first().open(1);
  vi.advanceTimersByTime(60_000);
  expect(first().isEnded).toBe(false);
  await dispatcher.destroy(new Error('enough'));
});

test('one that was stuck is so no more when its thread has gone and it begins again', async () => {
  const log: string[] = [];
  const dispatcher = dispatcherOf(threads);
  dispatcher.submit(taskOf('f', log));
  await Promise.resolve();
  first().begin(1);
  first().open(1);
  first().events.onMessage(['stuck', 1, 0]);
  first().events.onDeath();
  expect(log).toEqual(['f is stuck', 'f is not stuck']);
  await dispatcher.destroy(new Error('enough'));
});

test('those that can never end are told so when the last that might help them waits for them', async () => {
  const options = { maxsize: 10, maxBytes: null, typed: true, share: 'clone' } as const;
  const dispatcher = dispatcherOf(threads);
  const pool = new MemoPool(
    {
      ...options,
      modules: [],
      builtIns: false,
      maxArgumentBytes: null,
    },
    dispatcher,
  );
  const outcomes = [pool.run('giver', [1]), pool.run('taker', [1])].map(rejection);
  await Promise.resolve();
  for (const seq of [1, 2]) {
    first().begin(seq);
    first().open(seq);
    await Promise.resolve();
  }
  first().events.onMessage(['asks', 1, 1, 0, ['third', 1, [1], 0, [0]]]);
  await Promise.resolve();
  first().begin(3);
  first().events.onMessage(['stuck', 2, 0]); // by the promise of giver, which waits for third
  first().events.onMessage(['asks', 3, 2, 0, ['taker', 1, [1], 0, [0]]]);
  first().open(3);
  expect(await outcomes[1]).toMatchObject({ code: 'ERR_STALLED' });
  await dispatcher.destroy(new Error('enough'));
});
