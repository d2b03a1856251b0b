// Computing where the call is made: for a function that takes less than a message to a worker does, when the user allows
// it, and for no longer than allowed in each turn of the event loop. Everything else goes on to the threads.
//
// Off unless asked for: on the main thread a function has a small stack, cannot be ended, and its module is imported
// there too.
import { type Clock, systemClock } from '../clock.ts';
import { decodeArguments, evaluate, isToCome, memoCounts, unsettled } from '../compute/evaluate.ts';
import { LoopWatch } from '../compute/loop-watch.ts';
import type { Memoized } from '../compute/memo.ts';
import type { Registry } from '../compute/registry.ts';
import type { AnyFunction, Phase } from '../types.ts';
import type { ForgetMessage, Reply } from '../wire.ts';
import type { Cost, Costs } from './cost.ts';
import {
  answer,
  type Dispatcher,
  type DispatchStats,
  type Outcome,
  outcomeOf,
  type Task,
  type Ticket,
} from './dispatcher.ts';
import type { MemoTotals } from './memo-totals.ts';

export interface InlineOptions {
  /** Where the other calls go. */
  readonly threads: Dispatcher & { readonly costs: Costs; readonly memoTotals: MemoTotals };
  /** The same functions as in the workers. */
  readonly registry: Registry;
  /** Milliseconds of computing in one turn of the event loop. */
  readonly budgetMs: number;
  /** @default the system's */
  readonly clock?: Clock;
}

// About what a message to a worker and back takes.
const MOST_MS = 0.05;

// One for all pools: however many there are, the process has one listener, and only while calls wait.
const watch = new LoopWatch(process);

const DONE: Ticket = {
  cancel: () => {},
  watch: () => {},
  phase: 'compute',
  isOpen: false,
  peers: [],
  fraction: 0,
};

export class Inline implements Dispatcher {
  readonly #options: InlineOptions;
  readonly #clock: Clock;
  readonly #memos: ReturnType<MemoTotals['enrol']>;
  readonly #functions = new Map<string, AnyFunction | 'unfit'>();
  /** Calls whose functions gave promises. */
  readonly #pending = new Set<Task>();
  readonly #onEmpty = (): void => this.#failUnsettled();
  #onIdle: (() => void)[] = [];
  #spentMs = 0;
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  #computeMs = 0;

  constructor(options: InlineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#memos = options.threads.memoTotals.enrol();
  }

