// A function with a memo: the wrapper that every call and every level of a recursion goes through.
import type { AnyFunction } from '../types.ts';
import { loneKey, type MemoKey, memoKey, pairKey } from '../values/key.ts';
import { mayBePacked } from '../values/pack.ts';
import { weigh } from '../values/weigh.ts';
import { Everything, Lru, type Table } from './lru.ts';
import { LruSlots } from './lru-slots.ts';
import type { ResolvedMemoOptions } from './memo-options.ts';
import { enrolMemo, INSIDE, type MemoInside } from './memos.ts';
import { stopNow, stopState } from './stop.ts';
import { type MemoBounds, tableMaker } from './table-maker.ts';
import { adviseLarger } from './too-small.ts';
import type { Watch } from './watch.ts';
import { ENTRY_BYTES, weighSome } from './weigh-table.ts';

/**
 * The counters of a memo: those of Python's `cache_info()`, and those of the byte bound. A snapshot that does not
 * change; counts since the last clear.
 */
export interface MemoInfo {
  readonly hits: number;
  readonly misses: number;
  readonly maxsize: number | null;
  readonly currsize: number;
  /** What the results and their keys weigh; 0 without `maxBytes`, because then nothing is weighed. */
  readonly bytes: number;
  readonly maxBytes: number | null;
  /** Results dropped to keep the bounds. */
  readonly evictions: number;
  /** Results too large to be kept at all. */
  readonly oversize: number;
}

export interface MemoParameters {
  readonly maxsize: number | null;
  readonly typed: boolean;
}

/** A function with a memo: called like the function itself. */
export type Memoized<F extends AnyFunction> = F & {
  /** Hits, misses, maxsize and the number of results kept now, and the figures of the byte bound. */
  cacheInfo(): MemoInfo;
  /** Forgets every result and sets the counters to zero; what is being computed is not kept. */
  cacheClear(): void;
  /** Forgets the result of one call; what is being computed is not kept. True when there was one. */
  cacheDelete(...args: Parameters<F>): boolean;
  /** A fresh `{ maxsize, typed }`. */
  cacheParameters(): MemoParameters;
  /** The function itself: calling it neither reads nor fills the memo, and counts nothing. */
  readonly wrapped: F;
};

/**
 * Wraps `fn` with a memo of its own, enrolled among the thread's.
 *
 * @param table where its results are kept; given by who wants to look into it
 */
