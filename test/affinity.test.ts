// Calls go where the memo is warm for them: counted by what the memos of real workers compute.
import { expect, test } from 'vitest';
import { byTurn, type Placing } from '../src/dispatch/affinity.ts';
import { findEntry } from '../src/dispatch/entry.ts';
import { ThreadStarter } from '../src/dispatch/thread-starter.ts';
import { Threads } from '../src/dispatch/threads.ts';
import { resolveOptions } from '../src/options.ts';
import { MemoPool } from '../src/pool.ts';
import { closing, moduleUrl } from './fixtures/pools.ts';

const ROUNDS = 40;
const STEP = 500;

/** A pool of two workers; `placing`: how its calls are placed, if not as usual. */
function openPool(placing?: Placing): MemoPool {
  const options = resolveOptions({ workers: 2, functions: moduleUrl('recursions.ts') });
  const starter = new ThreadStarter(
    { ...options, workers: options.maxWorkers, entry: findEntry() },
    () => {},
  );
  const threads = new Threads({
    ...options,
    ...(placing === undefined ? {} : { placing }),
    startThread: (events) => starter.start(events),
    onLateError: () => {},
    onAdvice: () => {},
    onHarvest: () => {},
  });
  return closing(new MemoPool(options, threads));
}

/** Two recursions called at once, now one first and now the other, each further than before; the misses of their memos. */
async function missesOf(pool: MemoPool): Promise<number> {
  await untilBothRun(pool);
  for (let round = 1; round <= ROUNDS; round++) {
    const names = round % 2 === 0 ? ['rabbits', 'cows'] : ['cows', 'rabbits'];
    await Promise.all(names.map((name) => pool.run(name, [round * STEP])));
  }
  const { memos } = pool.stats();
  return Object.values(memos).reduce((sum, { misses }) => sum + misses, 0);
}

// A thread takes over what waits for another to start.
async function untilBothRun(pool: MemoPool): Promise<void> {
  const threads = new Set<unknown>();
  for (let call = 0; threads.size < 2; call += 2) {
    const places = await Promise.all([pool.run('where', [call]), pool.run('where', [call + 1])]);
    for (const thread of places) threads.add(thread);
  }
}

test('two memoized functions that are called in turn keep to a worker each: half the memo misses of any placing', async () => {
  const once = 2 * ROUNDS * STEP;
  const byAffinity = await missesOf(openPool());
  const byWhoIsFree = await missesOf(openPool(byTurn));
  expect(byAffinity).toBeGreaterThanOrEqual(once);
  expect(byAffinity).toBeLessThan(1.2 * once);
  expect(byWhoIsFree).toBeGreaterThan(1.5 * byAffinity);
});
