// Results as digits that no string was made of, from a pool.
import { describe, expect, test } from 'vitest';
import { createPool, DigitsHandle } from '../src/index.ts';

describe("a result as: 'digits'", () => {
  test('has the digits of the same call as decimal', async () => {
    await using pool = createPool({ workers: 1 });
    for (const n of [0, 1, -8, 1000, 20_001]) {
      const handle = await pool.run('fibonacci', [n], { as: 'digits' });
      expect(handle).toBeInstanceOf(DigitsHandle);
      expect(handle.toString()).toBe(await pool.run('fibonacci', [n], { as: 'decimal' }));
    }
  });

  test('is to be had of every function whose result is a bigint, and of no other', async () => {
    await using pool = createPool({ workers: 1 });
    expect(String(await pool.run('factorial', [20], { as: 'digits' }))).toBe('2432902008176640000');
    expect(String(await pool.run('lucas', [-3], { as: 'digits' }))).toBe('-4');
    await expect(pool.run('editDistance', ['a', 'b'], { as: 'digits' })).rejects.toMatchObject({
      code: 'ERR_OPTION',
      message: expect.stringContaining("Option 'as': 'digits' needs a function whose result is a bigint"),
    });
  });

  test('is one handle, for all callers and in a list, and weighs its digits in the cache', async () => {
    await using pool = createPool({ workers: 1 });
    const options = { as: 'digits' } as const;
    const calls = [pool.run('fibonacci', [200_000], options), pool.run('fibonacci', [200_000], options)];
    const [first, joined] = await Promise.all(calls);
    expect(joined).toBe(first);
    expect(await pool.run('fibonacci', [200_000], options)).toBe(first);
    expect(pool.peek('fibonacci', [200_000], options)).toBe(first);
    expect(await pool.map('fibonacci', [[200_000], [200_000]], options)).toEqual([first, first]);
    const [unkept, again] = await pool.map('fibonacci', [[50], [50]], options);
    expect([String(unkept), String(again)]).toEqual(['12586269025', '12586269025']);
    expect(first?.length).toBe(41_798);
    expect(pool.cacheInfo().bytes).toBeGreaterThanOrEqual(41_798);
    expect(pool.cacheInfo().bytes).toBeLessThan(42_500);
  });
});
