// The table of a bounded memo: exact LRU by entries and by bytes, a Map for finding and a ring for order.
import type { MemoKey } from '../values/key.ts';

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

export class Lru {
  readonly #bounds: LruBounds;
  readonly #nodes = new Map<MemoKey, Node>();
  /** The ring's fixed point: its `newer` is the oldest entry, its `older` the newest. */
  readonly #ends: Node;
  #bytes = 0;

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

  /** The bytes of all entries, as they were given to {@link add}. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry of `key`, now the most recent; undefined when there is none. */
  get(key: MemoKey): { readonly value: unknown } | undefined {
    const node = this.#nodes.get(key);
    if (node !== undefined && node !== this.#ends.older) {
      detach(node);
      this.#attachNewest(node);
    }
    return node;
  }

  /** Adds an entry as the most recent and evicts the oldest until the bounds hold; an entry already there stays. */
  add(key: MemoKey, value: unknown, bytes: number): void {
    if (this.#nodes.has(key) || bytes > this.#bounds.maxBytes || this.#bounds.maxsize === 0) return;
    const limit = this.#bounds.maxBytes - bytes;
    while (this.#nodes.size >= this.#bounds.maxsize || this.#bytes > limit) this.#evictOldest();
    const node: Node = { key, value, bytes, older: this.#ends, newer: this.#ends };
    this.#attachNewest(node);
    this.#nodes.set(key, node);
    this.#bytes += bytes;
  }

  delete(key: MemoKey): void {
    const node = this.#nodes.get(key);
    if (node !== undefined) this.#remove(node);
  }

  clear(): void {
    this.#nodes.clear();
    this.#bytes = 0;
    this.#ends.older = this.#ends;
    this.#ends.newer = this.#ends;
  }

  #evictOldest(): void {
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
