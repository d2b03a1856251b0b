// More than there is room for: the queue, the cache, the memos.
import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

export const bounds: readonly Row[] = [
  {
    id: 'queue-full',
    fault: 'the queue is full',
    promise: 'refused at once, naming the option; what was accepted is answered',
    codes: ['ERR_QUEUE_FULL'],
    async run({ open, fails, workers }) {
      const pool = open({ queueSize: 10 });
      for (const time of [1, 2]) {
        const accepted = Array.from({ length: 10 + workers }, (_, n) =>
          pool.run('dawdle', [2, `${time} ${n}`]),
        );
        for (let n = 0; n < 5; n++)
          await fails(pool.run('twice', [n]), 'ERR_QUEUE_FULL', /^10 calls .*queueSize/);
        assert.deepEqual(new Set(await Promise.all(accepted)), new Set(['dawdled']));
      }
      return 'what is beyond the queue: ERR_QUEUE_FULL; the others: their values';
    },
  },
  {
    id: 'million-calls',
    fault: '1,000,000 calls in one tick',
    promise: 'as many as queueSize wait, the rest is refused at once',
    codes: ['ERR_QUEUE_FULL'],
    limitMs: 60_000,
    async run({ open, produced, workers }) {
      const pool = open({ maxsize: 1000 });
      Error.stackTraceLimit = 0; // most of what a refusal costs
      let refused = 0;
      let wrong = 0;
      const refuse = (error: { code: string }) => {
        if (error.code === 'ERR_QUEUE_FULL') refused++;
        else wrong++;
      };
      const accepted: Promise<unknown>[] = [];
      for (let n = 0; n < 1e6; n++) {
        const call = pool.run('same', [n]).then((value) => {
          if (value !== n) wrong++;
        }, refuse);
        if (n < 100_000 + workers) accepted.push(call);
      }
      assert.equal(pool.stats().queued, 100_000);
      await Promise.all(accepted);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual({ refused, wrong }, { refused: 900_000 - workers, wrong: 0 });
      produced('ERR_QUEUE_FULL');
      assert(pool.cacheInfo().currsize === 1000);
      return 'the queue: 100,000 values; the rest: ERR_QUEUE_FULL';
    },
  },
  {
    id: 'oversize',
    fault: 'a result is larger than maxBytes',
    promise: 'returned, not cached, counted as oversize; other entries stay',
    async run({ open }) {
      const pool = open({ maxBytes: 10_000 });
      await pool.run('text', [10]);
      for (const time of [1, 2]) {
        assert.equal(((await pool.run('text', [100_000])) as string).length, 100_000);
        const { currsize, oversize, misses } = pool.cacheInfo();
        assert.deepEqual([currsize, oversize, misses], [1, time, 1 + time]);
      }
      return 'both calls: the value, computed twice';
    },
  },
  {
    id: 'receiver-changes',
    fault: 'a receiver changes a returned object',
    promise: 'the next receiver sees the original',
    async run({ open }) {
      for (const share of ['clone', 'freeze'] as const) {
        const pool = open({ share });
        const [one, other] = await Promise.all([pool.run('list', [3]), pool.run('list', [3])]);
        const change = (given: unknown) => (given as { items: number[] }).items.push(9);
        if (share === 'clone') change(one);
        else assert.throws(() => change(one), TypeError);
        assert.deepEqual(other, { items: [0, 1, 2] });
        assert.deepEqual(await pool.run('list', [3]), { items: [0, 1, 2] });
        assert.deepEqual(pool.peek('list', [3]), { items: [0, 1, 2] });
      }
      return 'the next receivers: the original';
    },
  },
  {
    id: 'cleared-in-flight',
    fault: 'a call is cleared, deleted or evicted while it is in flight',
    promise: 'its callers get the value; nothing comes back into the cache afterwards',
    async run({ open, begin, openGate }) {
      const pool = open({ workers: 1 });
      for (const forget of [
        () => pool.cacheClear(),
        () => pool.cacheClear('gated'),
        () => pool.cacheDelete('gated', ['x']),
      ]) {
        const { answer, running } = begin(pool, { name: 'gated', args: ['x'] });
        await running;
        const forgotten = forget();
        openGate('x');
        assert.equal(await answer, 'opened');
        assert.equal(pool.peek('gated', ['x']), undefined);
        await forgotten;
        assert.equal(pool.peek('gated', ['x']), undefined);
        const later = begin(pool, { name: 'gated', args: ['x'] });
        await later.running;
        openGate('x');
        assert.equal(await later.answer, 'opened');
        assert.equal(pool.peek('gated', ['x']), 'opened');
        await pool.cacheClear();
      }
      const beside = open({ workers: 2 });
      const old = begin(beside, { name: 'gated', args: ['x'] });
      await old.running;
      void beside.cacheDelete('gated', ['x']);
      const fresh = begin(beside, { name: 'gated', args: ['x'] });
      await fresh.running;
      openGate('x');
      assert.deepEqual(await Promise.all([old.answer, fresh.answer]), ['opened', 'opened']);
      assert.deepEqual([beside.cacheInfo().misses, beside.cacheInfo().joins], [2, 0]);
      const small = open({ maxsize: 1 });
      await Promise.all([1, 2, 3].map((n) => small.run('twice', [n])));
      assert.equal(small.cacheInfo().currsize, 1);
      return 'the callers: the value; the cache: without it';
    },
  },
  {
    id: 'memo-too-small',
    fault: 'a memo is too small, so that its recursion computes evicted entries again',
    promise: 'it completes; one warning names the maxsize it needs',
    warnings: ['MEMOPOOL_MEMO_TOO_SMALL'],
    async run({ open, warned }) {
      const pool = open({ workers: 1 });
      assert.equal(await pool.run('crampedFib', [30]), 832_040n);
      assert.equal(await pool.run('crampedFib', [29]), 514_229n);
      assert.match((await warned('MEMOPOOL_MEMO_TOO_SMALL')).message, /crampedFib.*maxsize.*\b3\b/s);
      return 'the values; a warning MEMOPOOL_MEMO_TOO_SMALL that names 3, the maxsize it needs';
    },
  },
  {
    id: 'memo-bytes',
    fault: 'memos grow without a bound of their own',
    promise: 'a memo that weighs more than memoBytes between calls is emptied, with one warning',
    warnings: ['MEMOPOOL_MEMO_BYTES'],
    async run({ open }) {
      const pool = open({ workers: 1, memoBytes: 10_000_000 });
      for (let n = 0; n < 500; n++) await pool.run('filler', [1_000_000 + n]);
      const { currsize = Number.NaN, evictions = 0 } = pool.stats().memos['filler'] ?? {};
      assert(evictions > 0 && currsize < 250, `${currsize} kept, ${evictions} evicted`);
      return '500 results of a megabyte each: their values; the memo was emptied, with a warning MEMOPOOL_MEMO_BYTES';
    },
  },
];
