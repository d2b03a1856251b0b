// What a map and a stream have in common: how many calls are under way, the options that each call has, and an item's result beside its error.
import type { ListOptionsBase, Settled } from '../pool-types.ts';
import type { ItemOptions } from './list-host.ts';

// Enough to fill the messages to many workers. A larger one is no faster: its calls only live longer (bench/map).
export const DEFAULT_WINDOW = 2000;

export function callOptions({
  timeoutMs,
  deadlineMs,
  as,
}: ListOptionsBase): Omit<ItemOptions, 'signal' | 'list'> {
  return { timeoutMs, deadlineMs, as };
}

export function settledValue(index: number, value: unknown): Settled<unknown> {
  return { index, status: 'fulfilled', value };
}

export function settledError(index: number, reason: unknown): Settled<unknown> {
  return { index, status: 'rejected', reason };
}
