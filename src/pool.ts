// The pool: the way of one call. Read this first.
//
//   call -> key -> front cache -> flight -> dispatcher -> worker -> answer -> front cache -> callers
//                       ^                                   |
//                       +---- calls that it makes itself ---+    (sub-calls.ts)
//
// From the key to the flight's entry all happens in one turn of the event loop, so two calls made in one tick
// never compute twice.
import { Answer, receiveResult } from './answer.ts';
import { callers } from './callers.ts';
import { checkCall } from './check-call.ts';
import { type Clock, systemClock, within } from './clock.ts';
import {
  completeChannel,
  errorChannel,
  evictChannel,
  hitChannel,
  joinChannel,
  missChannel,
  tell,
} from './diagnostics.ts';
import type { Dispatcher, Outcome } from './dispatch/dispatcher.ts';
import { AbortError } from './errors.ts';
import { forgetAll, forgetCall, type Memory } from './forget.ts';
import { FrontCache } from './front/cache.ts';
import { keepHarvest } from './front/harvest.ts';
import { Ledger } from './front/ledger.ts';
import type { FrontObserver } from './front/observer.ts';
import { type Origin, Origins, withOrigin, withoutOurs } from './front/origin.ts';
import type { ItemOptions, ListHost } from './map/list-host.ts';
import { streamList } from './map/stream.ts';
import { mapList } from './map/whole.ts';
import { Miss, type MissHost, type Sent } from './miss.ts';
import type { ResolvedOptions } from './options.ts';
import type {
  CacheParameters,
  MapOptions,
  PoolFunctions,
  PoolStats,
  RunOptions,
  StreamOptions,
} from './pool-types.ts';
import { Recorder } from './recording/recorder.ts';
import type { Recording, RecordOptions } from './recording-types.ts';
import {
  checkCloseOptions,
  checkDomain,
  checkName,
  checkRunOptions,
  checkSize,
  closedError,
  isUnknown,
} from './run-options.ts';
import { named, Stalls } from './stalls.ts';
import { type CacheInfo, Counters, cacheInfo } from './stats.ts';
import { SubCalls } from './sub-calls.ts';
import type { AnyFunction } from './types.ts';
import { memoKey } from './values/key.ts';
import { isLonePrimitive, snapshot } from './values/snapshot.ts';
import type { HarvestMessage } from './wire.ts';

type Options = Pick<
  ResolvedOptions,
  'maxsize' | 'maxBytes' | 'typed' | 'share' | 'modules' | 'builtIns' | 'maxArgumentBytes'
>;

const NO_OPTIONS: RunOptions = Object.freeze({});

