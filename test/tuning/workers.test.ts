// Measuring each count of workers, with pools whose time is made up: what is measured, in which order, and how it ends.
import { describe, expect, test } from 'vitest';
import type { MeasuredPool, PoolMaker } from '../../src/tuning/instruments.ts';
import type { WorkloadCall } from '../../src/tuning/options.ts';
import type { Machine } from '../../src/tuning/result.ts';
import { callsPerRun, LEAST_ROUNDS, measureWorkers, type WorkersPlan } from '../../src/tuning/workers.ts';

const MACHINE: Machine = {
  node: 'v20',
  platform: 'linux',
  arch: 'x64',
  cpuModel: 'any',
  cpus: 4,
  usableCpus: 4,
  quota: null,
  memoryBytes: 2 ** 34,
};

const calls: readonly WorkloadCall[] = Array.from({ length: 40 }, (_, i) => ({ name: 'f', args: [i] }));

/** Pools of which `n` workers compute a call in `1 / min(n, 2)` milliseconds. */
class World {
  ms = 0;
  open = 0;
  readonly made: number[] = [];
  readonly maxsizes: unknown[] = [];
  /** Workers of the pool that each call was made on. */
  readonly runs: number[] = [];
  onRun: (calls: number) => void = () => {};
  readonly makePool: PoolMaker = ({ workers = 0, maxsize }) => {
    const count = Number(workers);
    this.made.push(count);
    this.maxsizes.push(maxsize);
    this.open++;
    let isClosed = false;
    const pool: MeasuredPool = {
      run: async () => {
        this.runs.push(count);
        this.onRun(this.runs.length);
        if (isClosed) throw new Error('closed');
        this.ms += 1 / Math.min(count, 2);
      },
      peek: () => undefined,
      cacheClear: async () => {},
      close: async () => {
        if (!isClosed) this.open--;
        isClosed = true;
      },
    };
    return pool;
  };

  plan(over: Partial<WorkersPlan> = {}): WorkersPlan {
    return {
      makePool: this.makePool,
      pool: { maxsize: 7 },
      calls,
      counts: [1, 2, 3, 4],
      concurrency: 1,
      seed: 5,
      budgetMs: 4000,
      callMs: 1,
      machine: MACHINE,
      signal: new AbortController().signal,
      now: () => this.ms,
      process: {
        memoryBytes: () => 1e6 * this.runs.length,
        cpuMs: () => 1.5 * this.ms,
        mainMs: () => 0.25 * this.ms,
      },
      onStep: () => {},
      ...over,
    };
  }
}

