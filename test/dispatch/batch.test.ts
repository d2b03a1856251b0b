import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Batch, packCalls, takeBatch } from '../../src/dispatch/batch.ts';
import { Costs } from '../../src/dispatch/cost.ts';
import type { Task } from '../../src/dispatch/dispatcher.ts';
import { Job } from '../../src/dispatch/job.ts';
import { Queue } from '../../src/queue.ts';
import { groupSize } from '../../src/wire.ts';

type Call = Pick<Task, 'name' | 'args'> & Partial<Pick<Task, 'form'>>;

function jobOf({ name, args, form }: Call): Job {
  const nothing = () => {};
  const nested = {
    isNested: false,
    parts: 0,
    ask: nothing,
    onOpen: nothing,
    onStuck: nothing,
    onUnstuck: nothing,
  };
  const task: Task = { name, args, form, ...nested, onSend() {}, onStart() {}, onDone() {} };
  return new Job(task, { cancel() {}, onWatched() {} });
}

/** Calls in a queue, whose costs are known where `ms` has them. */
function queueOf(calls: readonly Call[], ms: Readonly<Record<string, number>>): [Queue<Job>, Costs] {
  const queue = new Queue<Job>();
  const costs = new Costs();
  for (const call of calls) {
    const job = jobOf(call);
    queue.push(job);
    const known = ms[call.name];
    if (known !== undefined) costs.of(job.task)?.learn(known);
  }
  return [queue, costs];
}

function many(count: number, call: Call): Call[] {
  return new Array<Call>(count).fill(call);
}

function names({ jobs }: Batch): string[] {
  return jobs.map(({ task }) => task.name);
}

const EVERYTHING = Number.POSITIVE_INFINITY;

describe('a batch', () => {
  test('is empty when nothing waits', () => {
    expect(takeBatch(new Queue(), new Costs(), 1)).toEqual({ jobs: [], ms: 0 });
  });

  test('of a call whose cost is not known has that call alone', () => {
    const [queue, costs] = queueOf(many(10, { name: 'new', args: [1] }), {});
    expect(takeBatch(queue, costs, EVERYTHING)).toMatchObject({ jobs: { length: 1 }, ms: undefined });
    expect(queue.size).toBe(9);
  });

  test('ends before a call whose cost is not known', () => {
    const calls = [...many(3, { name: 'known', args: [1] }), { name: 'new', args: [1] }];
    const [queue, costs] = queueOf(calls, { known: 0.01 });
    expect(names(takeBatch(queue, costs, EVERYTHING))).toEqual(['known', 'known', 'known']);
    expect(names(takeBatch(queue, costs, EVERYTHING))).toEqual(['new']);
  });

  test('holds two milliseconds of work, or one call', () => {
    const [queue, costs] = queueOf(many(10, { name: 'f', args: [1] }), { f: 0.7 });
    expect(takeBatch(queue, costs, EVERYTHING).jobs).toHaveLength(2);
    const [longer, longerCosts] = queueOf(many(3, { name: 'f', args: [1] }), { f: 50 });
    expect(takeBatch(longer, longerCosts, EVERYTHING)).toMatchObject({ jobs: { length: 1 }, ms: 50 });
  });

  test('holds a thousand calls, however little they cost', () => {
    const [queue, costs] = queueOf(many(2500, { name: 'f', args: [1] }), { f: 0 });
    const sizes = [1, 2, 3].map(() => takeBatch(queue, costs, EVERYTHING).jobs.length);
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  test('holds a thread’s share, unless that is hardly any work', () => {
    const [queue, costs] = queueOf(many(100, { name: 'f', args: [1] }), { f: 0.05 });
    expect(takeBatch(queue, costs, 10).jobs).toHaveLength(10);
    expect(takeBatch(queue, costs, 1).jobs).toHaveLength(2); // a tenth of a millisecond
  });

  const megabyte = 'x'.repeat(1e6);
  test.each<readonly [string, readonly unknown[] | Uint8Array]>([
    ['a text', [megabyte]],
    ['a text behind another argument', [1, megabyte]],
    ['a bigint', [1n << 8_000_000n]],
    ['bytes', new Uint8Array(1e6)],
  ])('does not stop the main thread with copies of %s that is large', (_what, args) => {
    const [queue, costs] = queueOf(many(10, { name: 'f', args }), { f: 0 });
    expect(takeBatch(queue, costs, EVERYTHING).jobs.length).toBeLessThanOrEqual(2);
  });

  test('after batch, all calls are taken once, in their order', () => {
    const call = fc.record({
      name: fc.constantFrom('new', 'tiny', 'small', 'large'),
      args: fc.tuple(fc.nat()),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 300 }), fc.integer({ min: 1, max: 100 }), (calls, share) => {
        const [queue, costs] = queueOf(calls, { tiny: 0.001, small: 0.3, large: 30 });
        const waiting = [...iterate(queue)];
        const taken: Job[] = [];
        while (queue.size > 0) {
          const { jobs, ms } = takeBatch(queue, costs, share);
          expect(jobs.length).toBeGreaterThan(0);
          expect(jobs.length === 1 || (ms ?? Number.NaN) <= 2).toBe(true);
          taken.push(...jobs);
        }
        expect(taken).toEqual(waiting);
      }),
    );
  });
});

function* iterate(queue: Queue<Job>): Generator<Job> {
  for (let job = queue.first; job !== undefined; job = job.next) yield job;
}

describe('calls on the wire', () => {
  test('are one group while function, form and number of arguments are the same', () => {
    const jobs = [
      { name: 'f', args: [1] },
      { name: 'f', args: ['a'] },
      { name: 'f', args: [1, 2] },
      { name: 'f', args: [3, 4] },
      { name: 'f', args: [] },
      { name: 'f', args: new Uint8Array([9]) },
      { name: 'f', args: [3], form: 'hex' as const },
      { name: 'g', args: [3] },
      { name: 'f', args: [4] },
    ].map(jobOf);
    expect(packCalls(jobs)).toEqual([
      ['f', undefined, 1, [1, 'a']],
      ['f', undefined, 2, [1, 2, 3, 4]],
      ['f', undefined, 0, [[], new Uint8Array([9])]],
      ['f', 'hex', 1, [3]],
      ['g', undefined, 1, [3]],
      ['f', undefined, 1, [4]],
    ]);
  });

  test('are on the other side what they were', () => {
    const primitive = fc.oneof(fc.integer(), fc.string(), fc.bigInt(), fc.constantFrom(null, undefined));
    const call = fc.record({
      name: fc.constantFrom('f', 'g', '__proto__'),
      form: fc.constantFrom(undefined, 'hex' as const),
      args: fc.oneof(fc.array(primitive, { maxLength: 3 }), fc.uint8Array({ maxLength: 5 })),
    });
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const groups = structuredClone(packCalls(calls.map(jobOf)));
        const arrived = groups.flatMap(([name, form, arity, items]) => {
          const size = groupSize([name, form, arity, items]);
          return Array.from({ length: size }, (_, n) => {
            const args = arity === 0 ? items[n] : items.slice(n * arity, (n + 1) * arity);
            return { name, form, args };
          });
        });
        expect(arrived).toEqual(calls);
      }),
    );
  });
});
