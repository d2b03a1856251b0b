// The dispatcher over fake threads, whose every step, message and death fast-check chooses: whatever the order, each
// call is answered exactly once, and nothing is left over.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outcome, Task, Ticket } from '../../src/dispatch/dispatcher.ts';
import { Threads, type ThreadsOptions } from '../../src/dispatch/threads.ts';
import type { PoolError } from '../../src/errors.ts';
import type { ForgetMessage } from '../../src/wire.ts';
import { FakeThread, type FakeThreadLog } from './fake-thread.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What calls cost: what costs little travels together. */
const COSTS: Readonly<Record<string, number>> = { tiny: 0.001, small: 0.3, large: 30 };

class Call implements Task {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly form: undefined;
  ticket: Ticket | undefined;
  outcome: Outcome | undefined;
  isCancelled = false;
  #told: 'nothing' | 'sent' | 'started' = 'nothing';
  readonly #onDone: (() => void) | undefined;

  constructor(name: string, id: number, onDone?: () => void) {
    this.name = name;
    this.args = [String(id).padStart(8, '0')]; // of one size, which the costs are told apart by
    this.#onDone = onDone;
  }

  get isSettled(): boolean {
    return this.isCancelled || this.outcome !== undefined;
  }

  readonly isNested = false;
  readonly parts = 0;
  ask(): void {}
  onOpen(): void {}
  onStuck(): void {}
  onUnstuck(): void {}

  onSend(): void {
    expect(this.isSettled, 'told of after its end').toBe(false);
    this.#told = 'sent';
  }

  onStart(agoMs: number): void {
    expect(this.isSettled, 'told of after its end').toBe(false);
    expect(this.#told).not.toBe('started');
    expect(agoMs).toBeGreaterThanOrEqual(0);
    this.#told = 'started';
  }

  onDone(outcome: Outcome): void {
    expect(this.isSettled, 'answered after its end').toBe(false);
    this.outcome = outcome;
    this.#onDone?.();
  }

  cancel(): void {
    if (this.isSettled) return;
    this.isCancelled = true;
    this.ticket?.cancel();
  }
}

const REASON = new Error('destroyed');

/** A dispatcher, its threads, and what must be true of them. */
class World implements FakeThreadLog {
  readonly memoized: ReadonlySet<string> = new Set(['small', 'large']);
  readonly calls: Call[] = [];
  readonly threads: FakeThread[] = [];
  readonly dispatcher: Threads;
  refusesToStart = false;
  lateErrors = 0;
  /** Times that threads were told to forget. */
  era = 0;
  /** Results shared that were heard of. */
  harvested = 0;
  #refused = 0;
  #awaited = 0;
  /** Who may fail: each was being computed when its thread died, or had no thread. */
  readonly #mayFail = new Set<number>();
  readonly #wereRetried = new Set<number>();
  #kills = 0;
  #mostFailed = 0;
  /** In the order in which they were begun for the first time. */
  readonly begun = new Set<number>();

  constructor(options: Partial<ThreadsOptions> = {}) {
    this.dispatcher = new Threads({
      minWorkers: 0,
      maxWorkers: 1,
      queueSize: Number.POSITIVE_INFINITY,
      onLateError: () => this.lateErrors++,
      onAdvice: () => {},
      onHarvest: ([, ...groups]) => {
        for (const [, , eras] of groups) {
          for (const era of eras) expect(era, 'what was begun before it was to be forgotten').toBe(this.era);
          this.harvested += eras.length;
        }
      },
      startThread: (events) => {
        if (this.refusesToStart) throw new Error('no thread');
        const thread = new FakeThread(events, this);
        this.threads.push(thread);
        return thread;
      },
      ...options,
    });
  }

  onTake(thread: FakeThread, id: number): void {
    const call = this.calls[id];
    expect(call?.isSettled, `call ${id} was begun after its end`).toBe(false);
    const others = this.threads.filter((other) => other !== thread && !other.isOver);
    expect(others.map(({ current }) => current)).not.toContain(id);
    this.begun.add(id);
  }

