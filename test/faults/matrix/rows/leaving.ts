// Callers who leave through their signals.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import type { Failure, Row, TestPool, Tools } from '../row.ts';

const ABORTED = 'ABORT_ERR';

/** Every worker busy with a call that does not end, until it is freed. */
async function block({ begin, fails, workers }: Tools, pool: TestPool): Promise<() => Promise<unknown>> {
  const leaver = new AbortController();
  const blocking = Array.from({ length: workers }, (_, n) =>
    begin(pool, { name: 'endless', args: [`blocks ${n}`], options: { signal: leaver.signal } }),
  );
  await Promise.all(blocking.map(({ running }) => running));
  return () => {
    leaver.abort();
    return Promise.all(blocking.map(({ answer }) => fails(answer, ABORTED)));
  };
}

export const leaving: readonly Row[] = [
  {
    id: 'abort-before',
    fault: 'the signal was aborted before the call',
    promise: 'an AbortError with the reason as its cause, whatever that is; nothing is counted',
    async run({ open, fails, threadsStarted }) {
      const pool = open();
      for (const reason of [new Error('mine'), 'text', null, 0, { why: 1 }]) {
        const call = pool.run('twice', [1], { signal: AbortSignal.abort(reason) });
        const { name, cause } = await fails(call, ABORTED);
        assert.deepEqual([name, cause], ['AbortError', reason]);
      }
      assert.deepEqual([threadsStarted(), pool.cacheInfo().misses], [0, 0]);
      return 'every call: AbortError with the reason; no thread was started';
    },
  },
  {
    id: 'abort-queued',
    fault: 'a caller aborts while its call waits for a worker',
    promise: 'an AbortError; the call leaves the queue and no thread is ended',
    async run(tools) {
      const { open, fails, threadsStarted, workers } = tools;
      const pool = open();
      const free = await block(tools, pool);
      const started = threadsStarted();
      for (const time of [1, 2]) {
        const leaver = new AbortController();
        const call = fails(pool.run('twice', [time], { signal: leaver.signal }), ABORTED);
        assert.equal(pool.stats().queued, 1);
        leaver.abort('enough');
        assert.equal((await call).cause, 'enough');
        assert.deepEqual([pool.stats().queued, pool.stats().busy], [0, workers]);
      }
      assert.equal(threadsStarted(), started);
      await free();
      return 'both calls: AbortError with the reason; the threads are the same';
    },
  },
  {
    id: 'abort-running',
    fault: 'the only caller aborts while its endless call runs',
    promise: 'an AbortError; the thread is ended, and the next call has another',
    async run({ open, begin, fails }) {
      const pool = open();
      for (const time of [1, 2]) {
        const leaver = new AbortController();
        const { answer, running } = begin(pool, {
          name: 'endless',
          args: [time],
          options: { signal: leaver.signal },
        });
        await running;
        leaver.abort();
        await fails(answer, ABORTED);
        assert.deepEqual([pool.stats().flights, pool.stats().cancelled], [0, time]);
      }
      return 'both calls: AbortError';
    },
  },
  {
    id: 'abort-memoized',
    fault: 'the only caller aborts while a memoized recursion runs',
    promise: 'an AbortError; the recursion stops by itself, and the worker keeps its memo',
    async run({ open, begin, fails, threadsStarted }) {
      const pool = open({ workers: 1 });
      const thread = await pool.run('threadOf', [1]);
      await pool.run('fib', [99]);
      for (const time of [1, 2]) {
        const leaver = new AbortController();
        const call = { name: 'slowDepth', args: [20_000 + time], options: { signal: leaver.signal } };
        const { answer, running } = begin(pool, call);
        await running;
        leaver.abort();
        await fails(answer, ABORTED);
      }
      assert.equal(await pool.run('threadOf', [2]), thread);
      assert.equal(pool.stats().memos['fib']?.currsize, 100);
      assert.deepEqual([pool.stats().workerDeaths, threadsStarted()], [0, 1]);
      return 'both calls: AbortError; thread and memo are the same';
    },
  },
  {
    id: 'abort-others-wait',
    fault: 'one of several callers aborts: the one who started the computation, or another',
    promise: 'only that caller rejects; the others get the value of the same computation',
    async run({ open, begin, fails, openGate }) {
      const pool = open();
      for (const leaving of [0, 1, 2]) {
        const leaver = new AbortController();
        const calls = [0, 1, 2].map((n) => {
          const options = n === leaving ? { signal: leaver.signal } : {};
          return begin(pool, { name: 'gated', args: [`${leaving}`], options });
        });
        const callers = calls.map(({ answer }) => answer);
        await calls[2]?.running;
        const left = fails(callers[leaving] ?? Promise.resolve(), ABORTED);
        leaver.abort();
        await left;
        openGate(`${leaving}`);
        const results = await Promise.allSettled(callers);
        assert.deepEqual(
          results.map(({ status }) => status),
          [0, 1, 2].map((n) => (n === leaving ? 'rejected' : 'fulfilled')),
        );
      }
      const { misses, joins } = pool.cacheInfo();
      assert.deepEqual([misses, joins, pool.stats().cancelled], [3, 6, 0]);
      return 'the one who left: AbortError; the two others: the value, computed once';
    },
  },
  {
    id: 'abort-all',
    fault: 'all callers of one computation abort, one after the other',
    promise: 'it ends when the last has left',
    async run({ open, begin, fails }) {
      const pool = open();
      const leavers = [1, 2, 3].map(() => new AbortController());
      const calls = leavers.map(({ signal }) => begin(pool, { name: 'endless', options: { signal } }));
      await calls[2]?.running;
      for (const [n, leaver] of leavers.entries()) {
        assert.equal(pool.stats().flights, 1);
        leaver.abort();
        await fails(calls[n]?.answer ?? Promise.resolve(), ABORTED);
      }
      assert.deepEqual([pool.stats().flights, pool.stats().cancelled], [0, 1]);
      return 'each: AbortError; with the third the computation is cancelled';
    },
  },
  {
    id: 'abort-landed',
    fault: 'a caller aborts between the reply and the end of the call',
    promise: 'an AbortError or the value, and the result is kept',
    async run({ open }) {
      const pool = open();
      for (const time of [1, 2]) {
        const leaver = new AbortController();
        const abort = () => leaver.abort();
        subscribe('memopool:complete', abort);
        const settled = pool
          .run('twice', [time], { signal: leaver.signal })
          .catch((error: Failure) => error.code);
        assert([ABORTED, 2 * time].includes((await settled) as string | number));
        unsubscribe('memopool:complete', abort);
        assert.equal(await pool.run('twice', [time]), 2 * time);
      }
      assert.deepEqual([pool.cacheInfo().hits, pool.stats().workerDeaths], [2, 0]);
      return 'the caller: one of the two; the next: a hit';
    },
  },
  {
    id: 'abort-thousand',
    fault: '1,000 calls are aborted at once, by one signal or each by its own',
    promise: 'nothing is left in the queue; at most the threads that ran them are ended',
    async run({ open, fails, threadsStarted, workers }) {
      const pool = open();
      await Promise.all([pool.run('spin', [20, 'a']), pool.run('spin', [20, 'b'])]);
      for (const isOne of [true, false]) {
        const before = threadsStarted();
        const one = new AbortController();
        const leavers = Array.from({ length: 1000 }, () => (isOne ? one : new AbortController()));
        const calls = leavers.map(({ signal }, n) =>
          fails(pool.run('spin', [500, `${n}`], { signal }), ABORTED),
        );
        await new Promise((resolve) => setImmediate(resolve)); // sent
        for (const leaver of leavers) leaver.abort();
        await Promise.all(calls);
        const { queued, busy, flights } = pool.stats();
        assert.deepEqual({ queued, busy, flights }, { queued: 0, busy: 0, flights: 0 });
        await pool.run('twice', [before]);
        assert(threadsStarted() - before <= workers);
      }
      return 'every call: AbortError; queue and flights are empty';
    },
  },
  {
    id: 'abort-listeners',
    fault: '10,000 calls have one long-lived signal',
    promise: 'one listener while they wait, none afterwards, no warning',
    async run({ open }) {
      const pool = open();
      const { signal } = new AbortController();
      const calls = Array.from({ length: 10_000 }, (_, n) => pool.run('same', [n % 100], { signal }));
      assert.equal(getEventListeners(signal, 'abort').length, 1);
      await Promise.all(calls);
      assert.equal(getEventListeners(signal, 'abort').length, 0);
      return 'every call: its value';
    },
  },
  {
    id: 'progress-throws',
    fault: 'onProgress throws',
    promise: 'its own caller rejects with that error, and no other',
    async run({ open, begin, openGate }) {
      const pool = open();
      for (const time of [1, 2]) {
        const error = new Error('from onProgress');
        const onProgress = () => {
          throw error;
        };
        const told = pool.run('gated', [`${time}`], { onProgress }).catch((reason: unknown) => reason);
        const untold = begin(pool, { name: 'gated', args: [`${time}`] });
        assert.equal(await told, error);
        await untold.running;
        openGate(`${time}`);
        assert.equal(await untold.answer, 'opened');
      }
      return 'its caller: the error; the other: the value';
    },
  },
];
