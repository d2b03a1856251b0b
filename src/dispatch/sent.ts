// The calls that were sent to one thread and are not answered yet, and how far the thread is with them.
//
// They are numbered from 1 on; at most MOST_SENT are under way, so a ring holds them. What the thread is about is read
// from shared memory, whatever state its event loop is in.
import type { Clock } from '../clock.ts';
import { type Control, MOST_SENT } from '../control.ts';
import type { Phase } from '../types.ts';
import { type Batch, MOST_MS } from './batch.ts';
import type { Job } from './job.ts';

interface SentMessage {
  /** What its calls cost together; undefined when not known. */
  readonly ms: number | undefined;
  readonly sentAt: number;
}

// What has taken this long holds up what waits behind it.
const HELD_UP_MS = 5;
// What is finished before a call that takes longer than this is computed again elsewhere.
const GIVEN_UP_MS = 50;

export class Sent {
  readonly #control: Control;
  readonly #clock: Clock;
  /** By number; undefined what was answered or taken back. */
  readonly #jobs: (Job | undefined)[] = [];
  readonly #messages: SentMessage[] = [];
  #count = 0;
  /** All up to this number have been passed by the thread. */
  #passed = 0;
  #last = 0;

  constructor(control: Control, clock: Clock) {
    this.#control = control;
    this.#clock = clock;
  }

  /** Calls that are not answered. */
  get count(): number {
    return this.#count;
  }

  get passed(): number {
    return this.#passed;
  }

  /** The thread has answered nothing yet. */
  get isFirst(): boolean {
    return this.#passed === 0;
  }

  /** No message is under way. */
  get isAtRest(): boolean {
    return this.#messages.length === 0;
  }

  /** A second message may be sent, so that the thread need not wait for it: the first will soon be done. */
  get hasRoom(): boolean {
    const [message, second] = this.#messages;
    if (message?.ms === undefined || second !== undefined) return false;
    return message.ms <= MOST_MS && !this.isHeldUp;
  }

  /** Milliseconds of work that are left of what is under way; infinite when not known, or when it takes long. */
  get workMs(): number {
    const [first, second] = this.#messages;
    if (first === undefined) return 0;
    if (first.ms === undefined || this.isHeldUp) return Number.POSITIVE_INFINITY;
    // What is late by now is expected to be as late again.
    const leftMs = Math.abs(first.ms - (this.#clock.now() - first.sentAt));
    return leftMs + (second === undefined ? 0 : (second.ms ?? Number.POSITIVE_INFINITY));
  }

  /** Whether the thread is about a call, as opposed to starting, or between two. */
  get isComputing(): boolean {
    return this.#control.isComputing;
  }

  /** What stands first takes long, so that what waits behind it should not. */
  get isHeldUp(): boolean {
    const message = this.#messages[0];
    if (message === undefined) return false;
    const { phase, runningMs, resumed } = this.#control;
    const isRunning = resumed !== 0 || (phase !== 'queue' && phase !== 'load');
    return (isRunning ? runningMs : this.#clock.now() - message.sentAt) > HELD_UP_MS;
  }

  /** Numbers the calls of a message that is to be sent now; gives the first number. */
  add({ jobs, ms }: Batch): number {
    const first = this.#last + 1;
    for (const job of jobs) {
      job.seq = ++this.#last;
      this.#jobs[job.seq % MOST_SENT] = job;
      this.#control.offer(job.seq);
    }
    this.#count += jobs.length;
    this.#messages.push({ ms, sentAt: this.#clock.now() });
    return first;
  }

  /** The thread is done with all up to `seq`, and with their message if they are the last of it. */
  pass(seq: number, ended: boolean): void {
    this.#passed = seq;
    if (ended) this.#messages.shift();
  }

  at(seq: number): Job | undefined {
    return this.#jobs[seq % MOST_SENT];
  }

  remove(job: Job): void {
    this.#jobs[job.seq % MOST_SENT] = undefined;
    job.slot = undefined;
    this.#count--;
  }

  /** In the order they were sent in. */
  all(): Job[] {
    return this.#filter(() => true);
  }

  /** The call that the thread computes. */
  current(): Job | undefined {
    return this.#find((seq) => this.#control.stageOf(seq) === 'current');
  }

  /** The call that the thread is about, or will take next. */
  head(): Job | undefined {
    return this.#find((seq) => this.#control.stageOf(seq) !== 'finished');
  }

  /** Takes out calls that the thread has not begun and that may go, from the last one sent backwards; at the most `most`. */
  takeBack(most: number, mayGo: (job: Job) => boolean): Job[] {
    const taken: Job[] = [];
    for (let seq = this.#last; seq > this.#passed && taken.length < most; seq--) {
      const job = this.at(seq);
      if (job === undefined || !mayGo(job)) continue;
      if (!this.#control.revoke(seq)) break;
      this.remove(job);
      taken.push(job);
    }
    return taken.reverse();
  }

  /**
   * Takes out calls that the thread has finished and cannot tell of, because the next one keeps it: what they came to is
   * given up, as when a thread dies.
   */
  giveUp(): Job[] {
    if (!this.isComputing || this.#control.runningMs < GIVEN_UP_MS) return [];
    const jobs = this.#filter((seq) => this.#control.stageOf(seq) === 'finished');
    for (const job of jobs) this.remove(job);
    return jobs;
  }

  /**
   * How many calls wait here that another thread could begin sooner: those that stand behind one, and while this thread
   * starts the first too, if the other need not start.
   */
  waitingFor(other: 'started' | 'new'): number {
    let waiting = 0;
    for (let seq = this.#last; seq > this.#passed; seq--) {
      if (this.#control.stageOf(seq) !== 'waiting') break;
      if (this.at(seq) !== undefined) waiting++;
    }
    const takesNext = !this.isComputing && (other === 'new' || !this.isFirst);
    return takesNext ? Math.max(0, waiting - 1) : waiting;
  }

  phaseOf(job: Job): Phase {
    if (this.at(job.seq) !== job) return 'queue';
    const stage = this.#control.stageOf(job.seq);
    if (stage === 'waiting') return 'queue';
    return stage === 'current' ? this.#control.phase : 'encode';
  }

  #find(isRight: (seq: number) => boolean): Job | undefined {
    for (let seq = this.#passed + 1; seq <= this.#last; seq++) {
      const job = this.at(seq);
      if (job !== undefined && isRight(seq)) return job;
    }
    return undefined;
  }

  #filter(isRight: (seq: number) => boolean): Job[] {
    const jobs: Job[] = [];
    for (let seq = this.#passed + 1; seq <= this.#last; seq++) {
      const job = this.at(seq);
      if (job !== undefined && isRight(seq)) jobs.push(job);
    }
    return jobs;
  }
}
