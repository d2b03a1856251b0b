// The dispatcher over threads: one queue, and slots that each hold a thread while there is work for it.
//
// A slot has at most one message under way, so a thread that dies takes one call with it, and what is queued
// here can be counted, bounded and taken back. Between two calls a slot first does what must come before the
// next: forget what was cleared, drop a thread that cannot be trusted any more.
import { PoolError } from '../errors.ts';
import type { Phase } from '../types.ts';
import type { CallMessage, ForgetMessage, LateErrorMessage, Reply } from '../wire.ts';
import { decodeError } from '../wire-error.ts';
import type { Dispatcher, DispatchStats, Outcome, Task, Ticket } from './dispatcher.ts';
import { MemoTotals, type ThreadMemos } from './memo-totals.ts';
import { type Place, Queue } from './queue.ts';
import type { Thread } from './thread.ts';
import { type StartOptions, ThreadStarter } from './thread-starter.ts';

export interface ThreadsOptions {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly queueSize: number;
  readonly thread: StartOptions;
  /** Told of an error that surfaced after its call had been answered. */
  readonly onLateError: (name: string | undefined, error: unknown) => void;
  /** Told once when threads get a smaller stack than was asked for. */
  readonly onSmallerStack: (stackSizeMb: number) => void;
}

/** A task in the queue or on a slot. */
interface Job {
  readonly id: number;
  readonly task: Task;
  place: Place<Job> | undefined;
  slot: Slot | undefined;
  settled: boolean;
}

interface Forgetting {
  readonly message: ForgetMessage;
  readonly done: () => void;
}

/** A place for one thread. */
interface Slot {
  thread: Thread | undefined;
  /** The call under way. */
  job: Job | undefined;
  /** Something is under way, a call or a clear. */
  busy: boolean;
  /** What this slot's thread must forget before anything else runs here, and who waits for it. */
  forgetting: Forgetting[];
  /** The counters of the thread's memos. */
  memos: ThreadMemos | undefined;
  /** To be replaced before the next call. */
  spoiled: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

// Threads above the minimum end after this long without work.
const IDLE_MS = 10_000;

export class Threads implements Dispatcher {
  readonly #options: ThreadsOptions;
  readonly #starter: ThreadStarter;
  readonly #queue = new Queue<Job>();
  readonly #slots: Slot[] = [];
  readonly #ending = new Set<Promise<void>>();
  readonly #memoTotals = new MemoTotals();
  #drainWaiters: (() => void)[] = [];
  #nextId = 1;
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  #workerDeaths = 0;
  #computeMs = 0;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#starter = new ThreadStarter(options.thread, options.onSmallerStack);
  }

  submit(task: Task): Ticket {
    const job: Job = { id: this.#nextId++, task, place: undefined, slot: undefined, settled: false };
    // While others wait nobody goes before them, not even to a slot that has just been left.
    const slot = this.#queue.size === 0 ? this.#freeSlot() : undefined;
    if (slot !== undefined) this.#start(slot, job);
    else this.#enqueue(job);
    return {
      cancel: () => this.#cancel(job),
      get phase(): Phase {
        return job.slot?.thread?.phase ?? 'queue';
      },
    };
  }

  async forget(message: ForgetMessage): Promise<void> {
    if (message.kind === 'clear') this.#memoTotals.clear();
    const forgotten = this.#slots
      .filter((slot) => slot.thread !== undefined)
      .map((slot) => new Promise<void>((done) => slot.forgetting.push({ message, done })));
    for (const slot of this.#slots) if (!slot.busy) this.#advance(slot);
    await Promise.all(forgotten);
    if (message.kind === 'clear') this.#memoTotals.clear();
  }

  stats(): DispatchStats {
    return {
      maxWorkers: this.#options.maxWorkers,
      workers: this.#alive(),
      busy: this.#slots.filter((slot) => slot.job !== undefined).length,
      queued: this.#queue.size,
      completed: this.#completed,
      failed: this.#failed,
      cancelled: this.#cancelled,
      workerDeaths: this.#workerDeaths,
      computeMs: this.#computeMs,
      memos: this.#memoTotals.totals(),
    };
  }

  async drained(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#drainWaiters.push(resolve));
  }

  async destroy(reason: Error): Promise<void> {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      this.#settle(job, { ok: false, error: reason, computeMs: 0 });
    }
    for (const slot of this.#slots) {
      const { job } = slot;
      this.#dropThread(slot);
      if (job !== undefined) this.#settle(job, { ok: false, error: reason, computeMs: 0 });
      this.#advance(slot);
    }
    await Promise.all(this.#ending);
  }

  // A slot at rest, or a new one while there may be more.
  #freeSlot(): Slot | undefined {
    const idle = this.#slots.find((slot) => !slot.busy);
    if (idle !== undefined || this.#slots.length >= this.#options.maxWorkers) return idle;
    const slot = newSlot();
    this.#slots.push(slot);
    return slot;
  }

  #enqueue(job: Job): void {
    const { queueSize } = this.#options;
    if (this.#queue.size >= queueSize) {
      throw new PoolError(
        'ERR_QUEUE_FULL',
        `${queueSize} calls are waiting already; wait for some of them, or raise the option queueSize.`,
        { details: { queueSize } },
      );
    }
    job.place = this.#queue.push(job);
  }

  #start(slot: Slot, job: Job): void {
    clearTimeout(slot.idleTimer);
    slot.busy = true;
    slot.job = job;
    job.slot = slot;
    void this.#runOn(slot, job);
  }

