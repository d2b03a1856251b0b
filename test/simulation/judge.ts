// The oracle: a model of the pool's calls and flights beside it.
import { getEventListeners } from 'node:events';
import type { Outcome } from '../../src/dispatch/dispatcher.ts';
import { isRight } from './functions.ts';
import type { Attempt, Call, Facts, Flight, Lookup, Target } from './model.ts';
import { Running } from './running.ts';
import { Verdict } from './verdict.ts';

export class Judge {
  readonly calls: Set<Call> = new Set();
  readonly flights: Set<Flight> = new Set();
  readonly verdict: Verdict;
  flightsStarted = 0;
  /** Calls counted by the front cache since the last clear, by name. */
  readonly counted: Map<string, number> = new Map();
  /** Those that calls were made of. */
  readonly known: Map<string, Target> = new Map();
  readonly #byKey = new Map<string, Flight>();
  /** What ended in this turn: by its end everybody is to know. */
  #over: Flight[] = [];
  /** Keys of which an answer may be in the front cache. */
  readonly #answered = new Map<string, Target>();
  readonly #running: Running;
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.verdict = new Verdict(facts);
    this.#running = new Running(facts, this.verdict);
  }

  // What the pool hands to its threads.

  /** A computation is to be made. */
  onSubmit(target: Target, isNested: boolean): Flight {
    const { fail, capacity, now } = this.#facts;
    if (this.#byKey.has(target.key)) fail(`${target.key} has two flights`);
    if (!isNested && this.#outer >= capacity) fail(`more than ${capacity} flights`);
    const flight: Flight = {
      target,
      startedAt: now,
      isNested,
      callers: new Set(),
      takers: new Set(),
      asks: new Set(),
      told: new Set(),
      isFenced: false,
      isOver: false,
    };
    this.flights.add(flight);
    this.#byKey.set(target.key, flight);
    this.flightsStarted++;
    return flight;
  }

  /** It is answered; comes before anybody is told. */
  onDone(flight: Flight, { ok }: Outcome): void {
    if (ok && !flight.isFenced) this.#answered.set(flight.target.key, flight.target);
    this.onOver(flight);
  }

  /** Its callers are to be told, or all have left: what it waited for, others may want. */
  onOver(flight: Flight): void {
    const { key } = flight.target;
    if (flight.isOver) this.#facts.fail(`${key} ended twice`);
    flight.isOver = true;
    this.flights.delete(flight);
    if (this.#byKey.get(key) === flight) this.#byKey.delete(key);
    for (const ask of flight.asks) ask.child.takers.delete(ask);
    flight.asks.clear();
    this.#over.push(flight);
  }

  // What callers see.

  onCall(call: Call, lookup: Lookup): void {
    const { target } = call;
    this.calls.add(call);
    this.#facts.count(lookup);
    call.wasFull = this.#outer >= this.#facts.capacity;
    this.onLookup(target, lookup);
    if (lookup !== 'join' && lookup !== 'miss') return;
    call.flight = this.#byKey.get(target.key);
    if (call.flight === undefined) this.#facts.fail(`${target.key}: a ${lookup}, and there is no flight`);
    call.flight?.callers.add(call);
  }

  /** A call was looked up. */
  onLookup(target: Target, lookup: Lookup): void {
    const { fail, isUnbounded } = this.#facts;
    const { key } = target;
    if (lookup === 'refused') return;
    this.known.set(key, target);
    this.counted.set(target.name, (this.counted.get(target.name) ?? 0) + 1);
    if (lookup === 'hit') this.checkCached(target);
    else if (isUnbounded && this.#answered.has(key)) fail(`${key} was answered and is not in the cache`);
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
    for (const [key, target] of this.#answered) if (isMeant(target)) this.#answered.delete(key);
  }

  onValue(call: Call, value: unknown): void {
    call.hasValue = true;
    this.#settle(call);
    this.checkValue(call.target, value);
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
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : typeof error;
    this.#facts.count(code);
    const problem = isOwn ? this.verdict.judgeLeaving(call, error) : this.verdict.judgeError(call, error);
    if (problem !== undefined) this.#facts.fail(`call ${call.id} of ${call.target.key}: ${code}, ${problem}`);
    if (!isOwn && call.flight?.isOver === false) this.#facts.fail(`call ${call.id} failed before its flight`);
  }

  #settle(call: Call): void {
    const { fail } = this.#facts;
    if (call.isSettled) fail(`call ${call.id} settled twice`);
    call.isSettled = true;
    this.calls.delete(call);
    call.flight?.callers.delete(call);
    if (call.signal === undefined) return;
    const others = [...this.calls].some(({ signal }) => signal === call.signal);
    const listeners = getEventListeners(call.signal, 'abort').length;
    if (listeners > 1 || (!others && listeners > 0)) fail(`call ${call.id} left a listener on its signal`);
  }

  // What is to hold at every moment.

  /** Between two events: who waits for what has ended has been told, and what nobody wants has ended. */
  checkFlights(): void {
    const { fail } = this.#facts;
    for (const { target, callers, takers } of this.#over) {
      if (callers.size + takers.size > 0) fail(`${target.key} has ended, and somebody is not told`);
    }
    this.#over = [];
    for (const { target, callers, takers } of this.flights) {
      if (callers.size + takers.size === 0) fail(`${target.key} is wanted by nobody, and goes on`);
    }
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
      const late = call.at > since ? undefined : this.#running.since(since, call.flight);
      if (late !== undefined) fail(`call ${call.id} waits beyond its time limit for attempt ${late.id}`);
    }
  }

  checkRunning(graceMs: number): void {
    this.#running.check(graceMs);
  }

  /** The event loop of a thread has run empty. */
  onEmptyLoop(thread: Attempt['thread']): void {
    this.#running.onEmptyLoop(thread);
  }

  /** A worker begins a call. */
  onAttempt(attempt: Attempt): void {
    this.verdict.attempts.push(attempt);
    this.#running.add(attempt);
  }

  flightOf(key: string): Flight | undefined {
    const [flight, another] = [...this.flights].filter(({ target }) => target.key === key);
    return another === undefined ? flight : undefined;
  }

  /** The flight that calls of a key join. */
  underWay(key: string): Flight | undefined {
    return this.#byKey.get(key);
  }

  // Those that calls made need no room.
  get #outer(): number {
    let count = 0;
    for (const { isNested } of this.flights) if (!isNested) count++;
    return count;
  }
}
