// What runs inside the simulated threads: the graph's functions with the faults of each attempt, and their import.
import { createRegistry, type Registry } from '../../src/compute/registry.ts';
import { PoolError } from '../../src/errors.ts';
import type { AnyFunction } from '../../src/types.ts';
import { chooseCourse, type Mood, makeThrown } from './faults.ts';
import { type FunctionSpec, type Instance, instantiate } from './functions.ts';
import type { Judge } from './judge.ts';
import type { Attempt } from './model.ts';
import type { Random } from './random.ts';
import type { SimThread } from './sim-thread.ts';
import type { Timeline } from './timeline.ts';

export interface PlacesOptions {
  readonly random: Random;
  readonly timeline: Timeline;
  readonly graph: readonly FunctionSpec[];
  readonly judge: Judge;
  readonly mood: () => Mood;
  readonly say: (line: string) => void;
  readonly interleave: () => void;
}

// The real registry gives up after ten seconds; a shorter time has fewer events.
const LOAD_TIMEOUT_MS = 2000;
// What takes longer keeps a thread busy; less goes by in one piece.
const LONGEST_PIECE_MS = 1;

export class Places {
  readonly #options: PlacesOptions;
  /** The function that a thread imports. */
  readonly #loading = new Map<SimThread, string>();

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  registryFor(thread: SimThread): Registry {
    const { graph, interleave } = this.#options;
    const instance = instantiate(graph, interleave);
    thread.memos = instance.memos;
    const loaders = Object.fromEntries(
      graph.map((spec) => [spec.name, () => this.#load(thread, spec, instance)]),
    );
    return createRegistry([], async () => loaders);
  }

  /** What a thread is about: the call it computes, the function it imports. */
  workOf(thread: SimThread): { readonly key: string | undefined; readonly loading: string | undefined } {
    const current = this.#options.judge.verdict.attempts.findLast(
      (attempt) => attempt.thread === thread && !attempt.hasEnded,
    );
    return { key: current?.key, loading: this.#loading.get(thread) };
  }

  async #load(thread: SimThread, spec: FunctionSpec, instance: Instance): Promise<object> {
    const { random, say } = this.#options;
    const exported = { [spec.name]: this.#exportOf(thread, spec, instance) };
    if (spec.load === 'at once') return exported;
    say(`${thread.name} imports ${spec.name}: ${spec.load}`);
    this.#loading.set(thread, spec.name);
    if (random.chance(0.3)) await thread.busy(random.wait(20), false);
    if (random.chance(0.5)) await thread.sleep(random.wait(random.pick([10, 500])));
    if (spec.load === 'exits') await thread.exit(undefined);
    if (spec.load === 'blocks') await thread.busy(Infinity, false);
    if (spec.load === 'never ends') await thread.sleep(LOAD_TIMEOUT_MS);
    this.#loading.delete(thread);
    if (spec.load === 'slow') return exported;
    throw new PoolError('ERR_MODULE_LOAD', `${spec.name} cannot be imported`);
  }

  #exportOf(thread: SimThread, spec: FunctionSpec, instance: Instance): AnyFunction {
    const memo = instance.memos[spec.index];
    const run = (...args: readonly unknown[]) => this.#attempt(thread, { spec, instance, args });
    return Object.assign(run, {
      cacheInfo: () => memo?.cacheInfo(),
      cacheDelete: (...args: readonly unknown[]) => memo?.cacheDelete(nOf(args)),
    });
  }

  #attempt(
    thread: SimThread,
    { spec, instance, args }: { spec: FunctionSpec; instance: Instance; args: readonly unknown[] },
  ): unknown {
    const { random, timeline, judge, mood, say, interleave } = this.#options;
    const course = chooseCourse(random, mood(), spec);
    const id = judge.verdict.attempts.length;
    const key = thread.call?.key ?? spec.name;
    const attempt: Attempt = {
      id,
      key,
      thread,
      beganAt: timeline.now,
      course,
      flight: thread.call?.flight,
      hasEnded: false,
      unwantedSince: Infinity,
    };
    say(`${thread.name} attempt ${id} of ${key}: ${JSON.stringify(course)}`);
    judge.onAttempt(attempt);
    thread.onEmptyLoop = () => judge.onEmptyLoop(attempt);
    interleave();
    const costMs = spec.costMs * random.between(0.5, 2);
    if (costMs <= LONGEST_PIECE_MS) timeline.now += costMs;
    const value = () =>
      spec.swallows ? instance.swallowing(spec.index, nOf(args)) : instance.valueOf(spec.index, nOf(args));
    const done = this.#follow(attempt, costMs <= LONGEST_PIECE_MS ? 0 : costMs, value);
    interleave();
    return done;
  }

  #follow(attempt: Attempt, costMs: number, value: () => unknown): unknown {
    const { course, thread, id, key } = attempt;
    const end = (make: () => unknown) => {
      attempt.hasEnded = true;
      return make();
    };
    switch (course.kind) {
      case 'value':
        return this.#wait(attempt, { ...course, busyMs: course.busyMs + costMs }, () => end(value));
      case 'throws':
        return this.#wait(attempt, { ...course, heeds: false }, () =>
          end(() => {
            throw makeThrown(course.what, id);
          }),
        );
      case 'dies':
        return this.#wait(attempt, { ...course, heeds: false }, () =>
          course.how === 'exit' ? thread.exit(undefined) : thread.die(course.how),
        );
      case 'leaves':
        thread.setTimer(course.inMs, () => {
          this.#options.say(`what attempt ${id} left behind goes off: ${course.what}`);
          if (course.what === 'error') throw makeThrown('Error', id);
          void thread.exit(key.slice(0, key.indexOf('(')));
        });
        return end(value);
      case 'timer throws':
        thread.setTimer(course.inMs, () => {
          attempt.hasEnded = true;
          throw makeThrown('Error', id);
        });
        return this.#wait(attempt, { busyMs: 0, sleepMs: course.sleepMs, heeds: false }, () => end(value));
      case 'endless':
        return this.#wait(attempt, { busyMs: Infinity, sleepMs: 0, heeds: course.heeds }, () => end(value));
      case 'unsettled':
        return thread.sleep(Infinity).then(() => end(value));
      case 'uncloneable':
        return end(() => () => value);
    }
  }

  // A promise, unless there is nothing to wait for.
  #wait(attempt: Attempt, { busyMs, sleepMs, heeds }: Wait, end: () => unknown): unknown {
    if (busyMs === 0 && sleepMs === 0) return end();
    const { thread } = attempt;
    const isBusyFirst = this.#options.random.chance(0.7);
    return (async () => {
      try {
        if (busyMs > 0 && isBusyFirst) await thread.busy(busyMs, heeds);
        if (sleepMs > 0) await thread.sleep(sleepMs);
        if (busyMs > 0 && !isBusyFirst) await thread.busy(busyMs, heeds);
      } catch (error) {
        attempt.hasEnded = true;
        throw error;
      }
      return end();
    })();
  }
}

interface Wait {
  readonly busyMs: number;
  readonly sleepMs: number;
  readonly heeds: boolean;
}

/** The number that a call is about, in whatever form its arguments have it. */
function nOf(args: readonly unknown[]): number {
  const [first] = args;
  if (typeof first === 'number') return first;
  const inside: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'n') : undefined;
  return typeof inside === 'number' ? inside : Number.NaN;
}
