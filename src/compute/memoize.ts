// `functools.lru_cache` for TypeScript: a function that remembers its results, least recently used first out.
// Works by itself anywhere; exported from a functions module it runs in the pool's workers, where plain
// recursion may go a million levels deep.
import { checkBound, invalidOption, refuseUnknown } from '../check.ts';
import { PoolError, showValue } from '../errors.ts';
import type { AnyFunction } from '../types.ts';
import { type MemoKey, memoKey } from '../values/key.ts';
import { weigh } from '../values/weigh.ts';
import { Lru } from './lru.ts';
import { enrolMemo, type Memo } from './memos.ts';

export interface MemoizeOptions<F extends AnyFunction = AnyFunction> {
  /**
   * The most results kept; `null` for no bound, `0` to keep none and still count.
   * @default 128
   */
  readonly maxsize?: number | null;
  /**
   * The most bytes of results kept (a bigint weighs its words, a string its characters); `null` for no bound.
   * A result that weighs more is returned and not kept.
   * @default null
   */
  readonly maxBytes?: number | null;
  /**
   * Whether `1` and `1n` are different arguments. Unlike Python's default, because mixing them throws.
   * @default true
   */
  readonly typed?: boolean;
  /** A key of your own for a call: its arguments in, any value that can be keyed out. */
  readonly key?: (...args: Parameters<F>) => unknown;
}

/** The counters of a memo, as Python's `cache_info()` gives them; a snapshot that does not change. */
export interface MemoInfo {
  readonly hits: number;
  readonly misses: number;
  readonly maxsize: number | null;
  readonly currsize: number;
}

export interface MemoParameters {
  readonly maxsize: number | null;
  readonly typed: boolean;
}

/** A function with a memo: called like the function itself. */
export type Memoized<F extends AnyFunction> = F & {
  /** Hits, misses, maxsize and the number of results kept now. */
  cacheInfo(): MemoInfo;
  /** Forgets every result and sets the counters to zero. */
  cacheClear(): void;
  /** A fresh `{ maxsize, typed }`. */
  cacheParameters(): MemoParameters;
  /** The function itself: calling it neither reads nor fills the memo, and counts nothing. */
  readonly wrapped: F;
};

const DEFAULT_MAXSIZE = 128;

/**
 * Wraps a pure function with a memo.
 *
 * A hit makes its entry the most recent at lookup; a miss is counted before the function runs and enters the
 * memo as the most recent when it completes. What throws is not kept. A promise is kept while it is pending
 * and when it fulfils; one that rejects is forgotten.
 *
 * @example
 * const fib = memoize((n: number): bigint => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)), { maxsize: null });
 *
 * @throws PoolError ERR_OPTION for an option out of its range or unknown
 */
export function memoize<F extends AnyFunction>(fn: F, options: MemoizeOptions<F> = {}): Memoized<F> {
  const { maxsize, maxBytes, typed, key } = resolveOptions(fn, options);
  const table = makeTable(maxsize, maxBytes);
  const weighed = maxBytes !== null;
  let hits = 0;
  let misses = 0;

  function keep(id: MemoKey, value: unknown): unknown {
    table.add(id, value, weighed ? weighEntry(id, value) : 0);
    if (value instanceof Promise) forgetIfRejected(table, id, value);
    return value;
  }

  // Every level of a deep recursion keeps a frame of the wrapper on the stack, so both wrappers hold as little
  // as they can; of one argument, without an array of arguments, the frame is half as large.
  function memoized(this: unknown, ...args: Parameters<F>): unknown {
    const id = key === undefined ? memoKey(args, typed) : memoKey([key(...args)], typed);
    const found = table.get(id);
    if (found !== undefined) {
      hits++;
      return found.value;
    }
    misses++;
    return keep(id, fn.apply(this, args));
  }

  function memoizedOne(this: unknown, only: Parameters<F>[0]): unknown {
    // biome-ignore lint/complexity/noArguments: counting them must not make an array of them
    if (arguments.length !== 1) return memoized.apply(this, arguments as unknown as Parameters<F>);
    const id = typed && typeof only === 'number' ? only : memoKey([only], typed);
    const found = table.get(id);
    if (found !== undefined) {
      hits++;
      return found.value;
    }
    misses++;
    return keep(id, fn.call(this, only));
  }

  const methods = {
    cacheInfo: (): MemoInfo => Object.freeze({ hits, misses, maxsize, currsize: table.size }),
    cacheClear: (): void => {
      table.clear();
      hits = 0;
      misses = 0;
    },
    cacheParameters: (): MemoParameters => ({ maxsize, typed }),
    wrapped: fn,
  };
  const wrapper = fn.length === 1 && key === undefined ? memoizedOne : memoized;
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: fn.length, configurable: true });
  return enrolled(Object.assign(wrapper, methods) as unknown as Memoized<F>);
}

function enrolled<M extends Memo>(memo: M): M {
  enrolMemo(memo);
  return memo;
}

/** What a memo needs of its table; {@link Lru} is the bounded one, {@link Everything} the unbounded. */
interface Table {
  readonly size: number;
  get(key: MemoKey): { readonly value: unknown } | undefined;
  add(key: MemoKey, value: unknown, bytes: number): void;
  delete(key: MemoKey): void;
  clear(): void;
}

function makeTable(maxsize: number | null, maxBytes: number | null): Table {
  if (maxsize === null && maxBytes === null) return new Everything();
  return new Lru({ maxsize: maxsize ?? Infinity, maxBytes: maxBytes ?? Infinity });
}

// Without a bound no order is needed: hits do not touch the table.
class Everything implements Table {
  readonly #entries = new Map<MemoKey, { readonly value: unknown }>();

  get size(): number {
    return this.#entries.size;
  }

  get(key: MemoKey): { readonly value: unknown } | undefined {
    return this.#entries.get(key);
  }

  add(key: MemoKey, value: unknown): void {
    if (!this.#entries.has(key)) this.#entries.set(key, { value });
  }

  delete(key: MemoKey): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

// The Map's slot and the ring's node, as measured on V8 12 with a million entries.
const ENTRY_BYTES = 112;

function weighEntry(key: MemoKey, value: unknown): number {
  return ENTRY_BYTES + weigh(key) + weigh(value);
}

// Only this promise: after a clear, another computation may hold the key by now.
function forgetIfRejected(table: Table, key: MemoKey, promise: Promise<unknown>): void {
  promise.catch(() => {
    if (table.get(key)?.value === promise) table.delete(key);
  });
}

interface ResolvedOptions<F extends AnyFunction> {
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly typed: boolean;
  readonly key: ((...args: Parameters<F>) => unknown) | undefined;
}

const WHERE = 'memoize';
const KNOWN_OPTIONS: readonly string[] = ['maxsize', 'maxBytes', 'typed', 'key'];

function resolveOptions<F extends AnyFunction>(fn: F, options: MemoizeOptions<F>): ResolvedOptions<F> {
  if (typeof fn !== 'function') {
    throw new PoolError('ERR_OPTION', `memoize: expected a function, got ${showValue(fn)}.`);
  }
  refuseUnknown(WHERE, options, KNOWN_OPTIONS);
  const { maxsize = DEFAULT_MAXSIZE, maxBytes = null, typed = true, key } = options;
  checkBound(WHERE, 'maxsize', maxsize);
  checkBound(WHERE, 'maxBytes', maxBytes);
  if (typeof typed !== 'boolean') throw invalidOption(WHERE, 'typed', 'true or false', typed);
  if (key !== undefined && typeof key !== 'function') throw invalidOption(WHERE, 'key', 'a function', key);
  return { maxsize, maxBytes, typed, key };
}
