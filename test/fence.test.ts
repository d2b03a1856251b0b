// The fence: what was started before a clear or a delete never comes back after it. The pool's own code over a
// dispatcher whose answers come in every order that fast-check's scheduler finds.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dispatcher, Task, Ticket } from '../src/dispatch/dispatcher.ts';
import { MemoPool } from '../src/pool.ts';

/** Answers each task with the number of clears and deletes it was submitted after: its era. */
class ScheduledDispatcher implements Dispatcher {
  era = 0;
  submitted = 0;
  readonly #scheduler: fc.Scheduler;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
  }

  readonly hasRoom = true;

  onRoom(): void {}

  submit(task: Task): Ticket {
    this.submitted++;
    const { era } = this;
    let cancelled = false;
    void this.#scheduler.schedule(Promise.resolve(), `answer of ${task.name} from era ${era}`).then(() => {
      if (cancelled) return;
      task.onSend();
      task.onStart(0);
      task.onDone({ ok: true, result: { kind: 'primitive', value: era }, computeMs: 1 });
    });
    return {
      cancel: () => {
        cancelled = true;
      },
      watch: () => {},
      phase: 'compute',
      isOpen: false,
      peers: [],
      fraction: 0,
    };
  }

  async forget(): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), 'workers forget');
  }

  stats(): never {
    throw new Error('not asked for');
  }

  async drained(): Promise<void> {}

  async destroy(): Promise<void> {}
}

type Step =
  | { readonly kind: 'run' | 'delete' | 'leave'; readonly key: number }
  | { readonly kind: 'clear' | 'clearName' };

const key = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('run' as const, 'leave' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('clear' as const, 'clearName' as const) }) },
);

test('a call made after a clear or delete is never answered by what was started before, in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (scheduler, steps) => {
        const dispatcher = new ScheduledDispatcher(scheduler);
        const options = {
          maxsize: 2,
          maxBytes: null,
          maxArgumentBytes: null,
          typed: true,
          share: 'clone',
          modules: [],
          builtIns: false,
        } as const;
        const pool = new MemoPool(options, dispatcher);
        /** For each key, the era from which on answers are allowed. */
        const allowed = new Map<number, number>();
        const pending: Promise<unknown>[] = [];
        let calls = 0;

        const { task } = scheduler.scheduleSequence(
          steps.map((current) => ({
            label: JSON.stringify(current),
            builder: async () => {
              if (current.kind === 'run' || current.kind === 'leave') {
                const leaver = new AbortController();
                const least = allowed.get(current.key) ?? 0;
                const answer = pool.run('f', [current.key], { signal: leaver.signal });
                calls++;
                if (current.kind === 'leave') leaver.abort();
                const checked = answer.then(
                  (era) => expect(era).toBeGreaterThanOrEqual(least),
                  (error: Error) => expect(error.name).toBe('AbortError'),
                );
                pending.push(checked);
                return;
              }
              dispatcher.era++;
              if (current.kind === 'delete') {
                allowed.set(current.key, dispatcher.era);
                pending.push(pool.cacheDelete('f', [current.key]));
                expect(pool.peek('f', [current.key])).toBeUndefined();
                return;
              }
              for (const cleared of [0, 1, 2]) allowed.set(cleared, dispatcher.era);
              pending.push(pool.cacheClear(current.kind === 'clear' ? undefined : 'f'));
              expect(pool.cacheInfo()).toMatchObject({ currsize: 0, bytes: 0, hits: 0, misses: 0, joins: 0 });
              calls = 0;
            },
          })),
        );
        await scheduler.waitFor(task);
        await scheduler.waitFor(Promise.all(pending));

        for (const [cleared, least] of allowed) {
          const kept = pool.peek('f', [cleared]);
          if (kept !== undefined) expect(kept).toBeGreaterThanOrEqual(least);
        }
        const { hits, misses, joins, currsize } = pool.cacheInfo();
        expect(hits + misses + joins).toBe(calls);
        expect(currsize).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 1000 },
  );
});
