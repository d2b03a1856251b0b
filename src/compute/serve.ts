// What a worker does with the messages of its port: computes calls one after the other, in the order in which they came,
// and answers those together that take little time. A call that waits for calls of its own makes way for the next one.
import { type Clock, systemClock } from '../clock.ts';
import type { Control } from '../control.ts';
import type { AnyFunction } from '../types.ts';
import { keepSpare } from '../values/spare-memory.ts';
import {
  type AnswersMessage,
  type CallsMessage,
  type ForgetMessage,
  type FromThread,
  groupSize,
  type Reply,
  type TeamMessage,
  type ThreadMessage,
} from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import { Asks } from './asks.ts';
import { Assistant } from './assistant.ts';
import { decodeArguments, isToCome } from './evaluate.ts';
import { forgetHarvest, tellHarvest } from './harvest.ts';
import { Lane } from './lane.ts';
import type { LoopWatch } from './loop-watch.ts';
import type { Memoized } from './memo.ts';
import { clearMemos as clearThreadMemos } from './memos.ts';
import { OpenCalls } from './open-calls.ts';
import { Outbox } from './outbox.ts';
import type { Registry } from './registry.ts';
import { runningCall } from './running.ts';
import { RunningCall } from './running-call.ts';
import { StopError } from './stop.ts';
import { ThreadMemos } from './thread-memos.ts';

export interface ServerOptions {
  readonly registry: Registry;
  readonly control: Control;
  /** Told that the server cannot go on, as when a user's module has replaced what the language has: the thread is to end. */
  readonly onBroken: (error: unknown) => void;
  readonly post: (message: FromThread, transfer: readonly ArrayBuffer[]) => void;
  /** @default the system's */
  readonly clock?: Clock;
  /** Of this thread's event loop, of which the port of its messages is no part. */
  readonly watch?: LoopWatch;
  /** @default empties every memo of this thread */
  readonly clearMemos?: () => void;
  /** The most bytes that the memos of this thread keep between calls; null for no bound. @default null */
  readonly memoBytes?: number | null;
  /** Whether `1` and `1n` are different arguments to the front cache. @default true */
  readonly typed?: boolean;
  /** The most threads of the pool. @default 1 */
  readonly workers?: number;
}

// Of errors that surface afterwards: of a thread with more, such as an endless series of timers, the call that runs is ended
// and the thread replaced.
const MOST_LATE_ERRORS = 100;
// What a call takes beside its function, about: cheaper than to look at the clock each time.
const LEAST_MS = 0.0005;

export class Server {
  readonly #options: ServerOptions;
  readonly #inbox: (CallsMessage | ForgetMessage)[] = [];
  readonly #assistant: Assistant;
  readonly #outbox = new Outbox();
  readonly #memos: ThreadMemos;
  readonly #asks: Asks;
  readonly #open: OpenCalls;
  readonly #lane: Lane;
  #draining = false;
  /** A call failed from outside its promise and may still be running: nothing is begun any more. */
  #spoiled = false;

