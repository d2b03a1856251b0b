// Pools that are closed while something is under way, and calls that come later.
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Row } from '../row.ts';

export const closing: readonly Row[] = [
  {
    id: 'close-in-flight',
    fault: 'close() with work in flight',
    promise: 'what was called before is answered; then the threads end',
    async run({ open }) {
      const pool = open();
      const calls = Array.from({ length: 100 }, (_, n) => pool.run('dawdle', [2, `${n}`]));
      const closed = pool.close();
      assert.deepEqual(new Set(await Promise.all(calls)), new Set(['dawdled']));
      await closed;
      assert.equal(pool.stats().workers, 0);
      return '100 calls: their values';
    },
  },
  {
    id: 'close-timeout',
    fault: 'close({ timeoutMs }) with work in flight that does not end',
    promise: 'what runs and what waits rejects by name; the threads end',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails, workers }) {
      const pool = open();
      const endless = begin(pool, { name: 'endless' });
      const short = Array.from({ length: workers - 1 }, (_, n) => pool.run('dawdle', [10, `${n}`]));
      await endless.running;
      assert.deepEqual(
        await Promise.all(short),
        short.map(() => 'dawdled'),
      );
      const queued = Array.from({ length: workers }, (_, n) => pool.run('endless', [n]));
      const failures = [endless.answer, ...queued].map((call) => fails(call, 'ERR_POOL_CLOSED'));
      const closed = pool.close({ timeoutMs: 50 });
      await Promise.all([...failures, closed]);
      return 'what ran and what waited: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'close-at-once',
    fault: 'close({ timeoutMs: 0 }) with a thousand calls in flight',
    promise: 'every call has its value or rejects by name',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails }) {
      const pool = open();
      const endless = begin(pool, { name: 'endless' });
      await endless.running;
      const calls = Array.from({ length: 1000 }, (_, n) => pool.run('twice', [n]));
      const settled = Promise.allSettled(calls);
      await Promise.all([fails(endless.answer, 'ERR_POOL_CLOSED'), pool.close({ timeoutMs: 0 })]);
      for (const [n, result] of (await settled).entries()) {
        if (result.status === 'fulfilled') assert.equal(result.value, 2 * n);
        else assert.equal(result.reason.code, 'ERR_POOL_CLOSED');
      }
      return 'every call: its value or ERR_POOL_CLOSED';
    },
  },
  {
    id: 'close-call-after',
    fault: 'a call after close(), while the pool closes and when it has',
    promise: 'refused by name, cached or not; the counters can still be read',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails, openGate }) {
      const pool = open();
      await pool.run('twice', [1]);
      const { answer, running } = begin(pool, { name: 'gated', args: ['x'] });
      await running;
      const closed = pool.close();
      for (const n of [1, 2]) await fails(pool.run('twice', [n]), 'ERR_POOL_CLOSED', /create another pool/);
      openGate('x');
      assert.equal(await answer, 'opened');
      await closed;
      for (const n of [1, 2]) await fails(pool.run('twice', [n]), 'ERR_POOL_CLOSED', /create another pool/);
      await Promise.all([pool.cacheClear('twice'), pool.cacheDelete('twice', [1])]);
      assert.equal(pool.cacheInfo('twice').misses, 0);
      return 'every call: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'close-twice',
    fault: 'close() is called twice, the second time with a timeout',
    promise: 'both end with the same end; the timeout of the second holds',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails }) {
      const pool = open();
      const { answer, running } = begin(pool, { name: 'endless' });
      await running;
      const first = pool.close();
      await Promise.all([
        fails(answer, 'ERR_POOL_CLOSED'),
        first,
        pool.close({ timeoutMs: 50 }),
        pool.close(),
      ]);
      await pool.close();
      await pool[Symbol.asyncDispose]();
      return 'all of them end; the call: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'close-inside',
    fault: 'close() inside a callback: of a call, of onProgress, of an event',
    promise: 'as anywhere else',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails, openGate }) {
      const afterCall = open();
      await afterCall.run('twice', [1]).then(() => afterCall.close());
      await fails(afterCall.run('twice', [2]), 'ERR_POOL_CLOSED');

      const inProgress = open();
      let closed: Promise<void> | undefined;
      const onProgress = () => {
        closed ??= inProgress.close();
      };
      const { answer, running } = begin(inProgress, { name: 'gated', args: ['x'], options: { onProgress } });
      await running;
      while (closed === undefined) await new Promise((resolve) => setImmediate(resolve));
      openGate('x');
      assert.equal(await answer, 'opened');
      await closed;
      await fails(inProgress.run('twice', [2]), 'ERR_POOL_CLOSED');

      const inEvent = open();
      const close = () => {
        closed = inEvent.close({ timeoutMs: 0 });
      };
      subscribe('memopool:complete', close);
      const results = await Promise.allSettled([inEvent.run('twice', [1]), inEvent.run('twice', [2])]);
      unsubscribe('memopool:complete', close);
      await closed;
      for (const [n, result] of results.entries()) {
        if (result.status === 'fulfilled') assert.equal(result.value, 2 * n + 2);
        else assert.equal(result.reason.code, 'ERR_POOL_CLOSED');
      }
      return 'the pool closes; a later call: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'close-clearing',
    fault: 'close() while a cacheClear() waits for a worker that never answers',
    promise: 'both end',
    codes: ['ERR_POOL_CLOSED'],
    async run({ open, begin, fails }) {
      const pool = open();
      const { answer, running } = begin(pool, { name: 'endless' });
      await running;
      const cleared = pool.cacheClear();
      await Promise.all([fails(answer, 'ERR_POOL_CLOSED'), cleared, pool.close({ timeoutMs: 50 })]);
      return 'both end; the call: ERR_POOL_CLOSED';
    },
  },
];
