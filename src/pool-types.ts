// The public shape of a pool, typed by the functions it runs.
import type * as builtIns from '../workers/functions/all.ts';
import type { DispatchStats } from './dispatch/dispatcher.ts';
import type { Progress } from './front/flight.ts';
import type { CacheInfo } from './stats.ts';
import type { AnyFunction, ResultForm } from './types.ts';
import type { BigintHandle } from './values/bigint-handle.ts';
import type { Share } from './wire.ts';

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
   * main thread free however large the number is. Each form is a call of its own to the cache.
   * @default the result as it is
   */
  readonly as?: ResultForm;
  /** Told where the call stands, when that has changed; looked at every 50 ms. */
  readonly onProgress?: (progress: Progress) => void;
}

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
   * Refuses new calls, waits for those under way, and ends the threads. After `timeoutMs` what is still there
   * rejects with ERR_POOL_CLOSED; without it there is no limit. Closing again waits for the same end.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;

  /** `await using pool = createPool()`: {@link close} at the end of the block. */
  [Symbol.asyncDispose](): Promise<void>;
}
