// Time as the pool sees it: behind an interface, so that a simulation can have a time of its own (test/simulation).

/** A callback that waits for its time. */
export interface Timer {
  /** It does not keep the process alive. */
  unref(): void;
}

/** A callback that waits for the end of this turn of the event loop. */
export type Immediate = object;

export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  setTimeout(callback: () => void, ms: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
  /** Calls back once the messages that have arrived by now have been read. */
  setImmediate(callback: () => void): Immediate;
  clearImmediate(immediate: Immediate | undefined): void;
}

// The globals are looked up at every call, as tests replace them. What is cleared was made by the same clock.
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  setImmediate: (callback) => setImmediate(callback),
  clearImmediate: (immediate) => clearImmediate(immediate as NodeJS.Immediate | undefined),
};

export interface Limit {
  /** Undefined for none. */
  readonly ms: number | undefined;
  /** Called when it takes longer: to bring it to its end. */
  readonly onLate: () => void;
  readonly clock: Clock;
}

/** Waits for `work`, which is hastened after a time. */
export async function within<T>(work: Promise<T>, { ms, onLate, clock }: Limit): Promise<T> {
  if (ms === undefined) return work;
  const timer = clock.setTimeout(onLate, ms);
  try {
    return await work;
  } finally {
    clock.clearTimeout(timer);
  }
}
