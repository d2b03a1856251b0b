// What a worker does with the messages of its port: computes calls one after the other, in the order in which they came,
// and answers those together that take little time. A call that waits for calls of its own makes way for the next one.
import { type Clock, systemClock } from '../clock.ts';
import { type Control, stopMark } from '../control.ts';
import type { AnyFunction } from '../types.ts';
import {
  type AnswersMessage,
  type CallGroup,
  type CallsMessage,
  type CancelMessage,
  type ForgetMessage,
  type FromThread,
  groupSize,
  type MemoCounts,
  type Reply,
  type ThreadMessage,
} from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import { type Advice, setAdviser } from './advice.ts';
import { Asks } from './asks.ts';
import { MemoBound } from './bound-memos.ts';
import {
  compute,
  decodeArguments,
  type Evaluation,
  failure,
  isToCome,
  memoCounts,
  nameSafely,
  unsettled,
} from './evaluate.ts';
import { forgetHarvest, tellHarvest } from './harvest.ts';
import type { LoopWatch } from './loop-watch.ts';
import type { Memoized } from './memo.ts';
import { clearMemos as clearThreadMemos, INSIDE, type Memo } from './memos.ts';
import { OpenCalls } from './open-calls.ts';
import { Outbox } from './outbox.ts';
import type { Registry } from './registry.ts';
import { runningCalls } from './running.ts';
import { RunningCall, type RunningHost } from './running-call.ts';

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

const origin = runningCalls();

export class Server {
  readonly #options: ServerOptions;
  readonly #inbox: Exclude<ThreadMessage, AnswersMessage | CancelMessage>[] = [];
  readonly #enter: Evaluation['onPhase'] = (phase) => this.#options.control.enter(phase);
  readonly #asks: Asks;
  readonly #open: OpenCalls;
  readonly #host: RunningHost;
  #draining = false;
  /** Told when an open call can go on. */
  #onReady: () => void = () => {};
  #running: RunningCall | undefined;
  /** A call failed from outside its promise and may still be running: nothing is begun any more. */
  #spoiled = false;

