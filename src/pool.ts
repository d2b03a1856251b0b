// The pool: the way of one call. Read this first.
//
//   call -> key -> front cache -> flight -> dispatcher -> worker -> answer -> front cache -> callers
//
// From the key to the flight's entry all happens in one turn of the event loop, so two calls made in one tick
// never compute twice.
import { callers } from './callers.ts';
import {
  clearChannel,
  completeChannel,
  errorChannel,
  evictChannel,
  hitChannel,
  joinChannel,
  missChannel,
  tell,
} from './diagnostics.ts';
import type { Dispatcher, Outcome, Ticket } from './dispatch/dispatcher.ts';
import { AbortError, PoolError } from './errors.ts';
import { FrontCache } from './front/cache.ts';
import { Flight } from './front/flight.ts';
import { Ledger } from './ledger.ts';
import type { ResolvedOptions } from './options.ts';
import type { CacheParameters, PoolFunctions, PoolStats, RunOptions } from './pool-types.ts';
import { checkCall, checkCloseOptions, checkDomain, checkRunOptions } from './run-options.ts';
import { type CacheInfo, type Counters, cacheInfo } from './stats.ts';
import { RESULT_FORMS, type ResultForm } from './types.ts';
import { callKey } from './values/key.ts';
import { type Snapshot, snapshot } from './values/snapshot.ts';
import { receiveResult } from './wire.ts';

type Options = Pick<ResolvedOptions, 'maxsize' | 'maxBytes' | 'typed' | 'share' | 'modules' | 'builtIns'>;

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

export class MemoPool {
  readonly fn: PoolFunctions<unknown> = callers((name, args) => this.run(name, args));
  readonly #options: Options;
  readonly #front: FrontCache;
  readonly #dispatcher: Dispatcher;
  readonly #flights = new Map<string, FlightUnderWay>();
  readonly #ledger = new Ledger();
  #closing: Promise<void> | undefined;

  constructor(options: Options, dispatcher: Dispatcher) {
    const { maxsize, maxBytes } = options;
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#front = new FrontCache({ maxsize, maxBytes }, ({ name }, bytes) =>
      tell(evictChannel, () => ({ name, bytes })),
    );
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
    const key = this.#keyOf(name, call, options.as);
    const counters = this.#ledger.of(name);

    const answer = this.#front.get(key);
    if (answer !== undefined) {
      counters.hits++;
      counters.savedMs += answer.computeMs;
      tell(hitChannel, () => ({ name }));
      return Promise.resolve(answer.read());
    }
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) {
      counters.joins++;
      tell(joinChannel, () => ({ name }));
      return underWay.flight.join(options);
    }
    // With functions of the user's, only a worker knows whose a name is: the function itself checks then.
    if (this.#options.modules.length === 0 && this.#options.builtIns) checkDomain(name, call.args);
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
      tell(missChannel, () => ({ name }));
    } catch (error) {
      land();
      counters.misses--; // refused: no call was made
      flight.fail(error);
    }
    return promise;
  }

  #finish(key: string, flight: Flight, counters: Counters, outcome: Outcome): void {
    const { name } = counters;
    if (!outcome.ok) {
      const { error } = outcome;
      counters.errors++;
      if (isUnknownFunction(error)) this.#ledger.strike(name);
      tell(errorChannel, () => ({ name, error }));
      flight.fail(error);
      return;
    }
    const answer = receiveResult(outcome, this.#options.share);
    if (flight.kept) this.#front.put(key, answer, counters);
    tell(completeChannel, () => ({ name, computeMs: answer.computeMs, bytes: answer.bytes }));
    flight.settle(answer);
  }

  peek(name: string, args: readonly unknown[], options: Pick<RunOptions, 'as'> = NO_OPTIONS): unknown {
    checkCall(name, args);
    if (options !== NO_OPTIONS) checkRunOptions(options);
    return this.#front.peek(this.#keyOf(name, snapshot(args), options.as))?.read();
  }

  cacheInfo(name?: string): CacheInfo {
    return cacheInfo(name === undefined ? this.#ledger.total() : this.#ledger.peek(name), this.#options);
  }

  cacheParameters(): CacheParameters {
    const { maxsize, maxBytes, typed, share } = this.#options;
    return { maxsize, maxBytes, typed, share };
  }

  async cacheClear(name?: string): Promise<void> {
    const only = name === undefined ? undefined : this.#ledger.peek(name);
    for (const [key, { counters }] of this.#flights) {
      if (only === undefined || counters === only) this.#fence(key);
    }
    this.#front.clear(only);
    (only ?? this.#ledger).reset();
    tell(clearChannel, () => ({ name }));
    await this.#dispatcher.forget({ kind: 'clear' });
  }

  async cacheDelete(name: string, args: readonly unknown[]): Promise<boolean> {
    checkCall(name, args);
    const call = snapshot(args);
    let found = false;
    for (const form of [undefined, ...RESULT_FORMS]) {
      const key = this.#keyOf(name, call, form);
      this.#fence(key);
      found = this.#front.delete(key) || found;
    }
    await this.#dispatcher.forget({ kind: 'delete', name, args: call.bytes ?? call.args });
    return found;
  }

  // What was started before may answer its callers; it is not kept, and later calls do not join it.
  #fence(key: string): void {
    const underWay = this.#flights.get(key);
    if (underWay === undefined) return;
    underWay.flight.kept = false;
    this.#flights.delete(key);
  }

  stats(): PoolStats {
    return Object.freeze({
      ...this.#dispatcher.stats(),
      flights: this.#flights.size,
      cache: this.cacheInfo(),
    });
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    checkCloseOptions(options);
    this.#closing ??= this.#drainAndDestroy();
    if (options.timeoutMs === undefined) return this.#closing;
    const timer = setTimeout(() => void this.#dispatcher.destroy(closedError()), options.timeoutMs);
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

  // The form is part of the call: F(n) as digits is another answer than F(n).
  #keyOf(name: string, call: Snapshot, form: ResultForm | undefined): string {
    return callKey(`${name.length}:${name}${form ?? ''}|`, call.args, this.#options.typed);
  }
}

function isUnknownFunction(error: unknown): boolean {
  return error instanceof PoolError && error.code === 'ERR_FUNCTION_NOT_FOUND';
}

function closedError(): PoolError {
  return new PoolError(
    'ERR_POOL_CLOSED',
    'The pool is closed; make calls before close(), or create another pool.',
  );
}
