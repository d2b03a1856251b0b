// Functions whose calls end their threads again and again: each costs the start of a thread, and what the memos of the
// ended one had kept. After a few in a short time, with no call of it answered in between, such a function is refused for a
// while; others go on.
import { PoolError } from '../errors.ts';

/** So many deaths within so long make a function be refused for so long. */
const MOST_CRASHES = 5;
const WINDOW_MS = 10_000;
const REFUSAL_MS = 30_000;

// Names come from callers: those whose last crash is the longest ago are forgotten first.
const MOST_NAMES = 1000;

export interface Crash {
  /** The function whose call ended a thread. */
  readonly name: string;
  readonly error: PoolError;
  /** It did so by what it had left behind, after it had been answered. */
  readonly isLate: boolean;
}

interface Crashes {
  /** When; the latest last. */
  readonly times: number[];
  refusedUntil: number;
  /** That its calls are answered says nothing: they end their threads afterwards. */
  isLate: boolean;
  /** What ended the last of the threads; undefined while calls are accepted. */
  lastError: PoolError | undefined;
}

export class CrashRecord {
  readonly #byName = new Map<string, Crashes>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * A call has ended a thread.
   *
   * @returns whether calls of its function are refused from now on
   */
  add({ name, error, isLate }: Crash): boolean {
    const now = this.#now();
    const crashes = this.#byName.get(name) ?? { times: [], isLate, refusedUntil: 0, lastError: undefined };
    this.#byName.delete(name);
    this.#byName.set(name, crashes);
    if (this.#byName.size > MOST_NAMES) this.#forgetOldest();
    crashes.isLate = isLate;
    crashes.times.push(now);
    while (crashes.times.length > 0 && now - (crashes.times[0] ?? now) > WINDOW_MS) crashes.times.shift();
    if (crashes.times.length < MOST_CRASHES) return false;
    crashes.times.length = 0;
    crashes.refusedUntil = now + REFUSAL_MS;
    crashes.lastError = error;
    return true;
  }

  /** A call of `name` was answered. */
  clear(name: string): void {
    if (this.#byName.size > 0 && this.#byName.get(name)?.isLate === false) this.#byName.delete(name);
  }

  /** Why calls of `name` are refused at present; undefined when they are not. */
  refusal(name: string): PoolError | undefined {
    const crashes = this.#byName.size === 0 ? undefined : this.#byName.get(name);
    if (crashes?.lastError === undefined) return undefined;
    if (this.#now() < crashes.refusedUntil) return refusalOf(name, crashes.lastError);
    crashes.lastError = undefined;
    return undefined;
  }

  #forgetOldest(): void {
    const [oldest] = this.#byName.keys();
    if (oldest !== undefined) this.#byName.delete(oldest);
  }
}

// A new error for each caller. That a module cannot be loaded keeps its code: it is no fault of the function's.
function refusalOf(name: string, cause: PoolError): PoolError {
  const code = cause.code === 'ERR_MODULE_LOAD' ? cause.code : 'ERR_FUNCTION_CRASHING';
  const [seconds, refusedSeconds] = [WINDOW_MS / 1000, REFUSAL_MS / 1000];
  return new PoolError(
    code,
    `${name} ended ${MOST_CRASHES} worker threads within ${seconds} s and is refused for ${refusedSeconds} s; the last time: ${cause.message}`,
    { cause, details: { name, crashes: MOST_CRASHES } },
  );
}
