// What a worker does with the messages of its port: computes calls one after the other, in the order in which they came,
// and answers those together that take little time.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, systemClock } from '../clock.ts';
import { type Control, stopMark } from '../control.ts';
import type { AnyFunction, Phase } from '../types.ts';
import {
  type CallGroup,
  type CallsMessage,
  type ForgetMessage,
  type FromThread,
  groupSize,
  type MemoCounts,
  type Reply,
  type ThreadMessage,
} from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import { type Advice, setAdviser } from './advice.ts';
import { MemoBound } from './bound-memos.ts';
import { decodeArguments, evaluate, isToCome, memoCounts, nameSafely } from './evaluate.ts';
import type { LoopWatch } from './loop-watch.ts';
import type { Memoized } from './memo.ts';
import { clearMemos as clearThreadMemos, INSIDE, type Memo } from './memos.ts';
import { Outbox } from './outbox.ts';
import type { Registry } from './registry.ts';

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
}

/** The call under way. */
interface Running {
  readonly name: string;
  /** Ends the call with an error that surfaced outside of it: in a timer it had set, say. */
  fail: (error: unknown) => void;
}

// Of errors that surface afterwards: of a thread with more, such as an endless series of timers, the call that runs is ended
// and the thread replaced.
const MOST_LATE_ERRORS = 100;
// What a call takes beside its function, about: cheaper than to look at the clock each time.
const LEAST_MS = 0.0005;

// One for all servers: every promise of the process pays for each storage there is.
const origin = new AsyncLocalStorage<Running>();

export class Server {
  readonly #options: ServerOptions;
  readonly #inbox: ThreadMessage[] = [];
  readonly #enter = (phase: Phase): void => this.#options.control.enter(phase);
  #draining = false;
  #running: Running | undefined;
  /** A call failed from outside its promise and may still be running: nothing is begun any more. */
  #spoiled = false;

  /** Whose error has surfaced and is not heard yet. */
  #unheard: Running | undefined;
  #lateErrors = 0;

  readonly #outbox = new Outbox();
  readonly #ran = new Set<string>();
  /** Functions with memos, whose counters have been told. */
  readonly #known = new Set<string>();
  readonly #memoBound: MemoBound;
  /** What was computed since that bound was looked at. */
  #uncheckedMs = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#memoBound = new MemoBound(options.memoBytes ?? Number.POSITIVE_INFINITY);
    setAdviser((advice) => this.#advise(advice));
  }

