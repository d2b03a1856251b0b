// A map as a stream: results one by one as the reader asks for them, of a list that need not fit in memory. What is
// computed ahead of the reader is bounded by the window.
import type { StreamOptions } from '../pool-types.ts';
import { ListCalls } from './list-calls.ts';
import type { End, ListHost, Receiver } from './list-host.ts';
import { checkFor, checkStream, type ListRequest } from './options.ts';
import { callOptions, DEFAULT_WINDOW, settledError, settledValue } from './settled.ts';

/** Nothing is read before the first result is asked for. */
export function streamList(
  host: ListHost,
  request: ListRequest<StreamOptions>,
): AsyncGenerator<unknown, void, undefined> {
  checkFor(host, () => checkStream(request));
  const { name, list, options } = request;
  const { window = DEFAULT_WINDOW, unordered = false, errors, signal } = options;
  const settles = errors === 'settle';
  const tray = new Tray(unordered ? new ByCompletion() : new ByIndex());
  const call = callOptions(options);
  const calls = new ListCalls(host, { name, list, window, remembered: 2 * window, call, signal }, tray);
  tray.onHeld = ({ error }) => {
    calls.hold();
    if (error !== undefined && !settles) calls.stopReading().catch(() => {}); // the error is what the reader hears
  };
  const stop = (): void => {
    tray.forsake();
    calls.stop().catch(() => {}); // told by the generator
  };
  return stoppable(deliver(calls, tray, settles), stop);
}

// A generator that waits hears of its reader's end only when it goes on, which may be never.
function stoppable<G extends AsyncGenerator<unknown, void, undefined>>(generator: G, stop: () => void): G {
  const { return: end, throw: fail } = generator;
  return Object.assign(generator, {
    return(value: void | PromiseLike<void>) {
      stop();
      return end.call(generator, value);
    },
    throw(error: unknown) {
      stop();
      return fail.call(generator, error);
    },
  });
}

async function* deliver(
  calls: ListCalls,
  tray: Tray,
  settles: boolean,
): AsyncGenerator<unknown, void, undefined> {
  let hasFailed = false;
  try {
    calls.start();
    for (;;) {
      if (tray.isUnwanted) return;
      if (tray.left !== undefined) throw tray.left.error;
      const result = tray.take();
      if (result !== undefined) {
        calls.release();
        const { index, error, value } = result;
        if (error === undefined) yield settles ? settledValue(index, value) : value;
        else if (settles) yield settledError(index, error.reason);
        else throw error.reason;
      } else if (calls.isDone) {
        if (tray.end?.ok === false) throw tray.end.error;
        return;
      } else {
        await tray.changed();
      }
    }
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    const stopped = calls.stop();
    if (hasFailed)
      stopped.catch(() => {}); // the first error is what the reader hears
    else await stopped;
  }
}

interface Result {
  readonly index: number;
  readonly value: unknown;
  readonly error: { readonly reason: unknown } | undefined;
}

/** Results in the order in which they are handed out. */
interface Results {
  add(result: Result): void;
  /** The next, now handed out; undefined when it is not there yet. */
  take(): Result | undefined;
  at(index: number): Result | undefined;
}

class ByIndex implements Results {
  readonly #byIndex = new Map<number, Result>();
  #next = 0;

  add(result: Result): void {
    this.#byIndex.set(result.index, result);
  }

  take(): Result | undefined {
    const result = this.#byIndex.get(this.#next);
    if (result !== undefined) this.#byIndex.delete(this.#next++);
    return result;
  }

  at(index: number): Result | undefined {
    return this.#byIndex.get(index);
  }
}

class ByCompletion implements Results {
  readonly #byIndex = new Map<number, Result>();
  #ready: (Result | undefined)[] = [];
  #taken = 0;

  add(result: Result): void {
    this.#byIndex.set(result.index, result);
    this.#ready.push(result);
  }

  take(): Result | undefined {
    const result = this.#ready[this.#taken];
    if (result === undefined) return undefined;
    this.#byIndex.delete(result.index);
    this.#ready[this.#taken] = undefined; // the reader alone has it now
    // Moved down when half is taken: each result is moved once on average.
    if (++this.#taken * 2 < this.#ready.length) return result;
    this.#ready = this.#ready.slice(this.#taken);
    this.#taken = 0;
    return result;
  }

  at(index: number): Result | undefined {
    return this.#byIndex.get(index);
  }
}

// Where results lie until the reader takes them.
class Tray implements Receiver {
  readonly #results: Results;
  onHeld: (result: Result) => void = () => {};
  end: End | undefined;
  left: { readonly error: unknown } | undefined;
  /** The reader has had enough. */
  isUnwanted = false;
  #wake: (() => void) | undefined;

  constructor(results: Results) {
    this.#results = results;
  }

  /** The next result, now handed out; undefined when it is not there yet. */
  take(): Result | undefined {
    return this.#results.take();
  }

  /** The reader wants no more. */
  forsake(): void {
    this.isUnwanted = true;
    this.#tell();
  }

  /** Resolves at the next event. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  onBegin(): void {}

  onValue(index: number, value: unknown): void {
    this.#add({ index, value, error: undefined });
  }

  onError(index: number, reason: unknown): void {
    this.#add({ index, value: undefined, error: { reason } });
  }

  onEnd(end: End): void {
    this.end = end;
    this.#tell();
  }

  onLeft(error: unknown): void {
    this.left = { error };
    this.#tell();
  }

  valueOf(index: number): { readonly value: unknown } | undefined {
    const result = this.#results.at(index);
    return result?.error === undefined ? result : undefined;
  }

  #add(result: Result): void {
    this.#results.add(result);
    this.onHeld(result);
    this.#tell();
  }

  #tell(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