describe('measuring each count', () => {
  test('finds throughput, efficiency and the smallest count that is as good as the best', async () => {
    const world = new World();
    const result = await measureWorkers(world.plan());
    expect(result?.chosen).toBe(2);
    expect(result?.counts.map(({ throughput }) => Math.round(throughput.median))).toEqual([
      1000, 2000, 2000, 2000,
    ]);
    expect(result?.counts.map(({ efficiency }) => Number(efficiency.toFixed(3)))).toEqual([1, 1, 0.667, 0.5]);
    expect(result?.counts.map(({ p50Ms }) => p50Ms.median)).toEqual(
      [1, 0.5, 0.5, 0.5].map((ms) => expect.closeTo(ms)),
    );
    expect(result?.counts.map(({ processCpus, mainShare }) => [processCpus, mainShare])).toEqual(
      [1, 2, 3, 4].map(() => [expect.closeTo(1.5), expect.closeTo(0.25)]),
    );
    expect(world.maxsizes).toEqual([7, 7, 7, 7]);
    expect(world.open).toBe(0);
  });

  test('takes every count once a round, in an order that the seed gives again, ten rounds at least', async () => {
    const orders: number[][] = [];
    for (let i = 0; i < 2; i++) {
      const result = await measureWorkers(new World().plan({ budgetMs: 500 }));
      orders.push(result?.samples.map(({ workers }) => workers) ?? []);
    }
    const [order = [], again] = orders;
    expect(again).toEqual(order);
    expect(order.length).toBeGreaterThanOrEqual(4 * LEAST_ROUNDS);
    for (let at = 0; at < order.length; at += 4) {
      expect([...order.slice(at, at + 4)].sort()).toEqual([1, 2, 3, 4]);
    }
    const rounds = Array.from({ length: LEAST_ROUNDS }, (_, i) => order.slice(4 * i, 4 * i + 4).join());
    expect(new Set(rounds).size).toBeGreaterThan(3);
  });

  test('every run begins with an empty cache', async () => {
    const world = new World();
    let isEmpty = true;
    const begun: boolean[] = [];
    const makePool: PoolMaker = (options, instruments) => ({
      ...world.makePool(options, instruments),
      run: async (_, [first]) => {
        world.ms++;
        if (first === 0) begun.push(isEmpty);
        isEmpty = false;
      },
      cacheClear: async () => {
        isEmpty = true;
      },
    });
    await measureWorkers(world.plan({ makePool, counts: [1] }));
    expect(begun.length).toBeGreaterThan(LEAST_ROUNDS);
    expect(begun).not.toContain(false);
  });

  test('ends after its budget, and measures more where there is time', async () => {
    const short = new World();
    await measureWorkers(short.plan({ budgetMs: 600 }));
    expect(short.ms).toBeLessThan(1200);
    const long = new World();
    const result = await measureWorkers(long.plan({ budgetMs: 60_000 }));
    expect(result?.samples.length).toBe(160);
  });

  test('takes fewer calls where ten rounds of all would not fit', () => {
    const plan = { calls, counts: [1, 2, 3, 4], machine: MACHINE, callMs: 1 };
    expect(callsPerRun({ ...plan, budgetMs: 60_000 })).toBe(40);
    expect(callsPerRun({ ...plan, budgetMs: 250 })).toBe(10);
  });

  test('measures every count at least once, however long the warm-up took', async () => {
    const world = new World();
    const result = await measureWorkers(world.plan({ budgetMs: 0.1 }));
    expect(result?.counts.map(({ workers, runs }) => [workers, runs])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  test('takes no fewer calls than keep the most workers busy, if there are as many', () => {
    const plan = { calls, counts: [1, 2, 3, 4], machine: MACHINE, callMs: 1, budgetMs: 1 };
    expect(callsPerRun(plan)).toBe(8);
    expect(callsPerRun({ ...plan, calls: calls.slice(0, 3) })).toBe(3);
  });

  test('long calls warm each worker up, and no more of them are made for it', async () => {
    const world = new World();
    await measureWorkers(world.plan({ callMs: 100, concurrency: 64, counts: [2, 4], budgetMs: 1 }));
    expect(world.runs.slice(0, 12)).toEqual([2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4]);
  });

  test('an interruption keeps what was measured, and it is gone on from there', async () => {
    const whole = await measureWorkers(new World().plan({ budgetMs: 60_000 }));
    const world = new World();
    const controller = new AbortController();
    world.onRun = (made) => {
      if (made === 1000) controller.abort();
    };
    const part = await measureWorkers(world.plan({ budgetMs: 60_000, signal: controller.signal }));
    expect(part?.samples.length).toBeGreaterThan(5);
    expect(part?.samples.length).toBeLessThan(160);
    expect(world.open).toBe(0);
    const rest = new World();
    const gone = await measureWorkers(rest.plan({ budgetMs: 60_000, before: part ?? undefined }));
    expect(gone?.samples.map(({ order, workers }) => [order, workers])).toEqual(
      whole?.samples.map(({ order, workers }) => [order, workers]),
    );
    expect(rest.runs.length).toBeLessThan(2 * 4 * 40 + 160 * 40);
  });

  test('what limits is told of the calls that a run has', async () => {
    const world = new World();
    const result = await measureWorkers(world.plan({ calls: calls.slice(0, 2), concurrency: 64 }));
    expect(result?.chosen).toBe(2);
    expect(result?.limit).toContain('2 calls under way at once are not enough to keep 3 workers busy');
  });

  test('nothing measured is null', async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await measureWorkers(new World().plan({ signal: controller.signal }))).toBeNull();
  });

  test('calls that all fail reject with the first error, and leave no pool', async () => {
    const world = new World();
    world.onRun = () => {
      throw new Error('no such function');
    };
    await expect(measureWorkers(world.plan())).rejects.toThrow('no such function');
    expect(world.open).toBe(0);
  });

  test('memory for each worker is by how much more each takes', async () => {
    const world = new World();
    let bytes = 0;
    const result = await measureWorkers(
      world.plan({
        makePool: (options, instruments) => {
          const made = world.makePool(options, instruments);
          return {
            ...made,
            run: (name, args) => {
              if (world.runs.at(-1) !== options.workers) bytes += 1e6 * (3 + 2 * Number(options.workers));
              return made.run(name, args);
            },
          };
        },
        process: { memoryBytes: () => bytes, cpuMs: () => 0, mainMs: () => 0 },
        budgetMs: 500,
      }),
    );
    expect(result?.counts.map(({ memoryBytes }) => memoryBytes)).toEqual([5e6, 7e6, 9e6, 11e6]);
    expect(result?.memoryPerWorkerBytes).toBeCloseTo(2e6);
  });
});
