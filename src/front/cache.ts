// The front cache: an LRU on the main thread, shared by every function and caller of the pool, bounded by entries
// and by bytes. Entries are found in their function's line; one queue has them all, the least recent first.
//
// Answers that no caller of the pool has asked for are guests, what functions share and what their own calls came to: they
// use what room is free, and take no more than a quarter of the bounds from the others. A hit makes a guest one of these.
import type { Answer } from '../answer.ts';
import { Queue } from '../queue.ts';
import type { MemoKey } from '../values/key.ts';
import { weigh } from '../values/weigh.ts';
import { Entry, type Line, Mark } from './line.ts';
import type { FrontObserver } from './observer.ts';

export interface CacheBounds {
  /** The most entries; null for no bound, 0 to keep none. */
  readonly maxsize: number | null;
  /** The most bytes; null for no bound. */
  readonly maxBytes: number | null;
}

/** What an entry costs beside its key and value, in the Maps and the order lists; measured by bench/entry-bytes. */
export const ENTRY_BYTES = 184;

export class FrontCache {
  /** Told of all that happens here, while there is one. */
  observer: FrontObserver | undefined;
  readonly #maxsize: number;
  readonly #maxBytes: number;
  readonly #onEvict: (entry: Entry) => void;
  readonly #byAge = new Queue<Entry>();
  #bytes = 0;
  /** The entries that nobody has called for yet, the oldest first. */
  readonly #guests = new Queue<Mark>();
  #guestBytes = 0;

  /** @param onEvict told of each entry dropped to keep the bounds */
  constructor({ maxsize, maxBytes }: CacheBounds, onEvict: (entry: Entry) => void = () => {}) {
    this.#maxsize = maxsize ?? Number.POSITIVE_INFINITY;
    this.#maxBytes = maxBytes ?? Number.POSITIVE_INFINITY;
    this.#onEvict = onEvict;
  }

