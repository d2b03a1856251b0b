// Recording a workload, with pools that are made up.
import { expect, test } from 'vitest';
import { Line } from '../../src/front/line.ts';
import { Counters } from '../../src/stats.ts';
import type { PoolMaker } from '../../src/tuning/instruments.ts';
import { measureHitNs, recordWorkload } from '../../src/tuning/record-workload.ts';

const calls = [{ name: 'f', args: [1] }];

function poolOf(hit: () => void) {
  let made = 0;
  return {
    run: async (): Promise<void> => {
      made++;
      hit();
    },
    peek: (): unknown => 1,
    get made(): number {
      return made;
    },
  };
}

test('a quick hit is measured some thousand times', async () => {
  const pool = poolOf(() => {});
  expect(await measureHitNs(pool, calls)).toBeGreaterThan(0);
  expect(pool.made).toBeGreaterThan(1000);
});

test('a hit that takes long, as of a large result, is measured a few times', async () => {
  const pool = poolOf(() => {
    const end = performance.now() + 25;
    while (performance.now() < end);
  });
  expect(await measureHitNs(pool, calls)).toBeGreaterThan(20e6);
  expect(pool.made).toBeLessThan(50);
});

test('without a call in the cache there is nothing to measure', async () => {
  const pool = { ...poolOf(() => {}), peek: () => undefined };
  expect(await measureHitNs(pool, calls)).toBe(0);
});

test('a recording that is interrupted has what was recorded by then', async () => {
  const line = new Line(new Counters('f'));
  const controller = new AbortController();
  let made = 0;
  // Calls 0 to 9 over and over again, of 3 ms each; the 25th after the warm-up is the last.
  const makePool: PoolMaker = (_, { front }) => ({
    run: async (_name, [n]) => {
      made++;
      if (controller.signal.aborted) throw new Error('closed');
      front?.onComplete(line, Number(n), { bytes: 10, computeMs: 3 });
      if (made === 40 + 25) controller.abort(new Error('enough'));
    },
    peek: () => undefined,
    cacheClear: async () => {},
    close: async () => {},
  });
  const recorded = await recordWorkload({
    makePool,
    pool: {},
    calls: Array.from({ length: 40 }, (_, i) => ({ name: 'f', args: [i % 10] })),
    workers: 1,
    concurrency: 1,
    atMostMs: 10_000,
    signal: controller.signal,
    now: () => performance.now(),
  });
  expect([recorded.calls, recorded.distinct, recorded.trace.length, recorded.callMs]).toEqual([
    25, 10, 25, 3,
  ]);
});
