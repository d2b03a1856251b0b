// The dispatcher over threads: one queue, and slots that each hold a thread while there is work for it.
//
//   submit -> queue -> (this turn is over) -> a batch for each slot that is free -> answers -> the next batches
//
// What is queued here can be counted, bounded and taken back at no cost. A slot gets little at a time, and what waits on
// one slot behind a call that turns out long is taken back for another.
import { type Clock, systemClock, type Timer } from '../clock.ts';
import { PoolError } from '../errors.ts';
import type {
  AdviceMessage,
  ForgetMessage,
  HarvestMessage,
  LateErrorMessage,
  LateExitMessage,
  RecruitMessage,
} from '../wire.ts';
import { decodeError } from '../wire-error.ts';
import { Affinity, byTurn, type Placing } from './affinity.ts';
import { takeBatch } from './batch.ts';
import { Costs } from './cost.ts';
import { type Crash, CrashRecord } from './crashes.ts';
import {
  answer,
  type Dispatcher,
  type DispatchStats,
  type Outcome,
  type Task,
  type Ticket,
} from './dispatcher.ts';
import { Job, type JobOwner } from './job.ts';
import { MemoTotals } from './memo-totals.ts';
import type { DispatchObserver } from './observer.ts';
import { Recruiting } from './recruiting.ts';
import { Room } from './room.ts';
import { Slot, type SlotHost } from './slot.ts';
import { Slots } from './slots.ts';
import { Teams } from './teams.ts';
import type { ThreadEvents, ThreadHandle } from './thread.ts';
import { Waiting } from './waiting.ts';

export interface ThreadsOptions {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly queueSize: number;
  /** @throws PoolError ERR_WORKER_START */
  readonly startThread: (events: ThreadEvents) => ThreadHandle;
  /** Told of an error that surfaced after its call had been answered. */
  readonly onLateError: (name: string | undefined, error: unknown) => void;
  /** Told what a worker has to say of a memo; every worker says it for itself. */
  readonly onAdvice: (advice: AdviceMessage) => void;
  /** Told of results that functions share. */
  readonly onHarvest: (harvest: HarvestMessage) => void;
  /** Told what goes to the threads, when somebody measures it. */
  readonly observer?: DispatchObserver | undefined;
  /** @default the system's */
  readonly clock?: Clock;
  /** Where calls are sent. @default where the memo is warm for them */
  readonly placing?: Placing;
}

// Threads above the minimum end after this long without work.
const IDLE_MS = 10_000;

// How often what waits behind others, or for a time limit to begin, is looked at.
const PATROL_MS = 10;

// More calls from outside are not begun while others that they made wait: what is half done takes memory.
const OPEN_A_WORKER = 2;

export class Threads implements Dispatcher, JobOwner, SlotHost {
  readonly memoTotals: MemoTotals = new MemoTotals();
  readonly costs: Costs = new Costs();
  readonly teams: Teams<Slot> = new Teams();
  readonly clock: Clock;
  readonly observer: DispatchObserver | undefined;
  readonly #options: ThreadsOptions;
  readonly #queue = new Waiting();
  readonly #room: Room;
  readonly #slots: Slots;
  readonly #placing: Placing;
  readonly #crashes: CrashRecord;
  readonly #recruiting: Recruiting;
  readonly #ending = new Set<Promise<void>>();
  #drainWaiters: (() => void)[] = [];
  /** Calls not settled of which somebody must be told when they begin. */
  #watched = 0;
  #isFlushDue = false;
  #patrol: Timer | undefined;
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  #workerDeaths = 0;
  #computeMs = 0;

  constructor(options: ThreadsOptions) {
    this.clock = options.clock ?? systemClock;
    this.observer = options.observer;
    this.#options = options;
    this.#room = new Room(options);
    this.#slots = new Slots(options.maxWorkers, () => new Slot(this));
    this.#recruiting = new Recruiting(this.teams, this.#slots);
    this.#placing = options.placing ?? (options.maxWorkers > 1 ? new Affinity() : byTurn);
    this.#crashes = new CrashRecord(() => this.clock.now());
  }

