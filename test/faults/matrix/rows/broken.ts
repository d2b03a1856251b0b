// Rows that do not hold, for the test that the runner sees so.
import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import type { Row } from '../row.ts';

/** A row and what must be reported of it. */
export interface BrokenRow extends Row {
  readonly problem: RegExp;
}

const common = { promise: 'the runner reports it', limitMs: 10_000 };

export const brokenRows: readonly BrokenRow[] = [
  {
    ...common,
    id: 'broken-hangs',
    fault: 'a call is never answered',
    limitMs: 1500,
    problem: /^hung: ended after 1\.5 s\nnothing was reported/,
    async run({ open }) {
      await open().run('neverWithTimer', []);
      return 'answered';
    },
  },
  {
    ...common,
    id: 'broken-holds',
    fault: 'something holds the process after its report',
    limitMs: 1500,
    problem: /^hung: ended after 1\.5 s\nafter its outcome was "held"/,
    async run() {
      setInterval(() => {}, 1000);
      return 'held';
    },
  },
  {
    ...common,
    id: 'broken-unhandled',
    fault: 'a rejection that nobody handles',
    problem: /errors that nobody handled/,
    async run() {
      void Promise.reject(new Error('unheard'));
      return 'passed over';
    },
  },
  {
    ...common,
    id: 'broken-warns',
    fault: 'a warning that was not promised',
    problem: /process warnings/,
    async run() {
      process.emitWarning('unasked', { code: 'MEMOPOOL_UNASKED' });
      return 'passed over';
    },
  },
  {
    ...common,
    id: 'broken-silent',
    fault: 'a warning that was promised and does not come',
    warnings: ['MEMOPOOL_LATE_ERROR'],
    problem: /process warnings/,
    async run() {
      return 'passed over';
    },
  },
  {
    ...common,
    id: 'broken-leaks',
    fault: 'a thread that outlives its pool',
    problem: /threads that ended/,
    async run() {
      new Worker('setInterval(() => {}, 1000)', { eval: true }).unref();
      await new Promise((resolve) => setImmediate(resolve));
      return 'passed over';
    },
  },
  {
    ...common,
    id: 'broken-counts',
    fault: 'a call that is not counted',
    problem: /a call was answered and not counted/,
    async run({ open }) {
      const pool = open();
      await pool.run('twice', [1]);
      const { cacheInfo } = pool;
      Object.assign(pool, { cacheInfo: () => ({ ...cacheInfo.call(pool), misses: 0 }) });
      return 'passed over';
    },
  },
  {
    ...common,
    id: 'broken-fails',
    fault: 'a check of its own',
    problem: /two is not one/,
    async run() {
      assert.equal(1, 2, 'two is not one');
      return 'passed over';
    },
  },
];