  submit(task: Task): Ticket {
    const { threads } = this.#options;
    const cost = this.#isSpent ? undefined : threads.costs.of(task);
    if (cost?.ms === undefined || cost.ms > MOST_MS || !this.#isFit(task.name)) return threads.submit(task);
    return this.#compute(task, cost);
  }

  get hasRoom(): boolean {
    return this.#options.threads.hasRoom;
  }

  onRoom(callback: () => void): void {
    this.#options.threads.onRoom(callback);
  }

  async forget(message: ForgetMessage): Promise<void> {
    for (const [name, fn] of this.#functions) {
      if (fn !== 'unfit') forgetHere(fn as Partial<Memoized<AnyFunction>>, name, message);
    }
    await this.#options.threads.forget(message);
  }

  stats(): DispatchStats {
    for (const [name, fn] of this.#functions) {
      const counts = fn === 'unfit' ? undefined : memoCounts(fn);
      if (counts !== undefined) this.#memos.set(name, counts);
    }
    const stats = this.#options.threads.stats();
    return {
      ...stats,
      completed: stats.completed + this.#completed,
      failed: stats.failed + this.#failed,
      cancelled: stats.cancelled + this.#cancelled,
      inline: this.#completed + this.#failed,
      computeMs: stats.computeMs + this.#computeMs,
    };
  }

  async drained(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    await this.#options.threads.drained();
  }

  async destroy(reason: Error): Promise<void> {
    for (const task of this.#pending) this.#finish(task, { ok: false, error: reason, computeMs: 0 });
    await this.#options.threads.destroy(reason);
  }

  get #isSpent(): boolean {
    return this.#spentMs >= this.#options.budgetMs;
  }

  // Looks for the function in the background at first; until it is there, workers compute its calls.
  #isFit(name: string): boolean {
    const known = this.#functions.get(name);
    if (known !== undefined) return known !== 'unfit';
    this.#functions.set(name, 'unfit');
    this.#options.registry.find(name).then(
      (fn) => this.#functions.set(name, fn),
      () => {}, // the workers tell
    );
    return false;
  }

  #compute(task: Task, cost: Cost): Ticket {
    const { name, args, form } = task;
    this.#beginTurn();
    const [{ registry }, clock] = [this.#options, this.#clock];
    const start = clock.now();
    const reply = evaluate({ registry, name, args, form, onPhase: () => {}, clock });
    this.#spentMs += clock.now() - start;
    if (isToCome(reply)) return this.#await(task, reply, start);
    cost.learn(reply.computeMs);
    const outcome = outcomeOf(reply);
    if (needsWorker(outcome)) return this.#move(task);
    this.#finish(task, outcome);
    return DONE;
  }

  #await(task: Task, reply: Promise<Reply>, start: number): Ticket {
    const ticket = new Pending(
      () => {
        if (this.#leave(task)) this.#cancelled++;
      },
      task.onStart.bind(task, this.#clock.now() - start),
    );
    this.#pending.add(task);
    watch.add(this.#onEmpty);
    void reply.then((settled) => {
      if (!this.#pending.has(task)) return;
      const outcome = outcomeOf(settled);
      if (!needsWorker(outcome)) {
        this.#finish(task, outcome);
        return;
      }
      this.#leave(task);
      try {
        ticket.moveTo(this.#move(task));
      } catch (error) {
        answer(task, { ok: false, error, computeMs: 0 });
      }
    });
    return ticket;
  }

  /** @throws PoolError ERR_QUEUE_FULL */
  #move(task: Task): Ticket {
    this.#functions.set(task.name, 'unfit');
    return this.#options.threads.submit(task);
  }

  #finish(task: Task, outcome: Outcome): void {
    this.#leave(task);
    if (outcome.ok) this.#completed++;
    else this.#failed++;
    this.#computeMs += outcome.computeMs;
    answer(task, outcome);
  }

  /** True when it was pending. */
  #leave(task: Task): boolean {
    const wasPending = this.#pending.delete(task);
    if (wasPending && this.#pending.size === 0) {
      watch.delete(this.#onEmpty);
      for (const resolve of this.#onIdle) resolve();
      this.#onIdle = [];
    }
    return wasPending;
  }

  // The process would end, and those who wait would never hear.
  #failUnsettled(): void {
    for (const task of this.#pending) {
      this.#finish(task, { ok: false, error: unsettled(task.name), computeMs: 0 });
    }
  }

  #beginTurn(): void {
    if (this.#spentMs > 0) return;
    this.#clock.setImmediate(() => {
      this.#spentMs = 0;
    });
  }
}

// A worker's stack is larger, and it has calls of a function's own answered.
function needsWorker(outcome: Outcome): boolean {
  if (outcome.ok || !(outcome.error instanceof Error)) return false;
  const code: unknown = Reflect.get(outcome.error, 'code');
  return code === 'ERR_STACK_OVERFLOW' || code === 'ERR_NO_POOL';
}

/** The hold on a task whose function has given a promise here; and which may move to a worker. */
class Pending implements Ticket {
  readonly #cancel: () => void;
  readonly #onStart: () => void;
  #moved: Ticket | undefined;
  #isWatched = false;

  constructor(cancel: () => void, onStart: () => void) {
    this.#cancel = cancel;
    this.#onStart = onStart;
  }

  moveTo(ticket: Ticket): void {
    this.#moved = ticket;
    if (this.#isWatched) ticket.watch();
  }

  cancel(): void {
    if (this.#moved === undefined) this.#cancel();
    else this.#moved.cancel();
  }

  watch(): void {
    this.#isWatched = true;
    if (this.#moved === undefined) this.#onStart();
    else this.#moved.watch();
  }

  get phase(): Phase {
    return this.#moved?.phase ?? 'compute';
  }

  get isOpen(): boolean {
    return this.#moved?.isOpen ?? false;
  }

  get peers(): readonly Task[] {
    return this.#moved?.peers ?? [];
  }

  get fraction(): number {
    return this.#moved?.fraction ?? 0;
  }
}

// Of the functions that ran here only: other memos of this thread are the user's own affair.
function forgetHere(fn: Partial<Memoized<AnyFunction>>, name: string, message: ForgetMessage): void {
  const [kind, deleted, args] = message;
  if (kind === 'clear') {
    fn.cacheClear?.();
    return;
  }
  if (deleted !== name || fn.cacheDelete === undefined) return;
  try {
    fn.cacheDelete(...decodeArguments(args));
  } catch {} // a key of the user's own making may throw
}
