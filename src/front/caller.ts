// One who waits for a flight: with a promise, and options of its own. Settles once, and then lets go of its signal and timers.
import type { Clock, Timer } from '../clock.ts';
import { AbortError } from '../errors.ts';
import { fractionOf, type Work } from '../nesting/nest.ts';
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

const PROGRESS_INTERVAL_MS = 50;

/** Nothing of it is to be watched. */
export function isPlain({ signal, timeoutMs, deadlineMs, onProgress }: CallerOptions): boolean {
  const isTimed = timeoutMs !== undefined || deadlineMs !== undefined;
  return signal === undefined && !isTimed && onProgress === undefined;
}

/** What a caller asks of the flight, and tells it. */
export interface AwaitedFlight {
  readonly name: string;
  readonly clock: Clock;
  readonly phase: Phase;
  readonly work: Work | undefined;
  /** It wants the answer no more. */
  leave(caller: Caller): void;
}

interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Caller {
  readonly #flight: AwaitedFlight;
  readonly #options: CallerOptions;
  readonly #origin: Origin | undefined;
  readonly #settle: Settle;
  readonly #joinedAt: number;
  #limit: Limit | undefined;
  #deadline: Limit | undefined;
  #watch: Timer | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    flight: AwaitedFlight,
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
    let toldWork: Work | undefined;
    const look = () => {
      this.#watch = clock.setTimeout(look, PROGRESS_INTERVAL_MS);
      const { phase, work } = this.#flight;
      const isFurther = fractionOf(work) > fractionOf(toldWork); // for a while not, of a call that begins again
      if (phase === told && !isFurther) return;
      told = phase;
      if (isFurther || toldWork === undefined) toldWork = work;
      try {
        tell({ phase, elapsedMs: clock.now() - since, done: toldWork?.done, total: toldWork?.total });
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
