import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answer, receiveResult } from '../../src/answer.ts';
import { systemClock } from '../../src/clock.ts';
import { AbortError, PoolError } from '../../src/errors.ts';
import type { Progress } from '../../src/front/caller.ts';
import { Flight, type FlightEvents } from '../../src/front/flight.ts';
import type { Phase } from '../../src/types.ts';
import { encodeResult } from '../../src/wire.ts';

function answerOf(value: unknown): Answer {
  return receiveResult({ result: encodeResult(value), computeMs: 1 }, 'clone');
}

interface Tower extends FlightEvents {
  abandoned: number;
  now: Phase;
}

function tower(): Tower {
  return {
    clock: systemClock,
    abandoned: 0,
    now: 'queue',
    onTimed() {},
    onAbandoned() {
      this.abandoned++;
    },
    phase() {
      return this.now;
    },
    fraction: () => 0,
    isOpen: () => false,
    peers: () => [],
    describe: () => 'f()',
    onStalled() {},
  };
}

type Outcome = { readonly value: unknown } | { readonly error: unknown } | 'waiting';

/** What has become of each promise by now. */
function watched(promises: readonly Promise<unknown>[]): Outcome[] {
  const outcomes: Outcome[] = promises.map(() => 'waiting');
  for (const [n, promise] of promises.entries()) {
    promise.then(
      (value) => {
        outcomes[n] = { value };
      },
      (error: unknown) => {
        outcomes[n] = { error };
      },
    );
  }
  return outcomes;
}

// Immediates stay real: they come after what the event loop has to read.
function fakeTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

// The reactions of promises that are settled run before this resolves.
async function reactions(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

let warnings: Error[] = [];
const onWarning = (warning: Error) => warnings.push(warning);

beforeEach(() => {
  warnings = [];
  process.on('warning', onWarning);
});

afterEach(() => {
  vi.useRealTimers();
  process.off('warning', onWarning);
});

describe('the callers of a flight', () => {
  test('all get its value', async () => {
    const flight = new Flight('f', tower());
    const promises = Array.from({ length: 100 }, () => flight.join({}));
    flight.settle(answerOf(5n));
    expect(await Promise.all(promises)).toEqual(new Array(100).fill(5n));
  });

  test('all get its error', async () => {
    const flight = new Flight('f', tower());
    const outcomes = watched([flight.join({}), flight.join({})]);
    const error = new TypeError('mine');
    flight.fail(error);
    await reactions();
    expect(outcomes).toEqual([{ error }, { error }]);
  });

  test('get each a copy of an object of their own', async () => {
    const flight = new Flight('f', tower());
    const promises = [flight.join({}), flight.join({}), flight.join({})];
    flight.settle(answerOf({ list: [1] }));
    const [one, two, three] = (await Promise.all(promises)) as { list: number[] }[];
    one?.list.push(2);
    expect([two, three]).toEqual([{ list: [1] }, { list: [1] }]);
    expect(two).not.toBe(three);
  });

  test('who joins after another left waits on', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const leaver = new AbortController();
    const outcomes = watched([flight.join({ signal: leaver.signal }), flight.join({})]);
    leaver.abort();
    const late = flight.join({});
    flight.settle(answerOf(1));
    expect(await late).toBe(1);
    expect(outcomes[1]).toEqual({ value: 1 });
    expect(events.abandoned).toBe(0);
  });
});

describe('a caller whose signal is aborted', () => {
  test('leaves at once with an AbortError that has the reason as its cause; the others stay', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const leaver = new AbortController();
    const stayer = new AbortController();
    const outcomes = watched([
      flight.join({ signal: leaver.signal }),
      flight.join({ signal: stayer.signal }),
      flight.join({}),
    ]);
    leaver.abort('my reason');
    await reactions();
    expect(outcomes.slice(1)).toEqual(['waiting', 'waiting']);
    const { error } = outcomes[0] as { error: unknown };
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'my reason' });
    expect(events.abandoned).toBe(0);
    flight.settle(answerOf(7));
    await reactions();
    expect(outcomes.slice(1)).toEqual([{ value: 7 }, { value: 7 }]);
    expect(outcomes[0]).toEqual({ error });
  });

  test('abandons the flight when it was the last, once', () => {
    const events = tower();
    const flight = new Flight('f', events);
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    watched(controllers.map(({ signal }) => flight.join({ signal })));
    for (const [n, controller] of controllers.entries()) {
      expect(events.abandoned).toBe(0);
      controller.abort();
      controller.abort();
      expect(events.abandoned).toBe(n === 4 ? 1 : 0);
    }
    flight.settle(answerOf(1));
    flight.fail(new Error('too late'));
    expect(events.abandoned).toBe(1);
  });

  test('shared with all others abandons the flight once', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const { signal, controller } = withSignal();
    const outcomes = watched(Array.from({ length: 1000 }, () => flight.join({ signal })));
    controller.abort();
    await reactions();
    expect(events.abandoned).toBe(1);
    expect(outcomes.every((outcome) => outcome !== 'waiting' && 'error' in outcome)).toBe(true);
  });

  test('after it got its value keeps it, and abandons nothing', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const { signal, controller } = withSignal();
    const promise = flight.join({ signal });
    flight.settle(answerOf(1));
    controller.abort();
    expect(await promise).toBe(1);
    expect(events.abandoned).toBe(0);
  });
});

