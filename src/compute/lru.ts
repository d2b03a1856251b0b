// The tables of a memo: exact LRU by entries and by bytes, a Map for finding and a ring for order; and the one
// without a bound, which keeps no order. lru-slots.ts has the one for a bound by entries alone.
import type { MemoKey } from '../values/key.ts';
import { Watch, type WatchedTable, type WatchOptions } from './watch.ts';

/** What a memo needs of its table. No value is undefined, so that undefined is none: a hit makes no other look-up. */
export interface Table {
  readonly size: number;
  /** The bytes of all entries, as they were given to {@link add}. */
  readonly bytes: number;
  /** Entries dropped to keep the bounds, since the last clear. */
  readonly evictions: number;
  /** Entries too large to be kept at all, since the last clear. */
  readonly oversize: number;
  /** Of a table that evicts. */
  readonly watch?: Watch;
  /** The value of `key`, whose entry is now the most recent; undefined when there is none. */
  get(key: MemoKey): unknown;
  /** The value of `key`; moves nothing. */
  peek(key: MemoKey): unknown;
  /**
   * Adds an entry as the most recent and evicts the oldest until the bounds hold. Of an entry already there a bounded
   * table keeps the value, the one without a bound takes the new one; so do Python's.
   */
  add(key: MemoKey, value: unknown, bytes: number): void;
  /** True when there was an entry. */
  delete(key: MemoKey): boolean;
  /** The oldest first, or as they came. */
  entries(): Iterable<readonly [MemoKey, unknown]>;
  /** Drops every entry, counted as evicted. */
  shed(): void;
  clear(): void;
}

interface Node {
  readonly key: MemoKey;
  readonly value: unknown;
  readonly bytes: number;
  /** In which watched call it was added; 0 for none. */
  readonly born: number;
  older: Node;
  newer: Node;
}

export interface LruBounds {
  readonly maxsize: number;
  readonly maxBytes: number;
}

// Stands in the place of an entry that was evicted in the call under way; see watch.ts.
const MARK = makeEnds();

const NOTHING = new Map<MemoKey, Node>();

export class Lru implements WatchedTable {
  readonly watch: Watch;
  readonly #bounds: LruBounds;
  #nodes = new Map<MemoKey, Node>();
  /** The same, or while it is hidden an empty one. */
  #shown = this.#nodes;
  /** The ring's fixed point: its `newer` is the oldest entry, its `older` the newest. */
  readonly #ends: Node = makeEnds();
  /** Entries; the Map has marks beside them. */
  #size = 0;
  #bytes = 0;
  #evictions = 0;
  #oversize = 0;

  constructor(bounds: LruBounds, watching: WatchOptions = {}) {
    this.#bounds = bounds;
    this.watch = new Watch(this, watching);
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get evictions(): number {
    return this.#evictions;
  }

  get oversize(): number {
    return this.#oversize;
  }

  get(key: MemoKey): unknown {
    const node = this.#shown.get(key);
    if (node !== undefined && node !== this.#ends.older) {
      if (node === MARK) {
        this.watch.again(key);
        return undefined;
      }
      detach(node);
      this.#attachNewest(node);
    }
    return node?.value;
  }

  peek(key: MemoKey): unknown {
    return this.#nodes.get(key)?.value;
  }

  add(key: MemoKey, value: unknown, bytes: number): void {
    const known = this.#nodes.get(key);
    if (this.#bounds.maxsize === 0 || (known !== undefined && known !== MARK)) return;
    if (bytes > this.#bounds.maxBytes) {
      this.#oversize++;
      return;
    }
    const limit = this.#bounds.maxBytes - bytes;
    while (this.#size >= this.#bounds.maxsize || this.#bytes > limit) this.#evictOldest();
    const born = this.watch.own;
    const node: Node = { key, value, bytes, born, older: this.#ends, newer: this.#ends };
    this.#attachNewest(node);
    this.#nodes.set(key, node);
    this.#size++;
    this.#bytes += bytes;
  }

  delete(key: MemoKey): boolean {
    const node = this.#nodes.get(key);
    if (node === undefined || node === MARK) return false;
    this.#remove(node);
    return true;
  }

  /** The keys in the order of their eviction, the oldest first. */
  *keys(): Generator<MemoKey> {
    for (let node = this.#ends.newer; node !== this.#ends; node = node.newer) yield node.key;
  }

  *entries(): Generator<readonly [MemoKey, unknown]> {
    for (let node = this.#ends.newer; node !== this.#ends; node = node.newer) yield [node.key, node.value];
  }

  isMarked(key: MemoKey): boolean {
    return this.#nodes.get(key) === MARK;
  }

  unmark(keys: readonly MemoKey[]): void {
    if (keys.length <= this.#size) {
      for (const key of keys) if (this.#nodes.get(key) === MARK) this.#nodes.delete(key);
      return;
    }
    const nodes = new Map<MemoKey, Node>();
    for (let node = this.#ends.newer; node !== this.#ends; node = node.newer) nodes.set(node.key, node);
    if (this.#shown === this.#nodes) this.#shown = nodes;
    this.#nodes = nodes;
  }

  hide(): void {
    this.#shown = NOTHING;
  }

  show(): void {
    this.#shown = this.#nodes;
  }

  clear(): void {
    this.#drop();
    this.#evictions = 0;
    this.#oversize = 0;
  }

  shed(): void {
    this.#evictions += this.#size;
    this.#drop();
  }

  #drop(): void {
    this.#nodes.clear();
    this.#size = 0;
    this.#bytes = 0;
    this.#ends.older = this.#ends;
    this.#ends.newer = this.#ends;
  }

  #evictOldest(): void {
    const node = this.#ends.newer;
    const { watch } = this;
    const isOwn = watch.own !== 0 && node.born === watch.own;
    this.#remove(node, isOwn && watch.marks(node.key) ? MARK : undefined);
    this.#evictions++;
  }

  #remove(node: Node, mark?: Node): void {
    if (mark === undefined) this.#nodes.delete(node.key);
    else this.#nodes.set(node.key, mark);
    this.#size--;
    this.#bytes -= node.bytes;
    detach(node);
  }

  #attachNewest(node: Node): void {
    const newest = this.#ends.older;
    newest.newer = node;
    node.older = newest;
    node.newer = this.#ends;
    this.#ends.older = node;
  }
}

// A node that is its own neighbour.
function makeEnds(): Node {
  const ends = { key: undefined, value: undefined, bytes: 0, born: 0 } as unknown as Node;
  ends.older = ends;
  ends.newer = ends;
  return ends;
}

function detach(node: Node): void {
  node.older.newer = node.newer;
  node.newer.older = node.older;
}

/** Without a bound no order is needed: hits do not touch the table. */
export class Everything implements Table {
  readonly bytes = 0;
  readonly oversize = 0;
  #evictions = 0;
  readonly #values = new Map<MemoKey, unknown>();

  get size(): number {
    return this.#values.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  get(key: MemoKey): unknown {
    return this.#values.get(key);
  }

  peek(key: MemoKey): unknown {
    return this.#values.get(key);
  }

  add(key: MemoKey, value: unknown): void {
    this.#values.set(key, value);
  }

  delete(key: MemoKey): boolean {
    return this.#values.delete(key);
  }

  entries(): Iterable<readonly [MemoKey, unknown]> {
    return this.#values;
  }

  shed(): void {
    this.#evictions += this.#values.size;
    this.#values.clear();
  }

  clear(): void {
    this.#evictions = 0;
    this.#values.clear();
  }
}