  compute(name: string, id: number): { value: unknown; ms: number } {
    return { value: `answer ${id}`, ms: COSTS[name] ?? 0 };
  }

  submit(name: string, onDone?: () => void): Call | undefined {
    const id = this.calls.length;
    const call = new Call(name, id, onDone);
    this.calls.push(call);
    try {
      call.ticket = this.dispatcher.submit(call);
      return call;
    } catch (error) {
      expect(this.#refusals).toContain((error as PoolError).code);
      this.calls.pop();
      this.#refused++;
      return undefined;
    }
  }

  get refused(): number {
    return this.#refused;
  }

  forget(message: ForgetMessage = ['clear']): void {
    this.era++;
    this.await(this.dispatcher.forget(message));
  }

  /** Notes a promise that must be kept by the end. */
  await(promise: Promise<void>): void {
    this.#awaited++;
    void promise.then(() => this.#awaited--);
  }

  get #refusals(): readonly string[] {
    return this.#kills < 5 ? ['ERR_QUEUE_FULL'] : ['ERR_QUEUE_FULL', 'ERR_FUNCTION_CRASHING'];
  }

  kill(thread: FakeThread): void {
    while (thread.deliver());
    this.#kills++;
    for (const id of thread.suspects) this.#mayFail.add(id);
    if (thread.suspects.length > 0) this.#mostFailed++;
    thread.die();
  }

  /** The thread ends by an earlier call's doing: the one that runs is innocent, once. */
  exitLate(thread: FakeThread): void {
    while (thread.deliver());
    const { current } = thread;
    if (current === undefined || this.#wereRetried.has(current)) {
      for (const id of thread.suspects) this.#mayFail.add(id);
      this.#mostFailed++;
    } else {
      this.#wereRetried.add(current);
    }
    thread.exitLate();
  }

  failCurrent(thread: FakeThread): void {
    const { current } = thread;
    if (!thread.failCurrent() || current === undefined) return;
    this.#mayFail.add(current);
    this.#mostFailed++;
  }

  /** Lets everything that is under way come to its end. */
  async finish(): Promise<void> {
    for (let round = 0; round < 1000; round++) {
      await turn();
      const isDone = this.calls.every(({ isSettled }) => isSettled);
      if (isDone && this.threads.every(({ isIdle }) => isIdle)) return;
      for (const thread of this.threads) {
        while (thread.step());
        while (thread.deliver());
      }
      vi.advanceTimersByTime(10);
    }
    const waiting = this.calls.flatMap(({ isSettled }, id) => (isSettled ? [] : [id]));
    throw new Error(`never answered: ${waiting.join(', ')}`);
  }

  /** Calls under way keep the process alive. */
  checkHeld(): void {
    if (this.calls.every(({ isSettled }) => isSettled)) return;
    expect(this.threads.some(({ isHeld, isOver }) => isHeld && !isOver)).toBe(true);
  }

  async checkEnd(): Promise<void> {
    await turn();
    expect(this.#awaited, 'drained or forgotten, and nobody told').toBe(0);
    const stats = this.dispatcher.stats();
    expect(stats).toMatchObject({ queued: 0, busy: 0 });
    expect(stats.completed + stats.failed + stats.cancelled).toBe(this.calls.length);
    expect(stats.cancelled).toBe(this.calls.filter(({ isCancelled }) => isCancelled).length);
    expect(this.threads.filter(({ isOver }) => !isOver)).toHaveLength(stats.workers);
    expect(
      this.threads.some(({ isHeld }) => isHeld),
      'an idle pool keeps the process alive',
    ).toBe(false);
    let failed = 0;
    for (const [id, { outcome }] of this.calls.entries()) {
      if (outcome === undefined) continue;
      if (outcome.ok) expect(outcome.result).toEqual({ kind: 'primitive', value: `answer ${id}` });
      else if (this.#kills >= 5 && /is refused for/.test(String(outcome.error))) continue;
      else if (outcome.error !== REASON && !/no thread/.test(String(outcome.error))) {
        expect(this.#mayFail, `call ${id} failed for another's fault`).toContain(id);
        failed++;
      }
    }
    expect(failed, 'a death costs one call').toBeLessThanOrEqual(this.#mostFailed);
  }
}

async function turn(): Promise<void> {
  for (let reaction = 0; reaction < 4; reaction++) await Promise.resolve();
}

const pick = fc.nat({ max: 1000 });
const name = fc.constantFrom('tiny', 'small', 'large');
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      name,
      times: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('watch' as const), pick }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('step' as const), pick, times: fc.nat({ max: 12 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('flush' as const), pick }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failLate' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exitLate' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failCurrent' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 10, 100, 11_000) }),
  },
  // The receiver of an answer calls back: it cancels another call, or asks for the counts.
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('callBack' as const), pick, asks: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), refuses: fc.boolean() }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function chosen<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

async function act(world: World, step: Action): Promise<void> {
  const thread =
    'pick' in step
      ? chosen(
          world.threads.filter(({ isOver }) => !isOver),
          step.pick,
        )
      : undefined;
  switch (step.kind) {
    case 'submit':
      for (let n = 0; n < step.times; n++) world.submit(step.name);
      break;
    case 'cancel':
      chosen(
        world.calls.filter(({ isSettled }) => !isSettled),
        step.pick,
      )?.cancel();
      break;
    case 'watch':
      chosen(world.calls, step.pick)?.ticket?.watch();
      break;
    case 'step':
      for (let n = 0; n < step.times; n++) thread?.step();
      break;
    case 'flush':
      thread?.flush();
      break;
    case 'deliver':
      thread?.deliver();
      break;
    case 'kill':
      if (thread !== undefined) world.kill(thread);
      break;
    case 'failLate':
      thread?.failLate();
      break;
    case 'exitLate':
      if (thread !== undefined) world.exitLate(thread);
      break;
    case 'failCurrent':
      if (thread !== undefined) world.failCurrent(thread);
      break;
    case 'forget':
      world.forget();
      break;
    case 'drain':
      world.await(world.dispatcher.drained());
      break;
    case 'turn':
      await turn();
      world.checkHeld();
      break;
    case 'wait':
      vi.advanceTimersByTime(step.ms);
      break;
    case 'callBack':
      world.submit('tiny', () => {
        if (step.asks) world.dispatcher.stats();
        else
          chosen(
            world.calls.filter(({ isSettled }) => !isSettled),
            step.pick,
          )?.cancel();
      });
      break;
    case 'refuse':
      world.refusesToStart = step.refuses;
  }
}

const actions = fc.array(action, { minLength: 5, maxLength: 120, size: 'max' });
const RUNS = Number(process.env['MODEL_RUNS'] ?? 500);

describe('whatever threads and callers do, and in whatever order', () => {
  test.each([1, 2, 4])(
    'with %i thread(s) each call is answered exactly once, rightly, and nothing is left over',
    {
      timeout: 600_000,
    },
    async (maxWorkers) => {
      await fc.assert(
        fc.asyncProperty(actions, async (steps) => {
          const world = new World({ maxWorkers });
          for (const step of steps) await act(world, step);
          world.refusesToStart = false;
          world.await(world.dispatcher.drained());
          await world.finish();
          await world.checkEnd();
          const lives = world.threads.filter(({ isOver }) => !isOver).length;
          expect(lives).toBeLessThanOrEqual(maxWorkers);
          if (maxWorkers === 1) {
            const order = [...world.begun];
            expect(order, 'first come, first served').toEqual(order.toSorted((a, b) => a - b));
          }
        }),
        { numRuns: RUNS },
      );
    },
  );

  test('a pool that is destroyed ends every call and every thread', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (steps) => {
        const world = new World({ maxWorkers: 2 });
        for (const step of steps) await act(world, step);
        const drained = world.dispatcher.drained();
        await world.dispatcher.destroy(REASON);
        await drained;
        expect(world.calls.every(({ isSettled }) => isSettled)).toBe(true);
        await turn();
        vi.advanceTimersByTime(60_000);
        expect(world.threads.every(({ isOver }) => isOver)).toBe(true);
        await world.checkEnd();
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Has a thread go on until it computes; `id`: until it has begun that call. */
function stepInto(thread: FakeThread | undefined, id?: number): FakeThread {
  for (let step = 0; thread !== undefined && step < 100_000; step++) {
    if (thread.current !== undefined && (id === undefined || thread.current === id)) return thread;
    thread.step();
  }
  throw new Error('the thread came to no call');
}

/** A world in which the costs of every function are known and `threads` are at rest. */
async function warmWorld(threads: number): Promise<World> {
  const world = new World({ maxWorkers: threads });
  for (const known of Object.keys(COSTS)) {
    for (let n = 0; n < threads; n++) world.submit(known);
    await world.finish();
    for (let n = 0; n < 20; n++) world.submit(known);
    await world.finish();
  }
  expect(world.threads).toHaveLength(threads);
  return world;
}

describe('the dispatcher', () => {
  test('is drained when its last call failed for want of a thread', async () => {
    const world = new World();
    world.refusesToStart = true;
    const call = world.submit('tiny');
    world.await(world.dispatcher.drained());
    await turn();
    expect(call?.outcome).toMatchObject({ ok: false });
    await world.checkEnd();
  });

  test('starts no further threads for one call that is watched while its thread starts', async () => {
    const world = new World({ maxWorkers: 4 });
    world.submit('tiny')?.ticket?.watch();
    await turn();
    for (let patrol = 0; patrol < 20; patrol++) vi.advanceTimersByTime(10);
    expect(world.threads).toHaveLength(1);
    await world.finish();
    await world.checkEnd();
  });

  test('has what waits behind a long call done by other threads, although more is queued for those', async () => {
    const world = await warmWorld(2);
    // Thread 0 gets calls whose first turns out to be without end; the queue is never empty from now on.
    for (let n = 0; n < 5000; n++) world.submit('tiny');
    await turn();
    const [, other] = world.threads;
    const stuck = stepInto(world.threads[0]);
    stuck.step();
    const { current = 0 } = stuck;
    const behind = world.calls.slice(current, current + 500);
    for (let round = 0; round < 20; round++) {
      vi.advanceTimersByTime(10);
      for (let n = 0; n < 2000; n++) world.submit('tiny');
      await turn();
      for (let step = 0; step < 1000; step++) other?.step();
      other?.flush();
      while (other?.deliver());
    }
    expect(behind.filter(({ isSettled }) => !isSettled)).toHaveLength(1);
  });

  test('has what waits behind a call that is asked to stop done by a thread that is free', async () => {
    const world = await warmWorld(2);
    const [first, second] = [world.submit('tiny'), world.submit('tiny')];
    await turn();
    vi.advanceTimersByTime(7);
    const thread = stepInto(world.threads[0]);
    thread.step();
    first?.cancel();
    vi.advanceTimersByTime(20); // looked at soon after it began, and again
    const other = world.threads.find((one) => one !== thread);
    while (other?.step());
    while (other?.deliver());
    expect(second?.outcome?.ok).toBe(true);
    await world.finish();
    await world.checkEnd();
  });

  test('gives every answer of a message to its receiver, although one of them has the thread ended', async () => {
    const world = await warmWorld(1);
    const last: { call?: Call | undefined } = {};
    const calls = [
      world.submit('tiny'),
      world.submit('tiny', () => last.call?.cancel()),
      world.submit('tiny'),
      world.submit('tiny'),
    ];
    last.call = world.submit('tiny');
    await turn();
    const thread = stepInto(world.threads[0], world.calls.length - 1);
    thread.flush();
    thread.read();
    expect(calls.every((call) => call?.outcome?.ok)).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(thread.isOver).toBe(true);
    await world.finish();
    await world.checkEnd();
  });

  test('a call made between the news of an exit and the exit itself keeps the process alive', async () => {
    const world = await warmWorld(1);
    const [thread] = world.threads;
    thread?.announceExit();
    thread?.deliver();
    const call = world.submit('tiny');
    await turn();
    world.checkHeld();
    thread?.die();
    await world.finish();
    expect(call?.outcome?.ok).toBe(true);
    await world.checkEnd();
  });

  test('may be asked to send while it hands out answers: numbers of calls are not used twice', async () => {
    const world = await warmWorld(1);
    const done = world.dispatcher.stats().completed;
    for (let n = 0; n < 6000; n++) world.submit('tiny', () => void world.dispatcher.stats());
    await world.finish();
    expect(world.dispatcher.stats().completed - done).toBe(6000);
    await world.checkEnd();
  });

  test('replaces a thread that told of a late error, once the calls it had begun are answered', async () => {
    const world = await warmWorld(1);
    const calls = Array.from({ length: 10 }, () => world.submit('tiny'));
    await turn();
    const thread = stepInto(world.threads[0], world.calls.length - 8);
    thread.failLate();
    thread.deliver();
    expect([world.lateErrors, thread.isOver]).toEqual([1, false]);
    await world.finish();
    expect(thread.isOver).toBe(true);
    expect(world.threads).toHaveLength(2);
    expect(calls.every((call) => call?.outcome?.ok)).toBe(true);
    await world.checkEnd();
  });

  test.each([
    { queueSize: 0, maxWorkers: 1 },
    { queueSize: 5, maxWorkers: 1 },
    { queueSize: 5, maxWorkers: 3 },
  ])('lets $queueSize calls wait and not one more, with $maxWorkers thread(s)', async (options) => {
    const world = new World(options);
    for (let n = 0; n < 100; n++) world.submit('large');
    expect(world.calls).toHaveLength(options.queueSize + options.maxWorkers);
    await turn();
    for (let n = 0; n < 100; n++) world.submit('large');
    expect(world.calls).toHaveLength(options.queueSize + options.maxWorkers);
    expect(world.dispatcher.stats()).toMatchObject({ queued: options.queueSize, busy: options.maxWorkers });
    await world.finish();
    expect(world.calls.every(({ outcome }) => outcome?.ok)).toBe(true);
    await world.checkEnd();
  });

  test.each<ForgetMessage>([['clear'], ['delete', 'f', [1]]])(
    'hears of no result that was shared before the thread has forgotten (%s)',
    async (...message) => {
      const world = await warmWorld(1);
      const heard = world.harvested;
      world.submit('large');
      await turn();
      const thread = stepInto(world.threads[0]);
      world.forget(message as ForgetMessage); // while it computes
      await world.finish();
      expect(thread.isIdle).toBe(true);
      expect(world.harvested).toBe(heard);
      world.submit('large');
      await world.finish();
      expect(world.harvested).toBe(heard + 1);
      await world.checkEnd();
    },
  );

  test('what asks a call to stop is taken back with it: after 2^31 calls another has the same mark', async () => {
    const world = await warmWorld(1);
    const call = world.submit('large');
    await turn();
    const thread = stepInto(world.threads[0]);
    call?.cancel();
    expect(thread.control.stopCell[0]).not.toBe(0);
    while (thread.step());
    thread.read();
    expect(thread.control.stopCell[0]).toBe(0);
    await world.checkEnd();
  });

  test('a call on its way to be sent again has its time limit begin anew', async () => {
    const world = await warmWorld(1);
    const told: string[] = [];
    const first = world.submit('tiny');
    const second = world.submit('tiny');
    if (first === undefined) throw new Error('refused');
    first.onSend = () => told.push('sent');
    first.onStart = () => told.push('started');
    first.ticket?.watch();
    await turn();
    const thread = stepInto(world.threads[0]);
    thread.step();
    vi.advanceTimersByTime(10);
    expect(told).toEqual(['started']);
    stepInto(thread, world.calls.length - 1);
    second?.cancel();
    vi.advanceTimersByTime(2000); // it does not stop: what the first came to is lost with the thread
    expect(told.slice(0, 2)).toEqual(['started', 'sent']);
    await world.finish();
    expect(first.outcome?.ok).toBe(true);
    await world.checkEnd();
  });
});
