// What the world around simulated threads offers them, and what it is told.

import { decodeArguments } from '../../src/compute/evaluate.ts';
import type { Registry } from '../../src/compute/registry.ts';
import type { CallsMessage, RepliesMessage } from '../../src/wire.ts';
import type { DeathKind } from './faults.ts';
import { argsKeyOf, type Cause, type Flight, keyOf } from './model.ts';
import type { SimThread } from './sim-thread.ts';
import type { Side, Timeline } from './timeline.ts';

/** What the world around threads offers them. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly main: Side;
  readonly maxWorkers: number;
  say(line: string): void;
  /** A moment at which another thread may act in between. */
  interleave(): void;
  /** How long a message is on its way. */
  latency(): number;
  /** How long ending a thread takes. */
  endMs(): number;
  /** Told when the thread dies by itself, by what an earlier call left behind or not; gives the number of the death. */
  onDeath(thread: SimThread, kind: DeathKind | 'start', cause: Cause): number;
  /** How long a call goes on that is to stop. */
  stopMs(): number;
  /** Who waits for a call that is sent now, if that is one flight. */
  flightOf(key: string): Flight | undefined;
  registryFor(thread: SimThread): Registry;
}

/** A call as it was sent. */
export interface SentCall {
  readonly key: string;
  readonly flight: Flight | undefined;
}

/** Notes the calls of a message by their numbers. */
export function noteCalls(
  sent: SentCall[],
  [, first, ...groups]: CallsMessage,
  flightOf: Surroundings['flightOf'],
): void {
  sent.length = first;
  for (const [name, form, arity, items] of groups) {
    const step = Math.max(1, arity);
    for (let at = 0; at < items.length; at += step) {
      const args = arity === 0 ? (items[at] as readonly unknown[] | Uint8Array) : items.slice(at, at + step);
      const key = keyOf(argsKeyOf(name, decodeArguments(args)), form);
      sent.push({ key, flight: flightOf(key) });
    }
  }
}

/** One message of what would have been two. */
export function mergeReplies(one: RepliesMessage, other: RepliesMessage): RepliesMessage {
  const [kind, first, , values, computeMs, ...memos] = one;
  const [, , ended, moreValues, moreMs, ...moreMemos] = other;
  return [kind, first, ended, [...values, ...moreValues], [...computeMs, ...moreMs], ...memos, ...moreMemos];
}
