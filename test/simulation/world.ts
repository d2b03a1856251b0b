// A simulated world: the real pool over simulated threads, all drawn from one seed.
import { AsyncResource } from 'node:async_hooks';
import { setImmediate as realImmediate } from 'node:timers/promises';
import { type StopState, stopState } from '../../src/compute/stop.ts';
import type { ThreadEvents, ThreadHandle } from '../../src/dispatch/thread.ts';
import { Threads } from '../../src/dispatch/threads.ts';
import { PoolError } from '../../src/errors.ts';
import { MemoPool } from '../../src/pool.ts';
import { isLateError, isLateExit, stateOf } from './deaths.ts';
import { chooseStart, type DeathKind, type Mood } from './faults.ts';
import { type FunctionSpec, isRight, makeGraph } from './functions.ts';
import { Judge } from './judge.ts';
import type { Cause, Facts, Flight } from './model.ts';
import type { NestHost } from './nested-calls.ts';
import { mayCircle } from './nests.ts';
import { drawOptions, type WorldOptions } from './options.ts';
import { Places } from './places.ts';
import { Random } from './random.ts';
import { SimThread } from './sim-thread.ts';
import { spyOn } from './spy.ts';
import type { Surroundings } from './surroundings.ts';
import { Side, type SimEvent, Timeline, VirtualClock } from './timeline.ts';

/** Stops a simulation: something was not as promised. */
export class Violation extends Error {}

