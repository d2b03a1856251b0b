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
  table: Table = makeTable(options),
): Memoized<F> {
  const { maxsize, maxBytes, typed, key } = options;
  const weighed = maxBytes !== null;
  let hits = 0;
  let misses = 0;
  let finished = 0;
  /** Of the misses that did not finish, those that have been told. */
  let toldUnfinished = 0;
  // Moves on at every clear and delete: a computation that began before is not kept.
  let era = 0;

  function keep(id: MemoKey, value: unknown): void {
    table.add(id, value === undefined ? UNDEFINED : value, weighed ? weighEntry(id, value) : 0);
    if (typeof value === 'object' && value instanceof Promise) forgetIfRejected(table, id, value);
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
    const since = era;
    const value = fn.apply(this, args);
    finished++;
    if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
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
    const since = era;
    const value = fn.call(this, only);
    finished++;
    if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
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
    const since = era;
    const value = fn.call(this, first, second);
    finished++;
    if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
    return value;
  }

  // The same where the memo has a bound, which is watched. Leaving a level must be noticed of what throws too; that
  // takes some stack and time, and so the memo without a bound goes without it.
  function watchedCalls(watch: Watch): readonly AnyFunction[] {
    function watched(this: unknown, ...args: Parameters<F>): unknown {
      const id = idOf(args);
      const found = table.get(id);
      if (found !== undefined) {
        hits++;
        if (watch.isRecording) watch.look(id, true);
        return found === UNDEFINED ? undefined : found;
      }
      misses++;
      if (stop.cell[0] === stop.memoMark) stopNow(stop);
      if (watch.isRecording) watch.look(id, false);
      const since = era;
      const level = watch.depth;
      if (level === 0) watch.outermost++;
      watch.depth = level + 1;
      let value: unknown;
      try {
        value = fn.apply(this, args);
      } finally {
        watch.depth = level;
        if (level <= watch.told) watch.leave(level);
      }
      if (watch.isRecording) watch.enter(id);
      finished++;
      if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
      return value;
    }

    function watchedOne(this: unknown, only: Parameters<F>[0]): unknown {
      // biome-ignore lint/complexity/noArguments: counting them must not make an array of them
      if (arguments.length !== 1) return watched.apply(this, arguments as unknown as Parameters<F>);
      const id = typeof only === 'number' && !mayBePacked(only) ? only : loneKey(only, typed);
      const found = table.get(id);
      if (found !== undefined) {
        hits++;
        if (watch.isRecording) watch.look(id, true);
        return found === UNDEFINED ? undefined : found;
      }
      misses++;
      if (stop.cell[0] === stop.memoMark) stopNow(stop);
      if (watch.isRecording) watch.look(id, false);
      const since = era;
      const level = watch.depth;
      if (level === 0) watch.outermost++;
      watch.depth = level + 1;
      let value: unknown;
      try {
        value = fn.call(this, only);
      } finally {
        watch.depth = level;
        if (level <= watch.told) watch.leave(level);
      }
      if (watch.isRecording) watch.enter(id);
      finished++;
      if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
      return value;
    }

    function watchedTwo(this: unknown, first: Parameters<F>[0], second: Parameters<F>[1]): unknown {
      // biome-ignore lint/complexity/noArguments: counting them must not make an array of them
      if (arguments.length !== 2) return watched.apply(this, arguments as unknown as Parameters<F>);
      const id = pairKey(first, second, typed);
      const found = table.get(id);
      if (found !== undefined) {
        hits++;
        if (watch.isRecording) watch.look(id, true);
        return found === UNDEFINED ? undefined : found;
      }
      misses++;
      if (stop.cell[0] === stop.memoMark) stopNow(stop);
      if (watch.isRecording) watch.look(id, false);
      const since = era;
      const level = watch.depth;
      if (level === 0) watch.outermost++;
      watch.depth = level + 1;
      let value: unknown;
      try {
        value = fn.call(this, first, second);
      } finally {
        watch.depth = level;
        if (level <= watch.told) watch.leave(level);
      }
      if (watch.isRecording) watch.enter(id);
      finished++;
      if (since === era && stop.cell[0] !== stop.memoMark) keep(id, value);
      return value;
    }
    return [watched, watchedOne, watchedTwo];
  }

  const { watch } = table;
  const methods = {
    cacheInfo: (): MemoInfo => {
      const { size: currsize, bytes, evictions, oversize } = table;
      return Object.freeze({ hits, misses, maxsize, currsize, bytes, maxBytes, evictions, oversize });
    },
    cacheClear: (): void => {
      table.clear();
      if (watch !== undefined && watch.depth > 0) watch.stop();
      toldUnfinished += finished - misses;
      finished = 0;
      hits = 0;
      misses = 0;
      era++;
    },
    cacheDelete: (...args: Parameters<F>): boolean => {
      era++;
      if (watch !== undefined && watch.depth > 0) watch.stop();
      return table.delete(idOf(args));
    },
    cacheParameters: (): MemoParameters => ({ maxsize, typed }),
    wrapped: fn,
  };
  const byLength = watch === undefined ? [memoized, memoizedOne, memoizedTwo] : watchedCalls(watch);
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
      table.shed();
      era++;
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

function makeTable({
  maxsize,
  maxBytes,
}: Pick<ResolvedMemoOptions<AnyFunction>, 'maxsize' | 'maxBytes'>): Table {
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
