// The calls that wait for a thread: those that were made from outside, in their order; and those that other calls made, the
// latest caller's first, so that a call is finished before many others are begun, and few wait half done.
import { Queue } from '../queue.ts';
import type { Job } from './job.ts';

export class Waiting {
  readonly #outer = new Queue<Job>();
  readonly #nested = new Queue<Job>();
  /** Nested calls of this turn, in the order they were made in. */
  #made: Job[] = [];
  #isOuterTurn = false;

  get size(): number {
    return this.#outer.size + this.#nested.size + this.#made.length;
  }

  /** The call that comes next if no thread is half done with another. */
  get first(): Job | undefined {
    this.#takeIn();
    return this.#nested.first ?? this.#outer.first;
  }

  add(job: Job): void {
    if (job.task.isNested) this.#made.push(job);
    else this.#outer.push(job);
  }

  /** Before all others of its kind. */
  putBack(job: Job): void {
    this.#takeIn();
    this.#queueOf(job).unshift(job);
  }

  /** False when it did not wait. */
  remove(job: Job): boolean {
    this.#takeIn();
    return this.#queueOf(job).remove(job);
  }

  shift(): Job | undefined {
    const { first } = this;
    if (first !== undefined) this.remove(first);
    return first;
  }

  *[Symbol.iterator](): Generator<Job> {
    this.#takeIn();
    for (let job = this.#nested.first; job !== undefined; job = job.next) yield job;
    for (let job = this.#outer.first; job !== undefined; job = job.next) yield job;
  }

  /**
   * Where the next calls are taken from, the one whose turn it is first: nobody waits for the whole of a large call to end.
   *
   * @param mayBegin false when so many calls from outside are half done that no other is to be begun
   */
  inTurn(mayBegin: boolean): Queue<Job>[] {
    this.#takeIn();
    if (this.#nested.size === 0) return [this.#outer];
    if (this.#outer.size === 0 || !mayBegin) return [this.#nested];
    this.#isOuterTurn = !this.#isOuterTurn;
    return this.#isOuterTurn ? [this.#outer, this.#nested] : [this.#nested, this.#outer];
  }

  #queueOf({ task }: Job): Queue<Job> {
    return task.isNested ? this.#nested : this.#outer;
  }

  #takeIn(): void {
    for (let job = this.#made.pop(); job !== undefined; job = this.#made.pop()) this.#nested.unshift(job);
  }
}
