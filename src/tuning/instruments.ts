// A pool that tuning made, with an ear in it.
import type { DispatchObserver } from '../dispatch/observer.ts';
import type { FrontObserver } from '../front/observer.ts';
import type { PoolOptions } from '../options.ts';

/** What tuning needs of a pool. */
export interface MeasuredPool {
  run(name: string, args: readonly unknown[]): Promise<unknown>;
  peek(name: string, args: readonly unknown[]): unknown;
  cacheClear(): Promise<void>;
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** Who listens to a pool. */
export interface Instruments {
  readonly dispatch?: DispatchObserver;
  readonly front?: FrontObserver;
  /** No warnings about memos: what they need is in the result. */
  readonly isQuiet: true;
}

/** Makes pools: create-pool.ts gives it, as tuning stands below it. */
export type PoolMaker = (options: PoolOptions, instruments: Instruments) => MeasuredPool;
