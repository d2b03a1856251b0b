// The tables of a memo: exact LRU by entries and by bytes, a Map for finding and a ring for order; and the one
// without a bound, which keeps no order. lru-slots.ts has the one for a bound by entries alone.
import type { MemoKey } from '../values/key.ts';

/** What a memo needs of its table. No value is undefined, so that undefined is none: a hit makes no other look-up. */
export interface Table {
  readonly size: number;
  /** The bytes of all entries, as they were given to {@link add}. */
  readonly bytes: number;
  /** Entries dropped to keep the bounds, since the last clear. */
  readonly evictions: number;
  /** Entries too large to be kept at all, since the last clear. */
  readonly oversize: number;
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
  clear(): void;
}

interface Node {
  readonly key: MemoKey;
  readonly value: unknown;
  readonly bytes: number;
  older: Node;
  newer: Node;
}

export interface LruBounds {
  readonly maxsize: number;
  readonly maxBytes: number;
}

export class Lru implements Table {
  readonly #bounds: LruBounds;
  readonly #nodes = new Map<MemoKey, Node>();
  /** The ring's fixed point: its `newer` is the oldest entry, its `older` the newest. */
  readonly #ends: Node;
  #bytes = 0;
  #evictions = 0;
  #oversize = 0;

  constructor(bounds: LruBounds) {
    this.#bounds = bounds;
    const ends = { key: undefined, value: undefined, bytes: 0 } as unknown as Node;
    ends.older = ends;
    ends.newer = ends;
    this.#ends = ends;
  }

  get size(): number {
    return this.#nodes.size;
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
    const node = this.#nodes.get(key);
    if (node !== undefined && node !== this.#ends.older) {
      detach(node);
      this.#attachNewest(node);
    }
    return node?.value;
  }

  peek(key: MemoKey): unknown {
    return this.#nodes.get(key)?.value;
  }

  add(key: MemoKey, value: unknown, bytes: number): void {
    if (this.#bounds.maxsize === 0 || this.#nodes.has(key)) return;
    if (bytes > this.#bounds.maxBytes) {
      this.#oversize++;
      return;
    }
    const limit = this.#bounds.maxBytes - bytes;
    while (this.#nodes.size >= this.#bounds.maxsize || this.#bytes > limit) this.#evictOldest();
    const node: Node = { key, value, bytes, older: this.#ends, newer: this.#ends };
    this.#attachNewest(node);
    this.#nodes.set(key, node);
    this.#bytes += bytes;
  }

  delete(key: MemoKey): boolean {
    const node = this.#nodes.get(key);
    if (node !== undefined) this.#remove(node);
    return node !== undefined;
  }

  /** The keys in the order of their eviction, the oldest first. */
  *keys(): Generator<MemoKey> {
    for (let node = this.#ends.newer; node !== this.#ends; node = node.newer) yield node.key;
  }

  clear(): void {
    this.#nodes.clear();
    this.#bytes = 0;
    this.#evictions = 0;
    this.#oversize = 0;
    this.#ends.older = this.#ends;
    this.#ends.newer = this.#ends;
  }

  #evictOldest(): void {
    this.#evictions++;
    this.#remove(this.#ends.newer);
  }

  #remove(node: Node): void {
    this.#nodes.delete(node.key);
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

function detach(node: Node): void {
  node.older.newer = node.newer;
  node.newer.older = node.older;
}

/** Without a bound no order is needed: hits do not touch the table. */
export class Everything implements Table {
  readonly bytes = 0;
  readonly evictions = 0;
  readonly oversize = 0;
  readonly #values = new Map<MemoKey, unknown>();

  get size(): number {
    return this.#values.size;
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

  clear(): void {
    this.#values.clear();
  }
}
