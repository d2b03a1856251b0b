// Where the time of threads goes, from what the dispatcher tells of them.
import { expect, test } from 'vitest';
import type { Task } from '../../src/dispatch/dispatcher.ts';
import { LaneWatch } from '../../src/tuning/lanes.ts';

class Clock {
  ms = 1000;
  readonly now = (): number => this.ms;
}

class Place {
  count = 0;
  combinedMs = 0;
}

function task(name = 'work'): Task {
  return { name } as Task;
}

function watched() {
  const clock = new Clock();
  const watch = new LaneWatch(clock.now);
  watch.begin();
  return { clock, watch, place: new Place() };
}

/** One call that goes to a thread after `queue` ms and is answered after `transfer + compute` more. */
function oneCall(
  { clock, watch, place }: ReturnType<typeof watched>,
  { queue, transfer, compute }: { queue: number; transfer: number; compute: number },
): void {
  const call = task();
  watch.onSubmit(call);
  clock.ms += queue;
  place.count = 1;
  watch.onSend(place);
  clock.ms += transfer + compute;
  place.count = 0;
  watch.onAnswers(place, [{ task: call, computeMs: compute }]);
  watch.onSettled(place);
}

test('the time of one call is what it waited, travelled and computed; the rest of the thread is idle', () => {
  const run = watched();
  oneCall(run, { queue: 5, transfer: 2, compute: 10 });
  run.clock.ms += 3;
  expect(run.watch.partsOf(1, 1, 20)).toEqual({ compute: 10, queue: 5, transfer: 2, combine: 0, idle: 8 });
});

test('parts are told a call, and threads that never had one are idle', () => {
  const run = watched();
  for (let i = 0; i < 4; i++) oneCall(run, { queue: 0, transfer: 1, compute: 4 });
  expect(run.watch.partsOf(2, 4, 20)).toEqual({ compute: 4, queue: 0, transfer: 1, combine: 0, idle: 5 });
});

test('calls that come one upon the other keep a thread busy once', () => {
  const { clock, watch, place } = watched();
  const [one, other] = [task(), task()];
  watch.onSubmit(one);
  watch.onSubmit(other);
  place.count = 1;
  watch.onSend(place);
  clock.ms += 4;
  place.count = 2;
  watch.onSend(place);
  clock.ms += 2;
  place.count = 1;
  watch.onAnswers(place, [{ task: one, computeMs: 5 }]);
  watch.onSettled(place);
  clock.ms += 3;
  place.count = 0;
  watch.onAnswers(place, [{ task: other, computeMs: 3 }]);
  watch.onSettled(place);
  expect(watch.partsOf(1, 1, 10)).toEqual({ compute: 8, queue: 6, transfer: 1, combine: 0, idle: 1 });
});

test('what putting together took is no computing', () => {
  const run = watched();
  run.place.combinedMs = 100; // before the run
  run.watch.begin();
  const call = task();
  run.watch.onSubmit(call);
  run.place.count = 1;
  run.watch.onSend(run.place);
  run.place.combinedMs = 103;
  run.clock.ms += 10;
  run.place.count = 0;
  run.watch.onAnswers(run.place, [{ task: call, computeMs: 10 }]);
  run.watch.onSettled(run.place);
  expect(run.watch.partsOf(1, 1, 10)).toEqual({ compute: 7, queue: 0, transfer: 0, combine: 3, idle: 0 });
  expect(run.watch.timeline(1, 10).lanes).toEqual([
    {
      worker: 1,
      spans: [
        { phase: 'compute', name: 'work', startMs: 0, endMs: 7 },
        { phase: 'combine', name: 'work', startMs: 7, endMs: 10 },
      ],
    },
  ]);
});

test('a thread that helps with a big number computes', () => {
  const { clock, watch, place } = watched();
  watch.onHelp(place, true);
  clock.ms += 6;
  watch.onHelp(place, false);
  expect(watch.partsOf(1, 1, 10)).toEqual({ compute: 6, queue: 0, transfer: 0, combine: 0, idle: 4 });
});

