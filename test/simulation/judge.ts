// The oracle: a model of the pool's calls and flights beside it, and for each outcome whether anything allows it.
import { getEventListeners } from 'node:events';
import { AbortError, PoolError } from '../../src/errors.ts';
import type { ResultForm } from '../../src/types.ts';
import type { Course } from './faults.ts';
import { type FunctionSpec, isBigintKind, isRight } from './functions.ts';
import type { SimThread } from './sim-thread.ts';

/** What a call is of. */
export interface Target {
  /** Undefined for a name that is no function's. */
  readonly spec: FunctionSpec | undefined;
  readonly name: string;
  readonly n: number;
  readonly args: readonly unknown[];
  /** Name and arguments. */
  readonly argsKey: string;
  readonly form: ResultForm | undefined;
  /** Name, arguments and form. */
  readonly key: string;
}

/** One caller. */
export interface Call {
  readonly id: number;
  readonly target: Target;
  readonly at: number;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  /** What its onProgress throws. */
  readonly progressError: Error | undefined;
  flight: Flight | undefined;
  isSettled: boolean;
  hasValue: boolean;
}

/** A computation as the callers see it. */
export interface Flight {
  readonly target: Target;
  readonly startedAt: number;
  readonly callers: Set<Call>;
  isFenced: boolean;
}

/** One time that a worker ran a function. */
export interface Attempt {
  readonly id: number;
  readonly key: string;
  readonly thread: SimThread;
  readonly beganAt: number;
  readonly course: Course;
  /** For whom, if there is but one flight that it can be for. */
  readonly flight: Flight | undefined;
  hasEnded: boolean;
  /** When somebody waited for it last. */
  wasWantedAt: number;
}

export interface Death {
  readonly id: number;
  readonly at: number;
  readonly thread: SimThread;
  /** It was ended by what an earlier call left behind, of this function. */
  readonly lateBy: string | undefined;
  /** What it was about. */
  readonly key: string | undefined;
  readonly loading: string | undefined;
}

/** What the judge asks of the world. */
export interface Facts {
  readonly graph: readonly FunctionSpec[];
  readonly now: number;
  /** The most calls that may be under way. */
  readonly capacity: number;
  readonly isUnbounded: boolean;
  /** When close was called. */
  readonly closedAt: number;
  /** From when on close ends what is under way. */
  readonly destroyedAt: number;
  readonly refusedStarts: readonly number[];
  /** By how much the main thread may hear late of what threads do. */
  readonly slackMs: number;
  fail(problem: string): void;
  count(what: string): void;
}

export type Lookup = 'hit' | 'join' | 'miss' | 'refused';

// Beside its time limit a call may wait this long for its thread to start and import.
const LONGEST_START_MS = 15_000;

export class Judge {
  readonly calls: Set<Call> = new Set();
  readonly flights: Set<Flight> = new Set();
  readonly attempts: Attempt[] = [];
  readonly deaths: Death[] = [];
  flightsStarted = 0;
  /** Calls counted by the front cache since the last clear, by name. */
  readonly counted: Map<string, number> = new Map();
  readonly #byKey = new Map<string, Flight>();
  /** Keys of which an answer may be in the front cache. */
  readonly #answered = new Set<string>();
  readonly #killed = new Map<number, Flight | undefined>();
  #running: Attempt[] = [];
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** A call was made; `isNested` in a callback, when this model may lag behind the pool by the callbacks to come. */
  onCall(call: Call, lookup: Lookup, isNested: boolean): void {
    const { target } = call;
    const flight = this.#byKey.get(target.key);
    this.calls.add(call);
    this.#facts.count(lookup);
    if (lookup === 'refused') return;
    this.counted.set(target.name, (this.counted.get(target.name) ?? 0) + 1);
    if (!isNested) this.#checkLookup(target, lookup, flight);
    if (lookup === 'join') call.flight = flight;
    if (lookup === 'miss') {
      call.flight = { target, startedAt: call.at, callers: new Set(), isFenced: false };
      this.flights.add(call.flight);
      this.#byKey.set(target.key, call.flight);
      this.flightsStarted++;
    }
    call.flight?.callers.add(call);
  }

