// The places for threads, which are made as they are needed.
import type { Slot } from './slot.ts';

export class Slots implements Iterable<Slot> {
  readonly #most: number;
  readonly #make: () => Slot;
  readonly #slots: Slot[] = [];

  /** @param most how many there may be */
  constructor(most: number, make: () => Slot) {
    this.#most = most;
    this.#make = make;
  }

  [Symbol.iterator](): Iterator<Slot> {
    return this.#slots[Symbol.iterator]();
  }

  /** Threads alive. */
  get alive(): number {
    return this.#slots.filter(({ hasThread }) => hasThread).length;
  }

  /** Threads that compute. */
  get busy(): number {
    return this.#slots.filter(({ count }) => count > 0).length;
  }

  /** Calls that were sent and are not answered. */
  get sent(): number {
    return this.#slots.reduce((sum, { count }) => sum + count, 0);
  }

  /** Calls that have begun and wait for calls of their own. */
  get open(): number {
    return this.#slots.reduce((sum, { openCount }) => sum + openCount, 0);
  }

  /** Of these, those that no other call made. */
  get openOuter(): number {
    return this.#slots.reduce((sum, { outerCount }) => sum + outerCount, 0);
  }

  /** How many could begin a message at once. */
  get freePlaces(): number {
    return this.#most - this.#slots.filter(({ isFree }) => !isFree).length;
  }

  /** A thread has nothing to do. */
  get hasIdleThread(): boolean {
    return this.#slots.some(({ isFree, hasThread }) => isFree && hasThread);
  }

  /** Calls wait on some thread behind others. */
  get hasWaiting(): boolean {
    return this.#slots.some(({ hasWaiting }) => hasWaiting);
  }

  /** Where the next message goes: to a slot at rest, one that has a thread first; or a new one; or one with room left. */
  next(): Slot | undefined {
    const free =
      this.#slots.find(({ isFree, hasThread, isResuming }) => isFree && hasThread && !isResuming) ??
      this.#slots.find(({ isFree, hasThread }) => isFree && hasThread) ??
      this.#slots.find(({ isFree }) => isFree);
    if (free !== undefined) return free;
    return this.#slots.length < this.#most ? this.#add() : this.#slots.find(({ hasRoom }) => hasRoom);
  }

  /** A place where a thread could be started. */
  unstarted(): Slot | undefined {
    const empty = this.#slots.find(({ hasThread }) => !hasThread);
    return empty ?? (this.#slots.length < this.#most ? this.#add() : undefined);
  }

  /** The slot where most calls wait that another thread could begin sooner, and how many. */
  fullest(other: 'started' | 'new'): { readonly slot: Slot; readonly waiting: number } | undefined {
    let fullest: { readonly slot: Slot; readonly waiting: number } | undefined;
    for (const slot of this.#slots) {
      const waiting = slot.waitingFor(other);
      if (waiting > (fullest?.waiting ?? 0)) fullest = { slot, waiting };
    }
    return fullest;
  }

  #add(): Slot {
    const slot = this.#make();
    this.#slots.push(slot);
    return slot;
  }
}
