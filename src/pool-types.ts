// The public shape of a pool, typed by the functions it runs.
import type * as builtIns from '../workers/functions/all.ts';
import type { Share } from './answer.ts';
import type { DispatchStats } from './dispatch/dispatcher.ts';
import type { Progress } from './front/caller.ts';
import type { LiveCurve, Recording, RecordOptions } from './recording-types.ts';
import type { CacheInfo } from './stats.ts';
import type { TuneOptions } from './tuning/options.ts';
import type { TuneResult } from './tuning/result.ts';
import type { AnyFunction, ResultForm } from './types.ts';
import type { BigintHandle } from './values/bigint-handle.ts';
import type { DigitsHandle } from './values/digits-handle.ts';

/** The functions that every pool has. */
export type BuiltIns = typeof builtIns;

/** What a pool runs: the functions among a module's exports `F`, and the built-in ones it does not replace. */
export type FunctionsOf<F> = FunctionsAmong<F> & Omit<FunctionsAmong<BuiltIns>, keyof F>;

type FunctionsAmong<M> = { [K in keyof M as M[K] extends AnyFunction ? K : never]: M[K] };

export type NameOf<F> = keyof FunctionsOf<F> & string;

type FunctionAt<F, K extends NameOf<F>> = FunctionsOf<F>[K] extends AnyFunction ? FunctionsOf<F>[K] : never;

export type ArgumentsOf<F, K extends NameOf<F>> = Readonly<Parameters<FunctionAt<F, K>>>;

export type ResultOf<F, K extends NameOf<F>> = Awaited<ReturnType<FunctionAt<F, K>>>;

/** The type a result is delivered in under the options of its call. */
export type Delivered<Result, Options> = Options extends { readonly as: 'decimal' | 'hex' }
  ? string
  : Options extends { readonly as: 'bytes' }
    ? Uint8Array
    : Options extends { readonly as: 'handle' }
      ? BigintHandle
      : Options extends { readonly as: 'digits' }
        ? DigitsHandle
        : Result;

export interface RunOptions {
  /** Ends this caller's wait with an AbortError; the computation ends when its last caller has left. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds of running after which this caller gets ERR_TIMEOUT; a thread whose last caller has left so is ended.
   * Queueing does not count, nor do the start of a thread and imports, which have 15 seconds of their own.
   */
  readonly timeoutMs?: number;
  /**
   * Milliseconds from the call on, queueing, the start of a thread and running included, after which this caller gets
   * ERR_DEADLINE; the computation ends when its last caller has left. What the front cache has is answered at once.
   */
  readonly deadlineMs?: number;
  /**
   * The form of a bigint result. `'decimal'` and `'hex'` are made in the worker, off the main thread; `'bytes'` is
   * little-endian two's complement; `'handle'` is a {@link BigintHandle}, which is decoded when asked to and so keeps the
   * main thread free however large the number is; `'digits'` are its decimal digits, undecoded, as a
   * {@link DigitsHandle}, which may be more than a string can hold. Each form is a call of its own to the cache.
   * @default the result as it is
   */
  readonly as?: ResultForm;
  /** Told where the call stands, when that has changed; looked at every 50 ms. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Of every call of a list, beside `window` and `errors`. */
export interface ListOptionsBase extends Omit<RunOptions, 'signal' | 'onProgress'> {
  /** Ends the whole with an AbortError; what nobody else waits for is cancelled. */
  readonly signal?: AbortSignal;
  /**
   * What becomes of a call that fails. `'reject'`: the first error ends the whole, and the rest is cancelled. `'settle'`:
   * every item has a {@link Settled} with its value or its error.
   * @default 'reject'
   */
  readonly errors?: 'reject' | 'settle';
  /**
   * The most calls under way at once, results that wait for the reader of a stream included. The list is read no
   * further than that, nor than half of the pool's queue.
   * @default 2000
   */
  readonly window?: number;
}

export interface MapOptions extends ListOptionsBase {
  /** Told how many items are done, every 50 ms at the most, and at the end. */
  readonly onProgress?: (progress: MapProgress) => void;
}

export interface StreamOptions extends ListOptionsBase {
  /**
   * Whether results come as they are ready, instead of in the list's order; with `errors: 'settle'` each tells its index.
   * @default false
   */
  readonly unordered?: boolean;
}

/** How far a map is. */
export interface MapProgress {
  /** Items answered. */
  readonly done: number;
  /** Items in all, where the list tells: of arrays, sets and maps; at the end always. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
}

/** What became of one item of a list. */
export type Settled<Value> =
  | { readonly index: number; readonly status: 'fulfilled'; readonly value: Value }
  | { readonly index: number; readonly status: 'rejected'; readonly reason: unknown };

/** What a list gives for each item under its options. */
export type ItemResult<Result, Options> = Options extends { readonly errors: 'settle' }
  ? Settled<Delivered<Result, Options>>
  : Delivered<Result, Options>;

/** Calls of one function: an array of arguments each. */
export type ListOf<F, K extends NameOf<F>> = Iterable<ArgumentsOf<F, K>> | AsyncIterable<ArgumentsOf<F, K>>;

export interface CacheParameters {
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly typed: boolean;
  readonly share: Share;
}

/** The pool's figures at one moment. */
export interface PoolStats extends DispatchStats {
  readonly cache: CacheInfo;
  /** Computations under way, each for one caller or many. */
  readonly flights: number;
  /** What other sizes of the front cache would have done, while a recording is on; else undefined. */
  readonly curve: LiveCurve | undefined;
}

/** Typed callers of the pool's functions: `pool.fn.fibonacci(1000)`. */
export type PoolFunctions<F> = {
  readonly [K in NameOf<F>]: (...args: Parameters<FunctionAt<F, K>>) => Promise<ResultOf<F, K>>;
};

export interface Pool<F = unknown> {
  /**
   * Computes a call, or answers it from the front cache.
   *
   * Rejects with the function's own error, an AbortError, or a PoolError: the README has the table of codes.
   */
  run<K extends NameOf<F>, const O extends RunOptions = RunOptions>(
    name: K,
    args: ArgumentsOf<F, K>,
    options?: O,
  ): Promise<Delivered<ResultOf<F, K>, O>>;

