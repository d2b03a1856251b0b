// A task on its way through the dispatcher: in the queue, then on a slot, then settled.
import type { Linked } from '../queue.ts';
import type { Phase } from '../types.ts';
import type { Cost } from './cost.ts';
import type { Task, Ticket } from './dispatcher.ts';
import type { Slot } from './slot.ts';

export class Job implements Ticket, Linked<Job> {
  readonly task: Task;
  // Its links in the queue.
  next: Job | undefined;
  previous: Job | undefined;
  isQueued = false;
  /** Where it was sent. */
  slot: Slot | undefined;
  /** Its number on that slot's thread. */
  seq = 0;
  /** What calls like it cost; learnt from its own answer. */
  cost: Cost | undefined;
  /** What calls of its function cost where the memo is as warm as where it was sent; learnt likewise. */
  warmth: Cost | undefined;
  /** Answered or cancelled. */
  settled = false;
  /** Somebody must be told when it begins. */
  watched = false;
  /** How many messages with later calls went before it, while it waited for a certain slot. */
  passes = 0;
  /** Its thread was ended by another, while it was computed: it is innocent once. */
  wasRetried = false;
  /** How often it has begun again because of something that nobody is known to have done. */
  setbacks = 0;
  /** Calls that it has made where it is and that are not answered. */
  awaited = 0;
  /** It has begun and waits for calls of its own, beside what its thread computes. */
  isOpen = false;
  /** What was told of it last. */
  told: 'nothing' | 'sent' | 'started' = 'nothing';
  readonly #owner: JobOwner;

  constructor(task: Task, owner: JobOwner) {
    this.task = task;
    this.#owner = owner;
  }

  cancel(): void {
    this.#owner.cancel(this);
  }

  watch(): void {
    if (this.watched || this.settled) return;
    this.watched = true;
    this.#owner.onWatched();
  }

  get phase(): Phase {
    return this.slot?.phaseOf(this) ?? 'queue';
  }

  get peers(): readonly Task[] {
    return this.slot?.peersOf(this) ?? [];
  }

  get fraction(): number {
    return this.slot?.fractionOf(this) ?? 0;
  }
}

export interface JobOwner {
  cancel(job: Job): void;
  /** There is a job now that must be looked at. */
  onWatched(): void;
}