  /** Whose error has surfaced and is not heard yet. */
  #unheard: RunningCall | undefined;
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
    const { control, clock = systemClock, watch, post, typed = true, workers = 1, registry } = options;
    this.#asks = new Asks((message) => post(message, []), typed);
    this.#open = new OpenCalls({
      asks: this.#asks,
      control,
      clock,
      watch,
      post,
      takeMemos: (name) => {
        this.#ran.add(name);
        return this.#takeMemos();
      },
      beforeTelling: () => this.#flush(false),
      onResume: (call) => this.#resume(call),
      onSpoiled: () => {
        this.#spoiled = true;
      },
    });
    this.#host = {
      clock,
      workers,
      nameOf: (fn) => registry.nameOf(fn),
      onAsk: (call, sub) => this.#asks.make(call, sub),
      report: (call, done, total) => {
        if (call === this.#running && !call.isOpen) control.report(done, total);
      },
    };
    this.#memoBound = new MemoBound(options.memoBytes ?? Number.POSITIVE_INFINITY);
    setAdviser((advice) => this.#advise(advice));
  }

  /** Takes a message of the dispatcher; what came before it is done first. */
  receive(message: ThreadMessage): void {
    if (message[0] === 'answers') this.#receiveAnswers(message);
    else if (message[0] === 'cancel') this.#open.cancel(message[1]);
    else this.#inbox.push(message);
    if (this.#open.hasReady) this.#onReady();
    if (!this.#draining) this.#drain().catch(this.#options.onBroken);
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
    const running = origin.getStore();
    return running instanceof RunningCall ? running : undefined;
  }

  /**
   * An error outside any call's promise (a timer's, a stray rejection's) belongs to the call that started it, which may
   * have been answered long ago: it must neither end the thread nor fall on whatever runs now.
   */
  receiveUncaught(error: unknown): void {
    this.#unheard = undefined;
    const culprit = this.#culprit();
    if (culprit !== undefined && !culprit.isOver) culprit.fail(error);
    else if (++this.#lateErrors > MOST_LATE_ERRORS) this.#running?.fail(error);
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
    if (culprit === this.#running) return;
    const waits = culprit?.isOpen === true && !culprit.isOver;
    const [kind, name] = ['late-exit', culprit?.name] as const;
    this.#options.post(waits ? [kind, name, exitCode, culprit.seq] : [kind, name, exitCode], []);
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

  #resume(call: RunningCall): () => void {
    const before = this.#running;
    const { clock = systemClock } = this.#options;
    const since = clock.now();
    this.#running = call;
    return () => {
      this.#running = before;
      this.#uncheckedMs += clock.now() - since;
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
          const begun = this.#run(seq, group, args);
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

  /** Undefined for a call that waits for calls of its own. */
  #run(
    seq: number,
    [name, form, , , parts = 0]: CallGroup,
    args: readonly unknown[] | Uint8Array,
  ): Reply | Promise<Reply | undefined> {
    const { registry } = this.#options;
    const call = new RunningCall(this.#host, { seq, name, parts });
    this.#running = call;
    this.#ran.add(name);
    const evaluation = {
      registry,
      name,
      args,
      form,
      mark: stopMark(seq),
      onPhase: this.#enter,
      clock: call,
    };
    const fn = registry.found(name);
    if (fn === undefined) return this.#load(call, evaluation);
    const reply = origin.run(call, compute, fn, evaluation);
    return isToCome(reply) ? this.#hold(call, evaluation, reply) : this.#end(call, reply);
  }

  // Open calls go on meanwhile: who knows how long an import takes.
  async #load(call: RunningCall, evaluation: Evaluation): Promise<Reply | undefined> {
    const { registry } = this.#options;
    this.#enter('load');
    let fn: AnyFunction | undefined;
    let failed: Reply | undefined;
    const loaded = origin
      .run(call, () => registry.find(call.name))
      .then(
        (found) => {
          fn = found;
        },
        (error: unknown) => {
          failed = failure(error, evaluation, call.now());
        },
      );
    while (fn === undefined && failed === undefined) {
      const ready = new Promise<void>((resolve) => {
        this.#onReady = resolve;
      });
      await Promise.race([loaded, ready]);
      await this.#resumeReady();
    }
    this.#running = call;
    if (fn === undefined) return failed && this.#end(call, failed);
    const reply = origin.run(call, compute, fn, evaluation);
    return isToCome(reply) ? this.#hold(call, evaluation, reply) : this.#end(call, reply);
  }

  #end(call: RunningCall, reply: Reply): Reply {
    call.isOver = true;
    this.#asks.drop(call);
    return reply;
  }

  // A function that has given a promise holds the thread until it is settled, unless it waits for calls; or others do, as
  // it may be one of these that it waits for.
  async #hold(call: RunningCall, evaluation: Evaluation, reply: Promise<Reply>): Promise<Reply | undefined> {
    const settled = this.#orFailure(call, reply);
    const makesWay = () => call.isWaiting || this.#open.size > 0;
    for (;;) {
      const done = makesWay() ? undefined : await this.#untilItAsks(call, settled);
      const reached = done ?? (await Promise.race([settled, this.#open.turn()]));
      if (reached !== undefined) return this.#end(call, reached);
      if (!makesWay()) continue;
      evaluation.onPhase = () => {};
      this.#enter('queue');
      this.#running = undefined;
      this.#open.add(call, settled);
      return undefined;
    }
  }

  async #untilItAsks(call: RunningCall, settled: Promise<Reply>): Promise<Reply | undefined> {
    const { watch } = this.#options;
    const asks = new Promise<undefined>((resolve) => {
      call.onAsking = () => resolve(undefined);
    });
    const onEmpty = () => {
      const error = encodeError(nameSafely(unsettled(call.name), { name: call.name, depth: 0 }));
      call.end({ ok: false, error, computeMs: 0 });
    };
    watch?.add(onEmpty);
    try {
      return await Promise.race([settled, asks]);
    } finally {
      watch?.delete(onEmpty);
    }
  }

  #orFailure(call: RunningCall, reply: Promise<Reply>): Promise<Reply> {
    const { name } = call;
    return new Promise((resolve) => {
      call.end = resolve;
      call.fail = (error) => {
        const encoded = encodeError(nameSafely(error, { name, depth: 0 }));
        resolve({ ok: false, error: encoded, computeMs: 0, spoiled: true });
      };
      void reply.then(resolve);
    });
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
    if (!this.#spoiled) tellHarvest(this.#options);
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

function showBytes(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${bytes} bytes`;
}
