// A flight: one computation under way for a key, and the callers who wait for it.
//
// Each caller has its own promise, its own signal and its own time limit: one that leaves hurts no other. When the
// last has left, the computation is cancelled. Flights live outside the LRU, so none can be evicted.

import type { Answer } from '../answer.ts';
import type { Clock, Timer } from '../clock.ts';
import { AbortError } from '../errors.ts';
import type { Link, Nest, Work } from '../nesting/nest.ts';
import type { Phase } from '../types.ts';
import { offAbort, onAbort } from './abort.ts';
import { deadlineError, Limit, timeoutError } from './limit.ts';
import { type Origin, withOrigin } from './origin.ts';

/** What a caller is told of its call while it waits. */
export interface Progress {
  readonly phase: Phase;
  /** Milliseconds since this caller began to wait. */
  readonly elapsedMs: number;
  /** How much of the work is done, where that is known: of a call in parts, or whose function tells. */
  readonly done: number | undefined;
  /** Of how much, in the same unit: the function's own, or that of the option `cost` of `parallel`. */
  readonly total: number | undefined;
}

export interface CallerOptions {
  /** Leaves the flight when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of running, not of queueing, after which this caller leaves. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds from now on, whatever becomes of the call, after which this caller leaves. */
  readonly deadlineMs?: number | undefined;
  /** Told of the phase within 50 ms, and again when it has changed. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

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

const PROGRESS_INTERVAL_MS = 50;

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

function fractionOf(work: Work | undefined): number {
  return work === undefined ? 0 : work.done / work.total;
}

function isPlain({ signal, timeoutMs, deadlineMs, onProgress }: CallerOptions): boolean {
  const isTimed = timeoutMs !== undefined || deadlineMs !== undefined;
  return signal === undefined && !isTimed && onProgress === undefined;
}

function give(answer: Answer, resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  try {
    resolve(answer.read());
  } catch (error) {
    reject(error);
  }
}

interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// One who waits: settles once, and then lets go of its signal and timers.
class Caller {
  readonly #flight: Flight;
  readonly #options: CallerOptions;
  readonly #origin: Origin | undefined;
  readonly #settle: Settle;
  readonly #joinedAt: number;
  #limit: Limit | undefined;
  #deadline: Limit | undefined;
  #watch: Timer | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    flight: Flight,
    { options, origin }: { readonly options: CallerOptions; readonly origin: Origin | undefined },
    settle: Settle,
  ) {
    this.#flight = flight;
    this.#options = options;
    this.#origin = origin;
    this.#settle = settle;
    const { signal, onProgress, timeoutMs, deadlineMs } = options;
    this.#joinedAt = timeoutMs === undefined ? 0 : flight.clock.now();
    if (signal !== undefined) this.#listen(signal);
    if (onProgress !== undefined) this.#watchPhase(onProgress);
    if (deadlineMs === undefined) return;
    this.#deadline = new Limit(flight.clock, () =>
      this.#leaveBecause(deadlineError(flight.name, deadlineMs)),
    );
    this.#deadline.start(deadlineMs);
  }

  /** @param graceMs what is allowed beside the time limit for what is not yet running; negative for what has run so far */
  startClock(graceMs: number): void {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return;
    const { clock } = this.#flight;
    // Who joined while it ran has waited for it since then.
    const grace = Math.max(graceMs, this.#joinedAt - clock.now());
    this.#limit ??= new Limit(clock, () => this.#leaveBecause(timeoutError(this.#flight.name, timeoutMs)));
    this.#limit.start(timeoutMs + grace);
  }

  resolve(value: unknown): void {
    this.#letGo();
    this.#settle.resolve(value);
  }

  reject(error: unknown): void {
    this.#letGo();
    this.#settle.reject(error);
  }

  #listen(signal: AbortSignal): void {
    this.#onAbort = () => this.#leaveBecause(new AbortError(signal.reason));
    onAbort(signal, this.#onAbort);
  }

  #leaveBecause(error: Error): void {
    this.#leaveWith(withOrigin(error, this.#origin));
  }

  #leaveWith(error: unknown): void {
    this.reject(error);
    this.#flight.leave(this);
  }

  // The worker writes its phase to shared memory, so looking costs no message and needs no turn of its loop.
  #watchPhase(tell: (progress: Progress) => void): void {
    const { clock } = this.#flight;
    const since = clock.now();
    let told: Phase | undefined;
    let toldFraction = 0;
    const look = () => {
      this.#watch = clock.setTimeout(look, PROGRESS_INTERVAL_MS);
      const { phase, work } = this.#flight;
      const fraction = fractionOf(work);
      if (phase === told && fraction <= toldFraction) return;
      told = phase;
      toldFraction = Math.max(fraction, toldFraction);
      try {
        tell({ phase, elapsedMs: clock.now() - since, done: work?.done, total: work?.total });
      } catch (error) {
        this.#leaveWith(error); // the caller's own: it harms no other
      }
    };
    this.#watch = clock.setTimeout(look, PROGRESS_INTERVAL_MS);
  }

  #letGo(): void {
    const { clock } = this.#flight;
    this.#limit?.clear();
    this.#deadline?.clear();
    if (this.#watch !== undefined) clock.clearTimeout(this.#watch);
    const { signal } = this.#options;
    if (signal !== undefined && this.#onAbort !== undefined) offAbort(signal, this.#onAbort);
  }
}