  async #runOn(slot: Slot, job: Job): Promise<void> {
    const { name, args, form } = job.task;
    const message: CallMessage = { kind: 'call', id: job.id, name, args, form };
    let thread: Thread | undefined;
    let outcome: Outcome;
    try {
      thread = this.#threadOf(slot);
      job.task.onSend();
      const reply = (await thread.send(message, () => job.task.onStart())) as Reply;
      outcome = reply.ok ? reply : { ...reply, error: decodeError(reply.error) };
      const isCurrent = slot.thread === thread; // else dropped meanwhile, and the slot may have another
      if (reply.memo !== undefined && isCurrent) slot.memos?.set(name, reply.memo);
      if (!reply.ok && reply.spoiled && isCurrent) slot.spoiled = true;
    } catch (error) {
      outcome = { ok: false, error, computeMs: 0 };
      if (thread !== undefined && slot.thread === thread) {
        this.#workerDeaths++;
        slot.spoiled = true;
      }
    }
    if (slot.job !== job) return; // cancelled meanwhile: the slot has gone on
    this.#release(slot);
    try {
      this.#settle(job, outcome);
    } finally {
      this.#advance(slot); // whatever the receiver throws, the queue goes on
    }
  }

  // What the slot must do before it may rest: forget, then the next of the queue.
  #advance(slot: Slot): void {
    if (slot.busy) return;
    if (slot.thread !== undefined && (slot.spoiled || !slot.thread.alive)) this.#dropThread(slot);
    if (slot.forgetting.length > 0) {
      void this.#forgetOn(slot);
      return;
    }
    const job = this.#queue.shift();
    if (job !== undefined) this.#start(slot, job);
    else this.#rest(slot);
  }

  async #forgetOn(slot: Slot): Promise<void> {
    const waiting = slot.forgetting;
    slot.forgetting = [];
    slot.busy = true;
    for (const { message, done } of waiting) {
      await this.#sendForget(slot, message);
      done();
    }
    slot.busy = false;
    this.#advance(slot);
  }

  // A thread that is gone has no memos either.
  async #sendForget(slot: Slot, message: ForgetMessage): Promise<void> {
    const { thread } = slot;
    if (thread === undefined) return;
    try {
      await thread.send(message);
    } catch {
      if (slot.thread === thread) slot.spoiled = true;
    }
  }

  #rest(slot: Slot): void {
    if (this.#isIdle()) {
      for (const resolve of this.#drainWaiters) resolve();
      this.#drainWaiters = [];
    }
    if (slot.thread === undefined || this.#options.minWorkers >= this.#options.maxWorkers) return;
    clearTimeout(slot.idleTimer);
    slot.idleTimer = setTimeout(() => {
      if (!slot.busy && this.#alive() > this.#options.minWorkers) this.#dropThread(slot);
    }, IDLE_MS).unref();
  }

  #alive(): number {
    return this.#slots.filter(({ thread }) => thread !== undefined).length;
  }

  #cancel(job: Job): void {
    if (job.settled) return;
    job.settled = true;
    this.#cancelled++;
    if (job.place !== undefined && this.#queue.remove(job.place)) return;
    const { slot } = job;
    if (slot?.job !== job) return;
    this.#dropThread(slot);
    this.#release(slot);
    // Not at once: of a thousand calls that one signal aborts, each would start a thread for the next to abort.
    queueMicrotask(() => this.#advance(slot));
  }

  #settle(job: Job, outcome: Outcome): void {
    if (job.settled) return;
    job.settled = true;
    if (outcome.ok) this.#completed++;
    else this.#failed++;
    this.#computeMs += outcome.computeMs;
    job.task.onDone(outcome);
  }

  #release(slot: Slot): void {
    slot.job = undefined;
    slot.busy = false;
  }

  #isIdle(): boolean {
    return this.#queue.size === 0 && this.#slots.every((slot) => slot.job === undefined);
  }

  #threadOf(slot: Slot): Thread {
    if (slot.thread !== undefined) return slot.thread;
    const thread = this.#starter.start((message) => this.#onLateError(slot, thread, message));
    slot.thread = thread;
    slot.memos = this.#memoTotals.enrol();
    return thread;
  }

  // The call that left the error behind has its result; the one that runs now is innocent and goes on. Only then
  // is the thread replaced.
  #onLateError(slot: Slot, thread: Thread, { name, error }: LateErrorMessage): void {
    this.#options.onLateError(name, decodeError(error));
    if (slot.thread !== thread) return; // dropped meanwhile: its successor is not to blame
    slot.spoiled = true;
    this.#advance(slot);
  }

  #dropThread(slot: Slot): void {
    const { thread } = slot;
    slot.thread = undefined;
    slot.spoiled = false;
    if (slot.memos !== undefined) this.#memoTotals.retire(slot.memos);
    slot.memos = undefined;
    clearTimeout(slot.idleTimer);
    if (thread === undefined) return;
    const end = thread.end().finally(() => this.#ending.delete(end));
    this.#ending.add(end);
  }
}

function newSlot(): Slot {
  return {
    thread: undefined,
    job: undefined,
    busy: false,
    forgetting: [],
    memos: undefined,
    spoiled: false,
    idleTimer: undefined,
  };
}
