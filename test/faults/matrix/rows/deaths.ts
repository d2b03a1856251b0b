// Threads that end: process.exit, the heap, and errors outside of every call.
import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

export const deaths: readonly Row[] = [
  {
    id: 'exit',
    fault: 'a function calls process.exit(3)',
    promise:
      'every joined caller gets the exit code, the function and the thread; not cached, not retried; the thread is replaced',
    codes: ['ERR_WORKER_EXIT'],
    async run({ open, fails }) {
      const pool = open();
      for (const deaths of [1, 2]) {
        const callers = [pool.run('exit', [3]), pool.run('exit', [3])];
        for (const caller of callers) {
          const { details } = await fails(caller, 'ERR_WORKER_EXIT', /exit.*process\.exit.*code 3/);
          const { name, exitCode, worker } = details ?? {};
          assert.deepEqual([name, exitCode, typeof worker], ['exit', 3, 'number']);
        }
        const { workerDeaths, failed } = pool.stats();
        assert.deepEqual({ workerDeaths, failed }, { workerDeaths: deaths, failed: deaths });
      }
      assert.equal(pool.peek('exit', [3]), undefined);
      return 'both callers: ERR_WORKER_EXIT with exit code, function and thread, after one death; a second call alike';
    },
  },
  {
    id: 'exit-in-company',
    fault: 'a function calls process.exit(0) while other calls wait for the same thread',
    promise: 'it takes no other call with it',
    codes: ['ERR_WORKER_EXIT'],
    async run({ open, fails }) {
      const pool = open();
      const before = Array.from({ length: 50 }, (_, n) => pool.run('twice', [n]));
      const exit = fails(pool.run('exit', [0]), 'ERR_WORKER_EXIT', /code 0/);
      const after = Array.from({ length: 50 }, (_, n) => pool.run('twice', [100 + n]));
      assert.deepEqual(
        await Promise.all([...before, ...after]),
        [...before, ...after].map((_, n) => (n < 50 ? 2 * n : 100 + 2 * n)),
      );
      await exit;
      assert.equal(pool.stats().workerDeaths, 1);
      return 'its caller: ERR_WORKER_EXIT; the 100 other calls: their values';
    },
  },
  {
    id: 'exit-on-import',
    fault: 'a module calls process.exit while it is imported',
    promise: 'the same error on the second call as on the first',
    codes: ['ERR_MODULE_LOAD'],
    async run({ openBroken, moduleUrl, failsTwice }) {
      const pool = openBroken({ functions: moduleUrl('modules/exits.js') });
      await failsTwice(
        () => pool.run('any', [1]),
        'ERR_MODULE_LOAD',
        /process\.exit \(code 4\) while it was imported/,
      );
      return 'both calls: ERR_MODULE_LOAD with the exit code';
    },
  },
  {
    id: 'heap',
    fault: "a worker's heap is exhausted",
    promise: 'its caller gets the limit and the option; other calls are unaffected',
    codes: ['ERR_WORKER_MEMORY'],
    async run({ open, fails }) {
      const pool = open({ workerMemoryMb: 64 });
      const others = Array.from({ length: 5 }, (_, n) => pool.run('dawdle', [20, `before ${n}`]));
      const full = fails(pool.run('fillHeap', []), 'ERR_WORKER_MEMORY', /64 MB.*workerMemoryMb/);
      others.push(...Array.from({ length: 5 }, (_, n) => pool.run('dawdle', [20, `after ${n}`])));
      assert.deepEqual(
        await Promise.all(others),
        others.map(() => 'dawdled'),
      );
      await full;
      assert.equal(pool.stats().workerDeaths, 1);
      return 'its caller: ERR_WORKER_MEMORY with limit and option; 10 other calls: their values';
    },
  },
  {
    id: 'error-from-timer',
    fault: 'a timer throws, or a promise is rejected unheard, while the call runs',
    promise: 'this call rejects with that error; the thread is replaced',
    async run({ open, threadsStarted }) {
      const pool = open({ workers: 1 });
      for (const [name, words] of [
        ['failFromTimer', /^thrown by a timer$/],
        ['failFromRejection', /^rejected in passing$/],
      ] as const) {
        const before = threadsStarted();
        for (const _time of [1, 2]) {
          const call = pool.run(name, []);
          const error = await call.catch((reason: unknown) => reason);
          assert(error instanceof RangeError);
          assert.match(error.message, words);
        }
        await pool.run('twice', [before]);
        assert.equal(threadsStarted() - before, before === 0 ? 3 : 2);
      }
      return "the call: the timer's own RangeError, the promise's own RangeError; a second call alike; a new thread each time";
    },
  },
  {
    id: 'error-left-behind',
    fault: 'a timer left behind throws after its call was answered',
    promise: 'the result stands; the next call is not harmed; a warning names the culprit',
    warnings: ['MEMOPOOL_LATE_ERROR'],
    async run({ open, warned }) {
      const pool = open();
      for (const name of ['leaveTimerBehind', 'leaveRejectionBehind']) {
        for (const time of [1, 2]) {
          assert.equal(await pool.run(name, [time]), 'answered');
          const innocent = Array.from({ length: 4 }, (_, n) =>
            pool.run('dawdle', [20, `${name} ${time} ${n}`]),
          );
          assert.deepEqual(
            await Promise.all(innocent),
            innocent.map(() => 'dawdled'),
          );
        }
      }
      assert.match((await warned('MEMOPOOL_LATE_ERROR')).message, /leaveTimerBehind .*left behind/);
      assert.deepEqual([pool.stats().failed, pool.stats().workerDeaths], [0, 0]);
      return 'every call: its value; a warning MEMOPOOL_LATE_ERROR that names the function';
    },
  },
  {
    id: 'exit-left-behind',
    fault: 'a timer left behind calls process.exit while an innocent call runs',
    promise: 'the innocent call is computed once more and gets its value; a warning names the culprit',
    warnings: ['MEMOPOOL_LATE_ERROR'],
    async run({ open, warned }) {
      const pool = open({ workers: 1 });
      for (const time of [1, 2]) {
        assert.equal(await pool.run('exitLater', [time]), 'answered');
        assert.equal(await pool.run('dawdle', [50, `${time}`]), 'dawdled');
      }
      assert.match((await warned('MEMOPOOL_LATE_ERROR')).message, /exitLater/);
      assert.deepEqual([pool.stats().failed, pool.stats().workerDeaths], [0, 2]);
      return 'the innocent calls: their values; a warning MEMOPOOL_LATE_ERROR that names the function';
    },
  },
  {
    id: 'unheard',
    fault: 'a function removes the listeners of its thread, and a timer of its throws',
    promise: 'its caller gets that the thread failed, and the error as the cause',
    codes: ['ERR_WORKER_ERROR'],
    async run({ open, failsTwice }) {
      const pool = open();
      const { cause } = await failsTwice(
        () => pool.run('failUnheard', []),
        'ERR_WORKER_ERROR',
        /nobody listens/,
      );
      assert.equal((cause as Error).message, 'nobody listens');
      return 'its caller: ERR_WORKER_ERROR, whose cause is the error; a second call alike';
    },
  },
  {
    id: 'junk',
    fault: 'a function posts messages of its own to the main thread',
    promise: 'they harm nothing',
    async run({ open }) {
      const pool = open();
      for (const time of [1, 2]) assert.equal(await pool.run('postJunk', [time]), 'posted');
      return 'the call: its value';
    },
  },
  {
    id: 'crash-loop',
    fault: 'every call of one function crashes its worker',
    promise: 'after 5 crashes in 10 s it is refused at once for 30 s; other functions go on',
    codes: ['ERR_FUNCTION_CRASHING', 'ERR_WORKER_EXIT'],
    async run({ open, fails }) {
      const pool = open();
      for (let n = 1; n <= 5; n++) await fails(pool.run('exit', [n]), 'ERR_WORKER_EXIT');
      for (let n = 6; n <= 20; n++) await fails(pool.run('exit', [n]), 'ERR_FUNCTION_CRASHING', /exit/);
      assert.equal(pool.stats().workerDeaths, 5);
      await fails(pool.run('exitAgain', [1]), 'ERR_WORKER_EXIT');
      assert.equal(await pool.run('twice', [4]), 8);
      return 'five calls: ERR_WORKER_EXIT; the next 15, without a death: ERR_FUNCTION_CRASHING; other functions: as ever';
    },
  },
];
