// A million calls in one turn, ten thousand aborts, a thousand crashes: what the process holds on to afterwards.
// Prints a line of JSON for each; started by bounds.test.ts with --expose-gc.
import { getEventListeners } from 'node:events';
import { createPool } from 'memopool';
import { measure, startedThreads } from './meter.mjs';

const functions = new URL('./functions.mjs', import.meta.url);

async function report(what, pool, run) {
  await run(); // what is made once is made
  const before = await measure();
  const facts = await run();
  const after = await measure();
  console.log(JSON.stringify({ what, before, after, facts, stats: pool.stats(), info: pool.cacheInfo() }));
  await pool.close();
}

function tally(results) {
  const counts = {};
  for (const { status, reason } of results) {
    const outcome = status === 'fulfilled' ? 'fulfilled' : (reason.code ?? reason.name);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function flood(pool) {
  const calls = [];
  for (let n = 0; n < 1e6; n++) calls.push(pool.fn.twice(n));
  const { heapUsed } = process.memoryUsage();
  const results = await Promise.allSettled(calls);
  const wrong = results.filter(({ status, value }, n) => status === 'fulfilled' && value !== 2 * n).length;
  return { ...tally(results), wrong, peakMb: Math.round(heapUsed / 2 ** 20) };
}

const refusing = createPool({ workers: 2, functions, maxsize: 0 });
await report('a million calls in one turn, refused beyond the queue', refusing, () => flood(refusing));

const waiting = createPool({ workers: 2, functions, maxsize: 1000, queueSize: 1e6 });
await report('a million calls in one turn, in a queue that takes them', waiting, () => flood(waiting));

const joining = createPool({ workers: 2, functions, maxsize: 1000 });
await report('a million calls of one key in one turn', joining, async () => {
  await joining.cacheClear();
  return tally(await Promise.allSettled(Array.from({ length: 1e6 }, () => joining.fn.twice(1))));
});

const aborting = createPool({ workers: 2, functions, maxsize: 0 });
await report('ten thousand aborts, of calls that wait and of calls that run', aborting, async () => {
  const shared = new AbortController();
  const calls = [];
  for (let n = 0; n < 5000; n++) calls.push(aborting.run('later', [n], { signal: shared.signal }));
  const own = Array.from({ length: 5000 }, () => new AbortController());
  for (const [n, { signal }] of own.entries())
    calls.push(aborting.run('sum', [n], { signal, timeoutMs: 60_000 }));
  await new Promise((resolve) => setImmediate(resolve));
  shared.abort();
  for (const controller of own) controller.abort();
  const counts = tally(await Promise.allSettled(calls));
  const listeners = [shared, ...own].reduce(
    (sum, { signal }) => sum + getEventListeners(signal, 'abort').length,
    0,
  );
  return { ...counts, listenersOnSignals: listeners };
});

const crashing = createPool({ workers: 2, functions, maxsize: 0 });
const startedBefore = startedThreads();
await report('five hundred crashes', crashing, async () => {
  const results = [];
  for (let n = 0; n < 500; n++) {
    results.push(...(await Promise.allSettled([crashing.fn.exitOr(n, true), crashing.fn.exitOr(n, false)])));
  }
  return { ...tally(results), started: startedThreads() - startedBefore };
});
