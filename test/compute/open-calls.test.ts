// Calls that wait for calls of their own, as their thread has them, when things go wrong.
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { setAdviser } from '../../src/compute/advice.ts';
import { call } from '../../src/compute/call.ts';
import { LoopWatch } from '../../src/compute/loop-watch.ts';
import { Server } from '../../src/compute/serve.ts';
import { Control } from '../../src/control.ts';
import type { AnyFunction } from '../../src/types.ts';
import type { FromThread } from '../../src/wire.ts';

afterEach(() => setAdviser(() => {}));

interface Bench {
  readonly control: Control;
  readonly server: Server;
  readonly posted: FromThread[];
  /** Nothing of the thread's own is under way. */
  emptyLoop(): void;
  /** Calls a function without arguments; goes on when it waits. */
  begin(name: string): Promise<void>;
}

function benchOf(functions: Readonly<Record<string, AnyFunction>>): Bench {
  const control = new Control();
  const posted: FromThread[] = [];
  const loop = new EventEmitter();
  const server = new Server({
    control,
    clock: { ...systemClock, now: () => 0 }, // whatever waits to be told together, waits
    watch: new LoopWatch(loop),
    registry: {
      find: async () => () => {},
      found: (name) => functions[name],
      nameOf: () => undefined,
    },
    onBroken: (error) => {
      throw error;
    },
    post: (message) => posted.push(message),
  });
  let last = 0;
  const begin = async (name: string): Promise<void> => {
    control.offer(++last);
    server.receive(['calls', last, [name, undefined, 0, [[]]]]);
    await turns();
  };
  const emptyLoop = () => loop.emit('beforeExit');
  return { control, emptyLoop, server, posted, begin };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('one that fails from outside its promise while others go on is told of at once', async () => {
  let failWaiting = (): void => {};
  const { server, posted, begin } = benchOf({
    one: async () => {
      await call('part', 1);
      failWaiting();
    },
    other: () => call('part', 2),
    waiting: () => {
      failWaiting = AsyncResource.bind(() => server.receiveUncaught(new Error('of a timer')));
      return call('part', 3);
    },
  });
  for (const name of ['one', 'other', 'waiting']) await begin(name);
  server.receive(['answers', [1, 2], [1, 2]]);
  await turns();
  expect(posted.flatMap((message) => (message[0] === 'settled' ? message[1] : []))).toContain(3);
});

test('one that nobody wants any more and that exits is named', async () => {
  const { server, posted, begin } = benchOf({
    exits: () => call('part', 1).catch(() => server.receiveExit(3)),
  });
  await begin('exits');
  server.receive(['cancel', 1]);
  await turns();
  expect(posted).toContainEqual(['late-exit', 'exits', 3]);
});

test('a promise that settles after its call was given up does not tell where the thread stands', async () => {
  const settle: (() => void)[] = [];
  const given = () => new Promise<void>((resolve) => settle.push(resolve));
  const { control, begin, emptyLoop } = benchOf({ given });
  await begin('given');
  emptyLoop();
  await turns();
  expect(control.phase).toBe('queue');
  await begin('given');
  expect(control.phase).toBe('compute');
  settle[0]?.();
  await turns();
  expect(control.phase).toBe('compute');
});
