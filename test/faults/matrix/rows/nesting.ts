// Functions that make calls of their own: to any depth, in circles, without an end; and what a part of a call comes to.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { Row } from '../row.ts';

export const nesting: readonly Row[] = [
  {
    id: 'nested-deep',
    fault: 'a function calls the pool and waits, to depth 20 and to depth 1,000',
    promise: 'it completes, on one worker too',
    async run({ openNesting, nested }) {
      for (const depth of [20, 1000]) {
        const pool = openNesting();
        assert.equal(await pool.run('chain', [depth]), depth);
        nested(pool, depth);
        assert.deepEqual([pool.cacheInfo().misses, pool.stats().workerDeaths], [depth + 1, 0]);
      }
      return 'both: the value, each call computed once';
    },
  },
  {
    id: 'nested-many',
    fault: 'one call makes 10,000 calls at once, of a queue of 10',
    promise: 'it completes: what an accepted call needs is not refused for lack of room',
    async run({ openNesting, nested }) {
      const pool = openNesting({ queueSize: 10 });
      assert.equal(await pool.run('many', [10_000]), 99_990_000);
      nested(pool, 10_000);
      assert.equal(pool.stats().completed, 10_001);
      return 'the value, each call computed once';
    },
  },
  {
    id: 'nested-diamond',
    fault: 'two calls that a call waits for wait for the same one',
    promise: 'that is no circle; it is computed once',
    async run({ openNesting, nested }) {
      const pool = openNesting();
      assert.equal(await pool.run('diamond', [4]), 'left of 8 right of 8');
      nested(pool, 4);
      const { misses, joins, hits } = pool.cacheInfo('twice');
      assert.deepEqual([misses, joins + hits], [1, 1]);
      return 'the value; what both wait for: computed once';
    },
  },
  {
    id: 'nested-cycle',
    fault: 'a call needs its own result: directly, through another, through 99 others',
    promise: 'refused at once, with the chain',
    codes: ['ERR_CYCLE'],
    async run({ openNesting, nested, failsTwice }) {
      const pool = openNesting();
      const own = await failsTwice(() => pool.run('itself', [5]), 'ERR_CYCLE', /itself\(5\) -> itself\(5\)/);
      assert.deepEqual(own.details, { chain: ['itself(5)', 'itself(5)'] });
      for (const size of [2, 100]) {
        const error = await failsTwice(() => pool.run('ring', [0, size]), 'ERR_CYCLE');
        const chain = Array.from({ length: size }, (_, n) => `ring(${n}, ${size})`);
        const last = chain.at(-1) ?? '';
        assert.deepEqual(error.details, { chain: [last, ...chain] });
        nested(pool, 2 * (size - 1)); // the last one is refused, and so is none
      }
      return 'both times: ERR_CYCLE with the chain';
    },
  },
  {
    id: 'nested-cycle-of-two',
    fault: 'two calls are under way, and each comes to need the other',
    promise: 'the one that closes the circle is refused, and nobody waits for ever',
    codes: ['ERR_CYCLE'],
    async run({ openNesting, nested, fails }) {
      const pool = openNesting();
      for (const n of [1, 3]) {
        const calls = [pool.run('meet', [n, n + 1]), pool.run('meet', [n + 1, n])];
        const errors = await Promise.all(calls.map((call) => fails(call, 'ERR_CYCLE')));
        for (const { details } of errors) {
          const { chain } = details as { chain: string[] };
          assert.deepEqual([chain.length, chain[0]], [3, chain[2]]);
        }
        nested(pool, 3);
      }
      return 'both, both times: ERR_CYCLE with the chain';
    },
  },
  {
    id: 'nested-never',
    fault: 'a call waits for one whose promise never settles',
    promise: 'who waits for whom; of the call itself, that it never settles',
    codes: ['ERR_STALLED', 'ERR_UNSETTLED'],
    async run({ openNesting, nested, fails, failsTwice }) {
      const pool = openNesting();
      const { details } = await failsTwice(() => pool.run('both', [1, 'never', 'x']), 'ERR_STALLED');
      assert.deepEqual(details, { chain: ['both(1, "never", "x")', 'never("x")'] });
      nested(pool, 4);
      await fails(pool.run('never', ['y']), 'ERR_UNSETTLED');
      return 'the whole: ERR_STALLED with the chain; the part by itself: ERR_UNSETTLED';
    },
  },
  {
    id: 'nested-stalled',
    fault: "two functions of one worker await each other's promises, one of them without a call",
    promise: 'who waits for whom',
    codes: ['ERR_STALLED'],
    async run({ openNesting, nested, failsTwice }) {
      const pool = openNesting({ workers: 1 });
      const { details } = await failsTwice(() => pool.run('inner', [1]), 'ERR_STALLED');
      assert.deepEqual(details, { chain: ['inner(1)', 'outer(1)'] });
      nested(pool, 2);
      return 'both times: ERR_STALLED with the chain';
    },
  },
  {
    id: 'nested-part-fails',
    fault: 'a part of a call fails',
    promise:
      "the whole rejects with the part's own error; what was finished stays, and is not computed again",
    codes: ['ERR_NON_ERROR_THROWN'],
    async run({ openNesting, nested, fails, failsTwice }) {
      const pool = openNesting();
      const error = await failsTwice(
        () => pool.run('both', [1, 'throwRich']),
        'E_RICH',
        /out of the question/,
      );
      assert.deepEqual([error.name, Reflect.get(error, 'answer')], ['QuestionError', 42n]);
      assert(error.cause instanceof TypeError);
      assert.equal(pool.cacheInfo('throwRich').errors, 2);
      await fails(pool.run('both', [1, 'throwValue', 'null']), 'ERR_NON_ERROR_THROWN');
      assert.equal(pool.cacheInfo('twice').misses, 1);
      assert.deepEqual(await pool.run('tolerant', [1, 'throwRich']), [2, 'E_RICH']);
      nested(pool, 8);
      return "the whole: the part's error; a function that catches it goes on";
    },
  },
  {
    id: 'nested-part-refused',
    fault: 'a part of a call has arguments that are too large, or cannot be cloned, or no function',
    promise: 'as when such a call is made by run; the thread is kept',
    codes: ['ERR_ARGUMENT', 'ERR_ARGUMENT_NOT_CLONEABLE', 'ERR_ARGUMENT_TOO_LARGE', 'ERR_FUNCTION_NOT_FOUND'],
    async run({ openNesting, nested, failsTwice }) {
      const pool = openNesting({ workers: 1, maxArgumentBytes: 10_000 });
      const large = () => pool.run('large', [20_000]);
      await failsTwice(large, 'ERR_ARGUMENT_TOO_LARGE', /maxArgumentBytes/);
      await failsTwice(() => pool.run('badArgument', []), 'ERR_ARGUMENT_NOT_CLONEABLE', /\[0\]/);
      await failsTwice(() => pool.run('oddName', []), 'ERR_ARGUMENT');
      assert.deepEqual(pool.cacheInfo('twice').misses, 0);
      await failsTwice(() => pool.run('missingName', []), 'ERR_FUNCTION_NOT_FOUND', /twice/);
      nested(pool, 2); // by the worker, which alone knows what there is
      assert.equal(pool.stats().workerDeaths, 0);
      return 'every call: the code of the part; the thread is the same';
    },
  },
  {
    id: 'nested-part-result',
    fault: 'the result of a part cannot be cloned',
    promise: 'the path to it; the thread is kept',
    codes: ['ERR_RESULT_NOT_CLONEABLE'],
    async run({ openNesting, nested, failsTwice }) {
      const pool = openNesting({ workers: 1 });
      await failsTwice(
        () => pool.run('both', [1, 'holding', 'function']),
        'ERR_RESULT_NOT_CLONEABLE',
        /parts\[1\]/,
      );
      nested(pool, 4);
      assert.equal(pool.stats().workerDeaths, 0);
      return 'both calls: ERR_RESULT_NOT_CLONEABLE with the path; the thread is the same';
    },
  },
  {
    id: 'nested-outside',
    fault: 'call() is made outside of a pool',
    promise: 'where to turn instead',
    codes: ['ERR_NO_POOL'],
    async run({ root, failsTwice }) {
      const { href } = pathToFileURL(`${root}dist/src/worker.js`);
      const { call } = (await import(href)) as typeof import('../../../../src/worker.ts');
      await failsTwice(() => call('twice', 1), 'ERR_NO_POOL', /pool\.run\('twice'/);
      return 'both calls: ERR_NO_POOL';
    },
  },
  {
    id: 'nested-late',
    fault: 'a timer left behind makes a call after its own was answered',
    promise: 'the result stands; the late call is not made, and harms nobody',
    async run({ openNesting }) {
      const pool = openNesting({ workers: 1 });
      assert.equal(await pool.run('callLater', []), 'answered');
      assert.equal(await pool.run('callsMade', []), 1); // by then the timer has gone off
      assert.deepEqual([pool.cacheInfo('twice').misses, pool.stats().workerDeaths], [0, 0]);
      return 'its value; the late call is not made';
    },
  },
];
