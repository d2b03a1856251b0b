// A built-in function as a pool has it: large calls are divided among all workers, the others go to the function itself.

import type { Memoized } from '../../../src/compute/memoize.ts';
import { runningCall } from '../../../src/compute/running.ts';
import type { AnyFunction } from '../../../src/types.ts';

/** What a pool calls; its memo is that of the function itself. */
export type Divided<F extends AnyFunction> = (
  ...args: Parameters<F>
) => ReturnType<F> | Promise<ReturnType<F>>;

/**
 * @param divide gives the result of a large call in parts; undefined for one that is not worth it. Called in a pool's worker
 * only, with arguments of the function's domain.
 */
export function divided<F extends AnyFunction>(
  fn: Memoized<F>,
  check: (args: readonly unknown[]) => void,
  divide: (...args: Parameters<F>) => ReturnType<F> | Promise<ReturnType<F>> | undefined,
): Divided<F> {
  function inPool(...args: Parameters<F>): ReturnType<F> | Promise<ReturnType<F>> {
    if (runningCall() === undefined) return fn(...args) as ReturnType<F>;
    check(args);
    return divide(...args) ?? (fn(...args) as ReturnType<F>);
  }
  // Its name, its memo's counters and methods.
  return Object.defineProperties(inPool, Object.getOwnPropertyDescriptors(fn)) as Divided<F>;
}

/** A result turned into another, at once if it is there. */
export function turned<T, R>(value: T | Promise<T>, turn: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(turn) : turn(value);
}
