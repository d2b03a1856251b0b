// Modules that cannot be loaded, and names that are no function.
import assert from 'node:assert/strict';
import type { PoolOptions } from '../../../../src/index.ts';
import type { Row } from '../row.ts';

export const modules: readonly Row[] = [
  {
    id: 'module-missing',
    fault: 'a module is missing',
    promise: 'its name, on the second call as on the first',
    codes: ['ERR_MODULE_LOAD'],
    async run({ openBroken, moduleUrl, failsTwice }) {
      const pool = openBroken({ functions: moduleUrl('modules/missing.js') });
      await failsTwice(() => pool.run('any', []), 'ERR_MODULE_LOAD', /modules\/missing\.js/);
      return 'both calls: ERR_MODULE_LOAD with the file';
    },
  },
  {
    id: 'module-syntax',
    fault: 'a module has a syntax error',
    promise: 'file and line, on the second call as on the first',
    codes: ['ERR_MODULE_LOAD'],
    async run({ openBroken, root, failsTwice }) {
      const pool = openBroken({ functions: `${root}test/fixtures/modules/syntax-error.js` });
      const words = /SyntaxError: .*syntax-error\.js:\d\b/;
      await failsTwice(() => pool.run('any', []), 'ERR_MODULE_LOAD', words);
      return 'both calls: ERR_MODULE_LOAD with file and line';
    },
  },
  {
    id: 'module-throws',
    fault: 'a module throws when it is imported',
    promise: 'the file and what it threw, on the second call as on the first',
    codes: ['ERR_MODULE_LOAD'],
    async run({ openBroken, moduleUrl, failsTwice }) {
      const pool = openBroken({ functions: moduleUrl('modules/throws.js') });
      const words = /modules\/throws\.js.*this module throws on import/;
      const { cause } = await failsTwice(() => pool.run('any', []), 'ERR_MODULE_LOAD', words);
      assert.match((cause as Error).stack ?? '', /throws\.js:1/);
      return 'both calls: ERR_MODULE_LOAD with the file, whose cause has the line';
    },
  },
  {
    id: 'module-stuck',
    fault: 'a module has a top-level await that never settles',
    promise: 'the file within about 2 s; the second call at once',
    codes: ['ERR_MODULE_LOAD'],
    limitMs: 10_000,
    async run({ openBroken, moduleUrl, failsTwice }) {
      const pool = openBroken({ functions: moduleUrl('modules/stuck.js') });
      await failsTwice(() => pool.run('any', []), 'ERR_MODULE_LOAD', /modules\/stuck\.js/);
      return 'both calls: ERR_MODULE_LOAD with the file';
    },
  },
  {
    id: 'module-endless',
    fault: 'a module loops for ever when it is imported',
    promise: 'a signal, a deadline or close() ends the thread, on the second call as on the first',
    codes: ['ERR_DEADLINE', 'ERR_POOL_CLOSED'],
    async run({ openBroken, moduleUrl, fails, failsTwice }) {
      const pool = openBroken({ functions: moduleUrl('modules/endless.js') });
      for (const time of [1, 2]) {
        const leaver = new AbortController();
        const call = pool.run('any', [time], { signal: leaver.signal, onProgress: () => leaver.abort() });
        await fails(call, 'ABORT_ERR');
        assert.equal(pool.stats().flights, 0);
      }
      await failsTwice(() => pool.run('any', [0], { deadlineMs: 100 }), 'ERR_DEADLINE', /deadlineMs/);
      const last = fails(pool.run('any', [3]), 'ERR_POOL_CLOSED');
      await Promise.all([last, pool.close({ timeoutMs: 50 })]);
      return 'two calls each: AbortError and ERR_DEADLINE; the one that was there at the end: ERR_POOL_CLOSED';
    },
  },
  {
    id: 'names',
    fault: 'the name is toString, constructor, __proto__, hasOwnProperty or then',
    promise: 'what there is, on the second call as on the first',
    codes: ['ERR_FUNCTION_NOT_FOUND'],
    async run({ open, failsTwice }) {
      const pool = open();
      for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'then', 'default']) {
        await failsTwice(
          () => pool.run(name, [1]),
          'ERR_FUNCTION_NOT_FOUND',
          /no function.*There are: .*fibonacci/,
        );
        assert.deepEqual(pool.peek(name, [1]), undefined);
      }
      assert.equal(pool.stats().workerDeaths, 0);
      return 'every call: ERR_FUNCTION_NOT_FOUND with the list of what there is';
    },
  },
  {
    id: 'name-mistyped',
    fault: 'a name is mistyped, or is a module or path',
    promise: 'the name that was meant; nothing is imported',
    codes: ['ERR_FUNCTION_NOT_FOUND'],
    async run({ open, failsTwice }) {
      const pool = open();
      await failsTwice(() => pool.run('fibonaci', [1]), 'ERR_FUNCTION_NOT_FOUND', /Did you mean 'fibonacci'/);
      for (const name of ['node:fs', './modules/throws.js', 'functions.js#twice', '']) {
        await failsTwice(() => pool.run(name, [1]), 'ERR_FUNCTION_NOT_FOUND');
      }
      return 'every call: ERR_FUNCTION_NOT_FOUND, with the name that was meant where one is near';
    },
  },
  {
    id: 'no-function',
    fault: 'an export exists and is no function',
    promise: 'what it is instead',
    codes: ['ERR_FUNCTION_NOT_FOUND'],
    async run({ open, failsTwice }) {
      const pool = open();
      const words = /"notAFunction" is no function, but 42/;
      await failsTwice(() => pool.run('notAFunction', []), 'ERR_FUNCTION_NOT_FOUND', words);
      return 'both calls: ERR_FUNCTION_NOT_FOUND with what the export is';
    },
  },
  {
    id: 'module-outside',
    fault: 'a module specifier is a package, a relative path, or a data:, http: or node: URL',
    promise: 'refused by createPool, before a worker sees it',
    codes: ['ERR_OPTION'],
    async run({ openBroken, produced, threadsStarted }) {
      const specifiers = [
        'lodash',
        './functions.js',
        'data:text/javascript,1',
        'http://127.0.0.1/a.js',
        'node:fs',
        '',
      ];
      for (const functions of [...specifiers, ...specifiers.map((one) => [one])]) {
        const refused = {
          code: 'ERR_OPTION',
          message: /functions.*expected a file: URL or an absolute path/s,
        };
        assert.throws(() => openBroken({ functions } as PoolOptions), refused);
      }
      produced('ERR_OPTION');
      assert.equal(threadsStarted(), 0);
      return 'every one: ERR_OPTION, and no thread was started';
    },
  },
];
