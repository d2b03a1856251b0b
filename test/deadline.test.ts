// The deadline of a call, on real threads: what counts, and whom it ends.
import { expect, test } from 'vitest';
import type { RunOptions } from '../src/index.ts';
import { behavioursPool, rejection } from './fixtures/pools.ts';

const late = { code: 'ERR_DEADLINE' };

test('a deadline counts the time a call waits for a worker; the call that it leaves is never begun', async () => {
  const pool = behavioursPool();
  const leaver = new AbortController();
  const running = rejection(pool.run('endless', [], { signal: leaver.signal }));
  expect(await rejection(pool.run('count', ['a'], { deadlineMs: 20 }))).toMatchObject({
    ...late,
    details: { name: 'count', deadlineMs: 20 },
  });
  expect(pool.stats()).toMatchObject({ cancelled: 1, queued: 0, flights: 1 });
  leaver.abort();
  await running;
  expect(await pool.fn.count('a')).toBe(1);
});

test('a deadline ends what its last caller waited for, and the pool answers the next call', async () => {
  const pool = behavioursPool();
  const calls = [10, 20].map((deadlineMs) => rejection(pool.run('endless', [], { deadlineMs })));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject(late);
  expect(pool.stats()).toMatchObject({ cancelled: 1, flights: 0 });
  expect(await pool.fn.twice(21)).toBe(42);
  expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 2, joins: 1, errors: 0 });
});

test('a deadline harms no other caller of the same call', async () => {
  const pool = behavioursPool();
  const staying = pool.run('spin', [200]);
  expect(await rejection(pool.run('spin', [200], { deadlineMs: 1 }))).toMatchObject(late);
  expect(await staying).toBe('spun');
});

test('what the front cache has comes before any deadline', async () => {
  const pool = behavioursPool();
  await pool.fn.twice(2);
  expect(await pool.run('twice', [2], { deadlineMs: 0 })).toBe(4);
});

test('an answer that came in time is not late because the main thread was held up', async () => {
  const pool = behavioursPool();
  await pool.fn.twice(1);
  await new Promise((resolve) => setImmediate(resolve)); // next come timers, and only then messages
  const answer = pool.run('twice', [2], { deadlineMs: 200 });
  await null; // it has been sent
  const end = performance.now() + 400;
  while (performance.now() < end);
  expect(await answer).toBe(4);
});

test.each([-1, Number.NaN, Infinity, 2 ** 31, '5', null])(
  'a deadline of %s is refused',
  async (deadlineMs) => {
    const options = { deadlineMs } as unknown as RunOptions;
    expect(await rejection(behavioursPool().run('twice', [1], options))).toMatchObject({
      code: 'ERR_OPTION',
      message: expect.stringContaining(
        "run: option 'deadlineMs': expected milliseconds from 0 to 2147483647",
      ),
    });
  },
);
