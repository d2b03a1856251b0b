// A time after which a caller leaves, unless it is answered; and what it leaves with.
import type { Clock, Immediate, Timer } from '../clock.ts';
import { PoolError } from '../errors.ts';

// Beyond it Node's timers fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Limit {
  readonly #clock: Clock;
  readonly #onPassed: () => void;
  #timer: Timer | undefined;
  #late: Immediate | undefined;

  constructor(clock: Clock, onPassed: () => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
  }

  /** From now on; what was started before counts no more. */
  start(ms: number): void {
    this.clear();
    this.#timer = this.#clock.setTimeout(
      () => {
        // When this thread was held up, the answer may have come in time and wait to be read: it is, before this.
        this.#late = this.#clock.setImmediate(this.#onPassed);
      },
      Math.min(LONGEST_TIMER_MS, Math.max(0, ms)),
    );
  }

  clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    if (this.#late !== undefined) this.#clock.clearImmediate(this.#late);
  }
}

export function timeoutError(name: string, timeoutMs: number): PoolError {
  return new PoolError('ERR_TIMEOUT', `${name} ran longer than its timeoutMs of ${timeoutMs}.`, {
    details: { name, timeoutMs },
  });
}

export function deadlineError(name: string, deadlineMs: number): PoolError {
  return new PoolError('ERR_DEADLINE', `${name} was not answered within its deadlineMs of ${deadlineMs}.`, {
    details: { name, deadlineMs },
  });
}