export function createMemo<F extends AnyFunction>(
  fn: F,
  options: ResolvedMemoOptions<F>,
  table: Table = makeTable(fn, options),
): Memoized<F> {
  const { maxsize, maxBytes, typed, key } = options;
  const weighed = maxBytes !== null;
  const { watch } = table;
  let hits = 0;
  let misses = 0;
  let finished = 0;
  /** Of the misses that did not finish, those that have been told. */
  let toldUnfinished = 0;
  // The era moves on, away from 0, at every clear and delete: a computation that began before is not kept. Its sign tells
  // whether the watch is to know of a miss, so that a level of a recursion looks only once for both (bench/hits, "recursion").
  const phase: Pick<Watch, 'era'> = watch ?? { era: 1 };

  function complete(id: MemoKey, value: unknown, since: number): void {
    finished++;
    if (stop.isStopping || (since !== phase.era && !isLate(id, since))) return;
    table.add(id, value === undefined ? UNDEFINED : value, weighed ? weighEntry(id, value) : 0);
    if (typeof value === 'object' && value instanceof Promise) forgetIfRejected(table, id, value);
  }

  // Of the same era, where a recording began or ended meanwhile.
  function isLate(id: MemoKey, since: number): boolean {
    if (Math.abs(since) !== Math.abs(phase.era)) return false;
    watch?.enter(id);
    return true;
  }

  // The outermost level of a memo with a bound, and every call while the watch records.
  function computeWatched(id: MemoKey, self: unknown, ...args: readonly unknown[]): unknown {
    const since = phase.era;
    if (watch?.isRecording) return computeRecorded(id, () => fn.apply(self, args as unknown[]));
    const value = watch?.computeOutermost(fn, self, args);
    complete(id, value, since);
    return value;
  }

  function computeRecorded(id: MemoKey, call: () => unknown): unknown {
    const found = watch?.look(id);
    if (found !== undefined) {
      misses--;
      hits++;
      return found === UNDEFINED ? undefined : found;
    }
    const since = phase.era;
    const value = watch?.isRecording ? watch.compute(id, call) : call();
    complete(id, value, since);
    return value;
  }

  function moveOn(): void {
    if (watch !== undefined && watch.own > 0) watch.stop();
    phase.era += Math.sign(phase.era);
  }

  function idOf(args: Parameters<F>): MemoKey {
    return key === undefined ? memoKey(args, typed) : loneKey(key(...args), typed);
  }

  // Every level of a deep recursion keeps a frame of the wrapper on the stack, so the wrappers hold as little as they
  // can. Without an array of arguments a hit is faster (bench/hits), and the frame of one argument smaller.
  function memoized(this: unknown, ...args: Parameters<F>): unknown {
    const id = idOf(args);
    const found = table.get(id);
    if (found !== undefined) {
      hits++;
      return found === UNDEFINED ? undefined : found;
    }
    misses++;
    if (stop.cell[0] === stop.memoMark) stopNow(stop);
    const since = phase.era;
    if (since < 0) return computeWatched(id, this, ...args);
    const value = fn.apply(this, args);
    complete(id, value, since);
    return value;
  }

  function memoizedOne(this: unknown, only: Parameters<F>[0]): unknown {
    // biome-ignore lint/complexity/noArguments: counting them must not make an array of them
    if (arguments.length !== 1) return memoized.apply(this, arguments as unknown as Parameters<F>);
    // What loneKey does with a number, without a call and without a switch: a hit takes two thirds of the time.
    const id = typeof only === 'number' && !mayBePacked(only) ? only : loneKey(only, typed);
    const found = table.get(id);
    if (found !== undefined) {
      hits++;
      return found === UNDEFINED ? undefined : found;
    }
    misses++;
    if (stop.cell[0] === stop.memoMark) stopNow(stop);
    const since = phase.era;
    if (since < 0) return computeWatched(id, this, only);
    const value = fn.call(this, only);
    complete(id, value, since);
    return value;
  }

  function memoizedTwo(this: unknown, first: Parameters<F>[0], second: Parameters<F>[1]): unknown {
    // biome-ignore lint/complexity/noArguments: counting them must not make an array of them
    if (arguments.length !== 2) return memoized.apply(this, arguments as unknown as Parameters<F>);
    const id = pairKey(first, second, typed);
    const found = table.get(id);
    if (found !== undefined) {
      hits++;
      return found === UNDEFINED ? undefined : found;
    }
    misses++;
    if (stop.cell[0] === stop.memoMark) stopNow(stop);
    const since = phase.era;
    if (since < 0) return computeWatched(id, this, first, second);
    const value = fn.call(this, first, second);
    complete(id, value, since);
    return value;
  }

  const methods = {
    cacheInfo: (): MemoInfo => {
      const { size: currsize, bytes, evictions, oversize } = table;
      return Object.freeze({ hits, misses, maxsize, currsize, bytes, maxBytes, evictions, oversize });
    },
    cacheClear: (): void => {
      moveOn();
      table.clear();
      toldUnfinished += finished - misses;
      finished = 0;
      hits = 0;
      misses = 0;
    },
    cacheDelete: (...args: Parameters<F>): boolean => {
      moveOn();
      return table.delete(idOf(args));
    },
    cacheParameters: (): MemoParameters => ({ maxsize, typed }),
    wrapped: fn,
  };
  const byLength = [memoized, memoizedOne, memoizedTwo];
  const wrapper = byLength[key === undefined && fn.length <= 2 ? fn.length : 0] as AnyFunction;
  likeFunction(wrapper, fn);
  watch?.begin((finding) => adviseLarger(wrapper, fn, { ...finding, maxsize, maxBytes }));
  const inside: MemoInside = {
    weigh: () => (weighed ? table.bytes : weighSome(table)),
    takeUnfinished: () => {
      const unfinished = misses - finished - toldUnfinished;
      toldUnfinished += unfinished;
      return unfinished;
    },
    shed: () => {
      moveOn();
      table.shed();
    },
  };
  Object.defineProperty(wrapper, INSIDE, { value: inside });
  const memo = Object.assign(wrapper, methods) as unknown as Memoized<F>;
  enrolMemo(memo);
  return memo;
}

/** Gives a wrapper the name and the number of parameters of what it wraps. */
export function likeFunction(wrapper: AnyFunction, fn: AnyFunction): void {
  Object.defineProperty(wrapper, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: fn.length, configurable: true });
}

/** @param fn what the user wrapped */
export function makeTable(fn: AnyFunction, { maxsize, maxBytes }: MemoBounds): Table {
  const given = tableMaker()?.(fn, { maxsize, maxBytes });
  if (given !== undefined) return given;
  if (maxsize === null && maxBytes === null) return new Everything();
  if (maxsize !== null && maxBytes === null) return new LruSlots(maxsize);
  return new Lru({ maxsize: maxsize ?? Infinity, maxBytes: maxBytes ?? Infinity });
}

const stop = stopState();

// Kept in the place of undefined, which a table gives for what it does not have.
const UNDEFINED: unique symbol = Symbol('undefined');

function weighEntry(key: MemoKey, value: unknown): number {
  return ENTRY_BYTES + weigh(key) + weigh(value);
}

// Only this promise: after a clear, another computation may hold the key by now.
function forgetIfRejected(table: Table, key: MemoKey, promise: Promise<unknown>): void {
  promise.catch(() => {
    if (table.peek(key) === promise) table.delete(key);
  });
}
