// Tuning with pools that are made up: which pools it asks for, and when it is complete.
import { expect, test } from 'vitest';
import type { PoolOptions } from '../../src/options.ts';
import type { PoolMaker } from '../../src/tuning/instruments.ts';
import { tune } from '../../src/tuning/tune.ts';

function makerOf(run: () => Promise<void>): { readonly made: PoolOptions[]; readonly makePool: PoolMaker } {
  const made: PoolOptions[] = [];
  const makePool: PoolMaker = (options) => {
    made.push(options);
    return { run, peek: () => undefined, cacheClear: async () => {}, close: async () => {} };
  };
  return { made, makePool };
}

const OPTIONS = { workload: [{ name: 'f', args: [1] }], counts: [1, 3], budgetMs: 100, seed: 1 };

test('records without a bound, and measures each count with the maxsize found and the other options given', async () => {
  const { made, makePool } = makerOf(async () => {});
  const pool = { maxsize: 77, workers: 9, typed: false, queueSize: 500 };
  const result = await tune(OPTIONS, { makePool, pool });
  expect(result.isComplete).toBe(true);
  expect(made[0]).toMatchObject({ maxsize: null, typed: false, queueSize: 500 });
  expect(made.slice(1).map(({ workers, maxsize, typed }) => ({ workers, maxsize, typed }))).toEqual(
    [1, 3].map((workers) => ({ workers, maxsize: result.sizes?.chosen, typed: false })),
  );
});

test('is not complete when time was out before each count had ten runs', async () => {
  const { makePool } = makerOf(() => new Promise((resolve) => setTimeout(resolve, 60)));
  const result = await tune(OPTIONS, { makePool, pool: {} });
  expect(result.isComplete).toBe(false);
});

test('says when a count had too few runs', async () => {
  const { makePool } = makerOf(() => new Promise((resolve) => setTimeout(resolve, 5)));
  const workload = Array.from({ length: 100 }, (_, n) => ({ name: 'f', args: [n] }));
  const result = await tune({ ...OPTIONS, workload, budgetMs: 300, concurrency: 1 }, { makePool, pool: {} });
  expect(result.workers?.callsPerRun).toBe(6);
  expect(result.advice.findings.join()).toContain('runs, and 10 give an interval');
});
