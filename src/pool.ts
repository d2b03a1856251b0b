// The pool: the way of one call. Read this first.
//
//   call -> key -> front cache -> flight -> dispatcher -> worker -> answer -> front cache -> callers
//
// From the key to the flight's entry all happens in one turn of the event loop, so two calls made in one tick
// never compute twice.
import { callers } from './callers.ts';
import { checkBound } from './check.ts';
import type { Dispatcher, Outcome, Ticket } from './dispatch/dispatcher.ts';
import { entryFile } from './dispatch/entry.ts';
import { Threads } from './dispatch/threads.ts';
import { AbortError, PoolError } from './errors.ts';
import { FrontCache } from './front/cache.ts';
import { Flight } from './front/flight.ts';
import { type PoolOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import type { Pool, PoolFunctions, PoolStats, RunOptions } from './pool-types.ts';
import { checkCall, checkDomain, checkRunOptions } from './run-options.ts';
import { type CacheInfo, Counters, cacheInfo } from './stats.ts';
import type { ResultForm } from './types.ts';
import { callKey } from './values/key.ts';
import { type Snapshot, snapshot } from './values/snapshot.ts';
import { receiveResult } from './wire.ts';

/**
 * Makes a pool; threads start with the first calls that need them.
 *
 * @typeParam F the module of the option `functions`: `createPool<typeof import('./mine.ts')>(...)`
 * @throws PoolError ERR_OPTION for an option out of its range or unknown
 */
export function createPool<F = unknown>(options: PoolOptions = {}): Pool<F> {
  // The checks of names and arguments are the compiler's; inside, a name is a string.
  return new MemoPool(resolveOptions(options)) as unknown as Pool<F>;
}

interface FlightUnderWay {
  readonly flight: Flight;
  readonly counters: Counters;
}

/** A call that neither the front cache nor a flight could answer. */
interface Miss {
  readonly key: string;
  readonly name: string;
  readonly call: Snapshot;
  readonly counters: Counters;
  readonly options: RunOptions;
}

const NO_OPTIONS: RunOptions = Object.freeze({});
// Names come from the caller, and that a name is no function is only known once a worker has looked.
const MOST_NAMES = 10_000;

class MemoPool {
  readonly fn: PoolFunctions<unknown> = callers((name, args) => this.run(name, args));
  readonly #options: ResolvedOptions;
  readonly #front: FrontCache;
  readonly #dispatcher: Dispatcher;
  readonly #flights = new Map<string, FlightUnderWay>();
  /** By function. */
  readonly #counters = new Map<string, Counters>();
  /** The counts of names that turned out to be no functions, or came after MOST_NAMES others. */
  readonly #others = new Counters();
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#front = new FrontCache({ maxsize: options.maxsize, maxBytes: options.maxBytes });
    this.#dispatcher = new Threads({
      minWorkers: options.minWorkers,
      maxWorkers: options.maxWorkers,
      queueSize: options.queueSize,
      thread: {
        entry: entryFile(),
        modules: options.modules,
        stackSizeMb: options.stackSizeMb,
        workerMemoryMb: options.workerMemoryMb,
      },
      onLateError: warnLateError,
      onSmallerStack: warnSmallerStack,
    });
  }

  run(name: string, args: readonly unknown[], options: RunOptions = NO_OPTIONS): Promise<unknown> {
    try {
      return this.#run(name, args, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #run(name: string, args: readonly unknown[], options: RunOptions): Promise<unknown> {
    if (this.#closing !== undefined) throw closedError();
    checkCall(name, args);
    if (options !== NO_OPTIONS) checkRunOptions(options);
    if (options.signal?.aborted) throw new AbortError(options.signal.reason);
    const call = snapshot(args);
    const key = callKey(keyPrefix(name, options.as), call.args, this.#options.typed);
    const counters = this.#countersOf(name);

    const answer = this.#front.get(key);
    if (answer !== undefined) {
      counters.hits++;
      return Promise.resolve(answer.read());
    }
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) {
      counters.joins++;
      return underWay.flight.join(options);
    }
    if (this.#options.modules.length === 0) checkDomain(name, call.args);
    return this.#fly({ key, name, call, counters, options });
  }

  // A miss: the flight is entered before its task is submitted, because a thread that cannot start answers at once.
  #fly({ key, name, call, counters, options }: Miss): Promise<unknown> {
    let ticket: Ticket | undefined;
    const land = () => {
      if (this.#flights.get(key)?.flight === flight) this.#flights.delete(key);
    };
    const flight = new Flight(name, {
      onAbandoned: () => {
        land();
        ticket?.cancel();
      },
      phase: () => ticket?.phase ?? 'queue',
    });
    this.#flights.set(key, { flight, counters });
    const promise = flight.join(options);
    counters.misses++;
    try {
      ticket = this.#dispatcher.submit({
        name,
        args: call.bytes ?? call.args,
        form: options.as,
        onStart: () => flight.start(),
        onDone: (outcome) => {
          land();
          this.#finish(key, flight, counters, outcome);
        },
      });
    } catch (error) {
      land();
      counters.misses--; // refused: no call was made
      flight.fail(error);
    }
    return promise;
  }

  #finish(key: string, flight: Flight, counters: Counters, outcome: Outcome): void {
    if (!outcome.ok) {
      counters.errors++;
      this.#forgetUnknownName(outcome.error);
      flight.fail(outcome.error);
      return;
    }
    const answer = receiveResult(outcome.result);
    if (flight.kept) this.#front.put(key, answer, counters);
    flight.settle(answer);
  }

  peek(name: string, args: readonly unknown[], options: Pick<RunOptions, 'as'> = NO_OPTIONS): unknown {
    checkCall(name, args);
    if (options !== NO_OPTIONS) checkRunOptions(options);
    const key = callKey(keyPrefix(name, options.as), snapshot(args).args, this.#options.typed);
    return this.#front.peek(key)?.read();
  }

  cacheInfo(name?: string): CacheInfo {
    if (name !== undefined) return cacheInfo(this.#counters.get(name) ?? new Counters(), this.#front.bounds);
    const total = new Counters();
    total.add(this.#others);
    for (const counters of this.#counters.values()) total.add(counters);
    return cacheInfo(total, this.#front.bounds);
  }

  async cacheClear(name?: string): Promise<void> {
    const only = name === undefined ? undefined : (this.#counters.get(name) ?? new Counters());
    for (const [key, { flight, counters }] of this.#flights) {
      if (only !== undefined && counters !== only) continue;
      flight.kept = false;
      this.#flights.delete(key);
    }
    this.#front.clear(only);
    if (only !== undefined) only.reset();
    else for (const counters of [this.#others, ...this.#counters.values()]) counters.reset();
    await this.#dispatcher.clearMemos();
  }

  stats(): PoolStats {
    return Object.freeze({
      ...this.#dispatcher.stats(),
      flights: this.#flights.size,
      cache: this.cacheInfo(),
    });
  }

  async close({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    if (timeoutMs !== undefined) checkBound('close', 'timeoutMs', timeoutMs);
    this.#closing ??= this.#drainAndDestroy();
    if (timeoutMs === undefined) return this.#closing;
    const timer = setTimeout(() => void this.#dispatcher.destroy(closedError()), timeoutMs);
    try {
      await this.#closing;
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drainAndDestroy(): Promise<void> {
    await this.#dispatcher.drained();
    await this.#dispatcher.destroy(closedError());
  }

  #countersOf(name: string): Counters {
    const known = this.#counters.get(name);
    if (known !== undefined) return known;
    if (this.#counters.size >= MOST_NAMES) return this.#others;
    const counters = new Counters();
    this.#counters.set(name, counters);
    return counters;
  }

  #forgetUnknownName(error: unknown): void {
    if (!(error instanceof PoolError) || error.code !== 'ERR_FUNCTION_NOT_FOUND') return;
    const name = String(error.details['name']);
    this.#others.add(this.#counters.get(name) ?? new Counters());
    this.#counters.delete(name);
  }
}

// The form is part of the call: F(n) as digits is another answer than F(n).
function keyPrefix(name: string, form: ResultForm | undefined): string {
  return `${name.length}:${name}${form ?? ''}|`;
}

function closedError(): PoolError {
  return new PoolError(
    'ERR_POOL_CLOSED',
    'The pool is closed; make calls before close(), or create another pool.',
  );
}

// The result stands and its caller is gone, so nobody else could be told.
function warnLateError(name: string | undefined, error: unknown): void {
  process.emitWarning(
    `${name ?? 'A function'} left something behind that failed after its call had been answered: ${String(error)}`,
    { type: 'MemopoolWarning', code: 'MEMOPOOL_LATE_ERROR' },
  );
}

function warnSmallerStack(stackSizeMb: number): void {
  process.emitWarning(`The system refused the stack asked for; worker threads get ${stackSizeMb} MiB.`, {
    type: 'MemopoolWarning',
    code: 'MEMOPOOL_SMALLER_STACK',
  });
}
