import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { LoopWatch } from '../../src/compute/loop-watch.ts';

/** A loop that runs empty when told to, and what holds it. */
function loop(): { watch: LoopWatch; runEmpty: () => void; listeners: () => number; held: () => boolean } {
  const events = new EventEmitter();
  let isHeld = true;
  const hold = {
    ref: () => {
      isHeld = true;
    },
    unref: () => {
      isHeld = false;
    },
  };
  return {
    watch: new LoopWatch(events as never, hold),
    runEmpty: () => events.emit('beforeExit'),
    listeners: () => events.listenerCount('beforeExit'),
    held: () => isHeld,
  };
}

const gaveUp = () => new Error('gave up');

describe('a watch of the event loop', () => {
  test('listens, and lets go of what holds the loop, while somebody waits and no longer', () => {
    const { watch, listeners, held } = loop();
    const [first, second] = [() => {}, () => {}];
    expect([listeners(), held()]).toEqual([0, true]);
    watch.add(first);
    watch.add(first);
    watch.add(second);
    expect([listeners(), held()]).toEqual([1, false]);
    watch.delete(first);
    watch.delete(first);
    expect([listeners(), held()]).toEqual([1, false]);
    watch.delete(second);
    watch.delete(second);
    expect([listeners(), held()]).toEqual([0, true]);
  });

  test('tells everybody who waits, once, but for one who has left meanwhile', () => {
    const { watch, runEmpty, listeners, held } = loop();
    const told: string[] = [];
    const first = () => {
      told.push('first');
      watch.delete(second);
    };
    const second = () => told.push('second');
    const third = () => told.push('third');
    for (const waiting of [first, second, third]) watch.add(waiting);
    runEmpty();
    expect(told).toEqual(['first', 'third']);
    expect([listeners(), held()]).toEqual([0, true]);
    runEmpty();
    expect(told).toHaveLength(2);
  });
});

describe('what is awaited under a watch', () => {
  test('settles as its promise does', async () => {
    const { watch, listeners, held } = loop();
    const error = new Error('mine');
    expect(await watch.settled(Promise.resolve(1), gaveUp)).toBe(1);
    await expect(watch.settled(Promise.reject(error), gaveUp)).rejects.toBe(error);
    expect([listeners(), held()]).toEqual([0, true]);
  });

  test('rejects when the loop runs empty, and what comes later is not heard', async () => {
    const { watch, runEmpty, listeners, held } = loop();
    let fail = (_: Error): void => {};
    const promise = new Promise((_, reject) => {
      fail = reject;
    });
    const awaited = watch.settled(promise, gaveUp);
    runEmpty();
    await expect(awaited).rejects.toThrow('gave up');
    expect([listeners(), held()]).toEqual([0, true]);
    fail(new Error('too late')); // unhandled, it would fail the run
  });
});