  /**
   * The results of many calls of one function, in the list's order. A call that comes again in the list is computed once.
   *
   * Rejects with the first error, as {@link run} does, or with what the list throws; the rest is cancelled.
   */
  map<K extends NameOf<F>, const O extends MapOptions = MapOptions>(
    name: K,
    list: ListOf<F, K>,
    options?: O,
  ): Promise<ItemResult<ResultOf<F, K>, O>[]>;

  /**
   * The same, one by one, for a list that need not fit in memory: it is read as the reader goes on, `window` calls ahead.
   * Nothing is read before the first result is asked for. Who stops reading cancels the rest.
   *
   * @throws PoolError ERR_ARGUMENT, ERR_OPTION, ERR_POOL_CLOSED; what concerns an item is thrown at its place
   */
  stream<K extends NameOf<F>, const O extends StreamOptions = StreamOptions>(
    name: K,
    list: ListOf<F, K>,
    options?: O,
  ): AsyncGenerator<ItemResult<ResultOf<F, K>, O>, void, undefined>;

  /** The same as {@link run}, as functions. */
  readonly fn: PoolFunctions<F>;

  /**
   * The answer the front cache has for a call, or undefined: computes nothing, counts nothing, moves nothing.
   */
  peek<K extends NameOf<F>, const O extends Pick<RunOptions, 'as'> = Pick<RunOptions, 'as'>>(
    name: K,
    args: ArgumentsOf<F, K>,
    options?: O,
  ): Delivered<ResultOf<F, K>, O> | undefined;

  /** The front cache's counters since the last clear, of one function or of all. */
  cacheInfo(name?: NameOf<F>): CacheInfo;

  /**
   * Forgets the results of one function, or of all, and sets their counters to zero. What was being computed
   * answers its callers and is not kept. Resolves when the workers' memos are empty too (all of them: a function's
   * memo may serve another), which a worker can do only between two calls.
   */
  cacheClear(name?: NameOf<F>): Promise<void>;

  /**
   * Forgets the result of one call, in every form, in the front cache and in the workers' memos of its function;
   * what is being computed for it answers its callers and is not kept. Resolves, when all of that is done, with
   * whether the front cache had it.
   */
  cacheDelete<K extends NameOf<F>>(name: K, args: ArgumentsOf<F, K>): Promise<boolean>;

  /** How the front cache was set up. */
  cacheParameters(): CacheParameters;

  stats(): PoolStats;

  /**
   * Finds out which count of workers and which maxsize a workload wants, with pools of its own that have this one's other
   * options; this one goes on as it is. The result is plain data: `advice.lines` are to paste into `createPool`.
   *
   * Without a trace it makes the calls again and again: give it ones that may be made so. An aborted signal is no error:
   * the result has what was measured by then.
   * @throws PoolError ERR_OPTION; what the function throws when every call fails
   */
  tune(options: TuneOptions): Promise<TuneResult>;

  /**
   * Records what happens at the front cache: to a file, as a trace for `memopool tune` (docs/trace-format.md), and for the
   * curve of {@link stats}. Arguments are hashed. It ends by `stop()`, with the pool, or with the process; nothing that goes
   * wrong with its file reaches a call.
   *
   * @throws PoolError ERR_OPTION when the file exists or cannot be created, and while another recording of the pool is on;
   * ERR_POOL_CLOSED
   */
  record(options?: RecordOptions): Recording;

  /**
   * Refuses new calls, waits for those under way, and ends the threads. After `timeoutMs` what is still there
   * rejects with ERR_POOL_CLOSED; without it there is no limit. Closing again waits for the same end.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;

  /** `await using pool = createPool()`: {@link close} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void>;
}
