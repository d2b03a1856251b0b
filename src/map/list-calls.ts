// The calls of one list: read as there is room for them, at most a window of them begun and not yet taken by the receiver.
//
//   list -> (window, room in the queue, this turn's time) -> a call each -> receiver
//
// All leave together: their calls have one signal, so that the first error, the caller's own signal, and a reader who
// has enough cancel what nobody else waits for.
import { AbortError } from '../errors.ts';
import { offAbort, onAbort } from '../front/abort.ts';
import { type Origin, withOrigin } from '../front/origin.ts';
import type { MemoKey } from '../values/key.ts';
import type { CallList, End, ItemOptions, ListHost, Receiver } from './list-host.ts';
import { checkItem } from './options.ts';
import { copyResult, Repeats } from './repeats.ts';
import { offRoom, onRoom } from './room.ts';
import { Source, type Step } from './source.ts';

export interface ListOptions {
  readonly name: string;
  readonly list: unknown;
  readonly window: number;
  /** The most calls of which it is known whether they came before. */
  readonly remembered: number;
  readonly call: Omit<ItemOptions, 'signal' | 'list'>;
  readonly signal: AbortSignal | undefined;
}

// Of each turn of the event loop, for making calls: a list of a million must not hold up everything else.
const TURN_MS = 5;

