// A flight: one computation under way for a key, and the callers who wait for it.
//
// Each caller has its own promise, its own signal and its own time limit: one that leaves hurts no other. When the
// last has left, the computation is cancelled. Flights live outside the LRU, so none can be evicted.

import type { Answer } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { fractionOf, type Link, type Nest, type Work } from '../nesting/nest.ts';
import type { Phase } from '../types.ts';
import { Caller, type CallerOptions, isPlain } from './caller.ts';
import type { Origin } from './origin.ts';

export interface FlightEvents {
  readonly clock: Clock;
  /** A caller has a time limit: the flight must be told when it is sent and starts. */
  onTimed(): void;
  /** The last caller has left. */
  onAbandoned(): void;
  /** Where the computation stands. */
  phase(): Phase;
  /** How much of it is done, from 0 to 1, as far as its own function has told. */
  fraction(): number;
  /** It has begun and waits, beside what its thread computes. */
  isOpen(): boolean;
  /** While it is so: the others of its thread that are. */
  peers(): readonly Flight[];
  /** Name and arguments, short. */
  describe(): string;
  /** It can never be answered. */
  onStalled(error: Error): void;
}

/** A call in a worker that waits for a flight. */
export interface NestedLink extends Link<Flight> {
  take(answer: Answer): void;
  fail(error: unknown): void;
}

// Longer than the worker itself waits for an import: it is for one that keeps the thread from telling.
const LONGEST_START_MS = 15_000;

export class Flight {
  /** Whether the result may still enter the front cache: false once a clear has come between. */
  kept = true;
  /** What it waits for itself, once it has made a call or one waits for it. */
  nest: Nest<Flight, NestedLink> | undefined;
  readonly #name: string;
  readonly #events: FlightEvents;
  // The first caller without options is nearly always the only one: of it no more is kept than has to be, because a
  // hundred thousand flights may be waiting (bench/misses).
  #resolve: ((value: unknown) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #callers: Set<Caller> | undefined;
  /** Calls in workers that wait for it. */
  #takers: Set<NestedLink> | undefined;
  #stage: 'waiting' | 'sent' | 'running' = 'waiting';

  constructor(name: string, events: FlightEvents) {
    this.#name = name;
    this.#events = events;
  }

  /**
   * Adds a caller; its promise settles with the flight, or before it when the caller leaves.
   *
   * @param origin where it called from, for the error of one that leaves
   */
  join(options: CallerOptions, origin?: Origin): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#resolve === undefined && isPlain(options)) {
        this.#resolve = resolve;
        this.#reject = reject;
        return;
      }
      const caller = new Caller(this, { options, origin }, { resolve, reject });
      this.#callers ??= new Set();
      this.#callers.add(caller);
      if (options.timeoutMs !== undefined) this.#events.onTimed();
      if (this.#stage !== 'waiting') caller.startClock(this.#graceMs());
    });
  }

  /** Adds a call that waits in a worker. */
  joinFrom(taker: NestedLink): void {
    this.#takers ??= new Set();
    this.#takers.add(taker);
  }

  /** Somebody waits for it on the main thread. */
  get isWantedHere(): boolean {
    return this.#resolve !== undefined || (this.#callers !== undefined && this.#callers.size > 0);
  }

  get name(): string {
    return this.#name;
  }

  get phase(): Phase {
    return this.#events.phase();
  }

  get isOpen(): boolean {
    return this.#events.isOpen();
  }

  get peers(): readonly Flight[] {
    return this.#events.peers();
  }

  /** How much of it is done, as far as that is known. */
  get work(): Work | undefined {
    const work = this.nest?.work((child) => fractionOf(child.work));
    if (work !== undefined) return work;
    const done = this.#events.fraction();
    return done > 0 ? { done, total: 1 } : undefined;
  }

  describe(): string {
    return this.#events.describe();
  }

  /** It can never be answered. */
  stall(error: Error): void {
    this.#events.onStalled(error);
  }

  get clock(): Clock {
    return this.#events.clock;
  }

  /** A worker's turn for it, which may have to start and to import modules first: that has a limit of its own. */
  send(): void {
    if (this.nest !== undefined) this.nest.restarts++; // what it had asked for, it will ask for again
    this.#enter('sent', LONGEST_START_MS);
  }

  /** The function has begun, `agoMs` before now: the callers' time limits run from then. */
  start(agoMs = 0): void {
    this.#enter('running', -agoMs);
  }

  #enter(stage: 'sent' | 'running', graceMs: number): void {
    this.#stage = stage;
    for (const caller of this.#callers ?? []) caller.startClock(graceMs);
  }

  #graceMs(): number {
    return this.#stage === 'running' ? 0 : LONGEST_START_MS;
  }

  /** Gives every caller the answer; of an object each gets a copy of its own. */
  settle(answer: Answer): void {
    const [resolve, reject, callers, takers] = [this.#resolve, this.#reject, this.#callers, this.#takers];
    this.#letGo();
    for (const taker of takers ?? []) taker.take(answer);
    if (resolve !== undefined && reject !== undefined) give(answer, resolve, reject);
    for (const caller of callers ?? []) {
      give(
        answer,
        (value) => caller.resolve(value),
        (error) => caller.reject(error),
      );
    }
  }

  /** Gives every caller the error. */
  fail(error: unknown): void {
    const [reject, callers, takers] = [this.#reject, this.#callers, this.#takers];
    this.#letGo();
    for (const taker of takers ?? []) taker.fail(error);
    reject?.(error);
    for (const caller of callers ?? []) caller.reject(error);
  }

  /** For its own callers: one wants the answer no more. */
  leave(caller: Caller): void {
    if (this.#callers?.delete(caller) === true) this.#endIfUnwanted();
  }

  /** A call in a worker wants the answer no more. */
  leaveFrom(taker: NestedLink): void {
    if (this.#takers?.delete(taker) === true) this.#endIfUnwanted();
  }

  #endIfUnwanted(): void {
    if (!this.isWantedHere && (this.#takers?.size ?? 0) === 0) this.#events.onAbandoned();
  }

  #letGo(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#callers = undefined;
    this.#takers = undefined;
  }
}

function give(answer: Answer, resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  try {
    resolve(answer.read());
  } catch (error) {
    reject(error);
  }
}
