// Results as digits that no string was made of, from a pool; and how far each form goes.

import { describe, expect, test } from 'vitest';
import { createPool, DigitsHandle } from '../src/index.ts';
import { isSwitchedOff } from '../src/kernels/switch.ts';

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

describe('how far a form goes', () => {
  const beyondBigint = 1_546_639_205;

  test.each([undefined, 'bigint', 'hex', 'handle'] as const)(
    'to where a bigint ends, for the form %s; refused before a thread is started',
    async (as) => {
      await using pool = createPool({ workers: 1 });
      const running = pool.run('fibonacci', [beyondBigint], as === undefined ? {} : { as });
      await expect(running).rejects.toMatchObject({
        code: 'ERR_RESULT_TOO_LARGE',
        message: expect.stringContaining(
          "'decimal' goes to n = 2568912150, 'digits' and 'bytes' go to n = 3800000000",
        ),
        details: { digits: 323_228_478, bytes: 134_217_721 },
      });
      expect(pool.stats().workers).toBe(0);
    },
  );

  test('further as text and bytes, whose own ends are refused before a thread is started', async () => {
    await using pool = createPool({ workers: 1 });
    await expect(pool.run('fibonacci', [2_568_912_151], { as: 'decimal' })).rejects.toMatchObject({
      code: 'ERR_RESULT_TOO_LARGE',
      message:
        "fibonacci(n): expected n from -2568912145 to 2568912150 as 'decimal', got 2568912151: a number of 536,870,889 digits, 222,930,811 bytes, would pass the 536,870,888 characters of a string. As 'digits' and 'bytes' go to n = 3800000000.",
    });
    for (const as of ['digits', 'bytes'] as const) {
      await expect(pool.run('lucas', [-3_800_000_001], { as })).rejects.toMatchObject({
        code: 'ERR_RESULT_TOO_LARGE',
        message: expect.stringContaining(`expected n from -3800000000 to 3800000000 as '${as}'`),
      });
    }
    expect(pool.stats().workers).toBe(0);
  });

  test.runIf(isSwitchedOff)('what V8 alone cannot make is refused in the worker, by its size', async () => {
    await using pool = createPool({ workers: 1 });
    for (const as of ['decimal', 'digits', 'bytes'] as const) {
      await expect(pool.run('fibonacci', [-2_000_000_000], { as })).rejects.toMatchObject({
        code: 'ERR_RESULT_TOO_LARGE',
        message: `fibonacci(n): expected n from -1546639204 to 1546639204 as '${as}', got -2000000000: a number of 417,975,281 digits, 173,560,479 bytes, would pass V8's limit of 2^30 bits.`,
      });
    }
  });
});
