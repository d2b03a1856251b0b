// A place for one thread, and the calls that were sent to it and are not answered yet.
//
// A thread that ends takes one call with it, the one it was computing. The others go back to the queue: what was not
// begun has lost nothing, and what was computed and not told is computed again.
import type { Clock, Timer } from '../clock.ts';
import { MOST_SENT } from '../control.ts';
import type { Phase } from '../types.ts';
import {
  type ForgetMessage,
  type FromThread,
  type LateErrorMessage,
  type RepliesMessage,
  type Reply,
  unpackReply,
} from '../wire.ts';
import { decodeError } from '../wire-error.ts';
import { type Batch, MOST_MS, packCalls } from './batch.ts';
import type { Outcome } from './dispatcher.ts';
import type { Job } from './job.ts';
import type { MemoTotals, ThreadMemos } from './memo-totals.ts';
import type { ThreadEvents, ThreadHandle } from './thread.ts';

/** What a slot needs of the dispatcher, and tells it. */
export interface SlotHost {
  readonly memoTotals: MemoTotals;
  readonly clock: Clock;
  /** @throws PoolError ERR_WORKER_START */
  startThread(events: ThreadEvents): ThreadHandle;
  /** Ends a thread that the slot has let go of. */
  endThread(thread: ThreadHandle): void;
  onAnswer(job: Job, outcome: Outcome): void;
  /** Calls that were sent and are to be sent again, in the order they came in. */
  onReturn(jobs: readonly Job[]): void;
  onLateError(message: LateErrorMessage): void;
  onDeath(): void;
  /** The slot may have room now. */
  onChange(slot: Slot): void;
}

interface SentMessage {
  /** What its calls cost together; undefined when not known. */
  readonly ms: number | undefined;
  readonly sentAt: number;
}

// What has taken this long holds up what waits behind it.
const HELD_UP_MS = 5;
// What is finished before a call that takes longer than this is computed again elsewhere.
const GIVEN_UP_MS = 50;

export class Slot {
  idleTimer: Timer | undefined;
  readonly #host: SlotHost;
  #thread: ThreadHandle | undefined;
  #memos: ThreadMemos | undefined;
  /** By number; undefined what was answered or taken back. */
  #jobs: (Job | undefined)[] = [];
  #count = 0;
  /** All up to this number have been passed by the thread. */
  #passed = 0;
  #last = 0;
  #messages: SentMessage[] = [];
  /** Who waits for the thread to have forgotten, in the order of the messages. */
  #forgetting: (() => void)[] = [];
  /** The thread is to be replaced once what it has begun is answered. */
  #isSpoiled = false;
  /** The thread answers no more. */
  #isStopped = false;

  constructor(host: SlotHost) {
    this.#host = host;
  }

  get hasThread(): boolean {
    return this.#thread !== undefined;
  }

  /** Calls here that are not answered. */
  get count(): number {
    return this.#count;
  }

  /** Nothing is under way. */
  get isFree(): boolean {
    return this.#messages.length === 0 && !this.#isSpoiled;
  }

