// A place for one thread: sends it calls, hears its answers, ends it.
//
// A thread that ends takes one call with it, the one it was computing. The others go back to the queue: what was not
// begun has lost nothing, and what was computed and not told is computed again.
import type { Clock, Timer } from '../clock.ts';
import type { Phase } from '../types.ts';
import {
  type AdviceMessage,
  type AsksMessage,
  type ForgetMessage,
  type FromThread,
  type HarvestMessage,
  isWaiting,
  type LateErrorMessage,
  type LateExitMessage,
  type RepliesMessage,
  type Reply,
  type SettledMessage,
  unpackReply,
} from '../wire.ts';
import { readAsks } from './asks.ts';
import { type Batch, packCalls } from './batch.ts';
import type { Crash } from './crashes.ts';
import { type AskOutcome, type Outcome, outcomeOf, type Task } from './dispatcher.ts';
import type { Job } from './job.ts';
import {
  isLateExit,
  isStopping,
  isToBeEnded,
  type Life,
  mayBeLetGo,
  maySetBack,
  whoEnded,
  whoPays,
} from './life.ts';
import type { MemoTotals } from './memo-totals.ts';
import { OpenJobs } from './open-jobs.ts';
import { Sent } from './sent.ts';
import type { ThreadEvents, ThreadHandle } from './thread.ts';

/** What a slot needs of the dispatcher, and tells it. */
export interface SlotHost {
  readonly memoTotals: MemoTotals;
  readonly clock: Clock;
  /** @throws PoolError ERR_WORKER_START */
  startThread(events: ThreadEvents): ThreadHandle;
  /** Ends a thread that the slot has let go of. */
  endThread(thread: ThreadHandle, slot: Slot): void;
  /** The slot's thread has told of a memo of this function for the first time, after a call that took so long. */
  onMemo(name: string, slot: Slot, ms: number): void;
  onAnswer(job: Job, outcome: Outcome): void;
  /** A call of this function was answered, and its thread goes on. */
  onSurvival(name: string): void;
  /** Calls that were sent and are to be sent again, in the order they came in. */
  onReturn(jobs: readonly Job[]): void;
  onLateError(message: LateErrorMessage | LateExitMessage): void;
  onAdvice(message: AdviceMessage): void;
  /** Results that functions share, begun after all that the thread was told to forget. */
  onHarvest(message: HarvestMessage): void;
  /** A thread has ended by itself; `crash` says by whom, as far as that is known. */
  onDeath(crash: Crash | undefined): void;
  /** The slot may have room now. */
  onChange(slot: Slot): void;
}

