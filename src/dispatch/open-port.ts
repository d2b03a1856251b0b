// What is said to a thread of the calls that wait there: what calls of theirs came to, and that nobody wants one any more. A
// thread that does not heed that is ended.
import type { Clock, Timer } from '../clock.ts';
import type { AsksMessage } from '../wire.ts';
import { readAsks } from './asks.ts';
import type { AskOutcome } from './dispatcher.ts';
import type { Job } from './job.ts';
import type { OpenJobs } from './open-jobs.ts';
import type { ThreadHandle } from './thread.ts';

export interface OpenPortOptions {
  readonly thread: ThreadHandle;
  readonly jobs: OpenJobs;
  readonly clock: Clock;
  /** A call goes on that nobody wants any more, or the thread hears nothing: it is to be ended. */
  onUnheeded(): void;
}

/** A call that is asked to stop has this long to do so, before its thread is ended. */
export const GRACE_MS = 100;
// A thread that computes nothing that is known hears at once what it is told; if it does not for so many looks, it never may.
const MOST_DEAF_LOOKS = 10;

export class OpenPort {
  readonly #options: OpenPortOptions;
  #watch: Timer | undefined;
  #isOver = false;

  constructor(options: OpenPortOptions) {
    this.#options = options;
  }

  /** Nobody wants a call any more that waits here. What it does now may be long, and it hears of nothing before its end. */
  withdraw(job: Job): void {
    this.#options.jobs.withdraw(job);
    this.#cancel(job.seq);
  }

  /** The same of one that was withdrawn before it was heard that it waits; `name` if it is known. */
  withdrawLate(seq: number, name: string | undefined): void {
    this.#options.jobs.addWithdrawn(seq, name);
    this.#cancel(seq);
  }

  /** A call makes calls; what they come to is told as long as the thread lives. */
  ask(job: Job, message: AsksMessage): void {
    const { slot } = job;
    for (const { number, asked } of readAsks(message)) {
      if (job.settled) return;
      job.awaited++;
      job.task.ask(asked, (outcome) => {
        if (job.slot === slot && job.awaited > 0) job.awaited--;
        this.#answer(number, outcome);
      });
    }
  }

  /** Nothing is said any more. */
  close(): void {
    this.#isOver = true;
    this.#options.clock.clearTimeout(this.#watch);
  }

  #answer(number: number, outcome: AskOutcome): void {
    const { jobs, thread } = this.#options;
    if (this.#isOver || !jobs.answer(number, outcome)) return;
    queueMicrotask(() => {
      if (this.#isOver) return;
      const { numbers, values } = jobs.takeAnswers();
      thread.post(['answers', numbers, values]);
    });
  }

  #cancel(seq: number): void {
    const { jobs, thread } = this.#options;
    jobs.noteTold();
    thread.post(['cancel', seq]);
    if (this.#watch === undefined) this.#watchWithdrawn(0);
  }

  #watchWithdrawn(deafLooks: number): void {
    const { jobs, thread, clock, onUnheeded } = this.#options;
    this.#watch = clock.setTimeout(() => {
      this.#watch = undefined;
      if (!jobs.hasWithdrawn) return;
      const { resumed, runningMs, isComputing } = thread.control;
      const goesOn = jobs.isWithdrawn(resumed) && runningMs >= GRACE_MS;
      if (goesOn || deafLooks >= MOST_DEAF_LOOKS) onUnheeded();
      else this.#watchWithdrawn(isComputing ? 0 : deafLooks + 1);
    }, GRACE_MS);
    this.#watch.unref(); // the thread is held
  }
}
