// What a list of calls asks of the pool, and what it tells to who gets the results.
import type { Share } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { PoolError } from '../errors.ts';
import type { CallerOptions } from '../front/caller.ts';
import type { Origin } from '../front/origin.ts';
import type { ResultForm } from '../types.ts';
import type { MemoKey } from '../values/key.ts';
import type { Room } from './room.ts';

/** How a call is made: alone, or as an item of a list. */
export interface ItemOptions extends CallerOptions {
  readonly as?: ResultForm | undefined;
  readonly list?: CallList | undefined;
}

/** The list that a call is an item of, as the pool sees it: both are asked in the turn in which the call is made. */
export interface CallList {
  /** Where the list was given. */
  readonly origin: Origin | undefined;
  /** The call's key is known. */
  enter(key: MemoKey): void;
  /** What the same call, earlier in the list, has had or waits for. */
  repeated(): Promise<unknown> | undefined;
}

/** What a list asks of the pool. */
export interface ListHost {
  readonly clock: Clock;
  readonly share: Share;
  readonly origin: Origin | undefined;
  /** What further calls are refused with, once the pool is closed. */
  readonly refusal: () => PoolError | undefined;
  readonly room: Room;
  /** Makes a call, as `run` does. */
  call(args: readonly unknown[], options: ItemOptions): Promise<unknown>;
}

/** Who gets the results. */
export interface Receiver {
  /** An item was read. */
  onBegin(index: number): void;
  onValue(index: number, value: unknown): void;
  onError(index: number, error: unknown): void;
  /** No more will be read. */
  onEnd(end: End): void;
  /** The caller has left. */
  onLeft(error: unknown): void;
  /** The result of an item, while it has not been handed out. */
  valueOf(index: number): { readonly value: unknown } | undefined;
}

/** Why no more is read: the list is at its end; or it threw, or the pool is closed. */
export type End = { readonly ok: true } | { readonly ok: false; readonly error: unknown };
