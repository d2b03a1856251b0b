// A promise that nothing is left to settle: its callers hear of it, and whoever waits for anything at all is left alone.
// On real threads.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../../src/index.ts';
import { WAITS } from '../fixtures/modules/waiting.ts';
import { closing, moduleUrl, rejection } from '../fixtures/pools.ts';

type Waiting = typeof import('../fixtures/modules/waiting.ts');

function waitingPool(options: PoolOptions = {}): Pool<Waiting> {
  return closing(createPool<Waiting>({ workers: 1, functions: moduleUrl('waiting.ts'), ...options }));
}

describe('a promise that nothing is left to settle', () => {
  test('rejects its call with ERR_UNSETTLED, each time, and the thread is kept', async () => {
    const pool = waitingPool();
    const thread = await pool.fn.thread(1);
    for (let time = 0; time < 3; time++) {
      const error = await rejection(pool.fn.never());
      expect(error).toMatchObject({
        name: 'PoolError',
        code: 'ERR_UNSETTLED',
        message: expect.stringContaining('never returned a promise that nothing is left to settle'),
        details: { name: 'never' },
      });
    }
    expect(await pool.fn.thread(2)).toBe(thread);
    expect(pool.stats()).toMatchObject({ failed: 3, workerDeaths: 0, busy: 0 });
    const { hits, misses, joins } = pool.cacheInfo();
    expect([hits, misses, joins]).toEqual([0, 5, 0]);
  });

  test('rejects every caller who joined', async () => {
    const pool = waitingPool();
    const calls = await Promise.allSettled([pool.fn.never(), pool.fn.never(), pool.fn.never()]);
    expect(calls).toMatchObject(calls.map(() => ({ reason: { code: 'ERR_UNSETTLED' } })));
    expect(pool.cacheInfo()).toMatchObject({ misses: 1, joins: 2 });
  });

  test.each(['neverAfterWork', 'neverThenable', 'unrefTimer'] as const)('is told of %s too', async (name) => {
    const error = await rejection(waitingPool().run(name, []));
    expect(error).toMatchObject({ code: 'ERR_UNSETTLED' });
  });

  test('harms none of the calls around it', async () => {
    const pool = waitingPool({ maxsize: 0 });
    const calls = await Promise.allSettled([
      pool.fn.wait('timer'),
      pool.fn.never('a'),
      pool.fn.wait('file'),
      pool.fn.never('b'),
      pool.fn.never('c'),
      pool.fn.wait('immediates'),
    ]);
    expect(calls.map((call) => (call.status === 'fulfilled' ? call.value : call.reason.code))).toEqual([
      'timer',
      'ERR_UNSETTLED',
      'file',
      'ERR_UNSETTLED',
      'ERR_UNSETTLED',
      'immediates',
    ]);
  });

  test('that is settled later by another call changes nothing any more', async () => {
    const pool = waitingPool();
    await rejection(pool.fn.never());
    expect(await pool.fn.settleEarlier()).toBe('mine');
    expect(await pool.fn.wait('timer')).toBe('timer');
  });

  test('waits for its time limit where an interval keeps the event loop alive', async () => {
    const pool = waitingPool();
    const error = await rejection(pool.run('neverBesideInterval', [], { timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT' });
  });
});

describe('a call that waits', () => {
  test.each(WAITS)('for %s gets its value', async (kind) => {
    const pool = waitingPool();
    expect(await pool.fn.wait(kind)).toBe(kind);
    expect(await rejection(pool.fn.never())).toMatchObject({ code: 'ERR_UNSETTLED' });
  });
});

describe('on the main thread, with inlineMs', () => {
  const script = fileURLToPath(new URL('../fixtures/unsettled-inline.mjs', import.meta.url));

  test('the process does not end in silence, and its listener is there only while calls wait', async () => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const out = JSON.parse(await text(child.stdout)) as unknown;
    expect(out).toEqual({
      inline: true,
      codes: ['ERR_UNSETTLED', 'ERR_UNSETTLED', 'ERR_UNSETTLED'],
      whileWaiting: 1,
      afterwards: 0,
      next: 84,
    });
  });
});