  #checkLookup(target: Target, lookup: Lookup, flight: Flight | undefined): void {
    const { fail, capacity, isUnbounded } = this.#facts;
    const { key } = target;
    if (lookup === 'hit') this.checkCached(target);
    else if (isUnbounded && this.#answered.has(key)) fail(`${key} was answered and is not in the cache`);
    if (lookup === 'join' && flight === undefined) fail(`${key} joined a flight that there is not`);
    if (lookup === 'miss' && flight !== undefined) fail(`${key} has two flights`);
    if (lookup === 'miss' && this.flights.size >= capacity) fail(`more than ${capacity} flights`);
  }

  /** The front cache has an answer. */
  checkCached({ key }: Target): void {
    if (!this.#answered.has(key)) this.#facts.fail(`${key} is in the cache and should not be`);
  }

  /** Cleared: everything, what is of a function, or what is of a call. */
  onFence(isMeant: (target: Target) => boolean): void {
    for (const flight of this.flights) {
      if (!isMeant(flight.target)) continue;
      flight.isFenced = true;
      if (this.#byKey.get(flight.target.key) === flight) this.#byKey.delete(flight.target.key);
    }
    for (const key of this.#answered) {
      const target = this.#targets.get(key);
      if (target !== undefined && isMeant(target)) this.#answered.delete(key);
    }
  }

  readonly #targets = new Map<string, Target>();

  onValue(call: Call, value: unknown): void {
    const { target, flight } = call;
    call.hasValue = true;
    this.#settle(call);
    this.#land(call);
    if (flight !== undefined && !flight.isFenced) {
      this.#targets.set(target.key, target);
      this.#answered.add(target.key);
    }
    this.checkValue(target, value);
  }

  checkValue({ spec, n, form, key }: Target, value: unknown): void {
    const { fail, graph, count } = this.#facts;
    count('value');
    if (spec === undefined) fail(`${key} is no function and has a value`);
    else if (!isRight(graph, { index: spec.index, n, form }, value)) fail(`${key} came out wrong`);
    else if (spec.load !== 'at once' && spec.load !== 'slow')
      fail(`${key} cannot be imported and has a value`);
  }

  onError(call: Call, error: unknown): void {
    this.#settle(call);
    const isOwn = this.#isOwn(call, error);
    if (isOwn) this.#leave(call);
    else this.#land(call);
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : typeof error;
    this.#facts.count(code);
    const problem = isOwn ? this.#judgeLeaving(call, error) : this.#judgeError(call, error);
    if (problem !== undefined) this.#facts.fail(`call ${call.id} of ${call.target.key}: ${code}, ${problem}`);
  }

  #isOwn({ progressError }: Call, error: unknown): boolean {
    if (error instanceof AbortError) return true;
    if (error instanceof PoolError && error.code === 'ERR_TIMEOUT') return true;
    return progressError !== undefined && error === progressError;
  }

  #judgeLeaving(call: Call, error: unknown): string | undefined {
    if (error instanceof AbortError) {
      if (call.signal?.aborted !== true) return 'nobody aborted it';
      return error.cause === call.signal.reason ? undefined : 'for another reason';
    }
    if (!(error instanceof PoolError)) return undefined;
    const { timeoutMs } = call;
    if (timeoutMs === undefined) return 'it has no time limit';
    const limit = this.#facts.now - timeoutMs + 1e-6;
    if (call.at > limit) return 'too early';
    const hasRun = this.#attemptsOf(call).some(({ beganAt }) => beganAt <= limit);
    return hasRun || call.at + LONGEST_START_MS <= limit ? undefined : 'it did not run for so long';
  }

