// A worker thread without a thread: the real Server over a port whose messages the timeline delivers. What the thread
// does between two messages goes in one piece, as in a thread, except where it waits or computes for long.
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { LoopWatch } from '../../src/compute/loop-watch.ts';
import type { Memo } from '../../src/compute/memos.ts';
import { Server } from '../../src/compute/serve.ts';
import { StopError } from '../../src/compute/stop.ts';
import { Control } from '../../src/control.ts';
import type { ThreadEvents, ThreadHandle } from '../../src/dispatch/thread.ts';
import { PoolError } from '../../src/errors.ts';
import type { FromThread, RepliesMessage, ThreadMessage } from '../../src/wire.ts';
import type { DeathKind } from './faults.ts';
import { silenced, watched } from './sim-control.ts';
import { mergeReplies, noteCalls, type SentCall, type Surroundings } from './surroundings.ts';
import { Side, type SimEvent, VirtualClock } from './timeline.ts';

/** Long computing or waiting. */
interface Pending {
  /** Undefined when it never ends. */
  readonly event: SimEvent | undefined;
  end(error?: Error): void;
  /** The function looks now and then whether it is to stop. */
  readonly heeds: boolean;
}

/** A promise that is never settled: what runs in a thread that is no more goes no further. */
// A new one each time: what waits for it would never be collected.
const never = (): Promise<never> => new Promise(() => {});

export class SimThread implements ThreadHandle {
  readonly name: string;
  readonly side: Side;
  readonly control: Control;
  isHeld = false;
  /** The main thread has ended it, or knows that it died. */
  isOver = false;
  /** The main thread has ended it while it lived. */
  isEnded = false;
  /** It has answered something. */
  hasReplied = false;
  /** The memos of its functions. */
  memos: readonly Memo[] = [];
  /** Told when its event loop has run empty, of the call that runs. */
  onEmptyLoop: () => void = () => {};
  /** How often they were cleared. */
  clears = 0;
  readonly #around: Surroundings;
  readonly #events: ThreadEvents;
  /** What was sent, by number. */
  readonly #sent: SentCall[] = [];
  #taken = 0;
  readonly #inbox: ThreadMessage[] = [];
  readonly #outbox: FromThread[] = [];
  /** Answers that computing keeps from being told. */
  #withheld: RepliesMessage | undefined;
  #isWithholding = false;
  #server: Server | undefined;
  #death: { readonly kind: DeathKind | 'start'; readonly id: number } | undefined;
  #pending: Pending | undefined;
  /** Its event loop: timers that wait, and whether its port keeps it going. */
  #timers = 0;
  #isPortHeld = true;
  readonly #loop = new EventEmitter();

  constructor(name: string, events: ThreadEvents, around: Surroundings) {
    this.name = name;
    this.side = new Side(name);
    this.side.isBusy = true; // until it has started
    this.#events = events;
    this.#around = around;
    const now = () => around.timeline.now;
    this.control = watched(new Control(undefined, now), around);
    const { stop } = this.control;
    this.control.stop = (seq) => {
      stop.call(this.control, seq);
      this.#stop(seq);
    };
  }

  // The main thread's side.

