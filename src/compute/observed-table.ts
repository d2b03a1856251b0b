// A table that tells an observer what is done with it, and otherwise is the table inside it. It has no watch, so that a
// memo asks it at every level and warns of nothing.
import type { MemoKey } from '../values/key.ts';
import type { Table } from './lru.ts';

export interface TableObserver {
  /** Asked for `key`; what it throws goes through the memo to the function. */
  looked(key: MemoKey, isHit: boolean): void;
  /** A computation completed. */
  added(key: MemoKey): void;
  deleted(key: MemoKey): void;
  cleared(): void;
}

export class ObservedTable implements Table {
  readonly #inner: Table;
  readonly #observer: TableObserver;

  constructor(inner: Table, observer: TableObserver) {
    this.#inner = inner;
    this.#observer = observer;
  }

  get size(): number {
    return this.#inner.size;
  }

  get bytes(): number {
    return this.#inner.bytes;
  }

  get evictions(): number {
    return this.#inner.evictions;
  }

  get oversize(): number {
    return this.#inner.oversize;
  }

  get(key: MemoKey): unknown {
    const value = this.#inner.get(key);
    this.#observer.looked(key, value !== undefined);
    return value;
  }

  peek(key: MemoKey): unknown {
    return this.#inner.peek(key);
  }

  add(key: MemoKey, value: unknown, bytes: number): void {
    this.#inner.add(key, value, bytes);
    this.#observer.added(key);
  }

  delete(key: MemoKey): boolean {
    this.#observer.deleted(key);
    return this.#inner.delete(key);
  }

  entries(): Iterable<readonly [MemoKey, unknown]> {
    return this.#inner.entries();
  }

  shed(): void {
    this.#observer.cleared();
    this.#inner.shed();
  }

  clear(): void {
    this.#observer.cleared();
    this.#inner.clear();
  }
}
