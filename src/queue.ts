// A queue from whose middle an item can be taken in constant time: what orders the calls that wait, where a caller who
// leaves must not cost a walk over all others, and the entries of the front cache, where a hit makes one the most recent.
// Items carry their links themselves, because there may be a hundred thousand.

/** What an item of a {@link Queue} brings along; the queue's own. An item stands in one queue at a time. */
export interface Linked<T> {
  next: T | undefined;
  previous: T | undefined;
  isQueued: boolean;
}

export class Queue<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The item that comes next. */
  get first(): T | undefined {
    return this.#first;
  }

  /** The item that comes after all others. */
  get last(): T | undefined {
    return this.#last;
  }

  push(item: T): void {
    item.previous = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#enter(item);
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    item.next = this.#first;
    if (this.#first === undefined) this.#last = item;
    else this.#first.previous = item;
    this.#first = item;
    this.#enter(item);
  }

  shift(): T | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes an item out; false when it had left already. */
  remove(item: T): boolean {
    if (!item.isQueued) return false;
    if (item.previous === undefined) this.#first = item.next;
    else item.previous.next = item.next;
    if (item.next === undefined) this.#last = item.previous;
    else item.next.previous = item.previous;
    item.isQueued = false;
    // Who holds one that left must not hold all that came after it.
    item.next = undefined;
    item.previous = undefined;
    this.#size--;
    return true;
  }

  #enter(item: T): void {
    item.isQueued = true;
    this.#size++;
  }
}
