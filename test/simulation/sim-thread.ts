// A worker thread without a thread: the real Server over a port whose messages the timeline delivers. What the thread
// does between two messages goes in one piece, as in a thread, except where it waits or computes for long.
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { LoopWatch } from '../../src/compute/loop-watch.ts';
import type { Memo } from '../../src/compute/memos.ts';
import { Server } from '../../src/compute/serve.ts';
import { Control } from '../../src/control.ts';
import type { ThreadEvents, ThreadHandle } from '../../src/dispatch/thread.ts';
import { PoolError } from '../../src/errors.ts';
import type { Phase } from '../../src/types.ts';
import type { FromThread, ThreadMessage } from '../../src/wire.ts';
import type { DeathKind } from './faults.ts';
import type { Cause } from './model.ts';
import { silenced, watched } from './sim-control.ts';
import { mergeReplies, noteCalls, type SentCall, type Surroundings } from './surroundings.ts';
import { Side, type SimEvent, VirtualClock } from './timeline.ts';
import { Waits } from './waits.ts';

/** A promise that is never settled: what runs in a thread that is no more goes no further. */
// A new one each time: what waits for it would never be collected.
export const never = (): Promise<never> => new Promise(() => {});

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
  /** By the index of its function, the promise that was given last. */
  readonly given: Map<number, Promise<unknown>> = new Map();
  /** Calls of calls that others may await too. */
  readonly shared: Map<string, Promise<void>> = new Map();
  /** The function that it imports. */
  loading: string | undefined;
  /** When an import ended last. */
  loadedAt: number = -Infinity;
  /** A call of it has made calls. */
  hasAsked = false;
  /** Told when its event loop has run empty. */
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
  /** What computing keeps from being told. */
  readonly #withheld: FromThread[] = [];
  #isWithholding = false;
  #server: Server | undefined;
  #death: { readonly kind: DeathKind | 'start'; readonly id: number } | undefined;
  readonly #waits: Waits;
  /** What it computes for long. */
  #computing: Promise<void> | undefined;
  /** Its event loop: timers that wait, and whether its port keeps it going. */
  #timers = 0;
  #isPortHeld = true;
  readonly #loop = new EventEmitter();
  readonly #clock: VirtualClock;

  constructor(name: string, events: ThreadEvents, around: Surroundings) {
    this.name = name;
    this.side = new Side(name);
    this.side.isBusy = true; // until it has started
    this.#events = events;
    this.#around = around;
    this.#waits = new Waits(this.side, around.timeline, () => this.#lookAtLoop());
    this.#clock = new VirtualClock(around.timeline, this.side, () => this.#lookAtLoop());
    const now = () => around.timeline.now;
    this.control = watched(new Control(undefined, now), around);
    const { stop } = this.control;
    this.control.stop = (seq) => {
      stop.call(this.control, seq);
      this.#waits.stop(seq, around.stopMs);
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
  deathOf(name: string, phase: Phase): PoolError {
    const { kind, id } = this.#death ?? { kind: 'start', id: -1 };
    const details = { name, death: id };
    if (kind === 'memory') return new PoolError('ERR_WORKER_MEMORY', `${name}: no memory`, { details });
    if (kind === 'start') return new PoolError('ERR_WORKER_START', `${name}: no start`, { details });
    return new PoolError(phase === 'load' ? 'ERR_MODULE_LOAD' : 'ERR_WORKER_EXIT', `${name}: exit`, {
      details,
    });
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

  /** Something of its own is under way, beside what never ends. */
  get keepsLoop(): boolean {
    return this.#timers > 0 || this.#waits.mayEnd;
  }

  /** It begins to read its messages. */
  boot(): void {
    const control = new Control(this.control.buffer, () => this.#around.timeline.now);
    this.#server = new Server({
      registry: this.#around.registryFor(this),
      control: silenced(watched(control, this.#around), this.side, (seq) => {
        this.#taken = seq;
      }),
      workers: this.#around.maxWorkers,
      clock: this.#clock,
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
  exit(cause: Partial<Cause> = {}): Promise<never> {
    if (this.side.isGone) return never();
    this.#server?.receiveExit(3);
    this.tellWithheld();
    return this.die('exit', cause);
  }

  /** It ends by itself, with what it was about; what it has told is still heard. */
  die(kind: DeathKind | 'start', { lateBy, cause }: Partial<Cause> = {}): Promise<never> {
    if (this.side.isGone) return never();
    this.#death = { kind, id: this.#around.onDeath(this, kind, { lateBy, cause }) };
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

  /**
   * Computes for so long: nothing else happens in this thread, and what is finished stays untold.
   *
   * @param heeds the call whose function looks now and then whether it is to stop
   */
  async busy(ms: number, heeds?: number): Promise<void> {
    while (this.#computing !== undefined) await this.#computing.catch(() => {}); // one after the other
    this.side.isBusy = true;
    this.#isWithholding = true;
    this.#computing = this.#waits.add(ms, { isBusy: true, heeds }, () => {
      this.side.isBusy = false;
      this.#isWithholding = false;
      this.#computing = undefined;
      if (this.#withheld.length > 0)
        this.#plan({ label: 'tells', kind: 'other', inMs: 0 }, () => this.tellWithheld());
    });
    return this.#computing;
  }

  /** Waits for so long. */
  sleep(ms: number): Promise<void> {
    if (!this.#isWithholding) this.tellWithheld();
    return this.#waits.add(ms, { isBusy: false, heeds: undefined });
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
    for (const message of this.#withheld.splice(0)) this.#post(message);
  }

  /** What never ends, ends now. */
  heal(): void {
    this.#waits.heal();
  }

  // With neither a timer nor its port nor anything else to wait for, the loop is empty.
  #lookAtLoop(): void {
    this.#plan({ label: 'looks at its loop', kind: 'other', inMs: this.#around.latency() }, () => {
      if (this.keepsLoop || this.#isPortHeld || this.#clock.immediates > 0) return;
      this.onEmptyLoop();
      this.#loop.emit('beforeExit');
    });
  }

  #send(message: FromThread): void {
    if (this.side.isGone) return;
    this.#around.interleave();
    const last = this.#withheld.at(-1);
    if (message[0] === 'replies' && last?.[0] === 'replies' && !last[2]) {
      this.#withheld.pop();
      this.#withheld.push(mergeReplies(last, message));
    } else {
      this.#withheld.push(message);
    }
    if (!this.#isWithholding) this.tellWithheld();
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