  /** Whose error has surfaced and is not heard yet. */
  #unheard: RunningCall | undefined;
  #lateErrors = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    const {
      control,
      clock = systemClock,
      watch,
      post,
      typed = true,
      workers = 1,
      registry,
      memoBytes = null,
    } = options;
    this.#asks = new Asks((message) => post(message, []), typed);
    this.#assistant = new Assistant({
      afterTurn: (callback) => clock.setImmediate(callback),
      onLeft: (id) => post(['left', id], []),
    });
    this.#memos = new ThreadMemos({ registry, memoBytes, post, runningName: () => this.#lane.running?.name });
    this.#open = new OpenCalls({
      asks: this.#asks,
      control,
      clock,
      watch,
      post,
      takeMemos: (name) => {
        this.#memos.note(name);
        return this.#memos.take();
      },
      beforeTelling: () => {
        this.#flush(false);
        this.#tellHarvest();
      },
      onResume: (call) => this.#resume(call),
      onSpoiled: () => {
        this.#spoiled = true;
      },
    });
    this.#lane = new Lane({
      registry,
      control,
      watch,
      open: this.#open,
      asks: this.#asks,
      clock,
      workers,
    });
  }

  /** Takes a message of the dispatcher; what came before it is done first. */
  receive(message: ThreadMessage): void {
    if (message[0] === 'help' || message[0] === 'disband') {
      this.#assist(message);
      return;
    }
    if (message[0] === 'spare') {
      keepSpare(message[1]);
      return;
    }
    if (message[0] === 'calls' || message[0] === 'answers') this.#assistant.leave(); // until they are done
    if (message[0] === 'answers') this.#receiveAnswers(message);
    else if (message[0] === 'cancel') this.#open.cancel(message[1]);
    else this.#inbox.push(message);
    if (message[0] === 'answers' || message[0] === 'cancel') this.#open.hear();
    if (this.#open.hasReady) this.#lane.wake();
    if (!this.#draining) this.#drain().catch(this.#options.onBroken);
  }

  #assist(message: TeamMessage): void {
    if (message[0] === 'disband') this.#assistant.disband(message[1]);
    else if (this.#draining)
      this.#assistant.refuse(message); // a call came in the meantime
    else this.#assistant.help(message);
  }

  // A call that is not put aside yet, as they came at once, gets them where it is.
  #receiveAnswers(message: AnswersMessage): void {
    for (const call of this.#asks.receive(message)) {
      if (call.isOpen) this.#open.wake(call);
      else this.#asks.deliver(call);
    }
  }

  /** Such an error has surfaced; when nobody hears it, the engine exits, and does not let know by then whose it was. */
  noteUncaught(): void {
    this.#unheard = this.#culprit();
  }

  #culprit(): RunningCall | undefined {
    const running = runningCall();
    return running instanceof RunningCall ? running : undefined;
  }

  /**
   * An error outside any call's promise (a timer's, a stray rejection's) belongs to the call that started it, which may
   * have been answered long ago: it must neither end the thread nor fall on whatever runs now.
   */
  receiveUncaught(error: unknown): void {
    this.#unheard = undefined;
    if (StopError.is(error)) return; // of a call that nobody awaited: its caller has ended
    const culprit = this.#culprit();
    if (culprit !== undefined && !culprit.isOver) culprit.fail(error);
    else if (++this.#lateErrors > MOST_LATE_ERRORS) this.#lane.running?.fail(error);
    else this.#options.post(['late-error', culprit?.name, encodeError(error)], []);
  }

  /**
   * The thread is about to end, by `process.exit`: what is finished is told first, and whether the call that runs has
   * not done it.
   */
  receiveExit(exitCode: number): void {
    const culprit = this.#culprit() ?? this.#unheard;
    this.#flush(false);
    this.#open.flush();
    if (culprit === this.#lane.running && culprit?.isOver !== true) return;
    const waits = culprit?.isOpen === true && !culprit.isOver;
    const [kind, name] = ['late-exit', culprit?.name] as const;
    this.#options.post(waits ? [kind, name, exitCode, culprit.seq] : [kind, name, exitCode], []);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (!this.#spoiled) {
      if (this.#open.hasReady) {
        await this.#open.resume();
        continue;
      }
      const message = this.#inbox.shift();
      if (message === undefined) break;
      if (message[0] === 'calls') await this.#serve(message);
      else this.#forget(message);
    }
    if (!this.#spoiled) this.#draining = false;
  }

  // Told at once: what stays untold behind a long call is computed again elsewhere.
  #wait(): void {
    this.#outbox.wait();
    this.#flush(false);
  }

  async #resumeReady(): Promise<void> {
    while (this.#open.hasReady && !this.#spoiled) await this.#open.resume();
  }

  // What was running, if anything was, waits for its module.
  #resume(call: RunningCall): () => void {
    const { clock = systemClock } = this.#options;
    const since = clock.now();
    const before = this.#lane.running;
    this.#lane.running = call;
    return () => {
      this.#lane.running = before;
      this.#memos.add(clock.now() - since);
    };
  }

  async #serve([, first, ...groups]: CallsMessage): Promise<void> {
    let seq = first;
    const last = first - 1 + groups.reduce((sum, group) => sum + groupSize(group), 0);
    this.#outbox.begin(first);
    for (const group of groups) {
      const [, , arity, items] = group;
      const step = Math.max(1, arity);
      for (let at = 0; at < items.length; at += step) {
        if (this.#options.control.take(seq)) {
          const args =
            arity === 0 ? (items[at] as readonly unknown[] | Uint8Array) : items.slice(at, at + step);
          this.#memos.note(group[0]);
          const begun = this.#lane.run(seq, group, args);
          if (isToCome(begun)) this.#flush(false); // it may be long
          const reply = isToCome(begun) ? await begun : begun;
          if (reply === undefined) this.#wait();
          else this.#add(reply);
          if (isToCome(begun)) await this.#resumeReady();
          if (this.#spoiled) {
            this.#flush(false);
            return;
          }
        } else {
          this.#outbox.skip(LEAST_MS);
        }
        if (seq < last && this.#outbox.isDue) {
          this.#memos.hold();
          this.#flush(false);
        }
        seq++;
      }
    }
    this.#memos.hold();
    this.#flush(true);
  }

  #add(reply: Reply): void {
    this.#lane.running = undefined;
    if (!reply.ok && reply.spoiled) this.#spoiled = true;
    const ms = reply.computeMs + LEAST_MS;
    this.#outbox.add(reply, ms);
    this.#memos.add(ms);
  }

  #flush(ended: boolean): void {
    if (this.#outbox.isEmpty && !ended) return;
    this.#tellHarvest();
    const { first, values, computeMs, transfer } = this.#outbox.take();
    this.#options.post(['replies', first, ended, values, computeMs, ...this.#memos.take()], transfer);
  }

  // Of a thread that is not to be trusted nothing is kept.
  #tellHarvest(): void {
    if (!this.#spoiled) tellHarvest(this.#options);
  }

  #forget(message: ForgetMessage): void {
    const { clearMemos = clearThreadMemos } = this.#options;
    if (message[0] === 'clear') clearMemos();
    else this.#forgetCall(message[1], message[2]);
    forgetHarvest();
    this.#options.post(['forgotten'], []);
  }

  // A key of the user's own making may throw, here as when the call was made: then there is nothing under it.
  #forgetCall(name: string, args: readonly unknown[] | Uint8Array): void {
    const fn = this.#options.registry.found(name) as Partial<Memoized<AnyFunction>> | undefined;
    try {
      fn?.cacheDelete?.(...decodeArguments(args));
    } catch {}
  }
}
