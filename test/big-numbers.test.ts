// Big numbers in real pools: right with and without help, and when those who help or are helped end in the midst. With the
// transform switched off there is nobody to help, and nothing to show.
import { describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../src/index.ts';
import { isSwitchedOff } from '../src/kernels/switch.ts';
import { closing, moduleUrl, rejection } from './fixtures/pools.ts';

type BigNumbers = typeof import('./fixtures/modules/big-numbers.ts');

const PRIME = 33_554_393;
// Large enough to be shared.
const N = 2_000_000;

function openPool(workers: number | { min: number; max: number }): Pool<BigNumbers> {
  return closing(createPool<BigNumbers>({ workers, functions: moduleUrl('big-numbers.ts') }));
}

function expected(n: number): number {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, (a + b) % PRIME];
  return a;
}

let meetings = 0;

/** On both threads of a pool of two. */
async function setFault(pool: Pool<BigNumbers>, fault: 'none' | 'exit' | 'throw'): Promise<void> {
  const meeting = `${process.pid} ${meetings++}`;
  await Promise.all([pool.fn.setFault(fault, meeting, 'one'), pool.fn.setFault(fault, meeting, 'other')]);
}

describe.skipIf(isSwitchedOff)('a big number', () => {
  test.each([1, 2, 4])('is right with %i workers, many at once and one after the other', async (workers) => {
    const pool = openPool(workers);
    const numbers = Array.from({ length: 12 }, (_, i) => N + 7919 * i);
    expect(await Promise.all(numbers.map((n) => pool.fn.fibonacciResidue(n)))).toEqual(numbers.map(expected));
    for (const n of [N - 1, N - 2, N - 3]) expect(await pool.fn.fibonacciResidue(n)).toBe(expected(n));
  });

  test.each([2, 4])('is right when others of %i workers have helped', async (workers) => {
    const pool = openPool(workers);
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
  });

  test('has a thread started to help it when none is there', async () => {
    const pool = openPool({ min: 1, max: 2 });
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
    expect(pool.stats().workers).toBe(2);
  });

  test('is right again in fresh memory, with help', async () => {
    const pool = openPool(2);
    expect(await pool.fn.helpedResidue(N, 'first')).toBe(expected(N));
    await Promise.all([pool.fn.release('one'), pool.fn.release('other')]);
    expect(await pool.fn.helpedResidue(N, 'second')).toBe(expected(N));
  });

  test('leaves its threads fit for more when memory large enough to be collected is given back', async () => {
    const pool = openPool(2);
    const large = 60_000_000;
    expect(await pool.fn.fibonacciResidue(large)).toBe(expected(large));
    for (const round of ['first', 'second']) {
      await Promise.all([pool.fn.release(`${round} one`), pool.fn.release(`${round} other`)]);
      expect(await pool.fn.fibonacciResidue(N)).toBe(expected(N));
    }
  });

  test('keeps no small call waiting on the thread that helps', async () => {
    const pool = openPool(2);
    await setFault(pool, 'none');
    const end = new AbortController();
    const big = rejection(pool.run('endless', [N], { signal: end.signal }));
    for (let i = 0; i < 50; i++) expect(await pool.fn.small(i)).toBe(i + 1);
    end.abort();
    expect((await big).name).toBe('AbortError');
    expect(pool.stats().workerDeaths).toBe(0);
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
  });

  test('in two pools at once is right in each', async () => {
    const pools = [openPool(2), openPool(2)];
    const results = await Promise.all(pools.map((pool) => pool.fn.helpedResidue(N)));
    expect(results).toEqual([expected(N), expected(N)]);
  });

  test('made by each of two threads at once is right, and then with help', async () => {
    const pool = openPool(2);
    const both = [pool.fn.fibonacciResidue(N), pool.fn.fibonacciResidue(N + 1)];
    expect(await Promise.all(both)).toEqual([expected(N), expected(N + 1)]);
    expect(await pool.fn.helpedResidue(N + 2)).toBe(expected(N + 2));
  });
});

describe.skipIf(isSwitchedOff)('when a thread that helps', () => {
  test('ends, the number is begun again, and the next has help of another', async () => {
    const pool = openPool(2);
    await setFault(pool, 'exit');
    expect(await pool.fn.retriedResidue(N)).toEqual([expected(N), 1]);
    expect(pool.stats().workerDeaths).toBe(1);
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
  });

  test('fails, its thread and the other go on', async () => {
    const pool = openPool(2);
    await setFault(pool, 'throw');
    const [result, retries] = await pool.fn.retriedResidue(N);
    expect([result, retries > 0]).toEqual([expected(N), true]);
    await setFault(pool, 'none');
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
    expect(pool.stats().workerDeaths).toBe(0);
  });

  test('fails and nothing is begun again, that call alone rejects', async () => {
    const pool = openPool(2);
    await setFault(pool, 'throw');
    expect((await rejection(pool.fn.endless(N))).name).toBe('HelperError');
    await setFault(pool, 'none');
    expect(await pool.fn.helpedResidue(N)).toBe(expected(N));
  });
});

describe.skipIf(isSwitchedOff)('when a number is given up', () => {
  test('by its caller, the next is right, on the same threads', async () => {
    const pool = openPool(2);
    await setFault(pool, 'none');
    for (let i = 0; i < 5; i++) {
      const end = new AbortController();
      const big = rejection(pool.run('endless', [N, `${i}`], { signal: end.signal }));
      await pool.fn.small(i);
      end.abort();
      expect((await big).name).toBe('AbortError');
      expect(await pool.fn.fibonacciResidue(N + i)).toBe(expected(N + i));
    }
    expect(pool.stats().workerDeaths).toBe(0);
  });

  test('by closing the pool, its call rejects and the pool ends', async () => {
    const pool = openPool(2);
    await setFault(pool, 'none');
    const big = rejection(pool.fn.endless(N));
    await pool.fn.small(1);
    await pool.close({ timeoutMs: 0 });
    expect((await big).code).toBe('ERR_POOL_CLOSED');
  });
});
