// The options of a memo, documented one by one and checked once.
import { checkBound, invalidOption, refuseUnknown } from '../check.ts';
import { PoolError, showValue } from '../errors.ts';
import type { AnyFunction } from '../types.ts';

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
  /**
   * Which results a pool may take into its front cache although nobody has called for them: those of calls that the
   * function gets from itself or from others while a worker computes. `'all'`, or those for which this gives true, told
   * the arguments and the milliseconds that computing the result took, with all that it called. What it throws is false.
   *
   * Only of a function that the pool can call by name; outside of a pool's worker it does nothing. Promises are not shared.
   * @default undefined
   */
  readonly share?: 'all' | ((args: Parameters<F>, cost: number) => boolean);
}

export interface ResolvedMemoOptions<F extends AnyFunction> {
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly typed: boolean;
  readonly key: ((...args: Parameters<F>) => unknown) | undefined;
  readonly share: MemoizeOptions<F>['share'] | undefined;
}

const DEFAULT_MAXSIZE = 128;
const WHERE = 'memoize';
const KNOWN: readonly string[] = ['maxsize', 'maxBytes', 'typed', 'key', 'share'];

/** @throws PoolError ERR_OPTION for an option out of its range or unknown */
export function resolveMemoOptions<F extends AnyFunction>(
  options: MemoizeOptions<F>,
): ResolvedMemoOptions<F> {
  refuseUnknown(WHERE, options, KNOWN);
  const { maxsize = DEFAULT_MAXSIZE, maxBytes = null, typed = true, key, share } = options;
  checkBound(WHERE, 'maxsize', maxsize);
  checkBound(WHERE, 'maxBytes', maxBytes);
  if (typeof typed !== 'boolean') throw invalidOption(WHERE, 'typed', 'true or false', typed);
  if (key !== undefined && typeof key !== 'function') throw invalidOption(WHERE, 'key', 'a function', key);
  if (share !== undefined && share !== 'all' && typeof share !== 'function') {
    throw invalidOption(WHERE, 'share', "'all' or a function", share);
  }
  return { maxsize, maxBytes, typed, key, share };
}

/** @throws PoolError ERR_OPTION for an option that a method cannot have */
export function checkMethodOptions({ share }: Pick<ResolvedMemoOptions<AnyFunction>, 'share'>): void {
  if (share === undefined) return;
  throw invalidOption(WHERE, 'share', 'none of a method, which a pool cannot call by name', share);
}

export function checkFunction(fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new PoolError('ERR_OPTION', `memoize: expected a function, got ${showValue(fn)}.`);
}
