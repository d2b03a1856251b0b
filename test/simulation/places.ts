// What runs inside the simulated threads: the graph's functions with the faults of each attempt, and their import.
import { createRegistry, type Registry } from '../../src/compute/registry.ts';
import { PoolError } from '../../src/errors.ts';
import type { AnyFunction } from '../../src/types.ts';
import { chooseCourse, type Mood, makeThrown } from './faults.ts';
import { type FunctionSpec, type Instance, instantiate } from './functions.ts';
import type { Judge } from './judge.ts';
import type { Attempt } from './model.ts';
import { makeCalls, type NestHost } from './nested-calls.ts';
import type { NestSpec } from './nests.ts';
import type { Random } from './random.ts';
import { never, type SimThread } from './sim-thread.ts';
import { nOf } from './targets.ts';
import type { Timeline } from './timeline.ts';

export interface PlacesOptions {
  readonly random: Random;
  readonly timeline: Timeline;
  readonly graph: readonly FunctionSpec[];
  readonly judge: Judge;
  readonly mood: () => Mood;
  readonly say: (line: string) => void;
  readonly interleave: () => void;
  readonly nests: NestHost;
}

// The real registry gives up after ten seconds; a shorter time has fewer events.
const LOAD_TIMEOUT_MS = 2000;
// What takes longer keeps a thread busy; less goes by in one piece.
const LONGEST_PIECE_MS = 1;
const LONGEST_CALM_MS = 1000;

export class Places {
  readonly #options: PlacesOptions;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  registryFor(thread: SimThread): Registry {
    const { graph, interleave } = this.#options;
    const instance = instantiate(graph, interleave);
    thread.memos = instance.memos;
    thread.onEmptyLoop = () => this.#options.judge.onEmptyLoop(thread);
    const loaders = Object.fromEntries(
      graph.map((spec) => [spec.name, () => this.#load(thread, spec, instance)]),
    );
    return createRegistry([], async () => loaders);
  }

  async #load(thread: SimThread, spec: FunctionSpec, instance: Instance): Promise<object> {
    const { random, say } = this.#options;
    const exported = { [spec.name]: this.#exportOf(thread, spec, instance) };
    if (spec.load === 'at once') return exported;
    say(`${thread.name} imports ${spec.name}: ${spec.load}`);
    thread.loading = spec.name;
    if (random.chance(0.3)) await thread.busy(random.wait(20));
    if (random.chance(0.5)) await thread.sleep(random.wait(random.pick([10, 500])));
    if (spec.load === 'exits') await thread.exit();
    if (spec.load === 'blocks') await thread.busy(Infinity);
    if (spec.load === 'never ends') await thread.sleep(LOAD_TIMEOUT_MS);
    thread.loading = undefined;
    thread.loadedAt = this.#options.timeline.now;
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
      hasAsked: false,
      hasAwaited: false,
      isBusy: false,
      isAsleep: false,
      hasSlept: false,
      unwantedSince: Infinity,
    };
    say(`${thread.name} attempt ${id} of ${key}: ${JSON.stringify(course)}`);
    judge.onAttempt(attempt);
    interleave();
    const costMs = spec.costMs * random.between(0.5, 2);
    if (costMs <= LONGEST_PIECE_MS) timeline.now += costMs;
    const value = () =>
      spec.swallows ? instance.swallowing(spec.index, nOf(args)) : instance.valueOf(spec.index, nOf(args));
    const nest = spec.nest === undefined ? undefined : () => this.#nest(attempt, spec.nest, nOf(args));
    const done = this.#follow(attempt, costMs <= LONGEST_PIECE_MS ? 0 : costMs, { value, nest });
    if (done instanceof Promise) thread.given.set(spec.index, done);
    interleave();
    return done;
  }