export class MemoPool {
  readonly fn: PoolFunctions<unknown> = callers((name, args, caller) => this.#runAs(caller, name, args));
  readonly #options: Options;
  readonly #front: FrontCache;
  readonly #memory: Memory;
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  readonly #missHost: MissHost;
  readonly #origins: Origins;
  readonly #subCalls: SubCalls;
  readonly #recorder: Recorder;
  readonly #stalls = new Stalls();
  /** What the user calls: below it the stack is the user's. */
  #entry: AnyFunction = MemoPool.prototype.run;
  readonly #ledger = new Ledger();
  /** With functions of the user's, only a worker knows whose a name is: the function itself checks then. */
  readonly #checksDomains: boolean;
  #closing: Promise<void> | undefined;

  constructor(options: Options, dispatcher: Dispatcher, clock: Clock = systemClock) {
    const { maxsize, maxBytes } = options;
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#origins = new Origins(clock);
    this.#checksDomains = options.modules.length === 0 && options.builtIns;
    this.#front = new FrontCache({ maxsize, maxBytes }, ({ line, bytes }) =>
      tell(evictChannel, () => ({ name: line.name, bytes })),
    );
    this.#memory = { front: this.#front, ledger: this.#ledger, dispatcher, typed: options.typed };
    this.#missHost = {
      clock,
      named: ({ flight }, outcome) => named(flight, outcome),
      onLanded: (miss, outcome) => this.#land(miss, outcome),
      onOver: ({ flight }) => {
        this.#stalls.delete(flight);
        this.#subCalls.release(flight);
      },
      onAsk: ({ flight }, asked, reply) => {
        this.#subCalls.ask(flight, asked, reply);
        this.#stalls.check();
      },
      onOpen: () => this.#stalls.check(),
      onStuck: ({ flight }) => this.#stalls.add(flight),
      onUnstuck: ({ flight }) => this.#stalls.delete(flight),
    };
    this.#subCalls = new SubCalls({
      ...options,
      front: this.#front,
      ledger: this.#ledger,
      dispatcher,
      missHost: this.#missHost,
    });
    const workers = () => dispatcher.stats().maxWorkers;
    this.#recorder = new Recorder({ front: this.#front, clock, maxsize, maxBytes, workers });
  }

  run(name: string, args: readonly unknown[], options: RunOptions = NO_OPTIONS): Promise<unknown> {
    try {
      return this.#run(name, args, options);
    } catch (error) {
      return Promise.reject(withoutOurs(error, this.#entry));
    }
  }

  map(name: string, list: unknown, options: MapOptions = {}): Promise<unknown[]> {
    return mapList(this.#listHost(name, this.map), { name, list, options });
  }

  stream(name: string, list: unknown, options: StreamOptions = {}): AsyncGenerator<unknown, void, undefined> {
    return streamList(this.#listHost(name, this.stream), { name, list, options });
  }

  #listHost(name: string, entry: AnyFunction): ListHost {
    return {
      clock: this.#clock,
      share: this.#options.share,
      origin: this.#origins.capture(entry),
      room: this.#dispatcher,
      refusal: () => (this.#closing === undefined ? undefined : closedError()),
      call: (args, options) => this.#answer(name, args, options),
    };
  }

  #runAs(entry: AnyFunction, name: string, args: readonly unknown[]): Promise<unknown> {
    const before = this.#entry;
    this.#entry = entry;
    try {
      return this.run(name, args);
    } finally {
      this.#entry = before;
    }
  }

  #run(name: string, args: readonly unknown[], options: RunOptions): Promise<unknown> {
    if (this.#closing !== undefined) throw closedError();
    checkCall(name, args);
    if (options !== NO_OPTIONS) checkRunOptions(options);
    if (options.signal?.aborted) throw new AbortError(options.signal.reason);
    return this.#answer(name, args, options);
  }

  #answer(name: string, args: readonly unknown[], options: ItemOptions): Promise<unknown> {
    checkSize(name, args, this.#options.maxArgumentBytes);
    const line = this.#ledger.of(name).line(options.as);
    const { counters } = line;
    const call = isLonePrimitive(args) ? undefined : snapshot(args);
    const key = memoKey(call?.args ?? args, this.#options.typed);
    // A getter among the arguments may have aborted it.
    if (call !== undefined && options.signal?.aborted) throw new AbortError(options.signal.reason);
    options.list?.enter(key);

    const answer = this.#front.get(line, key);
    if (answer !== undefined) {
      counters.hits++;
      counters.savedMs += answer.computeMs;
      if (hitChannel.hasSubscribers) hitChannel.publish({ name });
      return Promise.resolve(answer.read());
    }
    const underWay = line.flights.get(key);
    const joined =
      underWay?.join(options, options === NO_OPTIONS ? undefined : this.#originOf(options)) ??
      options.list?.repeated();
    if (joined !== undefined) {
      counters.joins++;
      this.#front.observer?.onJoin(line, key);
      if (joinChannel.hasSubscribers) joinChannel.publish({ name });
      return joined;
    }
    if (this.#checksDomains) checkDomain(name, call?.args ?? args, options.as);
    const sent = call === undefined ? args[0] : (call.bytes ?? call.args);
    const position = { line, key, form: options.as, origin: this.#originOf(options) };
    return this.#fly(new Miss(position, sent as Sent, this.#missHost), options);
  }

  #originOf({ list }: ItemOptions): Origin | undefined {
    return list === undefined ? this.#origins.capture(this.#entry) : list.origin;
  }

  // The flight is entered before its task is submitted: whatever comes of that, the caller has a promise.
  #fly(miss: Miss, options: ItemOptions): Promise<unknown> {
    const { name, line, flight, origin } = miss;
    const promise = flight.join(options, origin);
    line.counters.misses++;
    try {
      miss.submitTo(this.#dispatcher);
      if (missChannel.hasSubscribers) missChannel.publish({ name });
    } catch (error) {
      miss.land();
      line.counters.misses--; // refused: no call was made
      flight.fail(withOrigin(error, origin));
    }
    return promise;
  }

  #land(miss: Miss, outcome: Outcome): void {
    if (!outcome.ok) {
      this.#fail(miss, outcome.error);
      return;
    }
    const { line, key, name, flight } = miss;
    const isWantedHere = flight.isWantedHere;
    let answer: Answer;
    try {
      // What workers alone wait for is not decoded here, and flushes nothing that callers asked for.
      answer = isWantedHere
        ? receiveResult(outcome, this.#options.share)
        : Answer.unread(outcome, this.#options.share);
    } catch (error) {
      this.#fail(miss, error);
      return;
    }
    if (flight.kept && isWantedHere) this.#front.put(line, key, answer);
    else if (flight.kept) this.#front.putForWorkers(line, key, answer);
    else this.#front.pass(line, key, answer);
    const { computeMs, bytes } = answer;
    if (completeChannel.hasSubscribers) completeChannel.publish({ name, computeMs, bytes });
    flight.settle(answer);
    this.#stalls.check();
  }

  /** Keeps results that functions share; told by the dispatcher. */
  keepHarvest(harvest: HarvestMessage): void {
    const { maxsize, typed, share } = this.#options;
    if (maxsize !== 0) keepHarvest(harvest, { front: this.#front, ledger: this.#ledger, typed, share });
  }

  #fail({ name, line, flight, origin }: Miss, failure: unknown): void {
    const error = withOrigin(failure, origin);
    line.counters.errors++;
    if (isUnknown(error)) this.#ledger.strike(name);
    tell(errorChannel, () => ({ name, error }));
    flight.fail(error);
    this.#stalls.check();
  }

  peek(name: string, args: readonly unknown[], options: Pick<RunOptions, 'as'> = NO_OPTIONS): unknown {
    checkCall(name, args);
    if (options !== NO_OPTIONS) checkRunOptions(options);
    checkSize(name, args, this.#options.maxArgumentBytes);
    const record = this.#ledger.peek(name);
    const key = memoKey(isLonePrimitive(args) ? args : snapshot(args).args, this.#options.typed);
    return record && this.#front.peek(record.line(options.as), key)?.read();
  }

  cacheInfo(name?: string): CacheInfo {
    checkName(name);
    const counters = name === undefined ? this.#ledger.total() : this.#ledger.peek(name)?.counters;
    return cacheInfo(counters ?? new Counters(name), this.#options);
  }

  cacheParameters(): CacheParameters {
    const { maxsize, maxBytes, typed, share } = this.#options;
    return { maxsize, maxBytes, typed, share };
  }

  async cacheClear(name?: string): Promise<void> {
    checkName(name);
    await forgetAll(this.#memory, name);
  }

  async cacheDelete(name: string, args: readonly unknown[]): Promise<boolean> {
    checkCall(name, args);
    checkSize(name, args, this.#options.maxArgumentBytes);
    return forgetCall(this.#memory, name, args);
  }

  /** Tells `observer` of what happens at the front cache, in the place of a recording. */
  observe(observer: FrontObserver): void {
    this.#front.observer = observer;
  }

  stats(): PoolStats {
    return Object.freeze({
      ...this.#dispatcher.stats(),
      flights: this.#ledger.flightCount(),
      cache: this.cacheInfo(),
      curve: this.#recorder.curve,
    });
  }

  record(options?: RecordOptions): Recording {
    if (this.#closing !== undefined) throw closedError();
    return this.#recorder.start(options);
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    checkCloseOptions(options);
    this.#closing ??= this.#drainAndDestroy();
    const endNow = () => void this.#dispatcher.destroy(closedError());
    await within(this.#closing, { ms: options.timeoutMs, onLate: endNow, clock: this.#clock });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #drainAndDestroy(): Promise<void> {
    await this.#dispatcher.drained();
    await this.#dispatcher.destroy(closedError());
    await this.#recorder.close();
  }
}
