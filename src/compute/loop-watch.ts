// Tells when an event loop has run empty: what is awaited then can never settle.
//
// Node itself says so, by 'beforeExit', when nothing keeps the loop alive any more. process.getActiveResourcesInfo() would
// not do: it shows neither jobs of the thread pool (crypto, zlib), nor DNS queries, nor threads, nor compilations.

/** What keeps a thread alive for its own sake. */
export interface Hold {
  ref(): void;
  unref(): void;
}

/** Where 'beforeExit' is told: the process, which in a worker is the worker's own. */
export interface LoopEvents {
  on(event: 'beforeExit', listener: () => void): unknown;
  off(event: 'beforeExit', listener: () => void): unknown;
}

export class LoopWatch {
  readonly #events: LoopEvents;
  readonly #hold: Hold | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #tell = (): void => {
    // One more turn: who waits from now on, as what was given up makes way, is to be told as well.
    setImmediate(() => {});
    for (const onEmpty of [...this.#waiting]) {
      if (!this.#waiting.has(onEmpty)) continue;
      this.delete(onEmpty);
      onEmpty();
    }
  };

  /**
   * @param hold let go of while somebody waits, so that it does not count. What a call awaits from the other end of it
   * (the answer of another call) would be lost on the watch: for so long it must be held.
   */
  constructor(events: LoopEvents, hold?: Hold) {
    this.#events = events;
    this.#hold = hold;
  }

  /** Waits for something that only this event loop can bring; `onEmpty` is told, once, if it runs empty before `delete`. */
  add(onEmpty: () => void): void {
    const wasIdle = this.#waiting.size === 0;
    this.#waiting.add(onEmpty);
    if (!wasIdle) return;
    this.#events.on('beforeExit', this.#tell);
    this.#hold?.unref();
  }

  delete(onEmpty: () => void): void {
    if (!this.#waiting.delete(onEmpty) || this.#waiting.size > 0) return;
    this.#hold?.ref();
    this.#events.off('beforeExit', this.#tell);
  }

  /** As `promise` settles; rejects with what `makeError` gives when nothing is left to settle it. */
  settled<T>(promise: PromiseLike<T>, makeError: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const onEmpty = () => reject(makeError());
      this.add(onEmpty);
      Promise.resolve(promise).then(
        (value) => {
          this.delete(onEmpty);
          resolve(value);
        },
        (error: unknown) => {
          this.delete(onEmpty);
          reject(error);
        },
      );
    });
  }
}