  #follow(attempt: Attempt, costMs: number, { value, nest }: Work): unknown {
    const { course, thread, id, key } = attempt;
    const end = (make: () => unknown) => {
      attempt.hasEnded = true;
      return make();
    };
    const wait = (waits: Partial<Waits>, then: () => unknown) =>
      this.#wait(attempt, { ...waits, nest }, then);
    switch (course.kind) {
      case 'value':
        return wait({ ...course, busyMs: course.busyMs + costMs }, () => end(value));
      case 'throws':
        return wait(course, () =>
          end(() => {
            throw makeThrown(course.what, id);
          }),
        );
      case 'dies':
        return wait(course, () =>
          course.how === 'exit'
            ? thread.exit({ cause: attempt })
            : thread.die(course.how, { cause: attempt }),
        );
      case 'leaves':
        thread.setTimer(course.inMs, () => {
          this.#options.say(`what attempt ${id} left behind goes off: ${course.what}`);
          const lateBy = attempt.hasEnded ? key.slice(0, key.indexOf('(')) : undefined;
          attempt.hasEnded = true;
          if (course.what === 'error') throw makeThrown('Error', id);
          void thread.exit(lateBy === undefined ? { cause: attempt } : { lateBy });
        });
        return wait({}, () => end(value));
      case 'timer throws':
        thread.setTimer(course.inMs, () => {
          attempt.hasEnded = true;
          throw makeThrown('Error', id);
        });
        return wait({ sleepMs: course.sleepMs }, () => end(value));
      case 'endless':
        return wait({ busyMs: Infinity, heeds: course.heeds }, () => end(value));
      case 'unsettled':
        return wait({ sleepMs: Infinity }, () => end(value));
      case 'uncloneable':
        return wait({}, () => end(() => () => value));
    }
  }

  // A promise, unless there is nothing to wait for.
  #wait(
    attempt: Attempt,
    { busyMs = 0, sleepMs = 0, heeds = false, nest }: Partial<Waits>,
    end: () => unknown,
  ): unknown {
    if (busyMs === 0 && sleepMs === 0 && nest === undefined) return end();
    const { thread } = attempt;
    const steps = [
      ...(busyMs > 0 ? [(isFirst: boolean) => busy(attempt, this.#endingMs(busyMs), heeds && isFirst)] : []),
      ...(sleepMs > 0 ? [() => sleep(attempt, sleepMs)] : []),
    ];
    if (steps.length > 1 && this.#options.random.chance(0.3)) steps.reverse();
    if (nest !== undefined) steps.splice(this.#options.random.whole(0, steps.length), 0, nest);
    return (async () => {
      try {
        for (const [at, step] of steps.entries()) await step(at === 0);
      } catch (error) {
        attempt.hasEnded = true;
        throw error;
      }
      if (thread.side.isGone) await never();
      return end();
    })();
  }

  // What was given up long ago may go on when all is calm: no longer for ever.
  #endingMs(ms: number): number {
    return this.#options.nests.isCalm() ? Math.min(ms, LONGEST_CALM_MS) : ms;
  }

  async #nest(attempt: Attempt, spec: NestSpec | undefined, n: number): Promise<void> {
    const { say, nests } = this.#options;
    if (spec === undefined) return;
    if (spec.awaits !== undefined && !nests.isCalm()) {
      const given = attempt.thread.given.get(spec.awaits);
      attempt.hasAwaited = given !== undefined;
      say(`attempt ${attempt.id} awaits what f${spec.awaits} has given: ${given !== undefined}`);
      await given?.catch(() => {});
    }
    await makeCalls(nests, attempt, spec, n);
  }
}

async function busy(attempt: Attempt, ms: number, heeds: boolean): Promise<void> {
  attempt.isBusy = true;
  await attempt.thread.busy(ms, heeds ? attempt.thread.seq : undefined).finally(() => {
    attempt.isBusy = false;
  });
}

async function sleep(attempt: Attempt, ms: number): Promise<void> {
  attempt.isAsleep = ms === Infinity;
  await attempt.thread.sleep(ms);
  attempt.isAsleep = false;
  attempt.hasSlept = true;
}

/** What an attempt does beside waiting. */
interface Work {
  readonly value: () => unknown;
  readonly nest: (() => Promise<void>) | undefined;
}

interface Waits {
  readonly busyMs: number;
  readonly sleepMs: number;
  readonly heeds: boolean;
  readonly nest: Work['nest'];
}
