// A name finds an export of the modules that the pool was given, and nothing else: it is never a module to be imported.
import { expect, test } from 'vitest';
import { createPool, type PoolOptions } from '../../src/index.ts';
import { closing, rejection } from '../fixtures/pools.ts';

interface Untyped {
  run(name: string, args: readonly unknown[]): Promise<unknown>;
}

const trap = new URL('./fixtures/imported.mjs', import.meta.url);

const names = [
  './imported.mjs',
  '../fixtures/imported.mjs',
  './imported.mjs#trap',
  trap.pathname,
  trap.href,
  `${trap.href}#trap`,
  'data:text/javascript,globalThis.wasImported = true',
  'node:fs',
  'fs',
  'memopool',
  'file:///etc/passwd',
  'globalThis',
  'process.exit',
  'toString',
  'constructor',
  'then',
];

const pools: readonly (readonly [string, PoolOptions])[] = [
  ['in a worker', {}],
  ['with a budget on the main thread', { inlineMs: 5 }],
  ['without built-in functions', { builtIns: false }],
];

test.each(pools)(
  '%s a name that looks like a module is no function, and nothing is imported',
  async (_, own) => {
    const functions = new URL('./fixtures/own.mjs', import.meta.url);
    const pool: Untyped = closing(createPool({ workers: 1, functions, ...own }));
    for (const name of names) {
      expect(await rejection(pool.run(name, [])), name).toMatchObject({ code: 'ERR_FUNCTION_NOT_FOUND' });
    }
    expect(await pool.run('traces', [])).toEqual([undefined, undefined, undefined, []]);
    expect(globalThis).not.toHaveProperty('wasImported');
  },
);

test('the trap works: a module that is imported leaves its trace', async () => {
  const functions = [trap, new URL('./fixtures/own.mjs', import.meta.url)];
  const pool: Untyped = closing(createPool({ workers: 1, functions }));
  expect(await pool.run('traces', [])).toEqual([true, undefined, undefined, []]);
});