export class World implements Surroundings, Facts {
  readonly random: Random;
  readonly timeline: Timeline;
  readonly main: Side = new Side('main');
  readonly clock: VirtualClock;
  readonly options: WorldOptions;
  readonly graph: readonly FunctionSpec[];
  readonly judge: Judge;
  readonly pool: MemoPool;
  readonly threads: SimThread[] = [];
  readonly trace: string[] = [];
  readonly counts: Map<string, number> = new Map();
  readonly refusedStarts: number[] = [];
  readonly failures: string[] = [];
  mood: Mood;
  /** Whatever fails is put up with. */
  isCalm = false;
  closedAt: number = Infinity;
  destroyedAt: number = Infinity;
  /** What callers do while a thread is at something: an action, while there are to be any. */
  meddle: () => void = () => {};
  readonly mayStall: boolean;
  /** Time that the main thread was blocked for. */
  blockedMs = 0;
  readonly #places: Places;
  readonly #restlessness: number;
  readonly #latencyMs: number;
  /** What happens is no doing of the call that runs. */
  readonly #outside = new AsyncResource('simulation');
  #turn = 0;

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    this.timeline = new Timeline(random);
    this.clock = new VirtualClock(this.timeline, this.main);
    const faults = random.pick([0, 0.1, 0.3, 1]);
    this.mood = { faults, hangs: faults === 0 ? 0 : random.pick([0, 0.02, 0.1]) };
    this.#restlessness = random.pick([0, 0.02, 0.2]);
    this.#latencyMs = random.pick([0, 0.02, 0.5, 5]);
    this.graph = makeGraph(random, faults);
    this.mayStall =
      this.mood.hangs > 0 || this.graph.some(({ nest }) => nest !== undefined && mayCircle(nest));
    this.options = drawOptions(random);
    this.judge = new Judge(this);
    const say = (line: string) => this.say(line);
    const interleave = () => this.interleave();
    const mood = () => this.mood;
    this.#places = new Places({
      random,
      timeline: this.timeline,
      graph: this.graph,
      judge: this.judge,
      mood,
      say,
      interleave,
      nests: this.#nestHost(random.pick([0, 30, 300])),
    });
    const dispatcher = new Threads({
      ...this.options,
      clock: this.clock,
      startThread: (events) => this.#startThread(events),
      onLateError: (name, error) => this.#onLateError(name, error),
      onAdvice: () => {},
      onHarvest: (harvest) => this.pool.keepHarvest(harvest),
    });
    const options = {
      ...this.options,
      typed: true,
      modules: [],
      builtIns: false,
      maxArgumentBytes: null,
    };
    spyOn(dispatcher, this);
    this.pool = new MemoPool(options, dispatcher, this.clock);
    this.say(`world ${JSON.stringify({ seed, ...this.options, mood: this.mood })}`);
    for (const spec of this.graph) this.say(`function ${JSON.stringify(spec)}`);
  }

  get now(): number {
    return this.timeline.now;
  }

  get maxWorkers(): number {
    return this.options.maxWorkers;
  }

  get capacity(): number {
    return this.options.queueSize + this.options.maxWorkers;
  }

  get slackMs(): number {
    return 1000 + this.blockedMs;
  }

  get isUnbounded(): boolean {
    return this.options.maxsize === null && this.options.maxBytes === null;
  }

  readonly say: (line: string) => void = (line) => {
    this.trace.push(`${this.now.toFixed(4)} ${line}`);
  };

  readonly fail: (problem: string) => void = (problem) => {
    this.say(`FAILED: ${problem}`);
    this.failures.push(problem);
  };

  readonly count: (what: string) => void = (what) => {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  };

  // What threads ask for.

  readonly latency: () => number = () => (this.#latencyMs === 0 ? 0 : this.random.wait(this.#latencyMs));

  readonly stopMs: () => number = () => this.random.wait(this.random.pick([1, 60]));

  readonly endMs: () => number = () => this.random.wait(this.random.pick([0.1, 20, 500]));

  registryFor(thread: SimThread): ReturnType<Places['registryFor']> {
    return this.#places.registryFor(thread);
  }

  flightOf(key: string): Flight | undefined {
    return this.judge.flightOf(key);
  }

  onDeath(thread: SimThread, kind: DeathKind | 'start', { lateBy, cause }: Cause): number {
    const { deaths } = this.judge.verdict;
    const id = deaths.length;
    const { attempts } = this.judge.verdict;
    deaths.push({ id, at: this.now, thread, lateBy, cause, ...stateOf(thread, { lateBy, cause }, attempts) });
    this.say(
      `${thread.name} dies (${kind}), death ${id}${cause === undefined ? '' : ` by attempt ${cause.id}`}`,
    );
    this.judge.verdict.checkCrashes();
    this.count(`death: ${lateBy === undefined ? '' : 'late '}${kind}`);
    return id;
  }

  // Threads run at once: at every use of what they share, another may act first. One that has acted in this turn has
  // microtasks to run before it can again.
  readonly interleave: () => void = () => {
    if (this.#restlessness === 0 || !this.random.chance(this.#restlessness)) return;
    const event = this.timeline.take(this.now + 2, (side) => side.turn !== this.#turn);
    if (event !== undefined) this.#fire(event);
    else if (this.main.turn !== this.#turn && !this.main.isBusy) {
      this.main.turn = this.#turn;
      this.count('meanwhile');
      this.say('meanwhile:');
      this.meddle();
    }
  };

  /** Lets things happen until `isDone`; fails when that is not so by the time `until`, or nothing is left to happen. */
  async runUntil(isDone: () => boolean, until: number, what: string): Promise<void> {
    await this.settle();
    while (!isDone()) {
      const event = this.timeline.take(until);
      if (event === undefined) {
        this.fail(`still waiting for ${what}`);
        this.#listWaiting();
      }
      this.stopIfFailed();
      if (event === undefined) return;
      this.#turn++;
      this.count('turn');
      this.#fire(event);
      await realImmediate();
      this.#checkAlways();
      this.stopIfFailed();
    }
  }

  /** Lets the callbacks of what has happened run. */
  async settle(): Promise<void> {
    this.#turn++;
    await realImmediate();
    this.stopIfFailed();
  }

  stopIfFailed(): void {
    if (this.failures.length > 0) throw new Violation(this.failures.join('; '));
  }

  /** The main thread hears nothing for so long. */
  block(ms: number): void {
    this.main.isBusy = true;
    this.blockedMs += ms;
    const run = () => {
      this.main.isBusy = false;
    };
    this.timeline.plan({ side: new Side('time'), label: 'main is free again', run, inMs: ms });
  }

  #nestHost(most: number): NestHost {
    let left = most;
    return {
      nameOf: (index) => this.graph[index]?.name ?? 'nope',
      mayAsk: (index) => left-- > 0 && !(this.isCalm && this.graph[index]?.load !== 'at once'),
      isCalm: () => this.isCalm,
      check: (part, value) => {
        if (!isRight(this.graph, { ...part, form: undefined }, value))
          this.fail(`f${part.index}(${part.n}) came out wrong for its caller`);
      },
      say: this.say,
    };
  }

  #fire(event: SimEvent): void {
    event.wakes.turn = this.#turn;
    this.say(`${event.side.name}: ${event.label}`);
    const resume = setAside(stopState());
    this.#outside.runInAsyncScope(event.run);
    resume();
  }

  #startThread(events: ThreadEvents): ThreadHandle {
    const start = chooseStart(this.random, this.mood);
    this.count(`start: ${start.kind}`);
    if (start.kind === 'refused') {
      this.say('a thread is refused');
      this.refusedStarts.push(this.now);
      throw new PoolError('ERR_WORKER_START', 'refused');
    }
    const thread = new SimThread(`thread ${this.threads.length}`, events, this);
    this.threads.push(thread);
    const alive = this.threads.filter(({ isOver }) => !isOver).length;
    if (alive > this.options.maxWorkers) this.fail(`${alive} threads`);
    this.say(`${thread.name} starts: ${start.kind}`);
    const inMs = start.kind === 'boots' ? start.inMs : this.random.between(0, 50);
    const run = () => {
      if (thread.side.isGone) return;
      if (start.kind === 'boots') thread.boot();
      else void thread.die(start.kind === 'stillborn' ? 'start' : 'exit');
    };
    this.timeline.plan({ side: new Side(thread.name), label: start.kind, run, inMs });
    return thread;
  }

  #onLateError(name: string | undefined, error: unknown): void {
    this.say(`late error of ${name}: ${String(error)}`);
    const isExit = error instanceof PoolError && error.code === 'ERR_WORKER_EXIT';
    this.count(isExit ? 'late exit' : 'late error');
    const { attempts, deaths } = this.judge.verdict;
    const isRight = isExit ? isLateExit(deaths, name) : isLateError(attempts, name, error);
    if (!isRight) this.fail(`a late ${isExit ? 'exit' : 'error'} of ${name}: ${String(error)}`);
  }

  #checkAlways(): void {
    const { maxsize, maxBytes } = this.options;
    const { currsize, bytes, hits, misses, joins } = this.pool.cacheInfo();
    if (currsize > (maxsize ?? Infinity)) this.fail(`${currsize} entries in the cache`);
    if (bytes > (maxBytes ?? Infinity)) this.fail(`${bytes} bytes in the cache`);
    const calls = [...this.judge.counted.values()].reduce((sum, count) => sum + count, 0);
    if (hits + misses + joins !== calls) this.fail(`${hits} + ${misses} + ${joins} is not ${calls} calls`);
    this.judge.checkFlights();
    this.judge.checkPromptness(this.slackMs);
    this.judge.checkRunning(200 + this.blockedMs);
    this.#checkHeld();
  }

  // Whoever waits keeps the process alive.
  #checkHeld(): void {
    if (this.judge.calls.size === 0) return;
    if (this.threads.some(({ isHeld, isOver }) => isHeld && !isOver)) return;
    this.fail('calls wait, and nothing keeps the process alive for them');
  }

  #listWaiting(): void {
    for (const { id, target } of this.judge.calls) this.say(`waiting: call ${id} of ${target.key}`);
    this.say(`stats ${JSON.stringify(this.pool.stats())}`);
  }
}

// Which call runs, and is to stop, each thread knows for itself.
function setAside(state: StopState): () => void {
  const { cell, mark, memoMark, isStopping } = state;
  state.isStopping = false;
  const thrown = state.thrown.splice(0);
  return () => {
    state.cell = cell;
    state.mark = mark;
    state.memoMark = memoMark;
    state.isStopping = isStopping;
    state.thrown.splice(0, Infinity, ...thrown);
  };
}
