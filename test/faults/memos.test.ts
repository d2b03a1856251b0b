// Memos on real threads: what the pool tells of one that is too small or too large, and what one keeps when the stack ends.
import { describe, expect, test, vi } from 'vitest';
import { createPool, type Pool, PoolError, type PoolOptions } from '../../src/index.ts';
import { closing, moduleUrl } from '../fixtures/pools.ts';

type Functions = typeof import('../fixtures/modules/memos.ts');

function memosPool(options: PoolOptions = {}): Pool<Functions> {
  return closing(createPool<Functions>({ workers: 1, functions: moduleUrl('memos.ts'), ...options }));
}

/** What the process is warned of while `work` is done. */
async function warningsOf(work: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation((warning, options) => {
    warnings.push(`${(options as { code: string }).code} ${String(warning)}`);
  });
  try {
    await work();
  } finally {
    emit.mockRestore();
  }
  return warnings;
}

describe('a recursion deeper than the stack', () => {
  test.each(['deep', 'deepBounded'] as const)(
    'of memoized functions tells how deep it came; the worker and its results stay, and the next call goes on from them: %s',
    async (name) => {
      const pool = memosPool({ stackSizeMb: 16 });
      expect(await pool.run(name, [20_000])).toBe(20_000);
      const error = await pool.run(name, [10_000_000]).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PoolError);
      const { code, message, details } = error as PoolError;
      expect(code).toBe('ERR_STACK_OVERFLOW');
      const depth = Number(details['depth']);
      expect(depth).toBeGreaterThan(20_000);
      expect(depth).toBeLessThan(1_000_000);
      expect(details).toEqual({ name, depth, stackSizeMb: 16 });
      expect(message).toBe(
        `${name} recursed deeper than the worker's stack of 16 MiB allows, up to ${depth} levels of memoized functions deep; raise the option stackSizeMb, or recurse less deeply.`,
      );
      const before = pool.stats().memos[name]?.misses ?? Number.NaN;
      expect(await pool.run(name, [21_000])).toBe(21_000);
      const { workerDeaths, memos } = pool.stats();
      expect(workerDeaths).toBe(0);
      expect(memos[name]).toMatchObject({ misses: before + 1000, currsize: 21_001 });
    },
  );

  test('of other functions tells the stack and the option, and no depth', async () => {
    const pool = memosPool({ stackSizeMb: 16 });
    const error = await pool.run('plain', [0]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_STACK_OVERFLOW' });
    expect((error as PoolError).details).toEqual({ name: 'plain', stackSizeMb: 16 });
  });
});

describe('the memos of a worker', () => {
  test('keep no more than memoBytes: the heaviest is emptied between calls, counted and told once', async () => {
    const pool = memosPool({ memoBytes: 300 * 2 ** 20, maxsize: 0 });
    const warnings = await warningsOf(async () => {
      await pool.fn.deep(100);
      for (let n = 0; n < 60; n++) {
        expect((await pool.fn.bytes(n, 20 * 2 ** 20)).length).toBe(20 * 2 ** 20);
        const { currsize = 0, evictions = 0 } = pool.stats().memos['bytes'] ?? {};
        expect(currsize + evictions).toBe(n + 1);
      }
    });
    const { bytes, deep } = pool.stats().memos;
    expect(bytes?.evictions).toBeGreaterThan(0);
    expect(deep).toMatchObject({ currsize: 101, evictions: 0 });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^MEMOPOOL_MEMO_BYTES bytes: its memo weighed about \d+ MiB and was emptied, .* 300 MiB/,
      ),
    ]);
  });
});

describe('a memo too small for its recursion', () => {
  test('is a warning of the main process, once, with the function and the maxsize it needs', async () => {
    const pool = memosPool();
    const warnings = await warningsOf(async () => {
      expect(await pool.fn.narrow(15)).toBe(610n);
      expect(await pool.fn.narrow(16)).toBe(987n);
      expect(await pool.fn.wide(500)).toBeGreaterThan(0n);
    });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^MEMOPOOL_MEMO_TOO_SMALL narrow: its memo of maxsize 2 evicts .* \d+ were computed twice so far\. It needs a maxsize of at least 3\.$/,
      ),
    ]);
  });

  test('is told once for the pool, however many workers tell it', async () => {
    const pool = memosPool({ workers: 2 });
    const warnings = await warningsOf(async () => {
      const threads = new Set<number>();
      for (let call = 0; call < 100 && threads.size < 2; call += 2) {
        for (const id of await Promise.all([pool.fn.narrowLater(call), pool.fn.narrowLater(call + 1)]))
          threads.add(id);
      }
      expect(threads.size).toBe(2);
    });
    expect(warnings).toEqual([
      expect.stringMatching(/^MEMOPOOL_MEMO_TOO_SMALL A memoized function inside narrowLater: its memo/),
    ]);
  });
});
