// One simulation: a seed in, what went wrong and the whole trace out.
import { Actor } from './actions.ts';
import { makeTarget } from './targets.ts';
import { Side } from './timeline.ts';
import { Violation, World } from './world.ts';

export interface Result {
  readonly seed: number;
  /** What was not as promised; empty when all was. */
  readonly failures: readonly string[];
  readonly trace: readonly string[];
  /** What was seen how often. */
  readonly counts: ReadonlyMap<string, number>;
}

// In virtual time: what functions, imports, slow starts and ends may add up to when nothing hangs.
const LONGEST_MS = 600_000;

// Until whatever timer a call left behind has gone off, and no function is refused any more.
const LONGEST_LEFT_MS = 41_000;

/** Runs the world of a seed to its end. One at a time: it looks after the process's unhandled rejections. */
export async function simulate(seed: number): Promise<Result> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // nobody reads them, and they would cost half of the time
  forgetMemos();
  const world = new World(seed);
  const onStray = (error: unknown) => world.fail(`unhandled: ${String(error)}`);
  process.on('unhandledRejection', onStray);
  process.on('uncaughtException', onStray);
  try {
    await live(world);
  } catch (error) {
    if (!(error instanceof Violation)) world.fail(`the simulation itself failed: ${String(error)}`);
  } finally {
    process.off('unhandledRejection', onStray);
    process.off('uncaughtException', onStray);
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { seed, failures: world.failures, trace: world.trace, counts: world.counts };
}

// Every memo of a process enrols in one list, which the worker's code walks: those of earlier worlds must not stand in it.
function forgetMemos(): void {
  const memos: unknown = Reflect.get(globalThis, Symbol.for('memopool.memos'));
  if (memos instanceof Set) memos.clear();
}

async function live(world: World): Promise<void> {
  const actor = new Actor(world);
  await stir(world, actor);
  if (world.closedAt === Infinity) {
    await calmDown(world, actor);
    world.isCalm = true;
    await probe(world, actor);
    actor.close(world.random.pick([undefined, undefined, 0, 100]));
  }
  // Without a time limit, close waits for what never ends.
  if (world.destroyedAt === Infinity) actor.close(world.random.pick([0, 1000]));
  const until = world.destroyedAt + 1000 + world.blockedMs + LONGEST_END_MS;
  await world.runUntil(() => actor.isSatisfied, until, 'the pool to be closed');
  await checkEnd(world, actor);
}

// What ends threads may be slow: see World.endMs.
const LONGEST_END_MS = 20_000;

// The time of faults: callers act at random moments, and everything goes wrong.
async function stir(world: World, actor: Actor): Promise<void> {
  const { random, timeline, main } = world;
  const closes = random.chance(0.3);
  const paceMs = random.pick([0.05, 1, 10, 50]);
  let left = random.whole(5, 120);
  world.meddle = () => {
    if (left <= 0) return;
    left--;
    if (random.chance(0.5)) actor.abort();
    else actor.act(closes);
  };
  const plan = () => {
    const run = () => {
      if (left <= 0) return;
      left--;
      actor.act(closes);
      if (left > 0) plan();
    };
    timeline.plan({ side: main, label: 'acts', run, inMs: random.wait(paceMs) });
  };
  plan();
  await world.runUntil(() => left <= 0 && !main.isBusy, Infinity, 'the end of all actions');
}

// From now on nothing goes wrong, and what never ended ends: everybody gets an answer.
async function calmDown(world: World, actor: Actor): Promise<void> {
  world.say('calm');
  world.mood = { faults: 0, hangs: 0 };
  const heal = () => {
    for (const thread of world.threads) thread.heal();
    if (!actor.isSatisfied) plan();
  };
  const plan = () => world.timeline.plan({ side: new Side('time'), label: 'heals', run: heal, inMs: 500 });
  plan();
  const until = world.now + LONGEST_MS;
  await world.runUntil(() => actor.isSatisfied, until, 'answers');
}

// The pool is usable: every function that can be imported gives its value.
async function probe(world: World, actor: Actor): Promise<void> {
  actor.calm();
  await pause(world, LONGEST_LEFT_MS);
  world.say('probe');
  const usable = world.graph.filter(({ load }) => load === 'at once' || load === 'slow');
  for (const spec of usable) {
    for (const n of [2, 5]) {
      const call = actor.run(makeTarget({ spec, n, args: [n, 'probe'], form: undefined }), {});
      await world.runUntil(() => call.isSettled, world.now + LONGEST_MS, 'a probe');
      if (!call.hasValue) world.fail(`the probe ${call.id} had no value`);
    }
  }
  actor.checkCache();
  await rest(world);
}

// Nothing is under way, so nothing keeps the process alive, and of the threads no more than the least are left.
async function rest(world: World): Promise<void> {
  await pause(world, 60_000);
  if (world.clock.refTimers > 0) world.fail('a timer keeps the process alive');
  if (world.threads.some(({ isHeld, isOver }) => isHeld && !isOver)) {
    world.fail('an idle thread keeps the process alive');
  }
  const alive = world.threads.filter(({ isOver }) => !isOver).length;
  const { minWorkers, maxWorkers } = world.options;
  if (minWorkers < maxWorkers && alive > minWorkers) world.fail(`${alive} idle threads stay`);
  const { busy, queued, open, flights, workers } = world.pool.stats();
  if (busy + queued + open + flights > 0 || workers !== alive) {
    world.fail(`at rest: ${JSON.stringify({ busy, queued, open, flights, workers, alive })}`);
  }
  world.stopIfFailed();
}

async function pause(world: World, ms: number): Promise<void> {
  let isOver = false;
  const run = () => {
    isOver = true;
  };
  world.timeline.plan({ side: new Side('time'), label: 'the pause is over', run, inMs: ms });
  await world.runUntil(() => isOver, Infinity, 'the end of a pause');
}

async function checkEnd(world: World, actor: Actor): Promise<void> {
  const { judge, pool } = world;
  actor.run();
  await world.settle();
  if (judge.calls.size > 0) world.fail('a call after the end waits');
  const { completed, failed, cancelled, flights, workers, busy, queued, open } = pool.stats();
  const sum = completed + failed + cancelled;
  if (sum !== judge.flightsStarted) {
    world.fail(`${completed} + ${failed} + ${cancelled} is not ${judge.flightsStarted} flights`);
  }
  if (flights + workers + busy + queued + open > 0) {
    world.fail(`after the end: ${JSON.stringify({ flights, workers, busy, queued, open })}`);
  }
  if (judge.flights.size > 0) world.fail(`${judge.flights.size} flights are left`);
  if (world.clock.timers > 0) world.fail(`${world.clock.timers} timers are left`);
  if (world.threads.some(({ side }) => !side.isGone)) world.fail('a thread is left');
  actor.checkCache();
  world.stopIfFailed();
}
