// Calls that do not end, or not in time.
import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

export const time: readonly Row[] = [
  {
    id: 'endless',
    fault: 'a function loops for ever, and the call has a timeout',
    promise: 'the timeout; the thread is ended, and the next call has another',
    codes: ['ERR_TIMEOUT'],
    async run({ open, failsTwice }) {
      const pool = open();
      await failsTwice(
        () => pool.run('endless', [], { timeoutMs: 100 }),
        'ERR_TIMEOUT',
        /endless ran longer than its timeoutMs of 100/,
      );
      assert.deepEqual([pool.stats().cancelled, pool.stats().flights], [2, 0]);
      return 'both calls: ERR_TIMEOUT';
    },
  },
  {
    id: 'endless-joined',
    fault: 'a function loops for ever, and its callers have different timeouts',
    promise: 'each gets its own timeout; the thread is ended with the last',
    codes: ['ERR_TIMEOUT'],
    async run({ open, fails }) {
      const pool = open();
      const first = fails(pool.run('endless', [], { timeoutMs: 50 }), 'ERR_TIMEOUT', /of 50/);
      const second = fails(pool.run('endless', [], { timeoutMs: 1000 }), 'ERR_TIMEOUT', /of 1000/);
      await first;
      assert.equal(pool.stats().flights, 1);
      await second;
      assert.deepEqual([pool.stats().cancelled, pool.stats().flights], [1, 0]);
      return 'both callers: ERR_TIMEOUT with their own limits';
    },
  },
  {
    id: 'memo-entries-lost',
    fault: 'a thread that holds a memo is ended',
    promise: 'the entries that went with it are counted',
    codes: ['ERR_TIMEOUT'],
    async run({ open, fails }) {
      const pool = open({ workers: 1 });
      await pool.run('fib', [99]);
      assert.equal(pool.stats().memoEntriesLost, 0);
      await fails(pool.run('endless', [], { timeoutMs: 50 }), 'ERR_TIMEOUT');
      await pool.run('twice', [1]); // by another thread
      assert.equal(pool.stats().memoEntriesLost, 100);
      return 'stats().memoEntriesLost: the 100 entries of the ended thread';
    },
  },
  {
    id: 'never-timeout',
    fault: 'the returned promise never settles, and the call has a timeout',
    promise: 'the timeout',
    codes: ['ERR_TIMEOUT'],
    async run({ open, failsTwice }) {
      const pool = open();
      await failsTwice(() => pool.run('neverWithTimer', [], { timeoutMs: 100 }), 'ERR_TIMEOUT');
      return 'both calls: ERR_TIMEOUT';
    },
  },
  {
    id: 'unsettled',
    fault: "the returned promise never settles, and its thread's event loop is empty",
    promise: 'the waiting callers reject within about 2 s; the process does not end in silence',
    codes: ['ERR_UNSETTLED'],
    limitMs: 15_000,
    async run({ open, fails, failsTwice }) {
      const pool = open();
      const callers = [pool.run('never', [1]), pool.run('never', [1])];
      for (const caller of callers) await fails(caller, 'ERR_UNSETTLED', /never/);
      await failsTwice(() => pool.run('never', [2]), 'ERR_UNSETTLED', /never/);
      return 'both callers, and both calls after them: ERR_UNSETTLED';
    },
  },
  {
    id: 'deadline',
    fault: 'the deadline of a call passes, while it waits for a worker and while it runs',
    promise: 'the deadline, counted from when the call was made',
    codes: ['ERR_DEADLINE'],
    async run({ open, fails, begin, workers }) {
      const pool = open();
      const options = { deadlineMs: 100 };
      await fails(pool.run('endless', ['running'], options), 'ERR_DEADLINE', /deadlineMs/);
      const leaver = new AbortController();
      const blocking = Array.from({ length: workers }, (_, n) =>
        begin(pool, { name: 'endless', args: [`${n}`], options: { signal: leaver.signal } }),
      );
      await Promise.all(blocking.map(({ running }) => running));
      await fails(pool.run('twice', [1], options), 'ERR_DEADLINE', /deadlineMs/);
      leaver.abort();
      await Promise.all(blocking.map(({ answer }) => fails(answer, 'ABORT_ERR')));
      return 'running and waiting: ERR_DEADLINE';
    },
  },
  {
    id: 'timeout-queued',
    fault: 'calls wait for a worker for longer than their timeout',
    promise: 'a timeout counts the running alone',
    async run({ open }) {
      const pool = open();
      const calls = Array.from({ length: 120 }, (_, n) =>
        pool.run('spin', [20, `${n}`], { timeoutMs: 1000 }),
      );
      assert.deepEqual(new Set(await Promise.all(calls)), new Set(['spun']));
      return 'every call: its value';
    },
  },
  {
    id: 'main-blocked',
    fault: 'the main thread is blocked for 2 s',
    promise: 'nothing is lost, no answer that came in time is taken for late',
    async run({ open, begin }) {
      const pool = open();
      const calls = Array.from({ length: 200 }, (_, n) => pool.run('twice', [n]));
      const timed = begin(pool, { name: 'spin', args: [100], options: { timeoutMs: 1000 } });
      await timed.running;
      const end = performance.now() + 2000;
      while (performance.now() < end);
      assert.equal(await timed.answer, 'spun');
      assert.deepEqual(
        await Promise.all(calls),
        calls.map((_, n) => 2 * n),
      );
      return '200 calls, and one with a timeout of 1 s that ran meanwhile: their values';
    },
  },
];
