// The table of a memo bounded by entries alone: exact LRU like `Lru` in lru.ts, which is the plain version of it, but
// in numbered slots whose order is two arrays of integers. Without a node an entry and without pointers to write, a hit
// and a miss cost about two thirds (bench/hits, "recursion, bounded").
import type { MemoKey } from '../values/key.ts';
import type { Table } from './lru.ts';

/** Stands in the ring where it begins and ends: its `newer` is the oldest entry, its `older` the newest. */
const ENDS = 0;

const FIRST_CAPACITY = 16;

// Above it a clear gives the arrays of the order back.
const MOST_KEPT = 1024;

// Where the stack ends, which may be in the Map's own functions, an entry is there wholly or not at all: whenever the Map
// has changed, the order follows without a call in between.
export class LruSlots implements Table {
  readonly bytes = 0;
  readonly oversize = 0;
  readonly #maxsize: number;
  readonly #slots = new Map<MemoKey, number>();
  #keys: MemoKey[] = [undefined];
  #values: unknown[] = [undefined];
  #older = new Int32Array(FIRST_CAPACITY);
  #newer = new Int32Array(FIRST_CAPACITY);
  /** Slots from here on were never used. */
  #fresh = 1;
  /** The first of the slots given back, which are chained by `newer`; ENDS for none. */
  #free = ENDS;
  #evictions = 0;

  constructor(maxsize: number) {
    this.#maxsize = maxsize;
  }

  get size(): number {
    return this.#slots.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  get(key: MemoKey): unknown {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    const older = this.#older;
    const newest = older[ENDS] as number;
    if (slot !== newest) {
      const newer = this.#newer;
      const before = older[slot] as number;
      const after = newer[slot] as number;
      newer[before] = after;
      older[after] = before;
      newer[newest] = slot;
      older[slot] = newest;
      newer[slot] = ENDS;
      older[ENDS] = slot;
    }
    return this.#values[slot];
  }

  peek(key: MemoKey): unknown {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : this.#values[slot];
  }

  add(key: MemoKey, value: unknown): void {
    const slots = this.#slots;
    if (this.#maxsize === 0 || slots.has(key)) return;
    if (slots.size >= this.#maxsize) this.#evictOldest();
    const slot = this.#free === ENDS ? this.#fresh : this.#free;
    if (slot === this.#older.length) this.#grow();
    this.#keys[slot] = key;
    this.#values[slot] = value;
    slots.set(key, slot);
    const older = this.#older;
    const newer = this.#newer;
    if (slot === this.#fresh) this.#fresh++;
    else this.#free = newer[slot] as number;
    const newest = older[ENDS] as number;
    newer[newest] = slot;
    older[slot] = newest;
    newer[slot] = ENDS;
    older[ENDS] = slot;
  }

  delete(key: MemoKey): boolean {
    const slot = this.#slots.get(key);
    if (slot !== undefined) this.#remove(slot);
    return slot !== undefined;
  }

  /** The keys in the order of their eviction, the oldest first. */
  *keys(): Generator<MemoKey> {
    const next = (slot: number): number => this.#newer[slot] as number;
    for (let slot = next(ENDS); slot !== ENDS; slot = next(slot)) yield this.#keys[slot];
  }

  clear(): void {
    this.#slots.clear();
    this.#keys = [undefined];
    this.#values = [undefined];
    if (this.#older.length > MOST_KEPT) {
      this.#older = new Int32Array(FIRST_CAPACITY);
      this.#newer = new Int32Array(FIRST_CAPACITY);
    }
    this.#older[ENDS] = ENDS;
    this.#newer[ENDS] = ENDS;
    this.#fresh = 1;
    this.#free = ENDS;
    this.#evictions = 0;
  }

  #evictOldest(): void {
    this.#remove(this.#newer[ENDS] as number);
    this.#evictions++;
  }

  #remove(slot: number): void {
    this.#slots.delete(this.#keys[slot]);
    const older = this.#older;
    const newer = this.#newer;
    const before = older[slot] as number;
    const after = newer[slot] as number;
    newer[before] = after;
    older[after] = before;
    this.#keys[slot] = undefined;
    this.#values[slot] = undefined;
    newer[slot] = this.#free;
    this.#free = slot;
  }

  #grow(): void {
    this.#older = doubled(this.#older);
    this.#newer = doubled(this.#newer);
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