  submit(task: Task): Ticket {
    const refusal = this.#crashes.refusal(task.name);
    if (refusal !== undefined) throw refusal;
    this.#room.refuseIfFull(task);
    const job = new Job(task, this);
    this.#queue.add(job);
    this.#room.enter(task);
    this.observer?.onSubmit(task);
    this.#flushSoon();
    return job;
  }

  get hasRoom(): boolean {
    return this.#room.isForLists;
  }

  onRoom(callback: () => void): void {
    this.#room.onRoom(callback);
  }

  async forget(message: ForgetMessage): Promise<void> {
    if (message[0] === 'clear') this.memoTotals.clear();
    await Promise.all([...this.#slots].map((slot) => slot.forget(message)));
    if (message[0] === 'clear') this.memoTotals.clear();
  }

  stats(): DispatchStats {
    this.#flush();
    const { sent, busy } = this.#slots;
    return {
      maxWorkers: this.#options.maxWorkers,
      workers: this.#slots.alive,
      busy,
      queued: this.#queue.size + sent - busy,
      open: this.#slots.open,
      completed: this.#completed,
      failed: this.#failed,
      inline: 0,
      cancelled: this.#cancelled,
      workerDeaths: this.#workerDeaths,
      computeMs: this.#computeMs,
      memoEntriesLost: this.memoTotals.entriesLost,
      memos: this.memoTotals.totals(),
    };
  }

  async drained(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#drainWaiters.push(resolve));
  }

  async destroy(reason: Error): Promise<void> {
    const jobs = [...this.#slots].flatMap((slot) => slot.drop());
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) jobs.push(job);
    for (const job of jobs) this.onAnswer(job, { ok: false, error: reason, computeMs: 0 });
    this.#tellDrained();
    this.clock.clearTimeout(this.#patrol);
    await Promise.all(this.#ending);
  }

  // What jobs ask for.

  cancel(job: Job): void {
    if (job.settled) return;
    this.#settle(job);
    this.#cancelled++;
    if (!this.#queue.remove(job)) job.slot?.withdraw(job);
    this.#tellDrained();
  }

  onWatched(): void {
    this.#watched++;
    this.#startPatrol();
  }

  // What slots ask for and tell.

  startThread(events: ThreadEvents): ThreadHandle {
    return this.#options.startThread(events);
  }

  onMemo(name: string, slot: Slot, ms: number): void {
    this.#placing.onMemo(name, slot, ms);
  }

  endThread(thread: ThreadHandle, slot: Slot): void {
    this.#placing.onEnd(slot);
    this.teams.end(slot);
    const end = thread.end().finally(() => this.#ending.delete(end));
    this.#ending.add(end);
  }

  onAnswer(job: Job, outcome: Outcome): void {
    if (job.settled) return;
    this.#settle(job);
    if (outcome.ok) this.#completed++;
    else this.#failed++;
    this.#computeMs += outcome.computeMs;
    answer(job.task, outcome);
  }

  onSurvival(name: string): void {
    this.#crashes.clear(name);
  }

  onReturn(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) {
      job.slot = undefined;
      this.#queue.putBack(job);
      if (this.#refuseIfCrashing(job) || job.told === 'nothing') continue;
      job.told = 'nothing';
      job.task.onSend(); // what it ran so far does not count any more
    }
  }

  onLateError(message: LateErrorMessage | LateExitMessage): void {
    const [kind, name, what] = message;
    this.#options.onLateError(name, kind === 'late-error' ? decodeError(what) : lateExitError(name, what));
  }

  onAdvice(message: AdviceMessage): void {
    this.#options.onAdvice(message);
  }

  onRecruit(slot: Slot, message: RecruitMessage): void {
    const started = this.#recruiting.ask(slot, message);
    if (started !== undefined) this.#rest(started);
  }

  onHarvest(message: HarvestMessage): void {
    this.#options.onHarvest(message);
  }

  onDeath(crash: Crash | undefined): void {
    this.#workerDeaths++;
    if (crash === undefined || !this.#crashes.add(crash)) return;
    for (const job of [...this.#queue]) this.#refuseIfCrashing(job);
  }

  onChange(slot: Slot): void {
    if (this.#queue.size === 0 && slot.isFree) this.#takeOver(slot.hasThread ? 'started' : 'new', slot);
    this.#flush();
    if (slot.count === 0) this.#rest(slot);
  }

  // What waits for a function that is refused by now would end as many threads more.
  #refuseIfCrashing(job: Job): boolean {
    const error = this.#crashes.refusal(job.task.name);
    if (error === undefined || !this.#queue.remove(job)) return false;
    this.onAnswer(job, { ok: false, error, computeMs: 0 });
    return true;
  }

  #settle(job: Job): void {
    job.settled = true;
    if (job.watched) this.#watched--;
    this.#room.leave(job.task);
  }

  // Calls made in one turn of the event loop travel together.
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      if (this.#isFlushDue) this.#flush();
    });
  }

  #flush(): void {
    this.#isFlushDue = false;
    while (this.#queue.size > 0 && this.#sendNext());
    if (this.#needsPatrol()) this.#startPatrol();
    this.#tellDrained(); // no thread could be had for the last calls
  }

  #sendNext(): boolean {
    const mayBegin = this.#slots.openOuter < OPEN_A_WORKER * this.#options.maxWorkers;
    for (const queue of this.#queue.inTurn(mayBegin)) {
      const place = this.#placing.place(queue, this.#slots);
      if (place === undefined) continue;
      const share = Math.ceil(queue.size / Math.max(1, this.#slots.freePlaces));
      place.slot.send(takeBatch(place.calls, this.costs, share));
      return true;
    }
    return false;
  }

  // For a slot without work: half of what waits on the one where most does. `to`: that slot, when it need not help, as
  // nothing is held up.
  #takeOver(by: 'started' | 'new', to?: Slot): void {
    const fullest = this.#slots.fullest(by);
    if (fullest === undefined) return;
    const { slot, waiting } = fullest;
    const mayGo = (job: Job) => to === undefined || this.#placing.mayMove(job, slot, to);
    this.onReturn(slot.takeBack(Math.ceil(waiting / 2), mayGo));
  }

  // What waits behind a long call is taken over by a free thread; without one it goes before all that is queued, so that
  // the next thread to be free has it.
  #relieve(slot: Slot): void {
    if (this.#slots.freePlaces > 0) {
      this.#takeOver(this.#slots.hasIdleThread ? 'started' : 'new');
    } else if (slot.isComputing) {
      this.onReturn(slot.takeBack(Number.POSITIVE_INFINITY));
    }
    this.onReturn(slot.giveUp()); // last, as it came first
  }

  #needsPatrol(): boolean {
    if (this.#watched > 0) return true;
    return this.#options.maxWorkers > 1 && (this.#queue.size > 0 || this.#slots.hasWaiting);
  }

  #startPatrol(): void {
    if (this.#patrol !== undefined) return;
    this.#patrol = this.clock.setTimeout(() => {
      this.#patrol = undefined;
      for (const slot of this.#slots) {
        slot.observe();
        if (this.#options.maxWorkers > 1 && slot.isHeldUp) this.#relieve(slot);
      }
      this.#flush();
    }, PATROL_MS);
    this.#patrol.unref();
  }

  #rest(slot: Slot): void {
    this.#tellDrained();
    if (!slot.hasThread || this.#options.minWorkers >= this.#options.maxWorkers) return;
    this.clock.clearTimeout(slot.idleTimer);
    slot.idleTimer = this.clock.setTimeout(() => {
      if (!slot.isFree || slot.openCount > 0 || this.#slots.alive <= this.#options.minWorkers) return;
      if (this.teams.isHelping(slot)) this.#rest(slot);
      else slot.drop();
    }, IDLE_MS);
    slot.idleTimer.unref();
  }

  #tellDrained(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#drainWaiters) resolve();
    this.#drainWaiters = [];
  }

  #isIdle(): boolean {
    return this.#queue.size === 0 && this.#slots.sent === 0 && this.#slots.open === 0;
  }
}

function lateExitError(name: string | undefined, exitCode: number): PoolError {
  return new PoolError('ERR_WORKER_EXIT', `it ended its thread with process.exit (code ${exitCode}).`, {
    details: { name, exitCode },
  });
}
