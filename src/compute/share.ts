// A memoized function that shares its results with the pool. The memo is one like every other, around a function that
// measures what computing takes and puts the result into the thread's basket; other memos pay nothing for it.
import { systemClock } from '../clock.ts';
import type { AnyFunction } from '../types.ts';
import { basket, takeArguments } from './harvest.ts';
import { createMemo, likeFunction, type Memoized, makeTable } from './memo.ts';
import type { MemoizeOptions, ResolvedMemoOptions } from './memo-options.ts';
import { stopState } from './stop.ts';

/** As {@link createMemo}, of a function whose results are shared as `share` says. */
export function createSharingMemo<F extends AnyFunction>(
  fn: F,
  options: ResolvedMemoOptions<F>,
  share: NonNullable<MemoizeOptions<F>['share']>,
): Memoized<F> {
  function sharing(this: unknown, ...args: Parameters<F>): unknown {
    // Before the function runs, which may change them.
    const taken = own.isOpen ? takeArguments(args) : undefined;
    if (taken === undefined) return fn.apply(this, args);
    const { era } = own;
    const start = systemClock.now();
    const value = fn.apply(this, args);
    // What comes of a call that is thrown through may have been made of the error.
    if (stop.isStopping || own.era !== era) return value;
    const costMs = systemClock.now() - start;
    if (isShared(args, costMs)) own.add({ fn: memo, args: taken, value, costMs });
    return value;
  }

  function isShared(args: Parameters<F>, costMs: number): boolean {
    if (share === 'all') return true;
    try {
      return share([...args] as Parameters<F>, costMs) === true; // a copy: those taken may be the same array
    } catch (error) {
      if (stop.isStopping) throw error; // it called what was stopped: that is to be let pass
      return false;
    }
  }

  likeFunction(sharing, fn);
  const memo: Memoized<F> = Object.assign(createMemo(sharing as F, options, makeTable(fn, options)), {
    wrapped: fn,
  });
  return memo;
}

const own = basket();
const stop = stopState();
