// A place for one thread: sends it calls, hears its answers, ends it.
//
// A thread that ends takes one call with it, the one it was computing. The others go back to the queue: what was not
// begun has lost nothing, and what was computed and not told is computed again.
import type { Clock, Timer } from '../clock.ts';
import type { Phase } from '../types.ts';
import {
  type AdviceMessage,
  type ForgetMessage,
  type FromThread,
  type LateErrorMessage,
  type LateExitMessage,
  type RepliesMessage,
  type Reply,
  unpackReply,
} from '../wire.ts';
import { type Batch, packCalls } from './batch.ts';
import type { Crash } from './crashes.ts';
import { type Outcome, outcomeOf } from './dispatcher.ts';
import type { Job } from './job.ts';
import { isStopping, isToBeEnded, type Life, mayBeLetGo, whoEnded, whoPays } from './life.ts';
import type { MemoTotals } from './memo-totals.ts';
import { Sent } from './sent.ts';
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
  /** A call of this function was answered, and its thread goes on. */
  onSurvival(name: string): void;
  /** Calls that were sent and are to be sent again, in the order they came in. */
  onReturn(jobs: readonly Job[]): void;
  onLateError(message: LateErrorMessage | LateExitMessage): void;
  onAdvice(message: AdviceMessage): void;
  /** A thread has ended by itself; `crash` says by whom, as far as that is known. */
  onDeath(crash: Crash | undefined): void;
  /** The slot may have room now. */
  onChange(slot: Slot): void;
}

// A call that is asked to stop has this long to do so, before its thread is ended.
const GRACE_MS = 100;
// Longer while its modules are imported, which serves the next calls too: or a short deadline would never be met again.
const LOADING_GRACE_MS = 2000;

export class Slot {
  idleTimer: Timer | undefined;
  readonly #host: SlotHost;
  #life: Life | undefined;

  constructor(host: SlotHost) {
    this.#host = host;
  }

  get hasThread(): boolean {
    return this.#life !== undefined;
  }

  /** Calls here that are not answered. */
  get count(): number {
    return this.#life?.sent.count ?? 0;
  }

  /** Nothing is under way. */
  get isFree(): boolean {
    return this.#life === undefined || (this.#life.sent.isAtRest && !this.#life.isSpoiled);
  }

  /** A second message may wait here. */
  get hasRoom(): boolean {
    if (this.#life === undefined) return false;
    const { sent, isSpoiled, stopping } = this.#life;
    return !isSpoiled && stopping === undefined && sent.hasRoom;
  }

  /** Whether the thread is about a call, as opposed to starting, or between two. */
  get isComputing(): boolean {
    return this.#life?.sent.isComputing ?? false;
  }

  /** Calls here wait for another one, which may be one that is asked to stop. */
  get hasWaiting(): boolean {
    return this.count > (this.#life?.stopping === undefined ? 1 : 0);
  }

  /** What stands first here takes long, so that what waits behind it should not. */
  get isHeldUp(): boolean {
    return this.#life?.sent.isHeldUp ?? false;
  }

  send(batch: Batch): void {
    const { jobs } = batch;
    this.#host.clock.clearTimeout(this.idleTimer);
    let life: Life;
    try {
      life = this.#life ?? this.#begin();
    } catch (error) {
      for (const job of jobs) this.#host.onAnswer(job, { ok: false, error, computeMs: 0 });
      return;
    }
    for (const job of jobs) job.slot = this;
    const first = life.sent.add(batch);
    life.thread.hold(true);
    life.thread.post(['calls', first, ...packCalls(jobs)]);
  }

  /** Has the thread forget; resolves when it has. A slot without a thread has no memos. */
  forget(message: ForgetMessage): Promise<void> | undefined {
    if (this.#life === undefined) return undefined;
    const { thread, forgetting } = this.#life;
    thread.hold(true);
    thread.post(message);
    return new Promise((resolve) => forgetting.push(resolve));
  }

  /**
   * Takes a call out that nobody wants any more. One that is being computed is asked to stop, as memoized functions do;
   * the thread of one that does not is ended.
   */
  withdraw(job: Job): void {
    const life = this.#life;
    if (life === undefined || life.sent.at(job.seq) !== job) return;
    const { control } = life.thread;
    const isBegun = !control.revoke(job.seq);
    life.sent.remove(job);
    if (!isBegun || control.stageOf(job.seq) !== 'current') return;
    this.#endStopping(life); // of one before it, whose end is not told yet
    control.stop(job.seq);
    const { clock } = this.#host;
    const graceMs = control.phase === 'load' ? LOADING_GRACE_MS : GRACE_MS;
    const grace = clock.setTimeout(() => this.#endUnlessStopped(life, job.seq), graceMs);
    grace.unref(); // the thread is held
    life.stopping = { seq: job.seq, name: job.task.name, grace };
  }

  /** Calls that the thread has not begun, from the last one sent backwards; at the most `most`. */
  takeBack(most: number): Job[] {
    return this.#life?.sent.takeBack(most) ?? [];
  }

  /** Calls that the thread has finished and cannot tell of, because the next one keeps it. */
  giveUp(): Job[] {
    this.#life?.thread.read();
    return this.#life?.sent.giveUp() ?? [];
  }

  /** How many calls wait here that another thread could begin sooner. */
  waitingFor(other: 'started' | 'new'): number {
    return this.#life?.sent.waitingFor(other) ?? 0;
  }

  /** Tells the call that the thread is about, if somebody watches it. */
  observe(): void {
    const job = this.#life?.sent.head();
    if (!job?.watched || this.#life === undefined) return;
    const { control } = this.#life.thread;
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
    return this.#life?.sent.phaseOf(job) ?? 'queue';
  }

  /** Ends the thread, if there is one; gives back the calls that were here. */
  drop(): Job[] {
    if (this.#life === undefined) return [];
    const jobs = this.#life.sent.all();
    this.#leave(this.#life);
    return jobs;
  }

  #begin(): Life {
    const { clock, memoTotals } = this.#host;
    const thread = this.#host.startThread({
      onMessage: (message) => this.#receive(message),
      onDeath: () => this.#die(thread),
    });
    this.#life = {
      thread,
      memos: memoTotals.enrol(),
      sent: new Sent(thread.control, clock),
      forgetting: [],
      isSpoiled: false,
      hasFailed: false,
      lateExit: undefined,
      stopping: undefined,
    };
    return this.#life;
  }

  #receive(message: FromThread): void {
    const life = this.#life;
    if (life === undefined) return;
    switch (message[0]) {
      case 'replies':
        this.#receiveReplies(life, message);
        break;
      case 'forgotten':
        life.forgetting.shift()?.();
        break;
      case 'late-exit':
        life.lateExit = { name: message[1] };
        life.thread.hold(true); // until its death is told: what is called before waits for that
        this.#spoil(life, message);
        break;
      case 'late-error':
        this.#spoil(life, message);
        break;
      case 'advice':
        this.#host.onAdvice(message);
    }
    this.#settleDown();
  }

  // The call that left the error behind has its result; the one that runs now is innocent and goes on. Only then is the
  // thread replaced.
  #spoil(life: Life, message: LateErrorMessage | LateExitMessage): void {
    life.isSpoiled = true;
    this.#host.onReturn(life.sent.takeBack(Number.POSITIVE_INFINITY));
    this.#host.onLateError(message);
  }

