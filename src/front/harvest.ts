// What workers share, put into the front cache: results of calls that a function made of itself or of others, and that
// nobody has called for yet. They answer calls from then on, and count neither as hits nor as misses.
import { receiveResult, type Share } from '../answer.ts';
import { decode } from '../values/decode.ts';
import { memoKey } from '../values/key.ts';
import { type HarvestGroup, type HarvestMessage, unpackReply } from '../wire.ts';
import type { FrontCache } from './cache.ts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';

/** Where it goes, and what is the pool's rule for arguments and objects. */
export interface Granary {
  readonly front: FrontCache;
  readonly ledger: Ledger;
  readonly typed: boolean;
  readonly share: Share;
}

/** Keeps what is not there and not under way: a computation under way has callers, who are told by its own answer. */
export function keepHarvest([, ...groups]: HarvestMessage, granary: Granary): void {
  for (const group of groups) {
    const [name, arity, items] = group;
    const line = granary.ledger.of(name).plain;
    const step = Math.max(1, arity);
    for (let at = 0; at < items.length; at += step) keepItem(line, group, at, granary);
  }
}

function keepItem(
  line: Line,
  [, arity, items, values, computeMs]: HarvestGroup,
  at: number,
  granary: Granary,
): void {
  const { front, typed, share } = granary;
  try {
    const key = memoKey(arity === 0 ? argumentsOf(items[at]) : items.slice(at, at + arity), typed);
    if (line.entries.has(key) || line.flights.has(key)) return;
    const index = at / Math.max(1, arity);
    const reply = unpackReply(values[index], computeMs[index] ?? 0);
    if (reply.ok && front.putGuest(line, key, receiveResult(reply, share))) line.counters.harvested++;
  } catch {
    // Nested too deeply for the stack of this thread: who calls for it is told.
  }
}

function argumentsOf(item: unknown): readonly unknown[] {
  return item instanceof Uint8Array ? (decode(item) as unknown[]) : (item as readonly unknown[]);
}