  /** Takes a message of the dispatcher; what came before it is done first. */
  receive(message: ThreadMessage): void {
    this.#inbox.push(message);
    if (!this.#draining) this.#drain().catch(this.#options.onBroken);
  }

  /** Such an error has surfaced; when nobody hears it, the engine exits, and does not let know by then whose it was. */
  noteUncaught(): void {
    this.#unheard = origin.getStore();
  }

  /**
   * An error outside any call's promise (a timer's, a stray rejection's) belongs to the call that started it, which may
   * have been answered long ago: it must neither end the thread nor fall on whatever runs now.
   */
  receiveUncaught(error: unknown): void {
    this.#unheard = undefined;
    const culprit = origin.getStore();
    if (culprit !== undefined && culprit === this.#running) culprit.fail(error);
    else if (++this.#lateErrors > MOST_LATE_ERRORS) this.#running?.fail(error);
    else this.#options.post(['late-error', culprit?.name, encodeError(error)], []);
  }

  /**
   * The thread is about to end, by `process.exit`: what is finished is told first, and whether the call that runs has
   * not done it.
   */
  receiveExit(exitCode: number): void {
    const culprit = origin.getStore() ?? this.#unheard;
    this.#flush(false);
    if (culprit !== this.#running) this.#options.post(['late-exit', culprit?.name, exitCode], []);
  }

  // A function is known by the name it is called by, a memo inside it by its own or else by that function's.
  #advise({ code, fn, name, text }: Advice): void {
    const running = this.#running?.name;
    const names = running === undefined ? this.#known : [running];
    const called = [...names].find((one) => this.#options.registry.found(one) === fn);
    const inside = running === undefined ? 'A memoized function' : `A memoized function inside ${running}`;
    this.#options.post(['advice', code, called ?? (name || inside), text], []);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let message = this.#inbox.shift(); message !== undefined; message = this.#inbox.shift()) {
      if (this.#spoiled) return;
      if (message[0] === 'calls') await this.#serve(message);
      else this.#forget(message);
    }
    this.#draining = false;
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
          const reply = this.#run(seq, group, args);
          if (isToCome(reply)) this.#flush(false); // it may be long
          this.#add(isToCome(reply) ? await reply : reply);
          if (this.#spoiled) {
            this.#flush(false);
            return;
          }
        } else {
          this.#outbox.skip(LEAST_MS);
        }
        if (seq < last && this.#outbox.isDue) {
          this.#holdMemos();
          this.#flush(false);
        }
        seq++;
      }
    }
    this.#holdMemos();
    this.#flush(true);
  }

  // Between calls, and not after every tiny one.
  #holdMemos(): void {
    const emptied = this.#memoBound.hold(this.#uncheckedMs);
    this.#uncheckedMs = 0;
    if (emptied.length === 0) return;
    for (const name of this.#known) this.#ran.add(name); // their counters have changed
    const bound = showBytes(this.#options.memoBytes ?? 0);
    for (const { memo, bytes } of emptied) {
      const name: unknown = Reflect.get(memo, 'name');
      this.#advise({
        code: 'MEMOPOOL_MEMO_BYTES',
        fn: memo,
        name: typeof name === 'string' ? name : '',
        text: `its memo weighed about ${showBytes(bytes)} and was emptied, because the memos of a worker may keep ${bound} (the option memoBytes); give memoize a maxsize or maxBytes, or raise memoBytes.`,
      });
    }
  }

  #run(seq: number, [name, form]: CallGroup, args: readonly unknown[] | Uint8Array): Reply | Promise<Reply> {
    const { registry, watch, clock = systemClock } = this.#options;
    const running: Running = { name, fail: () => {} };
    this.#running = running;
    this.#ran.add(name);
    const reply = origin.run(running, evaluate, {
      registry,
      name,
      args,
      form,
      mark: stopMark(seq),
      onPhase: this.#enter,
      clock,
      watch,
    });
    return isToCome(reply) ? this.#orFailure(reply, running) : reply;
  }

  async #orFailure(reply: Promise<Reply>, running: Running): Promise<Reply> {
    const failure = new Promise<Reply>((resolve) => {
      running.fail = (error) => {
        const encoded = encodeError(nameSafely(error, { name: running.name, depth: 0 }));
        resolve({ ok: false, error: encoded, computeMs: 0, spoiled: true });
      };
    });
    try {
      return await Promise.race([reply, failure]);
    } finally {
      this.#running = undefined;
    }
  }

  #add(reply: Reply): void {
    this.#running = undefined;
    if (!reply.ok && reply.spoiled) this.#spoiled = true;
    const ms = reply.computeMs + LEAST_MS;
    this.#outbox.add(reply, ms);
    this.#uncheckedMs += ms;
  }

  #flush(ended: boolean): void {
    if (this.#outbox.isEmpty && !ended) return;
    const { first, values, computeMs, transfer } = this.#outbox.take();
    this.#options.post(['replies', first, ended, values, computeMs, ...this.#takeMemos()], transfer);
  }

  #takeMemos(): (readonly [string, MemoCounts])[] {
    const memos: (readonly [string, MemoCounts])[] = [];
    for (const name of this.#ran) {
      const fn = this.#options.registry.found(name);
      (fn as Partial<Memo> | undefined)?.[INSIDE]?.takeUnfinished(); // what it caught itself
      const counts = memoCounts(fn);
      if (counts === undefined) continue;
      memos.push([name, counts]);
      this.#known.add(name);
    }
    this.#ran.clear();
    return memos;
  }

  #forget(message: ForgetMessage): void {
    const { clearMemos = clearThreadMemos } = this.#options;
    if (message[0] === 'clear') clearMemos();
    else this.#forgetCall(message[1], message[2]);
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

function showBytes(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${bytes} bytes`;
}