test('a call that comes to a thread that helps is no second thread', () => {
  const { clock, watch, place } = watched();
  watch.onHelp(place, true);
  clock.ms += 1;
  watch.onSettled(place); // it has told something else
  clock.ms += 1;
  const call = task();
  watch.onSubmit(call);
  place.count = 1;
  watch.onSend(place);
  clock.ms += 4;
  watch.onHelp(place, false);
  clock.ms += 3;
  place.count = 0;
  watch.onAnswers(place, [{ task: call, computeMs: 2 }]);
  watch.onSettled(place);
  expect(watch.partsOf(1, 1, 9)).toEqual({ compute: 8, queue: 4, transfer: 1, combine: 0, idle: 0 });
  expect(watch.timeline(1, 9).lanes[0]?.spans).toEqual([
    { phase: 'compute', name: 'help', startMs: 0, endMs: 6 },
    { phase: 'transfer', name: '', startMs: 6, endMs: 7 },
    { phase: 'compute', name: 'work', startMs: 7, endMs: 9 },
  ]);
});

test('a call that waits for calls of its own is in no queue', () => {
  const { clock, watch, place } = watched();
  const outer = task('outer');
  watch.onSubmit(outer);
  clock.ms += 3;
  watch.onSend(place);
  watch.onWait(outer);
  watch.onSettled(place);
  clock.ms += 50;
  watch.onAnswers(place, [{ task: outer, computeMs: 1 }]);
  watch.onSettled(place);
  expect(watch.partsOf(1, 1, 53)).toEqual({ compute: 1, queue: 3, transfer: 0, combine: 0, idle: 52 });
});

test('a thread that has ended is idle until its place has the next one, which combines anew', () => {
  const run = watched();
  run.place.combinedMs = 100;
  run.watch.begin();
  run.place.count = 1;
  run.watch.onSend(run.place);
  run.clock.ms += 2;
  run.place.count = 0;
  run.watch.onEnd(run.place);
  run.clock.ms += 10;
  const call = task();
  run.watch.onSubmit(call);
  run.place.count = 1;
  run.watch.onSend(run.place);
  run.clock.ms += 5;
  run.place.combinedMs = 3;
  run.place.count = 0;
  run.watch.onAnswers(run.place, [{ task: call, computeMs: 5 }]);
  run.watch.onSettled(run.place);
  expect(run.watch.partsOf(1, 1, 17)).toEqual({ compute: 2, queue: 0, transfer: 2, combine: 3, idle: 10 });
});

test('a new run knows nothing of the one before', () => {
  const run = watched();
  oneCall(run, { queue: 5, transfer: 2, compute: 10 });
  run.watch.begin();
  expect(run.watch.partsOf(1, 1, 0)).toEqual({ compute: 0, queue: 0, transfer: 0, combine: 0, idle: 0 });
  expect(run.watch.timeline(1, 0).lanes.flatMap(({ spans }) => spans)).toEqual([]);
});

test('calls too short to be seen are drawn as one stretch for each kind, as long as they are together', () => {
  const run = watched();
  for (let i = 0; i < 1000; i++) oneCall(run, { queue: 0, transfer: 0.25, compute: 0.75 });
  const [lane] = run.watch.timeline(1, 1000).lanes;
  const spans = lane?.spans ?? [];
  expect(spans.length).toBeGreaterThan(100);
  expect(spans.length).toBeLessThan(1100);
  const total = (phase: string): number =>
    spans
      .filter((span) => span.phase === phase)
      .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  expect(total('compute')).toBeCloseTo(750);
  expect(total('transfer')).toBeCloseTo(250);
  for (const [i, span] of spans.entries()) {
    expect(span.startMs).toBeGreaterThanOrEqual((spans[i - 1]?.endMs ?? 0) - 1e-6);
  }
});

test('of a run of very many calls the rest is counted', () => {
  const run = watched();
  for (let i = 0; i < 15_000; i++) oneCall(run, { queue: 0, transfer: 1, compute: 1 });
  expect(run.watch.timeline(1, 30_000).left).toBe(10_000);
  expect(run.watch.partsOf(1, 15_000, 30_000).compute).toBe(1);
});
