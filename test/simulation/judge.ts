// The oracle: a model of the pool's calls and flights beside it.
import { getEventListeners } from 'node:events';
import { isRight } from './functions.ts';
import type { Attempt, Call, Facts, Flight, Lookup, Target } from './model.ts';
import { Verdict } from './verdict.ts';

export class Judge {
  readonly calls: Set<Call> = new Set();
  readonly flights: Set<Flight> = new Set();
  readonly verdict: Verdict;
  flightsStarted = 0;
  /** Calls counted by the front cache since the last clear, by name. */
  readonly counted: Map<string, number> = new Map();
  readonly #byKey = new Map<string, Flight>();
  /** Keys of which an answer may be in the front cache. */
  readonly #answered = new Set<string>();
  #running: Attempt[] = [];
  /** Whose promise cannot settle any more, and since when. */
  readonly #unsettled = new Map<Attempt, number>();
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.verdict = new Verdict(facts, this.flights);
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
    const isOwn = this.verdict.isOwn(call, error);
    if (isOwn) this.#leave(call);
    else this.#land(call);
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : typeof error;
    this.#facts.count(code);
    const problem = isOwn ? this.verdict.judgeLeaving(call, error) : this.verdict.judgeError(call, error);
    if (problem !== undefined) this.#facts.fail(`call ${call.id} of ${call.target.key}: ${code}, ${problem}`);
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
      if (call.at + (call.deadlineMs ?? Infinity) < now - graceMs)
        fail(`call ${call.id} waits beyond its deadline`);
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
      if (!this.flights.has(flight)) attempt.unwantedSince = Math.min(attempt.unwantedSince, now);
      if (thread.isEnded && this.flights.has(flight)) {
        fail(`attempt ${id} was ended, and somebody waits for it`);
      }
      if (!thread.side.isGone && attempt.unwantedSince < now - graceMs)
        fail(`attempt ${id} runs on for nobody`);
    }
    for (const [attempt, since] of this.#unsettled) {
      const { id, flight, thread } = attempt;
      const isPending = flight !== undefined && this.flights.has(flight) && !thread.side.isGone;
      if (isPending && since < now - graceMs) fail(`attempt ${id} cannot settle, and nobody is told`);
      if (!isPending) this.#unsettled.delete(attempt);
    }
    this.#running = attempts.filter(({ thread }) => !thread.side.isGone);
  }

  /** The event loop of an attempt's thread has run empty. */
  onEmptyLoop(attempt: Attempt): void {
    attempt.hasEnded = true;
    this.#unsettled.set(attempt, this.#facts.now);
  }

  flightOf(key: string): Flight | undefined {
    const [flight, another] = [...this.flights].filter(({ target }) => target.key === key);
    return another === undefined ? flight : undefined;
  }

  /** A worker begins a call: not one that another is computing for the same callers. */
  onAttempt(attempt: Attempt): void {
    this.verdict.attempts.push(attempt);
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
