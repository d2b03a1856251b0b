// Sends a call to a worker whose memo is warm for it, when that worker is free or nearly so.
//
// Nearly so: the call waits there less than a cold memo has been measured to cost. What the calls of a neighbourhood wait so,
// although another worker is free, comes to no more than that cost once; then the other worker computes one, and its memo
// is warm too. Where a cold memo costs little, no call waits; nor does any while a worker is free and more of them wait than
// are looked at.
//
// No call waits long for it either: MOST_PASSES messages with later calls go before it at the most, and then it goes where
// there is room. bench/affinity is what it gains.
import type { Queue } from '../queue.ts';
import type { Source } from './batch.ts';
import type { Visit } from './home.ts';
import { Homes } from './homes.ts';
import type { Job } from './job.ts';
import type { Slot } from './slot.ts';
import type { Slots } from './slots.ts';

/** Which slot has the next message, and of which calls. */
export interface Placing {
  /** Where the next message goes, and what it is taken from, which is not empty; undefined when none can go. */
  place(queue: Queue<Job>, slots: Slots): Place | undefined;
  /** Whether a slot that is free should take over a call that waits on another. */
  mayMove(job: Job, from: Slot, to: Slot): boolean;
  /** The slot's thread has told of a memo of this function for the first time, after a call that took so long. */
  onMemo(name: string, slot: Slot, ms: number): void;
  /** The slot's thread has ended. */
  onEnd(slot: Slot): void;
}

export interface Place {
  readonly slot: Slot;
  readonly calls: Source;
}

/** How many messages with later calls may go before one that waits for its home. */
const MOST_PASSES = 8;
// How many calls in a row are passed over in search of one for a slot.
const MOST_IN_A_ROW = 64;

/** First come, first served by who is free: all there is to choose with one thread. */
export const byTurn: Placing = {
  place(queue, slots) {
    const slot = slots.next();
    return slot && { slot, calls: queue };
  },
  mayMove: () => true,
  onMemo: () => {},
  onEnd: () => {},
};

export class Affinity implements Placing {
  readonly #homes = new Homes();

  onMemo(name: string, slot: Slot, ms: number): void {
    this.#homes.learn(name, slot, ms);
  }

  onEnd(slot: Slot): void {
    this.#homes.forget(slot);
  }

  place(queue: Queue<Job>, slots: Slots): Place | undefined {
    const slot = slots.next();
    if (slot === undefined) return undefined;
    if (this.#homes.isEmpty) return { slot, calls: queue };
    const passed: Job[] = [];
    for (let job = queue.first; job !== undefined && passed.length < MOST_IN_A_ROW; job = job.next) {
      const own = this.#slotFor(job, slot, slots);
      if (own !== undefined)
        return { slot: own, calls: new Choice(queue, { job, passed, slot: own }, this.#homes) };
      passed.push(job);
    }
    // More waits than was looked at: too much for the others alone.
    const [head] = passed;
    if (head === undefined || passed.length < MOST_IN_A_ROW || slots.freePlaces === 0) return undefined;
    return { slot, calls: new Choice(queue, { job: head, passed: [], slot }, this.#homes) };
  }

  mayMove({ task }: Job, from: Slot, to: Slot): boolean {
    const home = this.#homes.of(task);
    return home === undefined || home.has(to) || from.workMs >= this.#homes.coldMs(task.name);
  }

  // Undefined: it waits for a slot that has no room yet.
  #slotFor(job: Job, other: Slot, slots: Slots): Slot | undefined {
    const { task } = job;
    if (job.passes >= MOST_PASSES || !this.#homes.hasMemo(task.name)) return other;
    const home = this.#homes.of(task);
    if (home === undefined) return this.#emptiest(slots) ?? other;
    const free = home.find(({ isFree }) => isFree);
    if (free !== undefined) return free;
    const next = home.find(({ hasRoom }) => hasRoom);
    if (slots.freePlaces === 0) return next;
    const waitMs = (next ?? home.find(() => true))?.workMs ?? Number.POSITIVE_INFINITY;
    // One that stays in the queue has counted its wait when it was looked at first.
    const ms = job.passes === 0 ? waitMs : 0;
    if (!Number.isFinite(waitMs) || !home.isWorthWaiting(ms, this.#homes.coldMs(task.name))) return other;
    if (next === undefined) job.passes++;
    return next;
  }

  // What is new goes where least is at home, so that functions called in turn come to live on different threads.
  #emptiest(slots: Slots): Slot | undefined {
    let emptiest: Slot | undefined;
    for (const slot of slots) {
      if (!slot.isFree || !slot.hasThread) continue;
      if (emptiest === undefined || this.#homes.countAt(slot) < this.#homes.countAt(emptiest))
        emptiest = slot;
    }
    return emptiest;
  }
}

/** The first call of a message, and those before it in the queue. */
interface Start {
  readonly job: Job;
  readonly passed: Job[];
  readonly slot: Slot;
}

/** The calls of a queue that suit a slot, in their order. */
class Choice implements Source {
  readonly #queue: Queue<Job>;
  readonly #homes: Homes;
  readonly #visit: Visit;
  /** Between the last that was taken and the next. */
  #passed: Job[];
  #next: Job | undefined;

  constructor(queue: Queue<Job>, { job, passed, slot }: Start, homes: Homes) {
    this.#queue = queue;
    this.#homes = homes;
    this.#visit = { slot };
    this.#passed = passed;
    this.#next = job;
  }

  get first(): Job | undefined {
    return this.#next;
  }

  shift(): Job | undefined {
    const job = this.#next;
    if (job === undefined) return undefined;
    for (const one of this.#passed) one.passes++;
    this.#passed.length = 0;
    job.warmth = this.#homes.settle(job.task, this.#visit);
    this.#next = this.#find(job.next);
    this.#queue.remove(job);
    return job;
  }

  #find(from: Job | undefined): Job | undefined {
    for (let job = from; job !== undefined && this.#passed.length < MOST_IN_A_ROW; job = job.next) {
      if (this.#fits(job)) return job;
      this.#passed.push(job);
    }
    return undefined;
  }

  #fits({ task, passes }: Job): boolean {
    return passes >= MOST_PASSES || (this.#homes.of(task)?.has(this.#visit.slot) ?? true);
  }
}
