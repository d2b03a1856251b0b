// What a memo's table keeps, in bytes, where nobody weighed its entries as they came: some stand for all.
import type { MemoKey } from '../values/key.ts';
import { weigh } from '../values/weigh.ts';
import { weighRoughly } from '../values/weigh-roughly.ts';
import type { Table } from './lru.ts';

/** What an entry costs beside key and value: the Map's slot and the ring's node, as bench/entry-bytes measures them. */
export const ENTRY_BYTES = 112;

// Up to so many are all weighed, because few of them may be large.
const MOST_SAMPLES = 1024;

/** An estimate, from entries evenly spread: later ones are often larger. */
export function weighSome(table: Pick<Table, 'size' | 'entries'>): number {
  const step = Math.max(1, Math.floor(table.size / MOST_SAMPLES));
  let bytes = 0;
  let samples = 0;
  let index = 0;
  for (const [key, value] of table.entries()) {
    if (index++ % step !== 0) continue;
    bytes += weighEntry(key, value);
    samples++;
  }
  return samples === 0 ? 0 : Math.round((bytes / samples) * table.size);
}

// What is kept is the user's, a proxy maybe, whose traps throw when it is looked at.
function weighEntry(key: MemoKey, value: unknown): number {
  try {
    return ENTRY_BYTES + weigh(key) + weighRoughly(value);
  } catch {
    return ENTRY_BYTES;
  }
}
