// The front cache: an LRU on the main thread, shared by every function and caller of the pool, bounded by entries
// and by bytes. Entries are found in their function's line; one queue has them all, the least recent first.

import type { Answer } from '../answer.ts';
import { Queue } from '../queue.ts';
import type { MemoKey } from '../values/key.ts';
import { weigh } from '../values/weigh.ts';
import { Entry, type Line } from './line.ts';

export interface CacheBounds {
  /** The most entries; null for no bound, 0 to keep none. */
  readonly maxsize: number | null;
  /** The most bytes; null for no bound. */
  readonly maxBytes: number | null;
}

/** What an entry costs beside its key and value, in the Maps and the order lists; measured by bench/entry-bytes. */
export const ENTRY_BYTES = 176;

export class FrontCache {
  readonly #bounds: CacheBounds;
  readonly #onEvict: (entry: Entry) => void;
  readonly #byAge = new Queue<Entry>();
  #bytes = 0;

  /** @param onEvict told of each entry dropped to keep the bounds */
  constructor(bounds: CacheBounds, onEvict: (entry: Entry) => void = () => {}) {
    this.#bounds = bounds;
    this.#onEvict = onEvict;
  }

  /** The answer of a call, now the most recent entry. */
  get(line: Line, key: MemoKey): Answer | undefined {
    const entry = line.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#byAge.last) {
      this.#byAge.remove(entry);
      this.#byAge.push(entry);
    }
    return entry.answer;
  }

  /** The answer of a call; moves nothing. */
  peek(line: Line, key: MemoKey): Answer | undefined {
    return line.entries.get(key)?.answer;
  }

  /** Keeps an answer as the most recent entry, evicting the oldest until the bounds hold; one too large is counted and not kept. */
  put(line: Line, key: MemoKey, answer: Answer): void {
    const { maxsize, maxBytes } = this.#bounds;
    if (maxsize === 0) return;
    const bytes = ENTRY_BYTES + weigh(key) + answer.bytes;
    if (maxBytes !== null && bytes > maxBytes) {
      line.counters.oversize++;
      return;
    }
    this.delete(line, key);
    if (maxsize !== null) while (this.#byAge.size >= maxsize) this.#evictOldest();
    while (maxBytes !== null && this.#bytes + bytes > maxBytes && this.#byAge.size > 0) this.#evictOldest();
    const entry = new Entry(line, key, answer, bytes);
    this.#byAge.push(entry);
    line.entries.set(key, entry);
    line.counters.currsize++;
    line.counters.bytes += bytes;
    this.#bytes += bytes;
  }

  /** Drops the entry of a call; true when there was one. */
  delete(line: Line, key: MemoKey): boolean {
    const entry = line.entries.get(key);
    if (entry === undefined) return false;
    this.#drop(entry);
    return true;
  }

  /** Drops every entry of a line. */
  clear(line: Line): void {
    for (const entry of line.entries.values()) this.#drop(entry);
  }

  #evictOldest(): void {
    const oldest = this.#byAge.first;
    if (oldest === undefined) return;
    this.#drop(oldest);
    oldest.line.counters.evictions++;
    this.#onEvict(oldest);
  }

  #drop(entry: Entry): void {
    const { line, key, bytes } = entry;
    this.#byAge.remove(entry);
    line.entries.delete(key);
    line.counters.currsize--;
    line.counters.bytes -= bytes;
    this.#bytes -= bytes;
  }
}
