// The built-in functions of which large calls are divided among all workers of a pool.
import { afterAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../../src/index.ts';
import { binomial } from '../../../workers/functions/binomial.ts';
import { codePoints } from '../../../workers/functions/code-points.ts';
import { factorial } from '../../../workers/functions/factorial.ts';
import { plainDistance } from '../../../workers/functions/parallel/edit-blocks.ts';
import { editDistance as inPool } from '../../../workers/functions/parallel/edit-distance.ts';
import { commonOf } from '../../../workers/functions/parallel/lcs-blocks.ts';
import { partitions } from '../../../workers/functions/partitions.ts';

const pools: Pool[] = [1, 2, 3].map((workers) => createPool({ workers }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function textOf(length: number, letters: number, seed: number): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return String.fromCharCode(97 + ((state >> 8) % letters));
  }).join('');
}

function partsOf(pool: Pool): number {
  const { completed, open } = pool.stats();
  expect(open).toBe(0);
  return completed;
}

describe.each([
  [1, 0],
  [2, 1],
  [3, 2],
])('with %i worker(s)', (_, index) => {
  const pool = pools[index] as Pool;

  test('factorial comes to the same, in parts', { timeout: 60_000 }, async () => {
    const before = partsOf(pool);
    expect(await pool.fn.factorial(120_000)).toBe(factorial(120_000));
    expect(partsOf(pool)).toBeGreaterThan(before + 2);
    expect(await pool.fn.factorial(1000)).toBe(factorial(1000));
  });

  test('binomial comes to the same, in parts', { timeout: 60_000 }, async () => {
    const before = partsOf(pool);
    expect(await pool.fn.binomial(800_000, 500_000)).toBe(binomial(800_000, 300_000));
    expect(partsOf(pool)).toBeGreaterThan(before + 2);
    expect(await pool.fn.binomial(10n ** 12n, 2)).toBe(binomial(10n ** 12n, 2));
  });

  test('partitions comes to the same, in parts, and shares what was made with it', async () => {
    const before = partsOf(pool);
    expect(await pool.fn.partitions(9000)).toBe(partitions(9000));
    expect(partsOf(pool)).toBeGreaterThan(before + 2);
    expect(pool.peek('partitions', [8999])).toBe(partitions(8999));
    expect(pool.peek('partitions', [8745])).toBe(partitions(8745));
  });

  test('editDistance comes to the same, by blocks', { timeout: 60_000 }, async () => {
    const [a, b] = [textOf(9000, 4, 1), textOf(8500, 4, 2)];
    const before = partsOf(pool);
    expect(await pool.fn.editDistance(a, b)).toBe(plainDistance(codePoints(a), codePoints(b)));
    expect(partsOf(pool)).toBeGreaterThan(before + 3);
  });

  test('lcs comes to the same, by blocks', { timeout: 60_000 }, async () => {
    const [a, b] = [textOf(12_000, 26, 3), textOf(11_900, 26, 4)];
    const before = partsOf(pool);
    const common = String.fromCodePoint(...commonOf(codePoints(a), codePoints(b)));
    expect(await pool.fn.lcs(a, b)).toBe(common);
    expect(partsOf(pool)).toBeGreaterThan(before + 3);
  });
});

test('outside of a pool the same function computes alone', () => {
  expect(inPool(textOf(9000, 4, 1), textOf(9000, 4, 1))).toBe(0);
});

test('arguments out of the domain are refused as ever', async () => {
  const [pool] = pools as [Pool];
  await expect(pool.fn.factorial(-1)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  await expect(pool.run('partitions', [100_001])).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
});

test('an aborted factorial leaves the pool usable', async () => {
  const [, pool] = pools as [Pool, Pool];
  await expect(pool.run('factorial', [3_000_000], { timeoutMs: 50 })).rejects.toMatchObject({
    code: 'ERR_TIMEOUT',
  });
  expect(await pool.fn.factorial(20)).toBe(2_432_902_008_176_640_000n);
});
