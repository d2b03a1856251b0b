// The front cache: an LRU on the main thread, shared by every function and caller of the pool, bounded by entries
// and by bytes. lru-cache keeps the order and the sizes.
import { LRUCache } from 'lru-cache';
import type { Counters } from '../stats.ts';
import { stringBytes } from '../values/weigh.ts';
import type { Answer } from '../wire.ts';

export interface CacheBounds {
  /** The most entries; null for no bound, 0 to keep none. */
  readonly maxsize: number | null;
  /** The most bytes; null for no bound. */
  readonly maxBytes: number | null;
}

interface Entry {
  readonly answer: Answer;
  readonly bytes: number;
  /** The counters of the function whose entry this is. */
  readonly counters: Counters;
}

/** Told of an entry dropped to keep the bounds. */
export type OnEvict = (counters: Counters, bytes: number) => void;

/** What an entry costs beside its key and value, in the Map and the order lists; measured by bench/entry-bytes. */
export const ENTRY_BYTES = 200;

export class FrontCache {
  readonly #bounds: CacheBounds;
  readonly #lru: LRUCache<string, Entry>;

  constructor(bounds: CacheBounds, onEvict: OnEvict = () => {}) {
    this.#bounds = bounds;
    // Never `max`: lru-cache allocates for `max` entries up front, and 1e9 would abort the process.
    this.#lru = new LRUCache<string, Entry>({
      maxSize: Math.max(1, bounds.maxBytes ?? Number.MAX_SAFE_INTEGER),
      sizeCalculation: (entry) => entry.bytes,
      dispose: (entry, _key, reason) => {
        entry.counters.currsize--;
        entry.counters.bytes -= entry.bytes;
        if (reason !== 'evict') return;
        entry.counters.evictions++;
        onEvict(entry.counters, entry.bytes);
      },
    });
  }

  get bounds(): CacheBounds {
    return this.#bounds;
  }

  /** The answer under `key`, now the most recent entry. */
  get(key: string): Answer | undefined {
    return this.#lru.get(key)?.answer;
  }

  /** The answer under `key`; moves nothing. */
  peek(key: string): Answer | undefined {
    return this.#lru.peek(key)?.answer;
  }

  /** Keeps an answer as the most recent entry, evicting the oldest until the bounds hold; one too large is counted and not kept. */
  put(key: string, answer: Answer, counters: Counters): void {
    const { maxsize, maxBytes } = this.#bounds;
    if (maxsize === 0) return;
    const bytes = ENTRY_BYTES + stringBytes(key) + answer.bytes;
    if (maxBytes !== null && bytes > maxBytes) {
      counters.oversize++;
      return;
    }
    if (maxsize !== null) while (this.#lru.size >= maxsize) this.#lru.pop();
    this.#lru.set(key, { answer, bytes, counters });
    counters.currsize++;
    counters.bytes += bytes;
  }

  /** Drops the entry under `key`; true when there was one. */
  delete(key: string): boolean {
    return this.#lru.delete(key);
  }

  /** Drops every entry, or those counted by `counters` alone. */
  clear(counters?: Counters): void {
    if (counters === undefined) {
      this.#lru.clear();
      return;
    }
    for (const [key, entry] of [...this.#lru.entries()]) {
      if (entry.counters === counters) this.#lru.delete(key);
    }
  }
}
