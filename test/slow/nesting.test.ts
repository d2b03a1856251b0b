// Calls that calls make, by the hundred thousand.
import { expect, test } from 'vitest';
import { createPool, type Pool } from '../../src/index.ts';
import { closing, moduleUrl, rejection } from '../fixtures/pools.ts';

type Nesting = typeof import('../fixtures/modules/nesting.ts');

function nestingPool(): Pool<Nesting> {
  return closing(createPool<Nesting>({ functions: moduleUrl('nesting.ts'), workers: 1 }));
}

test('a chain of 90,000 calls on one worker, each waiting for the next', async () => {
  expect(await nestingPool().run('chain', [90_000])).toBe(90_000);
});

test('an endless recursion of calls ends with an error', async () => {
  const pool = nestingPool();
  expect(await rejection(pool.run('forEver', [0]))).toMatchObject({ code: 'ERR_QUEUE_FULL' });
  expect(await pool.run('leaf', [1])).toBe(2);
});
