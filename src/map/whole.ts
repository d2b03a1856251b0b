// A map as a whole: every result of a list, in the list's order, in one promise.
import type { MapOptions, MapProgress } from '../pool-types.ts';
import { ListCalls } from './list-calls.ts';
import type { End, ListHost, Receiver } from './list-host.ts';
import { checkFor, checkMap, type ListRequest } from './options.ts';
import { callOptions, DEFAULT_WINDOW, settledError, settledValue } from './settled.ts';

// Some 64 bytes each at the most, beside the results themselves.
const REMEMBERED = 2 ** 20;

const PROGRESS_INTERVAL_MS = 50;

/** Rejects with the first error, and cancels the rest; with `errors: 'settle'` every item has its own. */
export function mapList(host: ListHost, request: ListRequest<MapOptions>): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    checkFor(host, () => checkMap(request));
    new Whole(host, request, { resolve, reject }).start();
  });
}

interface Settle {
  readonly resolve: (results: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

const PENDING = Symbol('pending');
const FAILED = Symbol('failed');

class Whole implements Receiver {
  readonly #results: unknown[] = [];
  readonly #errors = new Map<number, unknown>();
  readonly #settles: boolean;
  readonly #settle: Settle;
  readonly #calls: ListCalls;
  readonly #progress: Progress | undefined;
  #done = 0;
  #isOver = false;

  constructor(host: ListHost, { name, list, options }: ListRequest<MapOptions>, settle: Settle) {
    const { errors, window = DEFAULT_WINDOW, signal, onProgress } = options;
    this.#settle = settle;
    this.#settles = errors === 'settle';
    this.#progress = onProgress && new Progress(host.clock, totalOf(list), onProgress);
    const call = callOptions(options);
    this.#calls = new ListCalls(host, { name, list, window, remembered: REMEMBERED, call, signal }, this);
  }

  start(): void {
    this.#calls.start();
  }

  onBegin(): void {
    this.#results.push(PENDING); // an array that grows at its end stays an array to the engine
  }

  onValue(index: number, value: unknown): void {
    this.#results[index] = value;
    this.#onSettled();
  }

  onError(index: number, error: unknown): void {
    if (!this.#settles) {
      this.#fail(error);
      return;
    }
    this.#results[index] = FAILED;
    this.#errors.set(index, error);
    this.#onSettled();
  }

  onEnd(end: End): void {
    if (!end.ok) this.#fail(end.error);
    else if (this.#calls.isDone) this.#finish();
  }

  onLeft(error: unknown): void {
    this.#fail(error);
  }

  // Nobody has them before the last is there, so what is copied is as it came.
  valueOf(index: number): { readonly value: unknown } | undefined {
    const value = this.#results[index];
    return value === PENDING || value === FAILED ? undefined : { value };
  }

  #onSettled(): void {
    this.#done++;
    try {
      this.#progress?.tell(this.#done);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#calls.isDone) this.#finish();
  }

  // Not when what was told of the progress has aborted it.
  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#progress?.end(this.#done);
    } catch (error) {
      this.#fail(error);
      return;
    }
    void this.#calls.stop();
    this.#settle.resolve(this.#settles ? this.#settled() : this.#results);
  }

  #settled(): unknown[] {
    const results = this.#results;
    for (const [index, value] of results.entries()) {
      results[index] =
        value === FAILED ? settledError(index, this.#errors.get(index)) : settledValue(index, value);
    }
    return results;
  }

  #fail(error: unknown): void {
    this.#isOver = true;
    this.#settle.reject(error);
    this.#results.length = 0;
    this.#calls.stop().catch(() => {}); // the first error is what the caller hears
  }
}

// Tells how far it is, now and then; what the caller's function throws is the caller's.
class Progress {
  readonly #clock: ListHost['clock'];
  readonly #total: number | undefined;
  readonly #onProgress: (progress: MapProgress) => void;
  readonly #since: number;
  #told: number;

  constructor(
    clock: ListHost['clock'],
    total: number | undefined,
    onProgress: (progress: MapProgress) => void,
  ) {
    this.#clock = clock;
    this.#total = total;
    this.#onProgress = onProgress;
    this.#since = clock.now();
    this.#told = this.#since;
  }

  tell(done: number): void {
    const now = this.#clock.now();
    if (now - this.#told < PROGRESS_INTERVAL_MS) return;
    this.#told = now;
    this.#onProgress({ done, total: this.#total, elapsedMs: now - this.#since });
  }

  end(total: number): void {
    this.#onProgress({ done: total, total, elapsedMs: this.#clock.now() - this.#since });
  }
}

function totalOf(list: unknown): number | undefined {
  if (Array.isArray(list)) return list.length;
  return list instanceof Set || list instanceof Map ? list.size : undefined;
}
