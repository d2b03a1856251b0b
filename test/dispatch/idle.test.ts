import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { behavioursPool } from '../fixtures/pools.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('threads above the minimum end after ten idle seconds, those of the minimum stay', async () => {
  const pool = behavioursPool({ workers: { min: 1, max: 3 } });
  await Promise.all([pool.fn.fib(5000), pool.fn.fib(5001), pool.fn.fib(5002)]);
  await pool.cacheClear(); // every thread has passed all it was sent
  expect(pool.stats().workers).toBe(3);
  vi.advanceTimersByTime(9_999);
  expect(pool.stats().workers).toBe(3);
  vi.advanceTimersByTime(1);
  expect(pool.stats().workers).toBe(1);
  expect(await pool.fn.twice(2)).toBe(4);
});

test('with a number of workers none ends for being idle', async () => {
  const pool = behavioursPool({ workers: 2 });
  await Promise.all([pool.fn.fib(5000), pool.fn.fib(5001)]);
  vi.advanceTimersByTime(3_600_000);
  expect(pool.stats().workers).toBe(2);
});
