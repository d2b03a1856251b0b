// The calls of one thread that wait for calls of their own, the answers that are on their way to them, and those that nobody
// wants any more and the thread has not let go of yet.
import { packAnswer } from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import type { AskOutcome } from './dispatcher.ts';
import type { Job } from './job.ts';

export class OpenJobs {
  readonly #jobs = new Map<number, Job>();
  /** By number, the function of each, as far as it is known. */
  readonly #withdrawn = new Map<number, string | undefined>();
  /** Those that await what their thread alone could bring, and of which nothing there is under way. */
  readonly #stuck = new Set<Job>();
  /** Messages to the thread by which calls may go on. */
  #told = 0;
  #numbers: number[] = [];
  #values: unknown[] = [];

  #nested = 0;

  /** Calls here that no other call made. */
  get outerCount(): number {
    return this.#jobs.size - this.#nested;
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Nothing here is awaited. */
  get isAtRest(): boolean {
    return this.#jobs.size === 0 && this.#withdrawn.size === 0;
  }

  get hasWithdrawn(): boolean {
    return this.#withdrawn.size > 0;
  }

  add(job: Job): void {
    job.isOpen = true;
    this.#jobs.set(job.seq, job);
    if (job.task.isNested) this.#nested++;
  }

  at(seq: number): Job | undefined {
    return this.#jobs.get(seq);
  }

  all(): Job[] {
    return [...this.#jobs.values()];
  }

  /** Takes a call out: it is answered, or begins again elsewhere. */
  remove(job: Job): void {
    job.isOpen = false;
    job.slot = undefined;
    job.awaited = 0;
    if (this.#jobs.delete(job.seq) && job.task.isNested) this.#nested--;
    if (this.#stuck.delete(job)) job.task.onUnstuck(); // elsewhere it begins anew
  }

  /** Takes out a call that nobody wants any more; the thread is to be told. */
  withdraw(job: Job): void {
    this.remove(job);
    this.addWithdrawn(job.seq, job.task.name);
  }

  /** A call waits that nobody wants any more; the thread is to be told. */
  addWithdrawn(seq: number, name: string | undefined): void {
    this.#withdrawn.set(seq, name);
  }

  /** Nobody wants a call any more, and its thread has not let go of it. */
  isWithdrawn(seq: number): boolean {
    return this.#withdrawn.has(seq);
  }

  /** The thread has let go of a call. */
  pass(seq: number): Job | undefined {
    this.#withdrawn.delete(seq);
    return this.#jobs.get(seq);
  }

  /** The function of such a call. */
  withdrawnName(seq: number): string | undefined {
    return this.#withdrawn.get(seq);
  }

  /** Keeps what a call of theirs came to; gives whether it is the first of a message. */
  answer(number: number, outcome: AskOutcome): boolean {
    const value = outcome.ok
      ? packAnswer(outcome.result)
      : { ok: false, error: encodeError(outcome.error), computeMs: 0 };
    this.#values.push(value);
    const isFirst = this.#numbers.push(number) === 1;
    if (isFirst) this.noteTold();
    return isFirst;
  }

  takeAnswers(): { readonly numbers: readonly number[]; readonly values: readonly unknown[] } {
    const answers = { numbers: this.#numbers, values: this.#values };
    this.#numbers = [];
    this.#values = [];
    return answers;
  }

  /** The thread is told what calls may go on by: what it has said of them before counts no more. */
  noteTold(): void {
    this.#told++;
    for (const { task } of this.#stuck) task.onUnstuck();
    this.#stuck.clear();
  }

  /** @param heard how much of what it was told the thread knew when it said so */
  noteStuck(seq: number, heard: number): void {
    const job = this.#jobs.get(seq);
    if (job === undefined || heard !== this.#told) return;
    this.#stuck.add(job);
    job.task.onStuck();
  }
}
