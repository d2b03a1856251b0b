// A place for one thread: sends it calls, hears its answers, ends it.
//
// A thread that ends takes one call with it, the one it was computing. The others go back to the queue: what was not
// begun has lost nothing, and what was computed and not told is computed again.
import type { Clock, Timer } from '../clock.ts';
import type { Phase } from '../types.ts';
import type {
  AdviceMessage,
  ForgetMessage,
  FromThread,
  HarvestMessage,
  LateErrorMessage,
  LateExitMessage,
  RecruitMessage,
  TeamMessage,
} from '../wire.ts';
import { type Batch, packCalls } from './batch.ts';
import type { Crash } from './crashes.ts';
import type { Outcome, Task } from './dispatcher.ts';
import type { Job } from './job.ts';
import {
  endStopping,
  isLateExit,
  isStopping,
  isToBeEnded,
  type Life,
  mayBeLetGo,
  whoEnded,
  whoPays,
} from './life.ts';
import type { MemoTotals } from './memo-totals.ts';
import type { DispatchObserver } from './observer.ts';
import { OpenJobs } from './open-jobs.ts';
import { GRACE_MS, OpenPort } from './open-port.ts';
import { receive } from './receive.ts';
import { Sent } from './sent.ts';
import type { Member, Teams } from './teams.ts';
import type { ThreadEvents, ThreadHandle } from './thread.ts';

/** What a slot needs of the dispatcher, and tells it. */
export interface SlotHost {
  readonly memoTotals: MemoTotals;
  readonly teams: Teams<Slot>;
  readonly clock: Clock;
  readonly observer: DispatchObserver | undefined;
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
  /** The thread of a slot asks for others to help it with a big number. */
  onRecruit(slot: Slot, message: RecruitMessage): void;
  /** Results that functions share, begun after all that the thread was told to forget. */
  onHarvest(message: HarvestMessage): void;
  /** A thread has ended by itself; `crash` says by whom, as far as that is known. */
  onDeath(crash: Crash | undefined): void;
  /** The slot may have room now. */
  onChange(slot: Slot): void;
}

// Longer while its modules are imported, which serves the next calls too: or a short deadline would never be met again.
const LOADING_GRACE_MS = 2000;

export class Slot implements Member {
  idleTimer: Timer | undefined;
  readonly #host: SlotHost;
  #life: Life | undefined;

  constructor(host: SlotHost) {
    this.#host = host;
  }

  get hasThread(): boolean {
    return this.#life !== undefined;
  }

  get canHelp(): boolean {
    return this.hasThread && this.isFree && this.openCount === 0 && this.#life?.forgetting.length === 0;
  }

  /** Calls here that are not answered. */
  get count(): number {
    return this.#life?.sent.count ?? 0;
  }

  /** Milliseconds that its thread has spent in `combine`. */
  get combinedMs(): number {
    return this.#life?.thread.control.combinedMs ?? 0;
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
    this.#host.observer?.onSend(this);
  }

  tell(message: TeamMessage): void {
    const invitation = message[0] === 'help' ? message[3] : undefined;
    this.#life?.thread.post(message, invitation === undefined ? [] : [invitation]);
    if (message[0] === 'help') this.#host.observer?.onHelp(this, true);
  }

  /**
   * Starts a thread, if there is none, before there is a call for it.
   *
   * @throws PoolError ERR_WORKER_START
   */
  start(): void {
    if (this.#life === undefined) this.#begin();
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
    if (life?.open.at(job.seq) === job) life.openPort.withdraw(job);
    if (life === undefined || life.sent.at(job.seq) !== job) return;
    const { control } = life.thread;
    const isBegun = !control.revoke(job.seq);
    life.sent.remove(job);
    if (!isBegun || control.stageOf(job.seq) !== 'current') return;
    endStopping(life, this.#host.clock); // of one before it, whose end is not told yet
    control.stop(job.seq);
    const { clock } = this.#host;
    const graceMs = control.phase === 'load' ? LOADING_GRACE_MS : GRACE_MS;
    const grace = clock.setTimeout(() => this.#endUnlessStopped(life, job.seq), graceMs);
    grace.unref(); // the thread is held
    life.stopping = { seq: job.seq, name: job.task.name, grace };
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
    const open = new OpenJobs();
    const onUnheeded = () => {
      this.#host.onReturn(this.drop());
      this.#host.onChange(this);
    };
    this.#life = {
      thread,
      memos: memoTotals.enrol(),
      sent: new Sent(thread.control, clock),
      open,
      openPort: new OpenPort({ thread, jobs: open, clock, onUnheeded }),
      forgetting: [],
      isSpoiled: false,
      hasFailed: false,
      lateExit: undefined,
      stopping: undefined,
    };
    return this.#life;
  }

  #receive(message: FromThread): void {
    if (this.#life === undefined) return;
    receive(message, { slot: this, life: this.#life, host: this.#host });
    if (message[0] !== 'harvest') this.#settleDown(); // the replies follow
  }

  // After a message: a thread that cannot be trusted goes once nothing of it is awaited.
  #settleDown(): void {
    this.#host.observer?.onSettled(this);
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
    this.#host.observer?.onEnd(this);
    endStopping(life, this.#host.clock);
    this.#host.clock.clearTimeout(this.idleTimer);
    life.openPort.close();
    this.#host.memoTotals.retire(memos);
    for (const done of forgetting) done(); // a thread that is gone has no memos either
    this.#host.endThread(thread, this);
  }
}

// Those that wait for calls of their own came before.
function allJobs({ open, sent }: Life): Job[] {
  const jobs = open.all();
  for (const job of jobs) open.remove(job);
  return [...jobs, ...sent.all()];
}