  #judgeError(call: Call, error: unknown): string | undefined {
    const attempt = attemptNumber(error);
    if (attempt !== undefined) return this.#judgeThrown(call, attempt);
    if (!(error instanceof PoolError)) return `what is this: ${String(error)}`;
    const { target, flight } = call;
    const { spec } = target;
    const { now, closedAt, destroyedAt, refusedStarts, capacity } = this.#facts;
    const has = (kind: Course['kind']) => this.#attemptsOf(call).some(({ course }) => course.kind === kind);
    const unless = (isRightful: boolean) => (isRightful ? undefined : 'which nothing explains');
    switch (error.code) {
      case 'ERR_POOL_CLOSED':
        return unless(flight === undefined ? call.at >= closedAt : now >= destroyedAt);
      case 'ERR_QUEUE_FULL':
        return unless(flight === undefined && this.flights.size >= capacity);
      case 'ERR_FUNCTION_NOT_FOUND':
        return unless(spec === undefined);
      case 'ERR_OPTION':
        if (target.form === undefined) return 'and no form was asked for';
        return unless((spec !== undefined && !isBigintKind(spec)) || has('uncloneable'));
      case 'ERR_NON_ERROR_THROWN':
        return unless(has('throws') && error.cause === null);
      case 'ERR_RESULT_NOT_CLONEABLE':
        return unless(has('uncloneable'));
      case 'ERR_WORKER_START':
        if (refusedStarts.some((at) => at >= (flight?.startedAt ?? now))) return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_MODULE_LOAD':
        if (spec !== undefined && spec.load !== 'at once' && spec.load !== 'slow') return undefined;
        return this.#judgeDeath(call, error);
      case 'ERR_UNSETTLED':
        return unless(has('unsettled'));
      case 'ERR_FUNCTION_CRASHING':
        return unless(this.#isCrashing(target.name));
      case 'ERR_WORKER_EXIT':
      case 'ERR_WORKER_MEMORY':
        return this.#judgeDeath(call, error);
      default:
        return 'which is not expected here';
    }
  }

  #judgeThrown(call: Call, id: number): string | undefined {
    const attempt = this.attempts[id];
    if (attempt === undefined || !this.#attemptsOf(call).includes(attempt))
      return `of another: attempt ${id}`;
    const { kind } = attempt.course;
    return kind === 'throws' || kind === 'timer throws' ? undefined : `attempt ${id} does not fail so`;
  }

