// Calls that make calls and do harm: to themselves alone.
import { expect, test } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../src/index.ts';
import { closing, moduleUrl, rejection } from './fixtures/pools.ts';

type Faults = typeof import('./fixtures/modules/nesting-faults.ts');

function faultsPool(options: PoolOptions = {}): Pool<Faults> {
  return closing(createPool<Faults>({ functions: moduleUrl('nesting-faults.ts'), workers: 1, ...options }));
}

test('a symbol as an argument is refused', async () => {
  const pool = faultsPool();
  expect(await rejection(pool.run('symbolArgument', []))).toMatchObject({
    code: 'ERR_ARGUMENT_NOT_CLONEABLE',
  });
  expect(pool.stats()).toMatchObject({ open: 0, flights: 0, workerDeaths: 0 });
});

test.each(['clone', 'freeze', 'reference'] as const)(
  'with share %s, workers get objects of their own',
  async (share) => {
    const pool = faultsPool({ share });
    await pool.run('object', [1]);
    expect(await pool.run('twoObjects', [1])).toBe(true);
  },
);

test('what was made uncloneable in a shared result fails the call that asks for it', async () => {
  const pool = faultsPool({ share: 'reference' });
  const result = await pool.run('object', [1]);
  result.extra = () => {};
  expect(await rejection(pool.run('twoObjects', [1]))).toMatchObject({ code: 'ERR_RESULT_NOT_CLONEABLE' });
  expect(await pool.run('twoObjects', [2])).toBe(true);
});