describe('the listeners on a caller’s signal', () => {
  test.each([
    ['the value', (flight: Flight) => flight.settle(answerOf(1))],
    ['the error', (flight: Flight) => flight.fail(new Error('m'))],
  ])('are let go with %s', async (_what, end) => {
    const flight = new Flight('f', tower());
    const { signal } = withSignal();
    watched([flight.join({ signal }), flight.join({ signal })]);
    expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
    end(flight);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('are let go when the caller leaves by its time limit or its signal', async () => {
    fakeTime();
    const flight = new Flight('f', tower());
    const { signal } = withSignal();
    const other = withSignal();
    watched([
      flight.join({ signal, timeoutMs: 5 }),
      flight.join({ signal: other.signal, timeoutMs: 5000 }),
      flight.join({}),
    ]);
    flight.start();
    await pass(5);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    other.controller.abort();
    expect(getEventListeners(other.signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are few for ten thousand callers on one long-lived signal, and none are left; nothing warns of a leak', async () => {
    const { signal, controller } = withSignal();
    const flights = Array.from({ length: 100 }, () => new Flight('f', tower()));
    const promises = flights.flatMap((flight) => Array.from({ length: 100 }, () => flight.join({ signal })));
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(10);
    for (const flight of flights) flight.settle(answerOf(1));
    expect(await Promise.all(promises)).toHaveLength(10_000);
    expect(getEventListeners(signal, 'abort')).toEqual([]);

    for (let n = 0; n < 10_000; n++) {
      const flight = new Flight('f', tower());
      const promise = flight.join({ signal });
      flight.settle(answerOf(n));
      await promise;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve)); // a warning is told in the next turn
    expect(warnings).toEqual([]);
    controller.abort();
  });

  test('still reach those who wait after others on the same signal were answered', async () => {
    const { signal, controller } = withSignal();
    const [first, second] = [new Flight('f', tower()), new Flight('g', tower())];
    const outcomes = watched([first.join({ signal }), second.join({ signal })]);
    first.settle(answerOf(1));
    controller.abort();
    await reactions();
    expect(outcomes[0]).toEqual({ value: 1 });
    expect(outcomes[1]).toMatchObject({ error: { name: 'AbortError' } });
  });
});

test('a signal whose callers were all answered still aborts a later one', async () => {
  const { signal, controller } = withSignal();
  const first = new Flight('f', tower());
  watched([first.join({ signal })]);
  first.settle(answerOf(1));
  const events = tower();
  const outcomes = watched([new Flight('f', events).join({ signal })]);
  controller.abort();
  await reactions();
  expect(outcomes).toMatchObject([{ error: { name: 'AbortError' } }]);
  expect(events.abandoned).toBe(1);
});

describe('the time limit of a caller', () => {
  beforeEach(() => {
    fakeTime();
  });

  test('runs from the start of the computation, not while it is queued', async () => {
    const events = tower();
    const flight = new Flight('slow', events);
    const outcomes = watched([flight.join({ timeoutMs: 100 })]);
    await pass(10_000);
    expect(outcomes).toEqual(['waiting']);
    flight.start();
    await pass(99);
    expect(outcomes).toEqual(['waiting']);
    await pass(1);
    const { error } = outcomes[0] as { error: PoolError };
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({
      code: 'ERR_TIMEOUT',
      message: 'slow ran longer than its timeoutMs of 100.',
      details: { name: 'slow', timeoutMs: 100 },
    });
    expect(events.abandoned).toBe(1);
  });

  test('of one who joins a running computation runs from then', async () => {
    const flight = new Flight('slow', tower());
    const stayer = watched([flight.join({})]);
    flight.start();
    await pass(70);
    const outcomes = watched([flight.join({ timeoutMs: 100 })]);
    await pass(99);
    expect(outcomes).toEqual(['waiting']);
    await pass(1);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_TIMEOUT' } }]);
    expect(stayer).toEqual(['waiting']);
  });

  test('is its own: one leaves, the others stay', async () => {
    const events = tower();
    const flight = new Flight('slow', events);
    const outcomes = watched([10, 20, 30].map((timeoutMs) => flight.join({ timeoutMs })));
    flight.start();
    flight.start(); // twice changes nothing
    expect(vi.getTimerCount()).toBe(3);
    await pass(20);
    expect(outcomes).toMatchObject([
      { error: { code: 'ERR_TIMEOUT' } },
      { error: { code: 'ERR_TIMEOUT' } },
      'waiting',
    ]);
    expect(events.abandoned).toBe(0);
    await pass(10);
    expect(events.abandoned).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of one who joined a running computation before it was known to run does not count what was before him', async () => {
    const flight = new Flight('slow', tower());
    const stayer = watched([flight.join({})]);
    await pass(5000);
    const outcomes = watched([flight.join({ timeoutMs: 100 })]);
    await pass(10);
    flight.start(5010);
    await pass(89);
    expect([...outcomes, ...stayer]).toEqual(['waiting', 'waiting']);
    await pass(1);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_TIMEOUT' } }]);
    expect(stayer).toEqual(['waiting']);
  });

  test('that a timer can just wait does not end at once while the call is on its way', async () => {
    const flight = new Flight('slow', tower());
    const outcomes = watched([flight.join({ timeoutMs: 2 ** 31 - 1 })]);
    flight.send();
    await pass(60_000);
    expect(outcomes).toEqual(['waiting']);
    flight.fail(new Error('over'));
  });

  test('gives way to an answer that came in time and is read after it', async () => {
    const flight = new Flight('f', tower());
    const outcomes = watched([flight.join({ timeoutMs: 100 })]);
    flight.start();
    vi.advanceTimersByTime(2000); // this thread was held up
    flight.settle(answerOf(1)); // and reads the answer now
    await pass(1000);
    expect(outcomes).toEqual([{ value: 1 }]);
  });

  test('begins anew when the computation does', async () => {
    const flight = new Flight('f', tower());
    const outcomes = watched([flight.join({ timeoutMs: 100 })]);
    flight.start(90);
    flight.send();
    await pass(1000);
    flight.start();
    await pass(99);
    expect(outcomes).toEqual(['waiting']);
    await pass(1);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_TIMEOUT' } }]);
  });

  test('of 0 ends with the first turn of running', async () => {
    const flight = new Flight('slow', tower());
    const outcomes = watched([flight.join({ timeoutMs: 0 })]);
    await pass(1000);
    expect(outcomes).toEqual(['waiting']);
    flight.start();
    await pass(1);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_TIMEOUT' } }]);
  });

  test('leaves no timer when the caller is answered or leaves', () => {
    const flight = new Flight('f', tower());
    const { signal, controller } = withSignal();
    const options = { timeoutMs: 1000, onProgress: () => undefined };
    watched([flight.join(options), flight.join({ ...options, signal })]);
    flight.start();
    expect(vi.getTimerCount()).toBe(4);
    controller.abort();
    expect(vi.getTimerCount()).toBe(2);
    flight.settle(answerOf(1));
    expect(vi.getTimerCount()).toBe(0);
    const failing = new Flight('f', tower());
    watched([failing.join(options)]);
    failing.start();
    failing.fail(new Error('m'));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the deadline of a caller', () => {
  beforeEach(() => {
    fakeTime();
  });

  test('runs from the call on, also while it is queued', async () => {
    const events = tower();
    const flight = new Flight('slow', events);
    const outcomes = watched([flight.join({ deadlineMs: 100 })]);
    await pass(60);
    flight.send();
    await pass(39);
    expect(outcomes).toEqual(['waiting']);
    await pass(1);
    const { error } = outcomes[0] as { error: PoolError };
    expect(error).toBeInstanceOf(PoolError);
    expect(error).toMatchObject({
      code: 'ERR_DEADLINE',
      message: 'slow was not answered within its deadlineMs of 100.',
      details: { name: 'slow', deadlineMs: 100 },
    });
    expect(events.abandoned).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not moved by the start of the computation, nor by its beginning anew', async () => {
    const flight = new Flight('slow', tower());
    const outcomes = watched([flight.join({ deadlineMs: 100 })]);
    flight.send();
    await pass(50);
    flight.start();
    await pass(40);
    flight.send();
    await pass(9);
    expect(outcomes).toEqual(['waiting']);
    await pass(1);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_DEADLINE' } }]);
  });

  test('is its own: one leaves, the others stay', async () => {
    const events = tower();
    const flight = new Flight('slow', events);
    const outcomes = watched([
      flight.join({ deadlineMs: 10 }),
      flight.join({}),
      flight.join({ deadlineMs: 20 }),
    ]);
    await pass(20);
    expect(outcomes).toMatchObject([
      { error: { code: 'ERR_DEADLINE' } },
      'waiting',
      { error: { code: 'ERR_DEADLINE' } },
    ]);
    expect(events.abandoned).toBe(0);
    flight.settle(answerOf(1));
    await reactions();
    expect(outcomes[1]).toEqual({ value: 1 });
  });

  test('stands beside its time limit: what passes first ends it', async () => {
    const both = { timeoutMs: 50, deadlineMs: 100 };
    const running = new Flight('slow', tower());
    const queued = new Flight('slow', tower());
    const outcomes = watched([running.join(both), queued.join(both)]);
    running.start();
    await pass(50);
    expect(outcomes).toMatchObject([{ error: { code: 'ERR_TIMEOUT' } }, 'waiting']);
    await pass(10);
    queued.start();
    await pass(40);
    expect(outcomes[1]).toMatchObject({ error: { code: 'ERR_DEADLINE' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives way to an answer that came in time and is read after it', async () => {
    const flight = new Flight('f', tower());
    const outcomes = watched([flight.join({ deadlineMs: 100 })]);
    flight.start();
    vi.advanceTimersByTime(2000); // this thread was held up
    flight.settle(answerOf(1)); // and reads the answer now
    await pass(1000);
    expect(outcomes).toEqual([{ value: 1 }]);
  });

  test('leaves no timer when the caller is answered or leaves', () => {
    const flight = new Flight('f', tower());
    const { signal, controller } = withSignal();
    watched([flight.join({ deadlineMs: 1000 }), flight.join({ deadlineMs: 1000, timeoutMs: 1000, signal })]);
    flight.start();
    expect(vi.getTimerCount()).toBe(3);
    controller.abort();
    expect(vi.getTimerCount()).toBe(1);
    flight.settle(answerOf(1));
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the progress of a call', () => {
  beforeEach(() => {
    fakeTime();
  });

  test('is told when the phase has changed, and only then', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const told: Progress[] = [];
    const promise = flight.join({ onProgress: (progress) => told.push(progress) });
    await pass(1000);
    expect(told.map(({ phase }) => phase)).toEqual(['queue']);
    for (const phase of ['load', 'compute', 'compute', 'convert', 'encode'] as const) {
      events.now = phase;
      await pass(1000);
    }
    expect(told.map(({ phase }) => phase)).toEqual(['queue', 'load', 'compute', 'convert', 'encode']);
    flight.settle(answerOf(1));
    events.now = 'queue';
    await pass(1000);
    expect(await promise).toBe(1);
    expect(told).toHaveLength(5);
  });

  test('never goes back, also where the call begins again', async () => {
    const events = tower();
    let fraction = 0;
    events.fraction = () => fraction;
    const flight = new Flight('f', events);
    const told: Progress[] = [];
    watched([flight.join({ onProgress: (progress) => told.push(progress) })]);
    const steps = [
      ['compute', 0],
      ['compute', 0.5],
      ['queue', 0],
      ['compute', 0.25],
      ['compute', 0.75],
      ['encode', 0.75],
    ] as const;
    for (const [phase, done] of steps) {
      events.now = phase;
      fraction = done;
      await pass(1000);
    }
    flight.settle(answerOf(1));
    expect(told.map(({ phase, done, total }) => [phase, done, total])).toEqual([
      ['compute', undefined, undefined],
      ['compute', 0.5, 1],
      ['queue', 0.5, 1],
      ['compute', 0.5, 1],
      ['compute', 0.75, 1],
      ['encode', 0.75, 1],
    ]);
  });

  test('comes with the time since this caller began to wait', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const told: Progress[] = [];
    watched([flight.join({})]);
    await pass(5000);
    watched([flight.join({ onProgress: (progress) => told.push(progress) })]);
    await pass(1000);
    events.now = 'compute';
    await pass(1000);
    const elapsed = told.map(({ elapsedMs }) => elapsedMs);
    expect(elapsed).toHaveLength(2);
    expect(elapsed[0]).toBeLessThanOrEqual(100);
    expect(elapsed[1]).toBeGreaterThanOrEqual(1000);
    expect(elapsed[1]).toBeLessThanOrEqual(1100);
    flight.settle(answerOf(1));
  });

  test('is told to each caller who asked, until it leaves', async () => {
    const events = tower();
    const flight = new Flight('f', events);
    const { signal, controller } = withSignal();
    const [leaver, stayer] = [vi.fn(), vi.fn()];
    watched([flight.join({ onProgress: leaver, signal }), flight.join({ onProgress: stayer })]);
    await pass(100);
    controller.abort();
    events.now = 'compute';
    await pass(100);
    expect(leaver).toHaveBeenCalledTimes(1);
    expect(stayer).toHaveBeenCalledTimes(2);
    flight.settle(answerOf(1));
  });
});

function withSignal(): { readonly signal: AbortSignal; readonly controller: AbortController } {
  const controller = new AbortController();
  return { signal: controller.signal, controller };
}
