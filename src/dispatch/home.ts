// Where one neighbourhood of calls is at home: the threads that have computed calls of it, as far as that is not long ago.
import type { Slot } from './slot.ts';

/** A slot for as long as it has the same thread. */
export interface House {
  readonly slot: Slot;
  /** How many neighbourhoods were last computed here. */
  homes: number;
  /** The thread has ended. */
  isOver: boolean;
}

/** A message on its way to a slot: one object for all its calls. */
export interface Visit {
  readonly slot: Slot;
}

interface Stay {
  readonly house: House;
  /** Which of the messages with calls of the neighbourhood came here last, counted from the first. */
  last: number;
}

// Messages to each of the other threads, after which what a thread has of the neighbourhood is no longer of much use: the
// others have gone on, or its memo has dropped it for something else.
const MOST_ABSENCES = 8;

export class Home {
  /** The latest first. */
  #stays: readonly Stay[];
  #visits = 0;
  #visit: Visit | undefined;
  #waitedMs = 0;

  /** @param visit the message with which it begins, if that was noted */
  constructor({ house, visit }: { readonly house: House; readonly visit?: Visit }) {
    this.#stays = [{ house, last: 0 }];
    this.#visit = visit;
    house.homes++;
  }

  /** No thread has anything of it any more. */
  get isOver(): boolean {
    return this.#stays.every(({ house }) => house.isOver);
  }

  /** The first of its slots that is so, beginning with the one that has computed it last: its memo has gone furthest. */
  find(isSo: (slot: Slot) => boolean): Slot | undefined {
    return this.#stays.find((stay) => this.#isWarm(stay) && isSo(stay.house.slot))?.house.slot;
  }

  has(slot: Slot): boolean {
    return this.#stays.some((stay) => stay.house.slot === slot && this.#isWarm(stay));
  }

  /** A message with a call of it goes there; whether it is warm there. */
  enter(house: House, visit: Visit): boolean {
    if (this.#visit !== visit) {
      this.#visit = visit;
      this.#visits++;
    }
    const [latest] = this.#stays;
    if (latest?.house === house && !house.isOver) {
      latest.last = this.#visits;
      return true;
    }
    const isWarm = this.has(house.slot);
    this.leave();
    const others = this.#stays.filter((stay) => stay.house !== house && this.#isWarm(stay));
    this.#stays = [{ house, last: this.#visits }, ...others];
    house.homes++;
    return isWarm;
  }

  /**
   * Whether a call should wait for so long rather than be computed where the memo is cold. What its calls have waited in all
   * comes to no more than that would have cost: then the other thread gets a warm memo too.
   */
  isWorthWaiting(ms: number, coldMs: number): boolean {
    const waitedMs = this.#waitedMs + ms;
    const isWorth = waitedMs <= coldMs;
    this.#waitedMs = isWorth ? waitedMs : 0;
    return isWorth;
  }

  /** It is forgotten. */
  leave(): void {
    const [latest] = this.#stays;
    if (latest !== undefined) latest.house.homes--;
  }

  #isWarm({ house, last }: Stay): boolean {
    return !house.isOver && this.#visits - last <= MOST_ABSENCES * this.#stays.length;
  }
}
