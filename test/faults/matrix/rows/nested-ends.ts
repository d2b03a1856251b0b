// Calls that wait for calls of their own when something ends: a thread, a caller's patience, the pool.
import assert from 'node:assert/strict';
import type { RunOptions } from '../../../../src/index.ts';
import type { Row, TestPool, Tools } from '../row.ts';

const ABORTED = 'ABORT_ERR';

interface Leaving {
  readonly code: string;
  options(): RunOptions;
  /** When the part has begun. */
  readonly act?: () => void;
}

/** A caller leaves twice while a part of its call runs: one that stops when it is asked to, and one that does not. */
async function leave(tools: Tools, { code, options, act = () => {} }: Leaving): Promise<void> {
  const { openNesting, nested, begin, fails, workers } = tools;
  const pool = openNesting();
  for (const [label, part] of ['stoppable', 'stoppable', 'stubborn', 'stubborn'].entries()) {
    const call = { name: 'both', args: [label, part, label], begins: `${part} ${label}`, options: options() };
    const { answer, running } = begin(pool, call);
    const left = fails(answer, code);
    await running;
    act();
    await left;
    assert.equal(pool.stats().flights, 0);
    const fresh = Array.from({ length: workers }, (_, n) =>
      pool.run('both', [label, 'twice', 10 * label + n]),
    );
    for (const [n, value] of (await Promise.all(fresh)).entries())
      assert.deepEqual(value, [2 * label, 20 * label + 2 * n]);
  }
  nested(pool);
}