  #receiveReplies(life: Life, [, first, ended, values, computeMs, ...memos]: RepliesMessage): void {
    const { sent, stopping } = life;
    sent.pass(first + values.length - 1, ended);
    if (stopping !== undefined && stopping.seq <= sent.passed) this.#endStopping(life);
    for (const [name, counts] of memos) life.memos.set(name, counts);
    // First all are taken from the slot, then told: who receives an answer may send to the slot, or drop its thread.
    const answered: { readonly job: Job; readonly reply: Reply }[] = [];
    for (let i = 0; i < values.length; i++) {
      const reply = unpackReply(values[i], computeMs[i] ?? 0);
      if (!reply.ok && reply.spoiled) life.hasFailed = true;
      const job = sent.at(first + i);
      if (job === undefined) continue; // taken back
      sent.remove(job);
      answered.push({ job, reply });
      if (reply.ok || !reply.spoiled) this.#host.onSurvival(job.task.name);
    }
    for (const { job, reply } of answered) {
      job.cost?.learn(reply.computeMs);
      this.#host.onAnswer(job, outcomeOf(reply));
    }
  }

  // After a message: a thread that cannot be trusted goes once nothing of it is awaited.
  #settleDown(): void {
    if (this.#life !== undefined && isToBeEnded(this.#life)) this.#host.onReturn(this.drop());
    const life = this.#life;
    if (life !== undefined && mayBeLetGo(life)) life.thread.hold(false);
    this.#host.onChange(this);
  }

  #endUnlessStopped(life: Life, seq: number): void {
    if (this.#life !== life || life.stopping?.seq !== seq || !isStopping(life)) return;
    this.#host.onReturn(this.drop());
    this.#host.onChange(this);
  }

  #endStopping(life: Life): void {
    if (life.stopping === undefined) return;
    const { seq, grace } = life.stopping;
    life.stopping = undefined;
    life.thread.control.unstop(seq);
    this.#host.clock.clearTimeout(grace);
  }

  #die(thread: ThreadHandle): void {
    const life = this.#life;
    if (life?.thread !== thread) return;
    const jobs = life.sent.all();
    const lost = whoPays(life);
    const [name, isLate] = [whoEnded(life), life.lateExit !== undefined];
    this.#leave(life);
    this.#host.onReturn(jobs.filter((job) => job !== lost));
    this.#host.onDeath(name === undefined ? undefined : { name, isLate, error: thread.deathOf(name) });
    if (lost !== undefined) {
      const error = thread.deathOf(name ?? (isLate ? 'An earlier call' : lost.task.name));
      this.#host.onAnswer(lost, { ok: false, error, computeMs: 0 });
    }
    this.#host.onChange(this);
  }

  #leave(life: Life): void {
    const { thread, memos, forgetting } = life;
    this.#life = undefined;
    this.#endStopping(life);
    this.#host.clock.clearTimeout(this.idleTimer);
    this.#host.memoTotals.retire(memos);
    for (const done of forgetting) done(); // a thread that is gone has no memos either
    this.#host.endThread(thread);
  }
}
