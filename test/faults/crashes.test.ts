// Threads that end by themselves: who is told, who begins again, and what is refused from then on.
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPool, type Pool } from '../../src/index.ts';
import { behavioursPool, closing, moduleUrl, rejection } from '../fixtures/pools.ts';

/** The warnings of the process until the test ends. */
function warnings(): { readonly code: string | undefined; readonly text: string }[] {
  const heard: { code: string | undefined; text: string }[] = [];
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation((text, options) => {
    heard.push({ code: (options as { code?: string }).code, text: String(text) });
  });
  onTestFinished(() => emit.mockRestore());
  return heard;
}

test('a call whose thread was ended by what an earlier call left behind begins again, and the culprit is named', async () => {
  const pool = behavioursPool({ workers: 1 });
  const heard = warnings();
  expect(await pool.run('twiceOr', [1, 'exitLater'])).toBe(2);
  expect(await pool.fn.settleLate(7)).toBe(7);
  expect(heard).toEqual([
    { code: 'MEMOPOOL_LATE_ERROR', text: expect.stringMatching(/^twiceOr left .*process\.exit \(code 6\)/) },
  ]);
  expect(pool.stats()).toMatchObject({ workerDeaths: 1, failed: 0 });
});

test('a call that runs while what an earlier call left behind ends its thread begins again', async () => {
  const pool = behavioursPool({ workers: 1 });
  const heard = warnings();
  expect(await pool.fn.exitWhenOpened()).toBe('answered');
  expect(await pool.fn.open()).toBe('opened');
  expect(heard).toEqual([
    { code: 'MEMOPOOL_LATE_ERROR', text: expect.stringMatching(/^exitWhenOpened left .*\(code 7\)/) },
  ]);
  expect(pool.stats()).toMatchObject({ workerDeaths: 1, failed: 0 });
});

test('an exit that does not come about, because its code is none, is an error left behind like another', async () => {
  const pool = behavioursPool({ workers: 1 });
  const heard = warnings();
  expect(await pool.run('twiceOr', [1, 'failToExitLater'])).toBe(2);
  expect(await pool.fn.settleLate(7)).toBe(7);
  expect(await pool.fn.twice(4)).toBe(8);
  expect(heard).toEqual([
    { code: 'MEMOPOOL_LATE_ERROR', text: expect.stringMatching(/^twiceOr left .*"code"/) },
  ]);
  expect(pool.stats()).toMatchObject({ workerDeaths: 0, failed: 0 });
});

test('an exit has the code that was set before it', async () => {
  const pool = behavioursPool({ workers: 1 });
  expect(await rejection(pool.fn.exitAsSet(3))).toMatchObject({
    code: 'ERR_WORKER_EXIT',
    details: { exitCode: 3 },
  });
});

test('what was finished before an exit is told, and not computed again', async () => {
  const pool = behavioursPool({ workers: 1 });
  for (let n = 0; n < 50; n++) await pool.fn.count(`warm ${n}`);
  const answers = ['a', 'b', 'c'].map((label) => pool.fn.count(label));
  await rejection(pool.fn.exit(1));
  expect(await Promise.all(answers)).toEqual([1, 1, 1]);
});

test('a function that ended five threads in ten seconds is refused for a while; others go on', async () => {
  const pool = behavioursPool({ workers: 1 });
  for (let n = 0; n < 5; n++)
    expect(await rejection(pool.fn.exit(n))).toMatchObject({ code: 'ERR_WORKER_EXIT' });
  const refused = await rejection(pool.fn.exit(5));
  expect(refused).toMatchObject({
    code: 'ERR_FUNCTION_CRASHING',
    message: expect.stringMatching(/exit ended 5 worker threads within 10 s and is refused for 30 s.*code 4/),
    cause: { code: 'ERR_WORKER_EXIT' },
  });
  expect(await pool.fn.twice(1)).toBe(2);
  expect(pool.stats().workerDeaths).toBe(5);
  const { hits, misses, joins } = pool.cacheInfo();
  expect(hits + misses + joins).toBe(6); // what is refused is no call
});

test('a hundred calls that would each end their thread end five', async () => {
  const pool = behavioursPool({ workers: 2 });
  const results = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => pool.fn.exit(n)));
  const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'fulfilled'));
  expect(codes.filter((code) => code === 'ERR_WORKER_EXIT').length).toBeLessThanOrEqual(7);
  expect(codes.filter((code) => code === 'ERR_FUNCTION_CRASHING').length).toBeGreaterThanOrEqual(93);
  expect(await pool.fn.twice(1)).toBe(2);
  expect(pool.stats()).toMatchObject({ queued: 0, busy: 0, flights: 0 });
});

test('a function that leaves exits behind is the one that is refused, not those it harms', async () => {
  const pool = behavioursPool({ workers: 1, maxsize: 0 });
  warnings();
  for (let n = 0; n < 5; n++) {
    expect(await pool.run('twiceOr', [n, 'exitLater'])).toBe(2 * n);
    expect(await pool.fn.settleLate(n)).toBe(n);
  }
  expect(await rejection(pool.run('twiceOr', [9, 'exitLater']))).toMatchObject({
    code: 'ERR_FUNCTION_CRASHING',
  });
  expect(await pool.fn.settleLate(7)).toBe(7);
});

test('a module that replaces the global Promise has its calls answered all the same', async () => {
  const pool = closing(createPool({ workers: 1, functions: moduleUrl('replaces-promise.mjs') }));
  const own = pool as unknown as Pool<{ thrice(n: number): Promise<number> }>;
  expect(await own.fn.thrice(2)).toBe(6);
  expect(await own.fn.thrice(3)).toBe(9);
});

test('a module that takes away what the worker needs has its call rejected, not forgotten', async () => {
  const pool = closing(createPool({ workers: 1, functions: moduleUrl('takes-atomics.mjs') }));
  const own = pool as unknown as Pool<{ takeAtomics(): number }>;
  expect(await rejection(own.fn.takeAtomics())).toMatchObject({ code: 'ERR_WORKER_ERROR' });
  expect(await pool.fn.fibonacci(10)).toBe(55n);
});

test('an endless series of errors ends the call that runs, and no flood of warnings comes of it', async () => {
  const pool = closing(createPool({ workers: 1, functions: moduleUrl('floods.mjs') }));
  const heard = warnings();
  const own = pool as unknown as Pool<{ never(): Promise<void> }>;
  expect(await rejection(own.fn.never())).toMatchObject({ message: 'again' });
  expect(heard.length).toBeLessThanOrEqual(100);
  expect(await pool.fn.fibonacci(10)).toBe(55n);
});