  /** The answer of a call, now the most recent entry. */
  get(line: Line, key: MemoKey): Answer | undefined {
    const entry = line.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.mark !== undefined) this.#adopt(entry, entry.mark);
    if (entry !== this.#byAge.last) {
      this.#byAge.remove(entry);
      this.#byAge.push(entry);
    }
    if (this.observer !== undefined) this.observer.onHit(line, key);
    return entry.answer;
  }

  /** The answer of a call; moves nothing. */
  peek(line: Line, key: MemoKey): Answer | undefined {
    return line.entries.get(key)?.answer;
  }

  /**
   * Keeps an answer as the most recent entry, evicting the oldest until the bounds hold: of the guests, while they have
   * more than their quarter. One too large is counted and not kept.
   */
  put(line: Line, key: MemoKey, answer: Answer): void {
    if (this.observer !== undefined) this.#tellComplete(line, key, answer);
    if (this.#maxsize === 0) return;
    const bytes = weightOf(key, answer);
    if (bytes > this.#maxBytes) {
      line.counters.oversize++;
      return;
    }
    const before = line.entries.get(key);
    if (before !== undefined) this.#drop(before);
    while (this.#byAge.size > 0 && this.#isFull(bytes)) {
      this.#evict(this.#guestsExceed(0, 0) ? this.#oldestGuest : this.#byAge.first);
    }
    this.#add(new Entry(line, key, answer, bytes));
  }

  /** The same of an answer that only workers have called for: as a guest. */
  putForWorkers(line: Line, key: MemoKey, answer: Answer): void {
    if (this.observer !== undefined) this.#tellComplete(line, key, answer);
    const bytes = weightOf(key, answer);
    if (!line.entries.has(key) && this.#mayEnter(bytes)) this.#addGuest(line, key, { answer, bytes });
  }

  /**
   * Keeps an answer that nobody has called for, as the most recent entry; one that is there already stays. Where there is
   * no room it takes the place of the oldest guest, or while guests have less than their quarter that of the oldest entry.
   *
   * @returns whether it is kept now, and was not before
   */
  putGuest(line: Line, key: MemoKey, answer: Answer): boolean {
    if (line.entries.has(key)) return false;
    const bytes = weightOf(key, answer);
    if (!this.#mayEnter(bytes)) return false;
    this.observer?.onShare(line, key, { bytes, computeMs: answer.computeMs });
    this.#addGuest(line, key, { answer, bytes });
    return true;
  }

  /** An answer that is not to be kept, as its call was forgotten while it was computed. */
  pass(line: Line, key: MemoKey, answer: Answer): void {
    if (this.observer === undefined) return;
    this.#tellComplete(line, key, answer);
    // Another computation, begun since, may have been faster.
    if (!line.entries.has(key)) this.observer.onDelete(line, key);
  }

  /** Drops the entry of a call; true when there was one. */
  delete(line: Line, key: MemoKey): boolean {
    const entry = line.entries.get(key);
    if (entry === undefined) return false;
    this.#drop(entry);
    this.observer?.onDelete(line, key);
    return true;
  }

  /** Drops every entry of a line. */
  clear(line: Line): void {
    for (const entry of line.entries.values()) this.#drop(entry);
    this.observer?.onClear(line);
  }

  #tellComplete(line: Line, key: MemoKey, answer: Answer): void {
    this.observer?.onComplete(line, key, { bytes: weightOf(key, answer), computeMs: answer.computeMs });
  }

  #isFull(bytes: number): boolean {
    return this.#byAge.size >= this.#maxsize || this.#bytes + bytes > this.#maxBytes;
  }

  /** Whether the guests, with so many more, would have more than their quarter. */
  #guestsExceed(count: number, bytes: number): boolean {
    return (
      this.#guests.size + count > Math.floor(this.#maxsize / 4) ||
      this.#guestBytes + bytes > Math.floor(this.#maxBytes / 4)
    );
  }

  // One that fits in a quarter may, as it can take that from others; a larger one where it is enough that guests go.
  #mayEnter(bytes: number): boolean {
    const fits = Math.floor(this.#maxsize / 4) >= 1 && bytes <= Math.floor(this.#maxBytes / 4);
    if (fits) return true;
    const others = this.#byAge.size - this.#guests.size;
    return others < this.#maxsize && this.#bytes - this.#guestBytes + bytes <= this.#maxBytes;
  }

  get #oldestGuest(): Entry | undefined {
    return this.#guests.first?.entry;
  }

  #addGuest(line: Line, key: MemoKey, { answer, bytes }: { answer: Answer; bytes: number }): void {
    while (this.#byAge.size > 0 && this.#isFull(bytes)) {
      this.#evict((this.#guestsExceed(1, bytes) ? this.#oldestGuest : undefined) ?? this.#byAge.first);
    }
    const entry = new Entry(line, key, answer, bytes);
    entry.mark = new Mark(entry);
    this.#guests.push(entry.mark);
    this.#guestBytes += bytes;
    this.#add(entry);
  }

  #add(entry: Entry): void {
    const { line, key, bytes } = entry;
    this.#byAge.push(entry);
    line.entries.set(key, entry);
    line.counters.currsize++;
    line.counters.bytes += bytes;
    this.#bytes += bytes;
  }

  #evict(entry: Entry | undefined): void {
    if (entry === undefined) return;
    this.#drop(entry);
    entry.line.counters.evictions++;
    this.observer?.onEvict(entry.line, entry.key);
    this.#onEvict(entry);
  }

  #drop(entry: Entry): void {
    const { line, key, bytes, mark } = entry;
    if (mark !== undefined) this.#adopt(entry, mark);
    this.#byAge.remove(entry);
    line.entries.delete(key);
    line.counters.currsize--;
    line.counters.bytes -= bytes;
    this.#bytes -= bytes;
  }

  /** The entry is no guest any more. */
  #adopt(entry: Entry, mark: Mark): void {
    this.#guests.remove(mark);
    entry.mark = undefined;
    this.#guestBytes -= entry.bytes;
  }
}

/** What an entry weighs, whatever the bounds. */
function weightOf(key: MemoKey, answer: Answer): number {
  return ENTRY_BYTES + weigh(key) + answer.bytes;
}
