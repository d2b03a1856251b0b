// The call that runs, as the functions that run for it see it: by it `call` finds its way to the pool.
//
// It goes along with what a function leaves to promises and timers. It hangs on the global object, because a user's module
// may bring its own copy of this package.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AnyFunction } from '../types.ts';

/** A call that a function makes. */
export interface SubCall {
  readonly name: string;
  readonly args: readonly unknown[];
  /** How many parts it is to be divided into; 0 where its function decides that itself. */
  readonly parts: number;
  /** Its share of its caller's work, in a unit of the caller's; 0 where that is not known. */
  readonly weight: number;
  /** Its caller's whole work in that unit; 0 where that is not known. */
  readonly total: number;
}

export interface Running {
  readonly name: string;
  /** What the call itself is to be divided into; 0 where its function decides that. */
  readonly parts: number;
  /** The most calls that the pool computes at once. */
  readonly workers: number;
  /** The name under which the pool knows a function; undefined of one that it does not know. */
  nameOf(fn: AnyFunction): string | undefined;
  /** Makes a call of its own; settles with its result or error. */
  ask(sub: SubCall): Promise<unknown>;
  /** Tells how much of it is done. */
  report(done: number, total: number): void;
  /**
   * Tells what putting results of parts together took, in milliseconds. A pool of another version of this package may not
   * have it.
   */
  combined?(ms: number): void;
}

const RUNNING: unique symbol = Symbol.for('memopool.running') as never;

type Host = { [RUNNING]?: AsyncLocalStorage<Running> };

/** One for all servers and pools: every promise of the process pays for each storage there is. */
export function runningCalls(): AsyncLocalStorage<Running> {
  const host = globalThis as Host;
  host[RUNNING] ??= new AsyncLocalStorage();
  return host[RUNNING];
}

const own = runningCalls();

/** The call for which this runs; undefined outside of a pool. */
export function runningCall(): Running | undefined {
  return own.getStore();
}