  post(message: ThreadMessage): void {
    if (this.side.isGone) return;
    if (message[0] === 'calls') noteCalls(this.#sent, message, (key) => this.#around.flightOf(key));
    this.#inbox.push(structuredClone(message));
    this.#plan({ label: `hears ${message[0]}`, kind: 'message', inMs: this.#around.latency() }, () => {
      const next = this.#inbox.shift();
      if (next !== undefined) this.#server?.receive(next);
    });
  }

  read(): void {
    for (let told = this.#outbox.shift(); told !== undefined; told = this.#outbox.shift()) this.#tell(told);
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  end(): Promise<void> {
    this.#around.say(`${this.name} is ended`);
    this.isEnded = !this.side.isGone;
    this.isOver = true;
    this.side.isGone = true;
    return new Promise((resolve) => {
      const { timeline, main, endMs } = this.#around;
      timeline.plan({ side: main, label: `${this.name} has ended`, run: resolve, inMs: endMs() });
    });
  }

  // As Thread.deathOf has it.
  deathOf(name: string): PoolError {
    const { kind, id } = this.#death ?? { kind: 'start', id: -1 };
    const details = { name, death: id };
    if (kind === 'memory') return new PoolError('ERR_WORKER_MEMORY', `${name}: no memory`, { details });
    if (kind === 'start') return new PoolError('ERR_WORKER_START', `${name}: no start`, { details });
    const isLoading = this.control.phase === 'load';
    return new PoolError(isLoading ? 'ERR_MODULE_LOAD' : 'ERR_WORKER_EXIT', `${name}: exit`, { details });
  }

  // The thread's own side.

  /** The number of the call that it is about. */
  get seq(): number {
    return this.#taken;
  }

  /** The call that it is about. */
  get call(): SentCall | undefined {
    return this.#sent[this.#taken];
  }

  /** It begins to read its messages. */
  boot(): void {
    const control = new Control(this.control.buffer, () => this.#around.timeline.now);
    this.#server = new Server({
      registry: this.#around.registryFor(this),
      control: silenced(watched(control, this.#around), this.side, (seq) => {
        this.#taken = seq;
      }),
      clock: new VirtualClock(this.#around.timeline, this.side),
      watch: new LoopWatch(this.#loop, {
        ref: () => {
          this.#isPortHeld = true;
        },
        unref: () => {
          this.#isPortHeld = false;
          this.#lookAtLoop();
        },
      }),
      onBroken: (error) => {
        throw error;
      },
      post: (message, transfer) => this.#send(structuredClone(message, { transfer: [...transfer] })),
      clearMemos: () => {
        this.clears++;
        for (const memo of this.memos) memo.cacheClear();
      },
    });
    this.side.isBusy = false;
  }

  /** It calls process.exit: by the function that runs, or in a timer that an earlier one left behind. */
  exit(lateBy: string | undefined): Promise<never> {
    if (this.side.isGone) return never();
    this.#server?.receiveExit(3);
    this.tellWithheld();
    return this.die('exit', lateBy);
  }

  /** It ends by itself, with what it was about; what it has told is still heard. */
  die(kind: DeathKind | 'start', lateBy?: string): Promise<never> {
    if (this.side.isGone) return never();
    this.#death = { kind, id: this.#around.onDeath(this, kind, lateBy) };
    this.side.isGone = true;
    const run = () => {
      this.read();
      if (this.isOver) return;
      this.isOver = true;
      this.#events.onDeath();
    };
    const { timeline, main, latency } = this.#around;
    timeline.plan({ side: main, label: `hears of the death of ${this.name}`, run, inMs: latency() });
    return never();
  }

  /** Computes for so long: nothing else happens in this thread, and what is finished stays untold. */
  busy(ms: number, heeds: boolean): Promise<void> {
    this.side.isBusy = true;
    this.#isWithholding = true;
    return this.#pend(ms, heeds, () => {
      this.side.isBusy = false;
      this.#isWithholding = false;
    });
  }

  /** Waits for so long. */
  sleep(ms: number): Promise<void> {
    this.tellWithheld();
    return this.#pend(ms, false, () => {});
  }

  /** A timer of the call that runs now: what it throws belongs to that call. */
  setTimer(ms: number, run: () => unknown): void {
    this.#timers++;
    const inContext = AsyncResource.bind(() => {
      this.#timers--;
      this.#lookAtLoop();
      try {
        run();
      } catch (error) {
        this.#server?.receiveUncaught(error);
      }
    });
    this.#plan({ label: 'has a timer', kind: 'timer', inMs: ms }, inContext);
  }

  /** What was finished before it computed for long. */
  tellWithheld(): void {
    const replies = this.#withheld;
    this.#withheld = undefined;
    if (replies !== undefined) this.#post(replies);
  }

  /** What never ends, ends now. */
  heal(): void {
    const { event, end } = this.#pending ?? {};
    if (end !== undefined && event === undefined) this.#wakeIn(0, 'is healed', () => end());
  }

  #pend(ms: number, heeds: boolean, after: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error) => {
        if (this.#pending?.end !== end || this.side.isGone) return;
        this.#pending = undefined;
        after();
        this.#lookAtLoop();
        if (error === undefined) resolve();
        else reject(error);
      };
      const event = ms === Infinity ? undefined : this.#wakeIn(ms, 'goes on', () => end());
      this.#pending = { event, end, heeds };
    });
  }

  // Asked by the main thread, in the midst of what it does.
  #stop(seq: number): void {
    if (this.#pending?.heeds !== true || seq !== this.#taken) return;
    const { end } = this.#pending;
    this.#wakeIn(this.#around.stopMs(), 'is stopped', () => end(new StopError()));
  }

  // Its own events cannot come while it is busy.
  #wakeIn(inMs: number, what: string, run: () => void): SimEvent {
    const side = this.side.isBusy ? new Side('time') : this.side;
    const label = `${this.name} ${what}`;
    return this.#around.timeline.plan({ side, wakes: this.side, label, run, inMs });
  }

  // With neither a timer nor its port nor anything else to wait for, the loop is empty.
  #lookAtLoop(): void {
    this.#plan({ label: 'looks at its loop', kind: 'other', inMs: this.#around.latency() }, () => {
      const isEmpty = this.#timers === 0 && this.#pending?.event === undefined && !this.#isPortHeld;
      if (!isEmpty) return;
      this.onEmptyLoop();
      this.#loop.emit('beforeExit');
    });
  }

  #send(message: FromThread): void {
    if (this.side.isGone) return;
    this.#around.interleave();
    if (message[0] !== 'replies') {
      this.#post(message);
      return;
    }
    const replies = this.#withheld === undefined ? message : mergeReplies(this.#withheld, message);
    this.#withheld = this.#isWithholding ? replies : undefined;
    if (!this.#isWithholding) this.#post(replies);
  }

  #post(message: FromThread): void {
    if (this.isOver || this.side.isGone) return;
    this.#outbox.push(message);
    const { timeline, main, latency } = this.#around;
    const run = () => {
      const told = this.#outbox.shift();
      if (told !== undefined) this.#tell(told);
    };
    const label = `hears ${message[0]} of ${this.name}`;
    timeline.plan({ side: main, label, kind: 'message', run, inMs: latency() });
  }

  #tell(message: FromThread): void {
    if (this.isOver) return;
    if (message[0] === 'replies') this.hasReplied = true;
    this.#events.onMessage(message);
  }

  #plan({ label, kind, inMs }: Pick<SimEvent, 'label' | 'kind'> & { inMs: number }, run: () => void): void {
    this.#around.timeline.plan({ side: this.side, label, kind, run, inMs });
  }
}
