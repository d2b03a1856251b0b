// What a pool tells on `node:diagnostics_channel`; nothing is made for a channel that nobody listens to.
import { type Channel, channel } from 'node:diagnostics_channel';

/** A call answered from the front cache, or one that joined a computation under way. */
export interface CallEvent {
  readonly name: string;
}

export interface CompleteEvent extends CallEvent {
  /** Milliseconds the function took in its worker. */
  readonly computeMs: number;
  /** What the result weighs. */
  readonly bytes: number;
}

export interface ErrorEvent extends CallEvent {
  readonly error: unknown;
}

export interface EvictEvent extends CallEvent {
  /** What the entry weighed. */
  readonly bytes: number;
}

/** `name` is undefined when everything was cleared. */
export interface ClearEvent {
  readonly name: string | undefined;
}

/** A channel of one kind of event: publish only when it has subscribers. */
type Told<E> = Pick<Channel, 'hasSubscribers'> & { publish(event: E): void };

export const hitChannel: Told<CallEvent> = channel('memopool:hit');
export const joinChannel: Told<CallEvent> = channel('memopool:join');
export const missChannel: Told<CallEvent> = channel('memopool:miss');
export const completeChannel: Told<CompleteEvent> = channel('memopool:complete');
export const errorChannel: Told<ErrorEvent> = channel('memopool:error');
export const evictChannel: Told<EvictEvent> = channel('memopool:evict');
export const clearChannel: Told<ClearEvent> = channel('memopool:clear');

/** Publishes what `makeEvent` makes, when somebody listens. */
export function tell<E>(told: Told<E>, makeEvent: () => E): void {
  if (told.hasSubscribers) told.publish(makeEvent());
}