// A call that is asked to stop has this long to do so, before its thread is ended.
const GRACE_MS = 100;
// Longer while its modules are imported, which serves the next calls too: or a short deadline would never be met again.
const LOADING_GRACE_MS = 2000;
// A thread that computes nothing that is known hears at once what it is told; if it does not for so many looks, it never may.
const MOST_DEAF_LOOKS = 10;

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

  /** A call goes on here, beside what was sent. */
  get isResuming(): boolean {
    return this.#life !== undefined && this.#life.thread.control.resumed !== 0;
  }

  /** Calls here that wait for calls of their own. */
  get openCount(): number {
    return this.#life?.open.size ?? 0;
  }

  /** Of these, those that no other call made. */
  get outerCount(): number {
    return this.#life?.open.outerCount ?? 0;
  }

  /** A second message may wait here. */
  get hasRoom(): boolean {
    if (this.#life === undefined) return false;
    const { sent, isSpoiled, stopping } = this.#life;
    return !isSpoiled && stopping === undefined && sent.hasRoom;
  }

  /** Milliseconds of work left here; infinite when not known, or when the thread is to be replaced. */
  get workMs(): number {
    if (this.#life === undefined) return 0;
    const { sent, isSpoiled, stopping } = this.#life;
    return isSpoiled || stopping !== undefined ? Number.POSITIVE_INFINITY : sent.workMs;
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
    if (life?.open.at(job.seq) === job) this.#withdrawOpen(life, job);
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

  // What it does now may be long, and it hears of nothing before that has ended.
  #withdrawOpen(life: Life, job: Job): void {
    life.open.withdraw(job);
    this.#cancel(life, job.seq);
  }

  #cancel(life: Life, seq: number): void {
    life.open.noteTold();
    life.thread.post(['cancel', seq]);
    if (life.watch === undefined) this.#watchWithdrawn(life);
  }

  #watchWithdrawn(life: Life, deafLooks = 0): void {
    life.watch = this.#host.clock.setTimeout(() => {
      life.watch = undefined;
      if (!life.open.hasWithdrawn) return;
      const { resumed, runningMs, isComputing } = life.thread.control;
      const goesOn = life.open.isWithdrawn(resumed) && runningMs >= GRACE_MS;
      if (!goesOn && deafLooks < MOST_DEAF_LOOKS) {
        this.#watchWithdrawn(life, isComputing ? 0 : deafLooks + 1);
        return;
      }
      this.#host.onReturn(this.drop());
      this.#host.onChange(this);
    }, GRACE_MS);
    life.watch.unref(); // the thread is held
  }

  /** Calls that the thread has not begun and that may go, from the last one sent backwards; at the most `most`. */
  takeBack(most: number, mayGo: (job: Job) => boolean = () => true): Job[] {
    return this.#life?.sent.takeBack(most, mayGo) ?? [];
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
    if (job.isOpen) return 'compute';
    return this.#life?.sent.phaseOf(job) ?? 'queue';
  }

  fractionOf(job: Job): number {
    const control = this.#life?.thread.control;
    return !job.isOpen && control?.stageOf(job.seq) === 'current' ? control.fraction : 0;
  }

  peersOf(job: Job): readonly Task[] {
    const open = this.#life?.open.all() ?? [];
    return open.filter((peer) => peer !== job).map(({ task }) => task);
  }

  /** Ends the thread, if there is one; gives back the calls that were here. */
  drop(): Job[] {
    if (this.#life === undefined) return [];
    const jobs = allJobs(this.#life);
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
      open: new OpenJobs(),
      watch: undefined,
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
      case 'settled':
        this.#receiveSettled(life, message);
        break;
      case 'asks':
        this.#receiveAsks(life, message);
        break;
      case 'stuck':
        life.open.noteStuck(message[1], message[2]);
        break;
      case 'forgotten':
        life.forgetting.shift()?.();
        break;
      case 'late-exit':
        life.lateExit = { name: message[1], seq: message[3] ?? 0 };
        life.thread.hold(true); // until its death is told: what is called before waits for that
        this.#spoil(life, message);
        break;
      case 'late-error':
        this.#spoil(life, message);
        break;
      case 'advice':
        this.#host.onAdvice(message);
        break;
      case 'harvest':
        // Before the thread has said that it has forgotten, what it shares may have been begun before the clear.
        if (life.forgetting.length === 0) this.#host.onHarvest(message);
        return; // the replies follow
    }
    this.#settleDown();
  }

  // The call that left the error behind has its result; the one that runs now is innocent and goes on. Only then is the
  // thread replaced.
  #spoil(life: Life, message: LateErrorMessage | LateExitMessage): void {
    life.isSpoiled = true;
    this.#host.onReturn(life.sent.takeBack(Number.POSITIVE_INFINITY, () => true));
    if (message[0] === 'late-error' || isLateExit(life)) this.#host.onLateError(message);
  }

  #receiveReplies(life: Life, [, first, ended, values, computeMs, ...memos]: RepliesMessage): void {
    const { sent, stopping } = life;
    sent.pass(first + values.length - 1, ended);
    if (stopping !== undefined && stopping.seq <= sent.passed) this.#endStopping(life);
    for (const [name, counts] of memos) {
      if (!life.memos.has(name)) this.#host.onMemo(name, this, computeMs[0] ?? 0);
      life.memos.set(name, counts);
    }
    // First all are taken from the slot, then told: who receives an answer may send to the slot, or drop its thread.
    const answered: Answered[] = [];
    for (let i = 0; i < values.length; i++) {
      const seq = first + i;
      const job = sent.at(seq);
      if (isWaiting(values[i])) {
        if (job !== undefined) this.#open(life, job);
        else this.#openWithdrawn(life, seq, stopping);
        continue;
      }
      const reply = unpackReply(values[i], computeMs[i] ?? 0);
      if (!reply.ok && reply.spoiled) life.hasFailed = true;
      if (job === undefined) continue; // taken back
      sent.remove(job);
      answered.push({ job, reply });
    }
    this.#tell(answered);
  }

  #receiveSettled(life: Life, [, seqs, values, computeMs, ...memos]: SettledMessage): void {
    for (const [name, counts] of memos) life.memos.set(name, counts);
    const answered: Answered[] = [];
    for (const [i, seq] of seqs.entries()) {
      const job = life.open.pass(seq);
      const reply = unpackReply(values[i], computeMs[i] ?? 0);
      if (!reply.ok && reply.spoiled) life.hasFailed = true;
      if (job === undefined) continue; // withdrawn
      life.open.remove(job);
      answered.push({ job, reply });
    }
    this.#tell(answered);
  }

  #tell(answered: readonly Answered[]): void {
    for (const { job, reply } of answered) {
      if (reply.ok || !reply.spoiled) this.#host.onSurvival(job.task.name);
    }
    for (const { job, reply } of answered) {
      if (!reply.ok && reply.again && maySetBack(job)) {
        this.#host.onReturn([job]);
        continue;
      }
      job.cost?.learn(reply.computeMs);
      job.warmth?.learn(reply.computeMs);
      this.#host.onAnswer(job, outcomeOf(reply));
    }
  }

  #open(life: Life, job: Job): void {
    life.sent.remove(job);
    job.slot = this;
    life.open.add(job);
    if (job.cost !== undefined) job.cost.opens = true;
    if (job.told !== 'started') {
      job.told = 'started';
      job.task.onStart(0);
    }
    job.task.onOpen();
  }

  // It was withdrawn before it was heard that it waits.
  #openWithdrawn(life: Life, seq: number, stopping: Life['stopping']): void {
    life.open.addWithdrawn(seq, stopping?.seq === seq ? stopping.name : undefined);
    this.#cancel(life, seq);
  }

  // The function may have gone on to its end by now, or be withdrawn.
  #receiveAsks(life: Life, message: AsksMessage): void {
    const [, seq] = message;
    const job = life.open.at(seq) ?? life.sent.at(seq);
    if (job === undefined) return;
    for (const { number, asked } of readAsks(message)) {
      if (job.settled) return;
      job.awaited++;
      job.task.ask(asked, (outcome) => {
        if (job.slot === this && job.awaited > 0) job.awaited--;
        this.#answer(life, number, outcome);
      });
    }
  }

  #answer(life: Life, number: number, outcome: AskOutcome): void {
    if (this.#life !== life || !life.open.answer(number, outcome)) return;
    queueMicrotask(() => {
      if (this.#life !== life) return;
      const { numbers, values } = life.open.takeAnswers();
      life.thread.post(['answers', numbers, values]);
    });
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
    const lost = whoPays(life);
    const [name, isLate] = [whoEnded(life), isLateExit(life)];
    const { resumed, phase: current } = thread.control;
    const phase = resumed !== 0 || lost?.isOpen ? 'compute' : current;
    const jobs = allJobs(life);
    this.#leave(life);
    this.#host.onReturn(jobs.filter((job) => job !== lost));
    this.#host.onDeath(name === undefined ? undefined : { name, isLate, error: thread.deathOf(name, phase) });
    if (lost !== undefined) {
      const error = thread.deathOf(name ?? (isLate ? 'An earlier call' : lost.task.name), phase);
      this.#host.onAnswer(lost, { ok: false, error, computeMs: 0 });
    }
    this.#host.onChange(this);
  }

  #leave(life: Life): void {
    const { thread, memos, forgetting } = life;
    this.#life = undefined;
    this.#endStopping(life);
    this.#host.clock.clearTimeout(this.idleTimer);
    this.#host.clock.clearTimeout(life.watch);
    this.#host.memoTotals.retire(memos);
    for (const done of forgetting) done(); // a thread that is gone has no memos either
    this.#host.endThread(thread, this);
  }
}

interface Answered {
  readonly job: Job;
  readonly reply: Reply;
}

// Those that wait for calls of their own came before.
function allJobs({ open, sent }: Life): Job[] {
  const jobs = open.all();
  for (const job of jobs) open.remove(job);
  return [...jobs, ...sent.all()];
}
