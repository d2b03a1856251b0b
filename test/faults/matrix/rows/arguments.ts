// Arguments and options that are refused before anything is queued.
import assert from 'node:assert/strict';
import type { Row } from '../row.ts';

function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}

export const refusals: readonly Row[] = [
  {
    id: 'argument-not-cloneable',
    fault: 'an argument cannot be cloned or keyed, or is circular',
    promise: 'refused before it is queued, with the path',
    codes: ['ERR_ARGUMENT_NOT_CLONEABLE'],
    async run({ open, failsTwice, threadsStarted }) {
      const pool = open();
      const bad: readonly (readonly [unknown, RegExp])[] = [
        [{ a: [() => 1] }, /Argument 1\.a\[0\].*a function/],
        [Symbol('mine'), /Argument 1.*a symbol/],
        [circular(), /Argument 1\.self.*circular/],
        [new WeakMap(), /Argument 1/],
        [Promise.resolve(1), /Argument 1/],
      ];
      for (const [argument, words] of bad) {
        await failsTwice(() => pool.run('same', [argument]), 'ERR_ARGUMENT_NOT_CLONEABLE', words);
      }
      assert.deepEqual([threadsStarted(), pool.cacheInfo().misses], [0, 0]);
      return 'every call: ERR_ARGUMENT_NOT_CLONEABLE with the path; no thread was started';
    },
  },
  {
    id: 'argument-getter',
    fault: "an argument's getter throws",
    promise: 'its own error; no state is changed',
    async run({ open, threadsStarted }) {
      const pool = open();
      const error = new RangeError('a getter of the argument');
      const argument = {
        get value() {
          throw error;
        },
      };
      for (const _time of [1, 2]) {
        const thrown = await pool.run('same', [argument]).catch((reason: unknown) => reason);
        assert.equal(thrown, error);
      }
      assert.deepEqual([threadsStarted(), pool.cacheInfo().misses, pool.stats().flights], [0, 0, 0]);
      return "both calls: the getter's own error; nothing was counted";
    },
  },
  {
    id: 'argument-too-large',
    fault: 'the arguments are larger than maxArgumentBytes',
    promise: 'refused before they are cloned',
    codes: ['ERR_ARGUMENT_TOO_LARGE'],
    async run({ open, failsTwice, threadsStarted }) {
      const pool = open({ maxArgumentBytes: 1000 });
      for (const argument of [
        'x'.repeat(2000),
        new Uint8Array(2000),
        new Array(2000).fill(0),
        1n << 20_000n,
      ]) {
        await failsTwice(() => pool.run('same', [argument]), 'ERR_ARGUMENT_TOO_LARGE', /maxArgumentBytes/);
      }
      assert.deepEqual([threadsStarted(), pool.cacheInfo().misses], [0, 0]);
      return 'every call: ERR_ARGUMENT_TOO_LARGE with the option; no thread was started';
    },
  },
  {
    id: 'argument-domain',
    fault: "an argument is outside a built-in function's domain",
    promise: 'refused before it is queued, with what was expected and what came',
    codes: ['ERR_ARGUMENT'],
    async run({ open, failsTwice, threadsStarted }) {
      const pool = open({ functions: [] });
      for (const argument of [Number.NaN, 1.5, '10', Number.POSITIVE_INFINITY, null, undefined, {}]) {
        await failsTwice(() => pool.run('fibonacci', [argument]), 'ERR_ARGUMENT', /expected .*, got /);
      }
      await failsTwice(() => pool.run('factorial', [-1]), 'ERR_ARGUMENT', /expected .*, got /);
      assert.deepEqual([threadsStarted(), pool.cacheInfo().misses], [0, 0]);
      assert.equal(await pool.run('fibonacci', [10]), 55n);
      await pool.close();
      return 'every call: ERR_ARGUMENT; no thread was started';
    },
  },
  {
    id: 'call-malformed',
    fault: 'a call has no list of arguments, 30 million of them, or a name that is no text',
    promise: 'refused at once, with how to write it',
    codes: ['ERR_ARGUMENT'],
    async run({ open, failsTwice, threadsStarted }) {
      const pool = open();
      await failsTwice(() => pool.run('twice', 10 as never), 'ERR_ARGUMENT', /run\('twice', \[/);
      await failsTwice(() => pool.run('twice', new Array(3e7)), 'ERR_ARGUMENT', /Pass an array as one/);
      await failsTwice(() => pool.run(null as never, []), 'ERR_ARGUMENT', /name of a function/);
      assert.equal(threadsStarted(), 0);
      return 'every call: ERR_ARGUMENT; no thread was started';
    },
  },
  {
    id: 'option-unknown',
    fault: 'an option is unknown, or out of its range',
    promise: 'refused, with what was expected, what came, and the option that was meant',
    codes: ['ERR_OPTION'],
    async run({ open, openBroken, failsTwice }) {
      const pool = open();
      await failsTwice(() => pool.run('twice', [1], { timeOutMs: 5 } as object), 'ERR_OPTION', /'timeoutMs'/);
      await failsTwice(() => pool.run('twice', [1], { timeoutMs: -5 }), 'ERR_OPTION', /expected .*, got -5/);
      assert.throws(() => openBroken({ maxSize: 5 } as object), { code: 'ERR_OPTION', message: /'maxsize'/ });
      assert.throws(() => openBroken({ workers: 0 }), { code: 'ERR_OPTION', message: /expected .*, got 0/ });
      return 'calls and pools: ERR_OPTION with the option that was meant';
    },
  },
  {
    id: 'argument-changed',
    fault: 'an argument is changed after the call was made',
    promise: 'the call is computed, and cached, as it was made',
    async run({ open }) {
      const pool = open();
      const argument = { list: [1] };
      const call = pool.run('same', [argument]);
      argument.list.push(2);
      assert.deepEqual(await call, { list: [1] });
      assert.deepEqual(pool.peek('same', [{ list: [1] }]), { list: [1] });
      assert.equal(pool.peek('same', [argument]), undefined);
      return 'its value, under its key';
    },
  },
];