  /** A second message may wait here, so that the thread need not wait for it: the first will soon be done. */
  get hasRoom(): boolean {
    const [message, second] = this.#messages;
    if (message === undefined || second !== undefined || this.#isSpoiled) return false;
    return message.ms !== undefined && message.ms <= MOST_MS && !this.isHeldUp;
  }

  send({ jobs, ms }: Batch): void {
    this.#host.clock.clearTimeout(this.idleTimer);
    let thread: ThreadHandle;
    try {
      thread = this.#ensureThread();
    } catch (error) {
      for (const job of jobs) this.#host.onAnswer(job, { ok: false, error, computeMs: 0 });
      return;
    }
    const first = this.#last + 1;
    for (const job of jobs) {
      job.slot = this;
      job.seq = ++this.#last;
      this.#jobs[job.seq % MOST_SENT] = job;
      thread.control.offer(job.seq);
    }
    this.#count += jobs.length;
    this.#messages.push({ ms, sentAt: this.#host.clock.now() });
    thread.hold(true);
    thread.post(['calls', first, ...packCalls(jobs)]);
  }

  /** Has the thread forget; resolves when it has. A slot without a thread has no memos. */
  forget(message: ForgetMessage): Promise<void> | undefined {
    const thread = this.#thread;
    if (thread === undefined) return undefined;
    thread.hold(true);
    thread.post(message);
    return new Promise((resolve) => this.#forgetting.push(resolve));
  }

  /** Takes a call out that nobody wants any more; a thread that computes it is ended. */
  withdraw(job: Job): void {
    const thread = this.#thread;
    if (thread === undefined || this.#jobAt(job.seq) !== job) return;
    const isBegun = !thread.control.revoke(job.seq);
    this.#remove(job);
    if (!isBegun || thread.control.stageOf(job.seq) !== 'current') return;
    this.#host.onReturn(this.drop());
    // Not at once: of a thousand calls that one signal aborts, each would start a thread for the next to abort.
    queueMicrotask(() => this.#host.onChange(this));
  }

  /** Calls that the thread has not begun, from the last one sent backwards; at the most `most`. */
  takeBack(most: number): Job[] {
    const taken: Job[] = [];
    for (let seq = this.#last; seq > this.#passed && taken.length < most; seq--) {
      const job = this.#jobAt(seq);
      if (job === undefined) continue;
      if (this.#thread?.control.revoke(seq) !== true) break;
      this.#remove(job);
      taken.push(job);
    }
    return taken.reverse();
  }

  /**
   * Calls that the thread has finished and cannot tell of, because the next one keeps it: what they came to is given up,
   * as when a thread dies.
   */
  giveUp(): Job[] {
    this.#thread?.read();
    const { control } = this.#thread ?? {};
    if (control === undefined || !this.isComputing || control.runningMs < GIVEN_UP_MS) return [];
    const jobs = this.#outstanding().filter(({ seq }) => control.stageOf(seq) === 'finished');
    for (const job of jobs) this.#remove(job);
    return jobs;
  }

  /**
   * How many calls wait here that another thread could begin sooner: those that stand behind one, and while this thread
   * starts the first too, if the other need not start.
   */
  waitingFor(other: 'started' | 'new'): number {
    const { control } = this.#thread ?? {};
    if (control === undefined) return 0;
    let waiting = 0;
    for (let seq = this.#last; seq > this.#passed; seq--) {
      if (control.stageOf(seq) !== 'waiting') break;
      if (this.#jobAt(seq) !== undefined) waiting++;
    }
    const takesNext = control.phase === 'queue' && (other === 'new' || !this.#isStarting);
    return takesNext ? Math.max(0, waiting - 1) : waiting;
  }

  /** Whether the thread is about a call, as opposed to starting, or between two. */
  get isComputing(): boolean {
    return this.#thread !== undefined && this.#thread.control.phase !== 'queue';
  }

  /** What stands first here takes long, so that what waits behind it should not. */
  get isHeldUp(): boolean {
    const message = this.#messages[0];
    if (message === undefined || this.#thread === undefined) return false;
    const { control } = this.#thread;
    const { phase } = control;
    const isRunning = phase !== 'queue' && phase !== 'load';
    return (isRunning ? control.runningMs : this.#host.clock.now() - message.sentAt) > HELD_UP_MS;
  }

  /** Tells the call that the thread is about, if somebody watches it. */
  observe(): void {
    const job = this.#head();
    if (!job?.watched || this.#thread === undefined) return;
    const { control } = this.#thread;
    const isRunning = control.stageOf(job.seq) === 'current' && control.phase !== 'load';
    if (isRunning && job.told !== 'started') {
      job.told = 'started';
      job.task.onStart(control.runningMs);
    } else if (!isRunning && job.told === 'nothing') {
      job.told = 'sent';
      job.task.onSend();
    }
  }

  phaseOf(job: Job): Phase {
    if (this.#thread === undefined || this.#jobAt(job.seq) !== job) return 'queue';
    const { control } = this.#thread;
    const stage = control.stageOf(job.seq);
    if (stage === 'waiting') return 'queue';
    return stage === 'current' ? control.phase : 'encode';
  }

  /** Ends the thread, if there is one; gives back the calls that were here. */
  drop(): Job[] {
    const jobs = this.#outstanding();
    const thread = this.#thread;
    this.#reset();
    if (thread !== undefined) this.#host.endThread(thread);
    return jobs;
  }

  #ensureThread(): ThreadHandle {
    if (this.#thread !== undefined) return this.#thread;
    const thread = this.#host.startThread({
      onMessage: (message) => this.#receive(message),
      onDeath: () => this.#die(thread),
    });
    this.#thread = thread;
    this.#memos = this.#host.memoTotals.enrol();
    return thread;
  }

  #receive(message: FromThread): void {
    switch (message[0]) {
      case 'replies':
        this.#receiveReplies(message);
        break;
      case 'forgotten':
        this.#forgetting.shift()?.();
        break;
      case 'late-error':
        // The call that left the error behind has its result; the one that runs now is innocent and goes on. Only then
        // is the thread replaced.
        this.#isSpoiled = true;
        this.#host.onReturn(this.takeBack(Number.POSITIVE_INFINITY));
        this.#host.onLateError(message);
    }
    this.#settleDown();
  }

  #receiveReplies([, first, ended, values, computeMs, ...memos]: RepliesMessage): void {
    if (ended) this.#messages.shift();
    this.#passed = first + values.length - 1;
    for (const [name, counts] of memos) this.#memos?.set(name, counts);
    // First all are taken from the slot, then told: who receives an answer may send to the slot, or drop its thread.
    const answered: { readonly job: Job; readonly reply: Reply }[] = [];
    for (let i = 0; i < values.length; i++) {
      const job = this.#jobAt(first + i);
      if (job === undefined) continue; // taken back
      const reply = unpackReply(values[i], computeMs[i] ?? 0);
      if (!reply.ok && reply.spoiled) this.#isStopped = true;
      this.#remove(job);
      answered.push({ job, reply });
    }
    for (const { job, reply } of answered) {
      job.cost?.learn(reply.computeMs);
      this.#host.onAnswer(job, outcomeOf(reply));
    }
  }

  // After a message: a thread that cannot be trusted goes once nothing of it is awaited.
  #settleDown(): void {
    if (this.#isStopped || (this.#isSpoiled && this.#count === 0)) this.#host.onReturn(this.drop());
    if (this.#messages.length === 0 && this.#forgetting.length === 0) this.#thread?.hold(false);
    this.#host.onChange(this);
  }

  get #isStarting(): boolean {
    return this.#passed === 0;
  }

  #die(thread: ThreadHandle): void {
    if (this.#thread !== thread) return;
    const jobs = this.#outstanding();
    // A thread that never told anything may never do so: one call has to pay for each, or threads would start for ever.
    const unbegun = this.#isStarting ? jobs[0] : undefined;
    const culprit = jobs.find((job) => thread.control.stageOf(job.seq) === 'current') ?? unbegun;
    this.#reset();
    this.#host.endThread(thread);
    this.#host.onDeath();
    this.#host.onReturn(jobs.filter((job) => job !== culprit));
    if (culprit !== undefined) {
      const error = thread.deathOf(culprit.task.name);
      this.#host.onAnswer(culprit, { ok: false, error, computeMs: 0 });
    }
    this.#host.onChange(this);
  }

  #reset(): void {
    this.#thread = undefined;
    if (this.#memos !== undefined) this.#host.memoTotals.retire(this.#memos);
    this.#memos = undefined;
    this.#jobs = [];
    this.#count = 0;
    this.#passed = 0;
    this.#last = 0;
    this.#messages = [];
    this.#isSpoiled = false;
    this.#isStopped = false;
    this.#host.clock.clearTimeout(this.idleTimer);
    for (const done of this.#forgetting) done(); // a thread that is gone has no memos either
    this.#forgetting = [];
  }

  #outstanding(): Job[] {
    const jobs: Job[] = [];
    for (let seq = this.#passed + 1; seq <= this.#last; seq++) {
      const job = this.#jobAt(seq);
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  // The call that the thread is about, or will take next.
  #head(): Job | undefined {
    for (let seq = this.#passed + 1; seq <= this.#last; seq++) {
      const job = this.#jobAt(seq);
      if (job !== undefined && this.#thread?.control.stageOf(seq) !== 'finished') return job;
    }
    return undefined;
  }

  #jobAt(seq: number): Job | undefined {
    return this.#jobs[seq % MOST_SENT];
  }

  #remove(job: Job): void {
    this.#jobs[job.seq % MOST_SENT] = undefined;
    job.slot = undefined;
    this.#count--;
  }
}

function outcomeOf(reply: Reply): Outcome {
  if (reply.ok) return reply;
  return { ok: false, error: decodeError(reply.error), computeMs: reply.computeMs };
}
