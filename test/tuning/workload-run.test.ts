// A run of a workload: in order, so many calls at once, each timed.
import { expect, test } from 'vitest';
import type { WorkloadCall } from '../../src/tuning/options.ts';
import { runWorkload } from '../../src/tuning/workload-run.ts';

const calls: readonly WorkloadCall[] = Array.from({ length: 20 }, (_, i) => ({ name: 'f', args: [i] }));

function plan(over: object = {}) {
  return { concurrency: 3, signal: new AbortController().signal, now: () => 0, ...over };
}

test('calls are made in their order, never more at once than asked for', async () => {
  const made: unknown[] = [];
  let underWay = 0;
  let most = 0;
  const pool = {
    async run(_name: string, args: readonly unknown[]): Promise<void> {
      made.push(args[0]);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
    },
  };
  const ran = await runWorkload(pool, calls, plan());
  expect(made).toEqual(calls.map(({ args }) => args[0]));
  expect(most).toBe(3);
  expect([ran.calls, ran.failed, ran.latenciesMs.length]).toEqual([20, 0, 20]);
});

test('each call is timed from when it is made, and the run from the first to the last', async () => {
  let ms = 0;
  const pool = {
    async run(_name: string, args: readonly unknown[]): Promise<void> {
      ms += Number(args[0]);
    },
  };
  const ran = await runWorkload(pool, calls, plan({ concurrency: 1, now: () => ms }));
  expect([...ran.latenciesMs]).toEqual(calls.map(({ args }) => args[0]));
  expect(ran.elapsedMs).toBe(190);
});

test('calls that fail are counted, and do not end the run', async () => {
  const pool = {
    async run(_name: string, args: readonly unknown[]): Promise<void> {
      if (Number(args[0]) % 2 === 1) throw new Error(`odd ${args[0]}`);
    },
  };
  const ran = await runWorkload(pool, calls, plan({ concurrency: 1 }));
  expect([ran.calls, ran.failed, ran.firstError]).toEqual([20, 10, new Error('odd 1')]);
});

test('after the time given, from the first answer on, no further call is made', async () => {
  let ms = 0;
  const pool = {
    async run(): Promise<void> {
      ms += 10;
    },
  };
  const ran = await runWorkload(pool, calls, plan({ concurrency: 1, now: () => ms, atMostMs: 45 }));
  expect([ran.calls, ran.startMs, ran.elapsedMs]).toEqual([6, 10, 60]);
});

test('an aborted run rejects with the reason, whatever its calls come to', async () => {
  const controller = new AbortController();
  const pool = {
    async run(_name: string, args: readonly unknown[]): Promise<void> {
      if (args[0] === 7) controller.abort(new Error('enough'));
      if (controller.signal.aborted) throw new Error('closed');
    },
  };
  await expect(runWorkload(pool, calls, plan({ signal: controller.signal }))).rejects.toThrow('enough');
});

test('calls that are answered at once leave turns to the event loop, so that it can be interrupted', async () => {
  let ms = 0;
  const pool = { run: async () => void ms++ };
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  const many = Array.from({ length: 1000 }, (): WorkloadCall => ({ name: 'f', args: [] }));
  const ran = runWorkload(pool, many, plan({ signal: controller.signal, now: () => ms }));
  await expect(ran).rejects.toThrow('enough');
  expect(ms).toBeLessThan(200);
});
