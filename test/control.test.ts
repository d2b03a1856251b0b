import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { Control, MOST_SENT } from '../src/control.ts';
import type { Phase } from '../src/types.ts';

describe('the control block of a thread', () => {
  test('tells the other side which phase the thread is in', () => {
    const worker = new Control();
    const main = new Control(worker.buffer);
    expect(main.phase).toBe('queue');
    for (const phase of ['load', 'compute', 'convert', 'encode', 'queue'] satisfies Phase[]) {
      worker.enter(phase);
      expect(main.phase).toBe(phase);
    }
  });

  test('a call is taken once, and not after it was taken back', () => {
    const control = new Control();
    control.offer(1);
    control.offer(2);
    expect(control.take(1)).toBe(true);
    expect(control.take(1)).toBe(false);
    expect(control.revoke(1)).toBe(false);
    expect(control.revoke(2)).toBe(true);
    expect(control.revoke(2)).toBe(false);
    expect(control.take(2)).toBe(false);
  });

  test('a call that was never offered can be neither taken nor taken back', () => {
    const control = new Control();
    expect([control.take(7), control.revoke(7)]).toEqual([false, false]);
  });

  test('a number is used again when as many calls have passed as may be sent', () => {
    const control = new Control();
    control.offer(3);
    expect(control.revoke(3)).toBe(true);
    control.offer(3 + MOST_SENT);
    expect(control.take(3 + MOST_SENT)).toBe(true);
  });

  test.each([1, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 33 - 2, 5 * 2 ** 32])(
    'a call waits, then is current, then finished: from number %d on, past the end of 32 bits',
    (first) => {
      const control = new Control();
      const calls = [first, first + 1, first + 2, first + 3];
      if (first > 1) {
        control.offer(first - 1);
        control.take(first - 1);
        control.enter('queue');
      }
      for (const seq of calls) control.offer(seq);
      const stages = () => calls.map((seq) => control.stageOf(seq));
      expect(stages()).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
      for (const [n, seq] of calls.entries()) {
        expect(control.take(seq)).toBe(true);
        control.enter('compute');
        const finished = new Array<string>(n).fill('finished');
        const waiting = new Array<string>(3 - n).fill('waiting');
        expect(stages()).toEqual([...finished, 'current', ...waiting]);
        control.enter('queue');
        expect(stages()).toEqual([...finished, 'finished', ...waiting]);
      }
    },
  );

  test('a call is current from the moment in which it can no more be taken back', () => {
    const control = new Control();
    control.offer(1);
    control.take(1);
    expect(control.stageOf(1)).toBe('current');
    expect(control.phase).toBe('load');
  });

  test('a call that was taken back leaves the thread at rest', () => {
    const control = new Control();
    control.offer(1);
    control.revoke(1);
    control.take(1);
    expect(control.phase).toBe('queue');
    expect(control.stageOf(1)).toBe('finished');
  });

  test('tells how long the function has been running, over the clocks of both threads', () => {
    const control = new Control();
    control.enter('compute');
    const elapsed = control.runningMs;
    expect(elapsed).toBeGreaterThanOrEqual(0);
    while (control.runningMs <= elapsed); // goes on
  });

  test('with two threads at it, each call is either taken or taken back, and who could not take it back sees it begun', {
    timeout: 60_000,
  }, async () => {
    const count = 300_000;
    const control = new Control();
    const offered = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL('./fixtures/taker.mjs', import.meta.url), {
      workerData: { buffer: control.buffer, offered: offered.buffer, count },
    });
    await once(worker, 'message');
    const revoked: number[] = [];
    const unseen: number[] = [];
    for (let seq = 1; seq <= count; seq++) {
      control.offer(seq);
      Atomics.store(offered, 0, seq);
      for (let turn = seq % 40; turn > 0; turn--) Atomics.load(offered, 0); // any moment of the other's
      if (control.revoke(seq)) revoked.push(seq);
      else if (control.stageOf(seq) === 'waiting') unseen.push(seq);
      while (seq % MOST_SENT === 0 && control.stageOf(seq) !== 'finished');
    }
    const [taken] = (await once(worker, 'message')) as [number[]];
    await worker.terminate();
    expect(unseen).toEqual([]);
    expect(taken.length + revoked.length).toBe(count);
    expect(new Set([...taken, ...revoked]).size).toBe(count);
  });
});
