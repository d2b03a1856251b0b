// Results and errors that do not travel as they are, or are too large.
import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

export const values: readonly Row[] = [
  {
    id: 'overflow',
    fault: 'a plain recursion is deeper than the stack',
    promise: 'the option to raise; the worker is kept',
    codes: ['ERR_STACK_OVERFLOW'],
    async run({ open, failsTwice, threadsStarted, workers }) {
      const pool = open();
      await failsTwice(
        () => pool.run('overflow', []),
        'ERR_STACK_OVERFLOW',
        /overflow recursed deeper.*stackSizeMb/,
      );
      assert.equal(pool.stats().workerDeaths, 0);
      assert(threadsStarted() <= workers);
      return 'both calls: ERR_STACK_OVERFLOW with the option; the thread is the same';
    },
  },
  {
    id: 'overflow-memoized',
    fault: 'a memoized recursion is deeper than the stack',
    promise:
      'the depth reached and the option to raise; worker and finished entries are kept, and a second call goes on from them',
    codes: ['ERR_STACK_OVERFLOW'],
    async run({ open, fails }) {
      const pool = open({ workers: 1 });
      const call = () => pool.run('depth', [10_000_000]);
      const { details } = await fails(call(), 'ERR_STACK_OVERFLOW', /depth .*stackSizeMb/);
      assert(Number(details?.['depth']) > 1000, `details.depth is ${details?.['depth']}`);
      assert.equal(await pool.run('depth', [50_000]), 50_000);
      const { misses } = pool.stats().memos['depth'] ?? { misses: 0 };
      assert.equal(await pool.run('depth', [50_001]), 50_001);
      assert.equal(pool.stats().memos['depth']?.misses, misses + 1, 'one new level');
      await fails(call(), 'ERR_STACK_OVERFLOW');
      assert.equal(pool.stats().workerDeaths, 0);
      return 'both calls: ERR_STACK_OVERFLOW with the depth; what was finished is answered from the memo';
    },
  },
  {
    id: 'bigint-too-large',
    fault:
      'a value grows beyond what the engine can hold (a bigint of 2^30 bits, a string of 2^29 characters)',
    promise: 'a named error; built-in functions refuse before they start, saying the largest n',
    codes: ['ERR_RESULT_TOO_LARGE'],
    async run({ open, failsTwice, threadsStarted }) {
      const builtIns = open({ functions: [] });
      await failsTwice(() => builtIns.run('fibonacci', [1e15]), 'ERR_RESULT_TOO_LARGE', /expected .*, got /);
      await failsTwice(() => builtIns.run('factorial', [1e12]), 'ERR_RESULT_TOO_LARGE', /expected .*, got /);
      assert.equal(threadsStarted(), 0);
      await builtIns.close();
      const pool = open();
      await failsTwice(() => pool.run('hugeBigint', []), 'ERR_RESULT_TOO_LARGE', /2\^30 bits/);
      await failsTwice(() => pool.run('hugeString', []), 'ERR_RESULT_TOO_LARGE', /2\^29 characters/);
      assert.equal(pool.stats().workerDeaths, 0);
      return 'own functions: ERR_RESULT_TOO_LARGE; built-in ones: the same with the largest n, before a thread is started';
    },
  },
  {
    id: 'result-not-cloneable',
    fault: 'the result is or holds a function, a symbol, a WeakMap or a promise',
    promise: 'the path to it; the worker is kept',
    codes: ['ERR_RESULT_NOT_CLONEABLE'],
    async run({ open, failsTwice, threadsStarted, workers }) {
      const pool = open();
      for (const kind of ['function', 'symbol', 'WeakMap', 'promise']) {
        await failsTwice(() => pool.run('holding', [kind]), 'ERR_RESULT_NOT_CLONEABLE', /\.parts\[1\]/);
      }
      await failsTwice(() => pool.run('bareFunction', []), 'ERR_RESULT_NOT_CLONEABLE', /the value itself/);
      assert.equal(pool.stats().workerDeaths, 0);
      assert(threadsStarted() <= workers);
      return 'every call: ERR_RESULT_NOT_CLONEABLE with the path; the thread is the same';
    },
  },
  {
    id: 'result-nested',
    fault: 'the result is nested deeper than the main thread can decode',
    promise: 'a named error; nothing is cached',
    codes: ['ERR_RESULT_NOT_CLONEABLE'],
    async run({ open, failsTwice }) {
      const pool = open();
      await failsTwice(() => pool.run('nested', [20_000]), 'ERR_RESULT_NOT_CLONEABLE', /nested less deeply/);
      assert.equal(pool.cacheInfo().currsize, 0);
      return 'both calls: ERR_RESULT_NOT_CLONEABLE';
    },
  },
  {
    id: 'result-getter',
    fault: 'a getter of the result throws',
    promise: 'its own error; the worker is kept',
    async run({ open }) {
      const pool = open();
      for (const time of [1, 2]) {
        await assert.rejects(pool.run('trappedResult', [time]), new RangeError('a getter of the result'));
      }
      assert.equal(pool.stats().workerDeaths, 0);
      return "both calls: the getter's own RangeError";
    },
  },
  {
    id: 'non-error',
    fault: 'a function throws null, undefined, a string or an object',
    promise: 'a named error with the printed value',
    codes: ['ERR_NON_ERROR_THROWN'],
    async run({ open, failsTwice }) {
      const pool = open();
      const shown = { null: 'null', undefined: 'undefined', string: '"a string"', object: 'an Object' };
      for (const [kind, value] of Object.entries(shown)) {
        const { cause } = await failsTwice(
          () => pool.run('throwValue', [kind]),
          'ERR_NON_ERROR_THROWN',
          new RegExp(`threw ${value},`),
        );
        const thrown = { null: null, undefined: undefined, string: 'a string', object: { a: 1 } };
        assert.deepEqual(cause, thrown[kind as keyof typeof thrown]);
      }
      return 'every call: ERR_NON_ERROR_THROWN with the printed value, and the value as the cause';
    },
  },
  {
    id: 'rich-error',
    fault:
      'a function throws an error with a code, own fields, causes, a name of its own; or an AggregateError',
    promise: 'all of it arrives, unwrapped',
    async run({ open }) {
      const pool = open();
      for (const time of [1, 2]) {
        const error = await pool.run('throwRich', [time]).catch((reason: unknown) => reason);
        assert(error instanceof RangeError);
        const { name, message, code, answer, at, cause, stack } = error as RangeError &
          Record<string, unknown>;
        assert.deepEqual(
          { name, message, code, answer, at },
          {
            name: 'QuestionError',
            message: 'out of the question',
            code: 'E_RICH',
            answer: 42n,
            at: new Date(0),
          },
        );
        assert(cause instanceof TypeError && cause.message === 'because');
        assert(cause.cause instanceof Error && cause.cause.message === 'in the end');
        assert.match(stack ?? '', /throwRich .*functions\.js/s);
        const many = await pool.run('throwMany', [time]).catch((reason: unknown) => reason);
        assert(many instanceof AggregateError);
        assert.deepEqual(many.errors.map(String), ['TypeError: one', 'RangeError: two']);
        assert(many.errors[1] instanceof RangeError);
      }
      return 'class, name, message, code, own data, both causes, the errors of the AggregateError and the stack: all there';
    },
  },
  {
    id: 'error-getter',
    fault: 'a getter of the error throws',
    promise: 'the error arrives as far as it can be read; the worker is kept',
    async run({ open }) {
      const pool = open();
      for (const time of [1, 2]) await assert.rejects(pool.run('throwTrap', [time]), { message: 'outer' });
      assert.equal(pool.stats().workerDeaths, 0);
      return 'both calls: the error without that property';
    },
  },
  {
    id: 'stack-joined',
    fault: 'a function throws, and somebody has to find out from where it was called',
    promise: "the worker's stack is followed by the frames of the caller",
    async run({ open }) {
      const pool = open();
      async function placeOfTheCall(): Promise<unknown> {
        return await pool.run('throwRich', [1]);
      }
      const error = await placeOfTheCall().catch((reason: unknown) => reason);
      assert(error instanceof Error);
      assert.match(error.stack ?? '', /throwRich.*functions\.js.*placeOfTheCall/s);
      return 'the stack has the function and, behind it, its caller';
    },
  },
  {
    id: 'inline',
    fault: 'a call that is computed on the main thread (inlineMs) goes wrong',
    promise: 'the same as in a worker',
    codes: ['ERR_NON_ERROR_THROWN', 'ERR_RESULT_NOT_CLONEABLE'],
    async run({ open, failsTwice }) {
      const pool = open({ inlineMs: 1000 });
      const faults: readonly (() => Promise<unknown>)[] = [
        () => failsTwice(() => pool.run('throwValue', ['null']), 'ERR_NON_ERROR_THROWN', /threw null/),
        () => failsTwice(() => pool.run('holding', ['symbol']), 'ERR_RESULT_NOT_CLONEABLE', /\.parts\[1\]/),
        () => assert.rejects(pool.run('throwRich', []), { name: 'QuestionError', code: 'E_RICH' }),
      ];
      for (const fault of faults) {
        // Until it is known that it takes less than a message does, workers compute it.
        const { inline } = pool.stats();
        for (let time = 0; time < 500 && pool.stats().inline === inline; time++) await fault();
        await fault();
        assert(pool.stats().inline > inline, 'computed inline');
      }
      return "what was thrown, what the result holds, and an error of the function's own: as in a worker";
    },
  },
  {
    id: 'result-proto',
    fault: 'an argument, key, result or option has an own property __proto__',
    promise: 'nothing is polluted, and it is told apart from an object without one',
    codes: ['ERR_OPTION'],
    async run({ open, openBroken, produced }) {
      const pool = open();
      const record = (): unknown => JSON.parse('{"__proto__":{"polluted":"yes"}}');
      assert.equal(await pool.run('keysOf', [record()]), '__proto__; polluted: undefined');
      assert.equal(await pool.run('keysOf', [{}]), '; polluted: undefined');
      assert.equal(await pool.run('keysOf', [record()]), '__proto__; polluted: undefined');
      assert.deepEqual([pool.cacheInfo().hits, pool.cacheInfo().misses], [1, 2]);
      for (const _time of ['computed', 'from the cache']) {
        const result = await pool.run('protoRecord', []);
        assert(typeof result === 'object' && result !== null);
        assert.deepEqual(Object.getOwnPropertyNames(result), ['__proto__']);
        assert.equal(Reflect.get(result, 'polluted'), undefined);
      }
      assert.throws(() => openBroken(record() as object), { code: 'ERR_OPTION' });
      produced('ERR_OPTION');
      await assert.rejects(pool.run('twice', [7], record() as object), { code: 'ERR_OPTION' });
      assert.equal(Reflect.get({}, 'polluted'), undefined);
      return 'arguments and results arrive with their own property; as an option: ERR_OPTION; no other object has it';
    },
  },
];
