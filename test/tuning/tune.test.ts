// Tuning with real pools: what a user gets from `pool.tune`.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { createPool } from '../../src/create-pool.ts';
import { parsePattern, ranksOf } from '../../src/curves/patterns.ts';
import type { PoolError } from '../../src/errors.ts';
import type { Pool } from '../../src/pool-types.ts';
import type { TuneOptions, WorkloadCall } from '../../src/tuning/options.ts';
import type { TuneResult } from '../../src/tuning/result.ts';

import { makeTrace, tracedCalls } from './make-trace.ts';

const functions = new URL('../fixtures/modules/tuned.ts', import.meta.url);
const pools: Pool<typeof import('../fixtures/modules/tuned.ts')>[] = [];

function open(options: object = {}) {
  const pool = createPool<typeof import('../fixtures/modules/tuned.ts')>({ functions, ...options });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function zipf(length: number, name = 'spin'): WorkloadCall[] {
  const ranks = ranksOf(parsePattern(`zipf:1,keys=100,length=${length}`), 1);
  return [...ranks].map((rank) => ({ name, args: [rank] }));
}

const QUICK: Partial<TuneOptions> = { budgetMs: 1500, counts: [1, 2], seed: 3, concurrency: 8 };

describe('tuning a workload', () => {
  test('measures each count and finds a maxsize, as plain data that JSON keeps', async () => {
    const calls = zipf(300);
    const result = await open().tune({ ...QUICK, budgetMs: 4000, workload: calls });
    expect(result.isComplete).toBe(true);
    expect(result.subject).toMatchObject({
      source: 'workload',
      functions: ['spin'],
      given: 300,
      calls: 300,
      distinct: new Set(calls.map(({ args }) => args[0])).size,
    });
    expect(result.workers?.counts.map(({ workers }) => workers)).toEqual([1, 2]);
    for (const { runs, throughput } of result.workers?.counts ?? []) {
      expect(runs).toBeGreaterThanOrEqual(10);
      expect(throughput.low).toBeLessThanOrEqual(throughput.median);
      expect(throughput.high).toBeGreaterThanOrEqual(throughput.median);
    }
    expect(result.workers?.fit.kind).toBe('refused'); // two counts are too few
    expect(result.sizes?.needed).toBeGreaterThan(0);
    expect(result.sizes?.chosen).toBeLessThanOrEqual(result.sizes?.needed ?? 0);
    expect(result.advice.lines).toEqual([
      `workers: ${result.workers?.chosen},`,
      `maxsize: ${result.sizes?.chosen},`,
    ]);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test('what is called again while it is computed is called again all the same', async () => {
    const once = Array.from({ length: 30 }, (_, n) => ({ name: 'spin', args: [n] }));
    const result = await open().tune({ ...QUICK, workload: [...once, ...once], concurrency: 64 });
    expect(result.sizes).toMatchObject({ references: 60, distinct: 30, joins: 0, needed: 30 });
    expect(result.sizes?.chosen).toBeGreaterThan(0);
  });

  test('takes calls as they are when they come, also from a generator that gives one object for all', async () => {
    function* calls(): Generator<WorkloadCall> {
      const call: { name: string; args: unknown[] } = { name: 'spin', args: [0] };
      for (let n = 0; n < 20; n++) {
        call.args[0] = n;
        yield call;
      }
    }
    const result = await open().tune({ ...QUICK, workload: calls() });
    expect(result.subject).toMatchObject({ given: 20, distinct: 20 });
  });

  test('what never ends because of its memo is given up, and its memo is tried', async () => {
    const workload = [40, 60, 61].map((n) => ({ name: 'tight', args: [n] }));
    const result = await open().tune({ ...QUICK, workload });
    expect(result).toMatchObject({ isComplete: false, sizes: null, workers: null });
    expect(result.memos).toEqual([expect.objectContaining({ name: 'tight', needed: 3, maxsize: 2 })]);
    expect(result.advice.findings.join()).toMatch(/tight\(\d+\) was not answered within \d+ s/);
  }, 60_000);

  test('the messages of a miss are a part of what it costs', async () => {
    const workload = Array.from({ length: 2000 }, (_, n) => ({ name: 'same', args: [n % 500] }));
    const { sizes } = await open().tune({ ...QUICK, workload });
    expect(sizes?.missNs).toBeGreaterThan(1000); // the function itself takes some nanoseconds
  });

  test('leaves the pool itself as it is', async () => {
    const pool = open({ workers: 1 });
    await pool.tune({ ...QUICK, workload: zipf(50) });
    expect(pool.cacheInfo()).toMatchObject({ hits: 0, misses: 0, currsize: 0 });
    expect(pool.stats().workers).toBe(0);
  });

  test('says what the memo of a recursive function needs, tried at that size and at one less', async () => {
    const result = await open().tune({
      ...QUICK,
      budgetMs: 4000,
      workload: [15, 18, 20].map((n) => ({ name: 'fib', args: [n] })),
    });
    expect(result.memos).toEqual([
      expect.objectContaining({ name: 'fib', needed: 3, maxsize: 128, isBelowCut: false }),
    ]);
    const [memo] = result.memos;
    expect(memo?.callsAtNeeded).toBe(memo?.distinct);
    expect(memo?.callsBelow).toBeGreaterThan(memo?.distinct ?? 0);
    expect(result.advice.findings.join()).toContain('fib: its memo needs a maxsize of at least 3');
  });

  test('calls that fail are part of the workload, and told', async () => {
    const workload = zipf(100).map((call, i) => (i % 10 === 3 ? { name: 'fails', args: [i] } : call));
    const result = await open().tune({ ...QUICK, workload });
    expect(result.advice.findings.join()).toContain(
      '10 of the recorded calls failed, the first with: as asked',
    );
    expect(result.workers?.chosen).toBeGreaterThan(0);
  });

  test('a workload of which every call fails rejects with the first error', async () => {
    const workload = [1, 2].map((n) => ({ name: 'fails', args: [n] }));
    await expect(open().tune({ ...QUICK, workload })).rejects.toThrow('as asked');
    await expect(open().tune({ ...QUICK, workload: [{ name: 'nowhere', args: [] }] })).rejects.toMatchObject({
      code: 'ERR_FUNCTION_NOT_FOUND',
    });
  });

  test('what does not fit into the budget is left out, and told', async () => {
    const workload = Array.from({ length: 400 }, (_, n) => ({ name: 'spinFor', args: [n, 20] }));
    const result = await open().tune({ ...QUICK, budgetMs: 2500, workload });
    expect(result.subject.calls).toBeLessThan(400);
    expect(result.advice.findings.join()).toContain('Of 400 calls the first');
    expect(result.workers?.callsPerRun).toBeLessThan(20);
  });

  test('a call that does not end is ended, whatever the garbage collector does', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const often = setInterval(collect, 50);
    try {
      const workload = [{ name: 'spinFor', args: [1, 3_600_000] }];
      const result = await open().tune({ ...QUICK, workload, budgetMs: 100 });
      expect(result).toMatchObject({ isComplete: false, sizes: null, workers: null });
      expect(result.advice.findings).toEqual([
        expect.stringMatching(/^spinFor\(1, 3600000\) was not answered within \d+ s/),
      ]);
    } finally {
      clearInterval(often);
    }
  }, 30_000);

  test('a queue smaller than the calls under way refuses none of them', async () => {
    const result = await open({ queueSize: 0 }).tune({ ...QUICK, workload: zipf(60), concurrency: 32 });
    expect(result.advice.findings.join()).not.toContain('failed');
    expect(result.subject.calls).toBe(60);
  });
});

describe('tuning by a trace', () => {
  test('that has no end says so, and finds a maxsize', async () => {
    const keys = [1, 2, 3, 1, 2, 3];
    const trace = { ...tracedCalls(keys, () => ({ bytes: 8, costNs: 1e6 })), isCut: true };
    const result = await open().tune({ seed: 3, trace });
    expect(result.sizes?.chosen).toBe(3);
    expect(result.advice.findings).toEqual([expect.stringContaining('The trace has no end')]);
  });

  test('that has no calls finds nothing, and says so', async () => {
    const result = await open().tune({ seed: 3, trace: makeTrace([]) });
    expect(result.sizes).toBeNull();
    expect(result.advice.findings).toEqual(['The trace has no calls in it: record while calls are made.']);
  });
});

describe('a tuning that is interrupted', () => {
  async function interrupted(when: (fraction: number) => boolean): Promise<TuneResult> {
    const controller = new AbortController();
    return open().tune({
      ...QUICK,
      budgetMs: 3000,
      workload: zipf(200),
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        if (when(fraction)) controller.abort();
      },
    });
  }

  test('resolves to what was measured by then, and is gone on from there', async () => {
    const part = await interrupted((fraction) => fraction > 0.5);
    expect(part.isComplete).toBe(false);
    const samples = part.workers?.samples ?? [];
    expect(samples.length).toBeGreaterThan(0);
    const resume = JSON.parse(JSON.stringify(part)) as TuneResult;
    const { seed: _, ...quick } = QUICK;
    const whole = await open().tune({ ...quick, budgetMs: 3000, workload: zipf(200), resume });
    expect(whole.isComplete).toBe(true);
    expect(whole.workers?.samples.slice(0, samples.length)).toEqual(samples);
    expect(whole.workers?.samples.length).toBeGreaterThan(samples.length);
    expect([whole.seed, whole.startedAt, whole.sizes]).toEqual([part.seed, part.startedAt, part.sizes]);
    expect(whole.elapsedMs).toBeGreaterThan(part.elapsedMs);
  });

  test('before anything was measured has nothing to advise', async () => {
    const part = await interrupted(() => true);
    expect(part).toMatchObject({ isComplete: false, workers: null, advice: { workers: null } });
  });

  test('is not gone on from with other calls or settings', async () => {
    const part = await interrupted((fraction) => fraction > 0.5);
    const again = (options: Partial<TuneOptions>) =>
      open().tune({ ...QUICK, workload: zipf(200), resume: part, ...options });
    await expect(again({ workload: zipf(201) })).rejects.toThrow('a tuning of these 201 calls');
    await expect(again({ counts: [1] })).rejects.toThrow('counts');
    await expect(again({ concurrency: 9 })).rejects.toThrow('concurrency');
    await expect(again({ seed: 4 })).rejects.toThrow('seed');
    await expect(again({ resume: { ...part, isComplete: true } })).rejects.toThrow('a complete one');
  });
});

describe('options of tuning that cannot be', () => {
  const calls = zipf(10);
  test.each<[string, object, string]>([
    ['no calls', { workload: [] }, "option 'workload': expected calls, got"],
    ['neither calls nor a trace', {}, 'or instead the option trace'],
    ['no iterable', { workload: 5 }, 'an iterable of { name, args }'],
    ['no call', { workload: ['fib'] }, 'a call, { name, args }'],
    ['a budget of nothing', { workload: calls, budgetMs: 0 }, 'a number from 100 to'],
    ['no counts', { workload: calls, counts: [] }, 'a list of 1 to 16 counts'],
    ['a count twice', { workload: calls, counts: [2, 2] }, 'each count once'],
    ['half a worker', { workload: calls, counts: [0.5] }, 'a whole number from 1 to 1024'],
    ['an unknown option', { workload: calls, budget: 5 }, 'unknown option'],
    ['no trace', { trace: {} }, 'a trace, as readTrace gives it'],
    ['a trace by number', { trace: 5 }, 'a trace, as readTrace gives it'],
    ['no name', { workload: calls, name: 5 }, 'a text'],
    [
      'half a result',
      { workload: calls, resume: { format: 'memopool-tune', version: 1 } },
      'an earlier tuning',
    ],
    ['no signal', { workload: calls, signal: {} }, 'an AbortSignal'],
  ])('%s', async (_, options, message) => {
    const error = await open()
      .tune(options as TuneOptions)
      .catch((reason: unknown) => reason as PoolError);
    expect(error).toMatchObject({ code: 'ERR_OPTION', message: expect.stringContaining(message) });
  });
});
