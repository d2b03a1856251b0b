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
