// The table of a memo bounded by entries alone: exact LRU like `Lru` in lru.ts, which is the plain version of it, but
// in numbered slots whose order is two arrays of integers. Without a node an entry and without pointers to write, a hit
// and a miss cost about two thirds (bench/hits, "recursion, bounded").
import type { MemoKey } from '../values/key.ts';
import { Watch, type WatchedTable, type WatchOptions } from './watch.ts';

/** Stands in the ring where it begins and ends: its `newer` is the oldest entry, its `older` the newest. */
const ENDS = 0;

/** Stands in the place of the slot of an entry that was evicted in the call under way; see watch.ts. */
const MARK = -1;

const NOTHING = new Map<MemoKey, number>();

const FIRST_CAPACITY = 16;

// Above it a clear gives the arrays of the order back.
const MOST_KEPT = 1024;

// Where the stack ends, which may be in the Map's own functions, an entry is there wholly or not at all: whenever the Map
// has changed, the order follows without a call in between.
export class LruSlots implements WatchedTable {
  readonly bytes = 0;
  readonly oversize = 0;
  readonly watch: Watch;
  readonly #maxsize: number;
  #slots = new Map<MemoKey, number>();
  /** The same, or while it is hidden an empty one. */
  #shown = this.#slots;
  /** Entries; the Map has marks beside them. */
  #size = 0;
  #keys: MemoKey[] = [undefined];
  #values: unknown[] = [undefined];
  #older = new Int32Array(FIRST_CAPACITY);
  #newer = new Int32Array(FIRST_CAPACITY);
  /** In which watched call each was added; 0 for none. */
  #born = new Int32Array(FIRST_CAPACITY);
  /** Slots from here on were never used. */
  #fresh = 1;
  /** The first of the slots given back, which are chained by `newer`; ENDS for none. */
  #free = ENDS;
  #evictions = 0;

  constructor(maxsize: number, watching: WatchOptions = {}) {
    this.#maxsize = maxsize;
    this.watch = new Watch(this, watching);
  }

  get size(): number {
    return this.#size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  get(key: MemoKey): unknown {
    const slot = this.#shown.get(key);
    if (slot === undefined) return undefined;
    const older = this.#older;
    const newest = older[ENDS] as number;
    if (slot !== newest) {
      if (slot === MARK) {
        this.watch.again(key);
        return undefined;
      }
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
    return slot === undefined || slot === MARK ? undefined : this.#values[slot];
  }

  add(key: MemoKey, value: unknown): void {
    const known = this.#slots.get(key);
    if (this.#maxsize === 0 || (known !== undefined && known !== MARK)) return;
    if (this.#size >= this.#maxsize) this.#evictOldest();
    const slots = this.#slots; // an eviction may have made another
    const slot = this.#free === ENDS ? this.#fresh : this.#free;
    if (slot === this.#older.length) this.#grow();
    this.#keys[slot] = key;
    this.#values[slot] = value;
    slots.set(key, slot);
    this.#size++;
    this.#born[slot] = this.watch.own;
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
    if (slot === undefined || slot === MARK) return false;
    this.#remove(slot);
    return true;
  }

  /** The keys in the order of their eviction, the oldest first. */
  *keys(): Generator<MemoKey> {
    const next = (slot: number): number => this.#newer[slot] as number;
    for (let slot = next(ENDS); slot !== ENDS; slot = next(slot)) yield this.#keys[slot];
  }

  *entries(): Generator<readonly [MemoKey, unknown]> {
    const next = (slot: number): number => this.#newer[slot] as number;
    for (let slot = next(ENDS); slot !== ENDS; slot = next(slot))
      yield [this.#keys[slot], this.#values[slot]];
  }

  isMarked(key: MemoKey): boolean {
    return this.#slots.get(key) === MARK;
  }

  unmark(keys: readonly MemoKey[]): void {
    if (keys.length <= this.#size) {
      for (const key of keys) if (this.#slots.get(key) === MARK) this.#slots.delete(key);
      return;
    }
    const slots = new Map<MemoKey, number>();
    for (let slot = this.#newer[ENDS] as number; slot !== ENDS; slot = this.#newer[slot] as number) {
      slots.set(this.#keys[slot], slot);
    }
    if (this.#shown === this.#slots) this.#shown = slots;
    this.#slots = slots;
  }

  hide(): void {
    this.#shown = NOTHING;
  }

  show(): void {
    this.#shown = this.#slots;
  }

  clear(): void {
    this.#drop();
    this.#evictions = 0;
  }

  shed(): void {
    this.#evictions += this.#size;
    this.#drop();
  }

  #drop(): void {
    this.#slots.clear();
    this.#size = 0;
    this.#keys = [undefined];
    this.#values = [undefined];
    if (this.#older.length > MOST_KEPT) {
      this.#older = new Int32Array(FIRST_CAPACITY);
      this.#newer = new Int32Array(FIRST_CAPACITY);
      this.#born = new Int32Array(FIRST_CAPACITY);
    }
    this.#older[ENDS] = ENDS;
    this.#newer[ENDS] = ENDS;
    this.#fresh = 1;
    this.#free = ENDS;
  }

  #evictOldest(): void {
    const slot = this.#newer[ENDS] as number;
    const { watch } = this;
    const isOwn = watch.own !== 0 && this.#born[slot] === watch.own;
    this.#remove(slot, isOwn && watch.marks(this.#keys[slot]) ? MARK : undefined);
    this.#evictions++;
  }

  #remove(slot: number, mark?: typeof MARK): void {
    if (mark === undefined) this.#slots.delete(this.#keys[slot]);
    else this.#slots.set(this.#keys[slot], mark);
    this.#size--;
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
    this.#born = doubled(this.#born);
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