export const nestedEnds: readonly Row[] = [
  {
    id: 'nested-exit',
    fault: 'a part of a call exits its thread, which may be the one where the call waits',
    promise:
      'the whole gets the exit code, the function and the thread; no part is retried; others are unaffected',
    codes: ['ERR_WORKER_EXIT'],
    async run({ openNesting, nested, failsTwice }) {
      const pool = openNesting();
      const error = await failsTwice(() => pool.run('both', [1, 'exit', 3]), 'ERR_WORKER_EXIT');
      assert.deepEqual([error.details?.['name'], error.details?.['exitCode']], ['exit', 3]);
      const others = await Promise.all([
        pool.run('both', [2, 'twice', 3]),
        pool.run('tolerant', [2, 'exit', 4]),
      ]);
      assert.deepEqual(others, [
        [4, 6],
        [4, 'ERR_WORKER_EXIT'],
      ]);
      assert.deepEqual([pool.cacheInfo('exit').misses, pool.stats().workerDeaths], [3, 3]);
      nested(pool);
      return 'the whole: ERR_WORKER_EXIT of the part, after one death; one that catches it, and another: their values';
    },
  },
  {
    id: 'nested-heap',
    fault: "a part of a call exhausts its worker's heap",
    promise: 'the whole gets the limit and the option; no part is retried; others are unaffected',
    codes: ['ERR_WORKER_MEMORY'],
    async run({ openNesting, nested, fails }) {
      const pool = openNesting({ workerMemoryMb: 64 });
      const whole = fails(pool.run('both', [1, 'fillHeap']), 'ERR_WORKER_MEMORY', /workerMemoryMb/);
      const others = Array.from({ length: 10 }, (_, n) => pool.run('both', [n, 'twice', n + 1]));
      for (const [n, value] of (await Promise.all(others)).entries())
        assert.deepEqual(value, [2 * n, 2 * n + 2]);
      await whole;
      assert.deepEqual([pool.cacheInfo('fillHeap').misses, pool.stats().workerDeaths], [1, 1]);
      nested(pool);
      return 'the whole: ERR_WORKER_MEMORY with limit and option, after one death; 10 other calls: their values';
    },
  },
  {
    id: 'nested-crash-loop',
    fault: 'every part of one function crashes its worker',
    promise:
      'that function is refused after 5 crashes; those that call it are not, nor what they wait for else',
    codes: ['ERR_FUNCTION_CRASHING', 'ERR_WORKER_EXIT'],
    async run({ openNesting, nested, fails }) {
      const pool = openNesting();
      for (let n = 0; n < 5; n++) await fails(pool.run('both', [n, 'exitAgain', n]), 'ERR_WORKER_EXIT');
      for (let n = 5; n < 10; n++)
        await fails(pool.run('both', [n, 'exitAgain', n]), 'ERR_FUNCTION_CRASHING');
      assert.deepEqual(await pool.run('both', [20, 'twice', 21]), [40, 42]);
      assert.equal(pool.stats().workerDeaths, 5);
      nested(pool);
      return 'five calls: ERR_WORKER_EXIT; the next 5, without a death: ERR_FUNCTION_CRASHING; other parts: as ever';
    },
  },
  {
    id: 'nested-thread-ends',
    fault: 'a thread is ended by another call while a call waits on it for its parts',
    promise: 'what waits begins again, and goes on from what is finished; the other call alone rejects',
    codes: ['ERR_WORKER_EXIT'],
    async run({ openNesting, nested, begin, fails, openGate }) {
      const pool = openNesting({ workers: 1 });
      const { answer, running } = begin(pool, {
        name: 'both',
        args: [1, 'gated', 'x'],
        begins: 'gated x',
      });
      await running;
      const again = begin(pool, { name: 'gated', args: ['x'] });
      await fails(pool.run('exit', [3]), 'ERR_WORKER_EXIT');
      await again.running;
      openGate('x');
      assert.deepEqual(await Promise.all([answer, again.answer]), [[2, 'opened'], 'opened']);
      assert.deepEqual([pool.cacheInfo('twice').misses, pool.stats().workerDeaths], [1, 1]);
      nested(pool);
      return 'the call that waited: its value, with nothing finished computed again; the other: ERR_WORKER_EXIT';
    },
  },
  {
    id: 'nested-abort',
    fault: 'the only caller aborts while parts of its call run',
    promise: 'an AbortError; the parts stop, or their threads are ended, and the pool is free again',
    async run(tools) {
      let leaver = new AbortController();
      await leave(tools, {
        code: ABORTED,
        options: () => {
          leaver = new AbortController();
          return { signal: leaver.signal };
        },
        act: () => leaver.abort(),
      });
      return 'every call: AbortError; further calls: their values';
    },
  },
  {
    id: 'nested-timeout',
    fault: 'the time limit of a call passes while its parts run',
    promise: 'ERR_TIMEOUT; the parts stop, or their threads are ended, and the pool is free again',
    codes: ['ERR_TIMEOUT'],
    async run(tools) {
      await leave(tools, { code: 'ERR_TIMEOUT', options: () => ({ timeoutMs: 200 }) });
      return 'every call: ERR_TIMEOUT; further calls: their values';
    },
  },
  {
    id: 'nested-deadline',
    fault: 'the deadline of a call passes while its parts run',
    promise: 'ERR_DEADLINE; the parts stop, or their threads are ended, and the pool is free again',
    codes: ['ERR_DEADLINE'],
    async run(tools) {
      await leave(tools, { code: 'ERR_DEADLINE', options: () => ({ deadlineMs: 1000 }) });
      return 'every call: ERR_DEADLINE; further calls: their values';
    },
  },
  {
    id: 'nested-shared',
    fault: 'a caller aborts while another caller, and another call, want a part of its call',
    promise: 'that part goes on and is computed once; what is finished stays',
    async run({ openNesting, nested, begin, fails, openGate }) {
      const pool = openNesting();
      const leaver = new AbortController();
      const { answer, running } = begin(pool, {
        name: 'both',
        args: [1, 'gated', 'x'],
        begins: 'gated x',
        options: { signal: leaver.signal },
      });
      await running;
      const others = [pool.run('gated', ['x']), pool.run('both', [2, 'gated', 'x'])];
      const isShared = () => pool.cacheInfo('gated').joins === 2 && pool.peek('twice', [1]) !== undefined;
      while (!isShared()) await new Promise((resolve) => setImmediate(resolve));
      leaver.abort();
      await fails(answer, ABORTED);
      openGate('x');
      assert.deepEqual(await Promise.all(others), ['opened', [4, 'opened']]);
      assert.deepEqual(await pool.run('both', [1, 'gated', 'x']), [2, 'opened']);
      const { misses, errors } = pool.cacheInfo('gated');
      assert.deepEqual([misses, errors, pool.cacheInfo('twice').misses], [1, 0, 2]);
      nested(pool, 6);
      return 'the one who left: AbortError; the others: their values, the part computed once';
    },
  },
  {
    id: 'abort-combining',
    fault: 'a caller aborts while the parts of its call are combined',
    promise: 'only that caller rejects; the computation ends when its last caller has left',
    async run({ openNesting, nested, begin, fails, openGate, workers }) {
      const parts = workers === 1 ? 6 : 14; // four a worker, by halves
      const leaver = new AbortController();
      const whole = (pool: TestPool, options: RunOptions) =>
        begin(pool, { name: 'countGated', args: ['x', 0, 1024], begins: 'combine x', options });

      const shared = openNesting();
      const leaving = whole(shared, { signal: leaver.signal });
      const staying = whole(shared, {});
      await staying.running;
      leaver.abort();
      await fails(leaving.answer, ABORTED);
      assert.equal(shared.stats().flights, 1);
      openGate('x');
      assert.deepEqual(await staying.answer, { from: 0, to: 1024, label: 'x' });

      const lone = openNesting(); // whose first call is divided, as nothing is known of what it takes
      const last = new AbortController();
      const only = whole(lone, { signal: last.signal });
      await only.running;
      last.abort();
      await fails(only.answer, ABORTED);
      assert.deepEqual([lone.stats().flights, lone.stats().cancelled], [0, 1]);
      assert.deepEqual(await lone.run('twice', [1]), 2);
      for (const pool of [shared, lone]) nested(pool, parts);
      return 'one of two: AbortError, and the other its value; the last: AbortError, and the computation is cancelled';
    },
  },
  {
    id: 'nested-close',
    fault: 'close() while calls wait for calls',
    promise: 'what was called before is answered, with the calls that it makes from then on',
    async run({ openNesting, nested }) {
      const pool = openNesting();
      const whole = pool.run('chain', [100]);
      const closed = pool.close();
      assert.equal(await whole, 100);
      await closed;
      nested(pool, 100);
      return 'the call: its value';
    },
  },
  {
    id: 'nested-close-timeout',
    fault: 'close({ timeoutMs }) while calls wait for calls that do not end',
    promise: 'the whole and its parts reject by name; the threads end',
    codes: ['ERR_POOL_CLOSED'],
    async run({ openNesting, nested, begin, fails }) {
      const pool = openNesting();
      const call = { name: 'both', args: [1, 'stubborn', 5], begins: 'stubborn 5' };
      const { answer, running } = begin(pool, call);
      const part = pool.run('stubborn', [5]);
      await running;
      const failures = [answer, part].map((one) => fails(one, 'ERR_POOL_CLOSED'));
      await Promise.all([...failures, pool.close({ timeoutMs: 50 })]);
      nested(pool);
      return 'both: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'nested-clear',
    fault: 'the cache is cleared while calls wait for calls',
    promise: 'the callers get their values; of what began before nothing comes back into the cache',
    async run({ openNesting, nested, begin, openGate }) {
      const pool = openNesting();
      const call = { name: 'both', args: [1, 'gated', 'x'], begins: 'gated x' };
      const { answer, running } = begin(pool, call);
      await running;
      while (pool.peek('twice', [1]) === undefined) await new Promise((resolve) => setImmediate(resolve));
      nested(pool, 2);
      const cleared = pool.cacheClear();
      assert.equal(pool.cacheInfo().currsize, 0);
      openGate('x');
      assert.deepEqual(await answer, [2, 'opened']);
      await cleared;
      assert.deepEqual([pool.cacheInfo().currsize, pool.peek('gated', ['x'])], [0, undefined]);
      return 'the call: its value; the cache: without it and without its parts';
    },
  },
];