export class ListCalls implements CallList {
  readonly #host: ListHost;
  readonly #options: ListOptions;
  readonly #receiver: Receiver;
  readonly #itemOptions: ItemOptions;
  readonly #repeats: Repeats;
  readonly #leaver = new AbortController();
  readonly #underWay = new Map<number, Promise<unknown>>();
  readonly #onAbort = (): void => this.#leave();
  readonly #onRoom = (): void => {
    this.#isDue = false;
    this.#resume();
  };
  readonly #next = (): Step | Promise<Step> | undefined => this.#source?.next();
  #source: Source | undefined;
  /** An item that was read when the queue had no room. */
  #inHand: Step | undefined;
  /** Items read. */
  #read = 0;
  /** The last item read, when it came before. */
  #earlier: number | undefined;
  /** Results that the receiver holds on to. */
  #held = 0;
  #end: End | undefined;
  #isStopped = false;
  #stopped: Promise<void> | undefined;
  #isDue = false;
  #isReading = false;
  /** The list's own code runs: whatever it has stopped, it cannot be told to end before it is through. */
  #isAsked = false;
  #turnBegan = 0;

  constructor(host: ListHost, options: ListOptions, receiver: Receiver) {
    this.#host = host;
    this.#options = options;
    this.#receiver = receiver;
    this.#itemOptions = { ...options.call, signal: this.#leaver.signal, list: this };
    const isLive = (index: number) =>
      this.#underWay.has(index) || this.#receiver.valueOf(index) !== undefined;
    this.#repeats = new Repeats(options.remembered, isLive);
  }

  /** What is under way when this returns was all called in one turn, and travels together. */
  start(): void {
    const { signal, list } = this.#options;
    if (signal?.aborted) {
      this.#leave();
      return;
    }
    if (signal !== undefined) onAbort(signal, this.#onAbort);
    this.#ask(() => {
      this.#source = new Source(list);
    });
    this.#pump();
  }

  /** Everything that was read is settled, and no more will be read. */
  get isDone(): boolean {
    return this.#end !== undefined && this.#underWay.size === 0;
  }

  /** The receiver keeps a result for later: it counts in the window. */
  hold(): void {
    this.#held++;
  }

  /** It has handed one out. */
  release(): void {
    this.#held--;
    this.#resume();
  }

  /** No more is to be read; what is under way goes on. */
  async stopReading(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#end = { ok: true };
    if (this.#isAsked) return;
    const closed = this.#source?.close();
    // An async generator ends no earlier than it gives what it was asked for, which may take for ever.
    if (this.#isReading) closed?.catch(() => {});
    else await closed;
  }

  /** Nothing more is wanted; rejects with what the list throws when it is told so. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (this.#isStopped) return; // by what this itself has called
    this.#isStopped = true;
    if (this.#options.signal !== undefined) offAbort(this.#options.signal, this.#onAbort);
    offRoom(this.#host.room, this.#onRoom);
    if (this.#underWay.size > 0) this.#leaver.abort();
    await this.stopReading();
  }

  get origin(): Origin | undefined {
    return this.#host.origin;
  }

  enter(key: MemoKey): void {
    this.#earlier = this.#repeats.enter(key, this.#read - 1);
  }

  repeated(): Promise<unknown> | undefined {
    const earlier = this.#earlier;
    if (earlier === undefined) return undefined;
    const { share } = this.#host;
    const waiting = this.#underWay.get(earlier);
    if (waiting !== undefined) return waiting.then((value) => copyResult(value, share));
    const had = this.#receiver.valueOf(earlier);
    return had && Promise.resolve(copyResult(had.value, share));
  }

  #leave(): void {
    this.#receiver.onLeft(withOrigin(new AbortError(this.#options.signal?.reason), this.origin));
    this.stop().catch(() => {}); // that the caller has left is what it hears
  }

  // In the next turn, when all that has come by now is known.
  #resume(): void {
    if (this.#isDue || this.#isStopped || this.#end !== undefined) return;
    this.#isDue = true;
    this.#host.clock.setImmediate(() => {
      this.#isDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    this.#turnBegan = this.#host.clock.now();
    this.#fill();
  }

  #fill(): void {
    while (this.#mayBegin()) this.#readOne();
  }

  // What is in the way calls for the next turn itself when it is gone.
  #mayBegin(): boolean {
    const { clock, room } = this.#host;
    if (this.#isStopped || this.#end !== undefined || this.#isReading) return false;
    if (this.#underWay.size + this.#held >= this.#options.window) return false;
    // Read it is all the same: a list that is at its end waits for nothing.
    if (this.#inHand !== undefined && !room.hasRoom) {
      this.#isDue = true;
      onRoom(room, this.#onRoom);
      return false;
    }
    if (clock.now() - this.#turnBegan <= TURN_MS) return true;
    this.#resume();
    return false;
  }

  #readOne(): void {
    const step = this.#inHand ?? this.#ask(this.#next);
    this.#inHand = undefined;
    if (step instanceof Promise) this.#await(step);
    else if (step !== undefined) this.#offer(step);
  }

  #offer(step: Step): void {
    if (this.#end !== undefined) return;
    if (step.done || this.#host.room.hasRoom) this.#take(step);
    else this.#inHand = step;
  }

  // What the list's own code throws is the list's. It may also have all this stopped.
  #ask<T>(question: () => T): T | undefined {
    this.#isAsked = true;
    try {
      return question();
    } catch (error) {
      this.#endWith({ ok: false, error });
      return undefined;
    } finally {
      this.#isAsked = false;
      if (this.#isStopped) this.#close();
    }
  }

  #await(step: Promise<Step>): void {
    this.#isReading = true;
    step.then(
      (read) => {
        this.#isReading = false;
        this.#offer(read);
        this.#fill();
      },
      (error: unknown) => {
        this.#isReading = false;
        this.#endWith({ ok: false, error });
      },
    );
  }

  #take(step: Step): void {
    if (step.done) {
      this.#endWith({ ok: true });
      return;
    }
    const refusal = this.#host.refusal();
    if (refusal === undefined) this.#begin(step.value);
    else this.#refuse(withOrigin(refusal, this.origin));
  }

  #begin(item: unknown): void {
    const index = this.#read++;
    this.#receiver.onBegin(index);
    const call = this.#call(item, index);
    this.#underWay.set(index, call);
    call.then(
      (value) => {
        this.#underWay.delete(index);
        if (this.#isStopped) return;
        this.#receiver.onValue(index, value);
        this.#resume();
      },
      (error: unknown) => {
        this.#underWay.delete(index);
        if (this.#isStopped) return;
        this.#receiver.onError(index, error);
        this.#resume();
      },
    );
  }

  #call(item: unknown, index: number): Promise<unknown> {
    try {
      checkItem(this.#options.name, item, index);
      return this.#host.call(item, this.#itemOptions);
    } catch (error) {
      return Promise.reject(withOrigin(error, this.origin));
    }
  }

  #refuse(error: unknown): void {
    this.#close();
    this.#endWith({ ok: false, error });
  }

  // Where the caller hears something else.
  #close(): void {
    this.#source?.close().catch(() => {});
  }

  #endWith(end: End): void {
    if (this.#end !== undefined || this.#isStopped) return;
    this.#end = end;
    this.#receiver.onEnd(end);
  }
}