  // One call pays for a death: the one that was computed, or of a thread that never answered anything the first.
  #judgeDeath(call: Call, error: PoolError): string | undefined {
    const death = this.deaths[Number(error.details['death'] ?? -1)];
    if (death === undefined) return 'and no thread died so';
    const payer = this.#killed.get(death.id) ?? call.flight;
    if (payer !== call.flight) return `but another has paid for death ${death.id}`;
    this.#killed.set(death.id, call.flight);
    const { key, name } = call.target;
    if (death.key === key && death.lateBy !== undefined) return this.#judgeLateDeath(call);
    if (death.key === key || (death.loading === name && death.key === undefined)) return undefined;
    const isFirst = !death.thread.hasReplied && death.key === undefined;
    return isFirst ? undefined : `for death ${death.id}, which is of ${death.key ?? 'no call'}`;
  }

  // An innocent call is begun again, once.
  #judgeLateDeath({ target, flight }: Call): string | undefined {
    const times = this.deaths.filter(
      ({ key, at, lateBy }) =>
        lateBy !== undefined && key === target.key && at >= (flight?.startedAt ?? Infinity),
    ).length;
    return times > 1 ? undefined : 'though it is innocent and was not begun again';
  }

  // Its calls have ended five threads within ten seconds, less than thirty seconds ago; heard of some time later.
  #isCrashing(name: string): boolean {
    const { now, slackMs } = this.#facts;
    const own = this.deaths.filter(
      ({ key, loading, lateBy }) => (lateBy ?? key?.slice(0, key.indexOf('(')) ?? loading) === name,
    );
    return own.some(({ at }, index) => {
      const fifth = own[index + 4];
      return fifth !== undefined && fifth.at - at <= 10_000 + slackMs && now - fifth.at <= 30_000 + slackMs;
    });
  }

  #attemptsOf({ target, flight }: Call): Attempt[] {
    if (flight === undefined) return [];
    return this.attempts.filter(({ key, beganAt }) => key === target.key && beganAt >= flight.startedAt);
  }

  #settle(call: Call): void {
    const { fail } = this.#facts;
    if (call.isSettled) fail(`call ${call.id} settled twice`);
    call.isSettled = true;
    this.calls.delete(call);
    if (call.signal === undefined) return;
    const others = [...this.calls].some(({ signal }) => signal === call.signal);
    const listeners = getEventListeners(call.signal, 'abort').length;
    if (listeners > 1 || (!others && listeners > 0)) fail(`call ${call.id} left a listener on its signal`);
  }

  #leave(call: Call): void {
    call.flight?.callers.delete(call);
    if (call.flight?.callers.size === 0) this.#end(call.flight);
  }

  #land({ flight }: Call): void {
    if (flight !== undefined) this.#end(flight);
  }

  #end(flight: Flight): void {
    this.flights.delete(flight);
    if (this.#byKey.get(flight.target.key) === flight) this.#byKey.delete(flight.target.key);
  }

  /** Whoever has a time limit or an aborted signal is not kept waiting. */
  checkPromptness(graceMs: number): void {
    const { now, fail } = this.#facts;
    for (const call of this.calls) {
      if (call.signal?.aborted) fail(`call ${call.id} was aborted and still waits`);
      if (call.timeoutMs === undefined) continue;
      const since = now - call.timeoutMs - graceMs;
      if (call.at > since) continue;
      const late = this.#running.find(
        ({ flight, beganAt, hasEnded, thread }) =>
          flight === call.flight && beganAt <= since && !hasEnded && !thread.side.isGone,
      );
      if (late !== undefined) fail(`call ${call.id} waits beyond its time limit for attempt ${late.id}`);
    }
  }

  /** What nobody wants any more does not run on for long, and what somebody wants is not ended. */
  checkRunning(graceMs: number): void {
    const { now, fail } = this.#facts;
    const attempts = this.#running.filter(({ hasEnded }) => !hasEnded);
    for (const attempt of attempts) {
      const { id, thread, flight } = attempt;
      if (flight === undefined) continue;
      if (this.flights.has(flight)) attempt.wasWantedAt = now;
      if (thread.isEnded && this.flights.has(flight)) {
        fail(`attempt ${id} was ended, and somebody waits for it`);
      }
      if (!thread.side.isGone && attempt.wasWantedAt < now - graceMs)
        fail(`attempt ${id} runs on for nobody`);
    }
    this.#running = attempts.filter(({ thread }) => !thread.side.isGone);
  }

  flightOf(key: string): Flight | undefined {
    const [flight, another] = [...this.flights].filter(({ target }) => target.key === key);
    return another === undefined ? flight : undefined;
  }

  /** A worker begins a call: not one that another is computing for the same callers. */
  onAttempt(attempt: Attempt): void {
    this.attempts.push(attempt);
    this.#running.push(attempt);
    const { flight } = attempt;
    const twin = this.#running.find(
      (other) => other !== attempt && other.flight === flight && !other.hasEnded && !other.thread.side.isGone,
    );
    if (flight !== undefined && twin !== undefined) {
      this.#facts.fail(`${attempt.key} runs twice: attempts ${twin.id} and ${attempt.id}`);
    }
  }
}

function attemptNumber(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const own: unknown = Reflect.get(error, 'attempt');
  if (typeof own === 'number') return own;
  const { cause } = error;
  if (typeof cause === 'string') return Number(cause.replace('attempt ', ''));
  const below: unknown =
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'attempt') : undefined;
  return typeof below === 'number' ? below : undefined;
}

export function argsKeyOf(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
}

export function keyOf(argsKey: string, form: ResultForm | undefined): string {
  return form === undefined ? argsKey : `${argsKey} as ${form}`;
}
