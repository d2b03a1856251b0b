// A flight: one computation under way for a key, and the callers who wait for it.
//
// Each caller has its own promise, its own signal and its own time limit: one that leaves hurts no other. When the
// last has left, the computation is cancelled. Flights live outside the LRU, so none can be evicted.
import { AbortError, PoolError } from '../errors.ts';
import type { Phase } from '../types.ts';
import type { Answer } from '../wire.ts';
import { offAbort, onAbort } from './abort.ts';

/** What a caller is told of its call while it waits. */
export interface Progress {
  readonly phase: Phase;
  /** Milliseconds since this caller began to wait. */
  readonly elapsedMs: number;
}

export interface CallerOptions {
  /** Leaves the flight when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of running, not of queueing, after which this caller leaves. */
  readonly timeoutMs?: number | undefined;
  /** Told of the phase within 50 ms, and again when it has changed. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface FlightEvents {
  /** The last caller has left. */
  onAbandoned(): void;
  /** Where the computation stands. */
  phase(): Phase;
}

const PROGRESS_INTERVAL_MS = 50;

// Longer than the worker itself waits for an import: it is for one that keeps the thread from telling.
const LONGEST_START_MS = 15_000;

export class Flight {
  /** Whether the result may still enter the front cache: false once a clear has come between. */
  kept = true;
  readonly #name: string;
  readonly #events: FlightEvents;
  readonly #callers = new Set<Caller>();
  #stage: 'waiting' | 'sent' | 'running' = 'waiting';

  constructor(name: string, events: FlightEvents) {
    this.#name = name;
    this.#events = events;
  }

  /** Adds a caller; its promise settles with the flight, or before it when the caller leaves. */
  join(options: CallerOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const caller = new Caller(this.#name, options, {
        resolve,
        reject,
        leave: () => this.#leave(caller),
        phase: () => this.#events.phase(),
      });
      this.#callers.add(caller);
      if (this.#stage !== 'waiting') caller.startClock(this.#graceMs());
    });
  }

  /** Sent to a worker, which may have to start and to import modules first: that has a limit of its own. */
  send(): void {
    this.#enter('sent');
  }

  /** The function has begun: the callers' time limits run from now. */
  start(): void {
    this.#enter('running');
  }

  #enter(stage: 'sent' | 'running'): void {
    this.#stage = stage;
    for (const caller of this.#callers) caller.startClock(this.#graceMs());
  }

  #graceMs(): number {
    return this.#stage === 'running' ? 0 : LONGEST_START_MS;
  }

  /** Gives every caller the answer; of an object each gets a copy of its own. */
  settle(answer: Answer): void {
    for (const caller of this.#takeCallers()) {
      try {
        caller.resolve(answer.read());
      } catch (error) {
        caller.reject(error);
      }
    }
  }

  /** Gives every caller the error. */
  fail(error: unknown): void {
    for (const caller of this.#takeCallers()) caller.reject(error);
  }

  #takeCallers(): Caller[] {
    const callers = [...this.#callers];
    this.#callers.clear();
    return callers;
  }

  #leave(caller: Caller): void {
    if (this.#callers.delete(caller) && this.#callers.size === 0) this.#events.onAbandoned();
  }
}

interface CallerHooks {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  leave(): void;
  phase(): Phase;
}

// One who waits: settles once, and then lets go of its signal and timers.
class Caller {
  readonly #name: string;
  readonly #options: CallerOptions;
  readonly #hooks: CallerHooks;
  readonly #since = performance.now();
  #limit: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #toldPhase: Phase | undefined;

  constructor(name: string, options: CallerOptions, hooks: CallerHooks) {
    this.#name = name;
    this.#options = options;
    this.#hooks = hooks;
    if (options.signal !== undefined) onAbort(options.signal, this.#onAbort);
    if (options.onProgress !== undefined) this.#watchPhase(options.onProgress);
  }

  /** @param graceMs what is allowed beside the time limit, for what is not yet running */
  startClock(graceMs: number): void {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return;
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => {
      this.#leaveWith(
        new PoolError('ERR_TIMEOUT', `${this.#name} ran longer than its timeoutMs of ${timeoutMs}.`, {
          details: { name: this.#name, timeoutMs },
        }),
      );
    }, timeoutMs + graceMs);
  }

  resolve(value: unknown): void {
    this.#letGo();
    this.#hooks.resolve(value);
  }

  reject(error: unknown): void {
    this.#letGo();
    this.#hooks.reject(error);
  }

  readonly #onAbort = (): void => {
    this.#leaveWith(new AbortError(this.#options.signal?.reason));
  };

  #leaveWith(error: unknown): void {
    this.reject(error);
    this.#hooks.leave();
  }

  // The worker writes its phase to shared memory, so looking costs no message and needs no turn of its loop.
  #watchPhase(tell: (progress: Progress) => void): void {
    this.#watch = setInterval(() => {
      const phase = this.#hooks.phase();
      if (phase === this.#toldPhase) return;
      this.#toldPhase = phase;
      try {
        tell({ phase, elapsedMs: performance.now() - this.#since });
      } catch (error) {
        this.#leaveWith(error); // the caller's own: it harms no other
      }
    }, PROGRESS_INTERVAL_MS);
  }

  #letGo(): void {
    clearTimeout(this.#limit);
    clearInterval(this.#watch);
    if (this.#options.signal !== undefined) offAbort(this.#options.signal, this.#onAbort);
  }
}
