// A first-in-first-out queue from whose middle an item can be taken in constant time: a caller who leaves must
// not cost a walk over all who wait.

/** An item's place in the queue; give it back to {@link Queue.remove}. */
export interface Place<T> {
  readonly item: T;
}

interface Link<T> extends Place<T> {
  next: Link<T> | undefined;
  previous: Link<T> | undefined;
  waiting: boolean;
}

export class Queue<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): Place<T> {
    const link: Link<T> = { item, next: undefined, previous: this.#last, waiting: true };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#size++;
    return link;
  }

  shift(): T | undefined {
    const first = this.#first;
    if (first !== undefined) this.#unlink(first);
    return first?.item;
  }

  /** Takes the item at `place` out; false when it had left already. */
  remove(place: Place<T>): boolean {
    const link = place as Link<T>;
    if (!link.waiting) return false;
    this.#unlink(link);
    return true;
  }

  #unlink(link: Link<T>): void {
    if (link.previous === undefined) this.#first = link.next;
    else link.previous.next = link.next;
    if (link.next === undefined) this.#last = link.previous;
    else link.next.previous = link.previous;
    link.waiting = false;
    // Who holds the place of one that left must not hold all that came after it.
    link.next = undefined;
    link.previous = undefined;
    this.#size--;
  }
}
