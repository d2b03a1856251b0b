// `functools.lru_cache` for TypeScript: a function that remembers its results, least recently used first out.
// Works by itself anywhere; exported from a functions module it runs in the pool's workers, where plain
// recursion may go a million levels deep.
import type { AnyFunction } from '../types.ts';
import { createMemo, likeFunction, type Memoized } from './memo.ts';
import {
  checkFunction,
  checkMethodOptions,
  type MemoizeOptions,
  type ResolvedMemoOptions,
  resolveMemoOptions,
} from './memo-options.ts';
import { createSharingMemo } from './share.ts';

export type { MemoInfo, Memoized, MemoParameters } from './memo.ts';
export type { MemoizeOptions } from './memo-options.ts';
export { checkpoint, StopError } from './stop.ts';

/** A method whose every instance has a memo of its own, which is collected with the instance. */
export type MemoizedMethod<F extends AnyFunction> = F & {
  /** The memo of one instance: `Grid.prototype.paths.of(grid).cacheInfo()`. */
  of(instance: object): Memoized<F>;
};

type MethodContext = Pick<ClassMethodDecoratorContext, 'kind' | 'static' | 'name'>;

/** What `memoize(options)` gives: a decorator for methods that wraps functions too. */
export interface Memoizer {
  <F extends AnyFunction>(method: F, context: MethodContext): MemoizedMethod<F>;
  <F extends AnyFunction>(fn: F): Memoized<F>;
}

/**
 * Wraps a pure function with a memo.
 *
 * A hit makes its entry the most recent at lookup; a miss is counted before the function runs and enters the
 * memo as the most recent when it completes. What throws is not kept. A promise is kept while it is pending
 * and when it fulfils; one that rejects is forgotten.
 *
 * Also a standard decorator of a method, `@memoize` or `@memoize({ maxsize: 10 })`: each instance has its own memo.
 *
 * @example
 * const fib = memoize((n: number): bigint => (n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2)), { maxsize: null });
 *
 * @throws PoolError ERR_OPTION for an option out of its range or unknown
 */
export function memoize<F extends AnyFunction>(method: F, context: MethodContext): MemoizedMethod<F>;
export function memoize<F extends AnyFunction>(fn: F, options?: MemoizeOptions<F>): Memoized<F>;
export function memoize(options: MemoizeOptions): Memoizer;
export function memoize(
  first: AnyFunction | MemoizeOptions,
  second: MethodContext | MemoizeOptions = {},
): unknown {
  if (typeof first === 'object' && first !== null) {
    const options = resolveMemoOptions(first);
    return (fn: AnyFunction, context?: MethodContext) => wrap(fn, options, context);
  }
  checkFunction(first);
  if (isContext(second)) return wrap(first, resolveMemoOptions({}), second);
  return wrap(first, resolveMemoOptions(second));
}

function wrap(
  fn: AnyFunction,
  options: ResolvedMemoOptions<AnyFunction>,
  context?: MethodContext,
): AnyFunction {
  checkFunction(fn);
  if (context !== undefined) {
    checkMethodOptions(options);
    return createMethodMemo(fn, options);
  }
  const { share } = options;
  return share === undefined ? createMemo(fn, options) : createSharingMemo(fn, options, share);
}

function isContext(second: MethodContext | MemoizeOptions): second is MethodContext {
  return typeof second === 'object' && second !== null && 'kind' in second && second.kind === 'method';
}

// `this` is part of the call: without a memo each, instances would answer for one another, and a shared memo would
// keep every instance alive that ever called.
function createMethodMemo<F extends AnyFunction>(
  method: F,
  options: ResolvedMemoOptions<F>,
): MemoizedMethod<F> {
  const memos = new WeakMap<object, Memoized<F>>();
  function of(instance: object): Memoized<F> {
    const memo = memos.get(instance) ?? createMemo(method, options);
    memos.set(instance, memo);
    return memo;
  }
  function memoizedMethod(this: object, ...args: Parameters<F>): unknown {
    return of(this).apply(this, args);
  }
  likeFunction(memoizedMethod, method);
  return Object.assign(memoizedMethod, { of }) as unknown as MemoizedMethod<F>;
}
