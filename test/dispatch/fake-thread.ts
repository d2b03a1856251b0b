// A worker thread without a thread: what a real one does, in steps that a test takes one by one, so that the main
// thread may act between any two of them. It keeps the rules of compute/serve.ts and says the same to the Control.
import { Control } from '../../src/control.ts';
import type { ThreadEvents, ThreadHandle } from '../../src/dispatch/thread.ts';
import { PoolError } from '../../src/errors.ts';
import type { FromThread, MemoCounts, Reply, ThreadMessage } from '../../src/wire.ts';
import { encodeError } from '../../src/wire-error.ts';

/** What a fake thread tells of a call, by the number that is the call's only argument, as text. */
export interface FakeThreadLog {
  /** The call is the thread's own now. */
  onTake(thread: FakeThread, id: number): void;
  /** The answer, and what computing it took. */
  compute(name: string, id: number): { readonly value: unknown; readonly ms: number };
  /** How often threads were told to forget: what a call shares is the number as it was when it began. */
  readonly era: number;
  /** The functions of whose memos a thread tells. */
  readonly memoized: ReadonlySet<string>;
}

const COUNTS: MemoCounts = { hits: 0, misses: 1, currsize: 1, bytes: 8, evictions: 0, oversize: 0 };

type Stage = 'before' | 'taken' | 'computing';

/** A calls message on its way through the thread. */
interface Work {
  readonly first: number;
  readonly calls: readonly { readonly name: string; readonly id: number }[];
  next: number;
}

export class FakeThread implements ThreadHandle {
  readonly control: Control = new Control();
  isHeld = false;
  /** Nothing is done or told any more. */
  isOver = false;
  readonly #events: ThreadEvents;
  readonly #log: FakeThreadLog;
  readonly #inbox: ThreadMessage[] = [];
  readonly #outbox: FromThread[] = [];
  #work: Work | undefined;
  #stage: Stage = 'before';
  #first = 0;
  #values: unknown[] = [];
  #computeMs: number[] = [];
  #era = 0;
  #shared: number[] = [];
  readonly #ran = new Set<string>();
  #isSpoiled = false;
  #hasTold = false;

  constructor(events: ThreadEvents, log: FakeThreadLog) {
    this.#events = events;
    this.#log = log;
  }

  post(message: ThreadMessage): void {
    if (!this.isOver) this.#inbox.push(message);
  }

  read(): void {
    while (this.deliver());
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  async end(): Promise<void> {
    this.isOver = true;
    this.isHeld = false;
  }

  deathOf(name: string): PoolError {
    return new PoolError('ERR_WORKER_EXIT', `${name} exited`);
  }

  /** The call that the thread has begun and not finished. */
  get current(): number | undefined {
    return this.#stage === 'before' ? undefined : this.#work?.calls[this.#work.next]?.id;
  }

  /** Those to whom a death may be laid now: the current call, or of a thread that has told nothing yet any one. */
  get suspects(): readonly number[] {
    if (this.current !== undefined) return [this.current];
    if (this.#hasTold) return [];
    const waiting = [...(this.#work?.calls ?? []), ...this.#inbox.flatMap(callsOf)];
    return waiting.map(({ id }) => id);
  }

  get isIdle(): boolean {
    return this.isOver || (this.#work === undefined && this.#inbox.length === 0 && this.#outbox.length === 0);
  }

  /** Does the next thing there is to do; false when there is nothing. */
  step(): boolean {
    if (this.isOver || this.#isSpoiled) return false;
    if (this.#work === undefined) return this.#open();
    const { calls, first, next } = this.#work;
    const call = calls[next];
    if (call === undefined) {
      this.flush(true);
      this.#work = undefined;
      return true;
    }
    switch (this.#stage) {
      case 'before':
        if (this.control.take(first + next)) {
          this.#stage = 'taken';
          this.#log.onTake(this, call.id);
        } else {
          this.#pass(undefined, 0);
        }
        break;
      case 'taken':
        this.control.enter('load');
        this.control.enter('compute');
        this.#era = this.#log.era;
        this.#stage = 'computing';
        break;
      case 'computing': {
        const { value, ms } = this.#log.compute(call.name, call.id);
        this.control.enter('queue');
        this.#shared.push(this.#era);
        if (this.#log.memoized.has(call.name)) this.#ran.add(call.name);
        this.#pass(value, ms);
      }
    }
    return true;
  }

  /** Tells what is finished. */
  flush(ended = false): void {
    if (this.isOver || (this.#values.length === 0 && !ended)) return;
    if (this.#shared.length > 0) this.#outbox.push(['harvest', ['f', 1, this.#shared, this.#shared, []]]);
    this.#shared = [];
    const memos = [...this.#ran].map((name) => [name, COUNTS] as const);
    this.#outbox.push(['replies', this.#first, ended, this.#values, this.#computeMs, ...memos]);
    this.#ran.clear();
    this.#first += this.#values.length;
    this.#values = [];
    this.#computeMs = [];
    this.#hasTold = true;
  }

  /** The main thread hears the next message; false when there is none. */
  deliver(): boolean {
    const message = this.isOver ? undefined : this.#outbox.shift();
    if (message !== undefined) this.#events.onMessage(message);
    return message !== undefined;
  }

  /** An earlier call's timer throws. */
  failLate(): void {
    if (this.isOver || this.#isSpoiled) return;
    this.#outbox.push(['late-error', 'f', encodeError(new Error('late'))]);
  }

  /** The current call fails from outside its promise; false when there is none. */
  failCurrent(): boolean {
    if (this.isOver || this.#isSpoiled || this.#stage !== 'computing') return false;
    const spoiled: Reply = {
      ok: false,
      error: encodeError(new Error('from a timer')),
      computeMs: 0,
      spoiled: true,
    };
    this.#pass(spoiled, 0);
    this.flush();
    this.#isSpoiled = true;
    return true;
  }

  /** An earlier call's timer calls process.exit. */
  exitLate(): void {
    if (this.isOver || this.#isSpoiled) return;
    this.announceExit();
    this.die();
  }

  /** It tells that it will end so. */
  announceExit(): void {
    this.flush();
    this.#outbox.push(['late-exit', 'f', 1]);
  }

  /** The thread ends by itself: what it has told is heard, what it has finished and not told is lost. */
  die(): void {
    this.read();
    if (this.isOver) return;
    this.isOver = true;
    this.#events.onDeath();
  }

  #open(): boolean {
    const message = this.#inbox.shift();
    if (message?.[0] === 'calls') {
      const [, first] = message;
      this.#work = { first, calls: callsOf(message), next: 0 };
      this.#first = first;
    } else if (message !== undefined) {
      this.#outbox.push(['forgotten']);
    }
    return message !== undefined;
  }

  #pass(value: unknown, ms: number): void {
    this.#values.push(value);
    this.#computeMs.push(ms);
    this.#stage = 'before';
    if (this.#work !== undefined) this.#work.next++;
  }
}

function callsOf(message: ThreadMessage): { name: string; id: number }[] {
  if (message[0] !== 'calls') return [];
  const [, , ...groups] = message;
  return groups.flatMap(([name, , , items]) => items.map((id) => ({ name, id: Number(id) })));
}
