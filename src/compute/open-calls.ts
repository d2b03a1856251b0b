// The calls of this thread that wait for calls of their own: none of them holds the thread. Each goes on when answers have
// come, between two of the calls that the thread computes one after the other, and by itself: so it is known at any
// moment whose code runs.
import type { Clock } from '../clock.ts';
import type { Control } from '../control.ts';
import { type FromThread, type MemoCounts, packReply, type Reply } from '../wire.ts';
import type { Asks } from './asks.ts';
import type { LoopWatch } from './loop-watch.ts';
import { addMoved, HELD_MS } from './outbox.ts';
import type { RunningCall } from './running-call.ts';

export interface OpenCallsHost {
  readonly asks: Asks;
  readonly control: Control;
  readonly clock: Clock;
  readonly watch: LoopWatch | undefined;
  readonly post: (message: FromThread, transfer: readonly ArrayBuffer[]) => void;
  /** The counters of the memos of functions that ran; `name` is one of them. */
  takeMemos(name: string): readonly (readonly [string, MemoCounts])[];
  /** Calls are about to be told of: that they wait is to be told before. */
  beforeTelling(): void;
  /** A call goes on; gives what is to be called when it does not any more. */
  onResume(call: RunningCall): () => void;
  /** A call failed from outside its promise: the thread is not to be used again. */
  onSpoiled(): void;
}

export class OpenCalls {
  readonly #host: OpenCallsHost;
  readonly #open = new Map<number, RunningCall>();
  /** Those that something has come for. */
  readonly #ready = new Set<RunningCall>();
  /** Those that wait for something else than calls, each with what is told when it cannot come. */
  readonly #idle = new Map<RunningCall, () => void>();
  #seqs: number[] = [];
  #values: unknown[] = [];
  #computeMs: number[] = [];
  #transfer: ArrayBuffer[] = [];
  #names = new Set<string>();
  #heldSince = 0;
  /** Messages by which calls may go on. */
  #heard = 0;
  #isResuming = false;

  constructor(host: OpenCallsHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#open.size;
  }

  /** A call can go on. */
  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** A call that the thread computed waits from now on. */
  add(call: RunningCall, settled: Promise<Reply>): void {
    call.isOpen = true;
    call.pause();
    this.#open.set(call.seq, call);
    call.onAsking = () => this.#forgetIdle(call);
    void settled.then((reply) => this.#settle(call, reply));
    this.#lookAfter(call);
  }

  /** A message has come by which calls may go on: those that do not are told of again. */
  hear(): void {
    this.#heard++;
    this.#watchIdle();
  }

  /** Answers have come for a call. */
  wake(call: RunningCall): void {
    if (call.isOpen && !call.isOver) this.#ready.add(call);
  }

  /** Nobody wants a call any more. */
  cancel(seq: number): void {
    const call = this.#open.get(seq);
    if (call === undefined) return;
    call.isCancelled = true;
    this.#ready.add(call);
  }

  /** Lets one call go on, as far as it gets by itself. */
  async resume(): Promise<void> {
    const [call] = this.#ready;
    if (call === undefined) return;
    this.#ready.delete(call);
    if (call.isOver) return;
    const { control, asks } = this.#host;
    this.#isResuming = true;
    const end = this.#host.onResume(call);
    control.resume(call.seq);
    call.goOn();
    if (call.isCancelled) this.#drop(call);
    else asks.deliver(call);
    await this.turn();
    control.endResumed();
    end();
    this.#isResuming = false;
    if (!call.isOver) {
      call.pause();
      this.#lookAfter(call);
    }
    this.#watchIdle(); // what has happened may have been what they wait for
    if (!this.hasReady || this.#host.clock.now() - this.#heldSince > HELD_MS) this.flush();
  }

  /** Tells what calls came to. */
  flush(): void {
    if (this.#seqs.length === 0) return;
    const [seqs, values, computeMs, transfer] = [this.#seqs, this.#values, this.#computeMs, this.#transfer];
    const memos = [...this.#names].flatMap((name) => this.#host.takeMemos(name));
    this.#seqs = [];
    this.#values = [];
    this.#computeMs = [];
    this.#transfer = [];
    this.#names = new Set();
    this.#host.beforeTelling();
    this.#host.post(['settled', seqs, values, computeMs, ...memos], transfer);
  }

  /** The reactions that are due, and what the event loop has for this turn. */
  turn(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#host.clock.setImmediate(() => resolve(undefined));
    });
  }

  // What has begun to go wrong for it, it may put right and end: nobody hears of that.
  #drop(call: RunningCall): void {
    this.#close(call);
    this.#host.asks.drop(call);
    this.#push(call, undefined, 0);
  }

  #settle(call: RunningCall, reply: Reply): void {
    if (call.isOver) return;
    this.#close(call);
    this.#host.asks.drop(call);
    addMoved(reply, this.#transfer);
    this.#push(call, packReply(reply), reply.computeMs);
    const isSpoiled = !reply.ok && reply.spoiled === true;
    if (isSpoiled || !this.#isResuming) this.flush(); // of a spoiled thread no other call goes on
    if (isSpoiled) this.#host.onSpoiled();
  }

  #close(call: RunningCall): void {
    call.isOver = true;
    this.#open.delete(call.seq);
    this.#ready.delete(call);
    this.#forgetIdle(call);
  }

  #push({ seq, name }: RunningCall, value: unknown, computeMs: number): void {
    if (this.#seqs.length === 0) this.#heldSince = this.#host.clock.now();
    this.#seqs.push(seq);
    this.#values.push(value);
    this.#computeMs.push(computeMs);
    this.#names.add(name);
  }

  #lookAfter(call: RunningCall): void {
    if (call.isWaiting || call.isOver || this.#idle.has(call)) return;
    this.#idle.set(call, () => {
      this.#host.beforeTelling();
      this.#host.post(['stuck', call.seq, this.#heard], []);
    });
    this.#watch(call);
  }

  #watchIdle(): void {
    for (const call of this.#idle.keys()) this.#watch(call);
  }

  #watch(call: RunningCall): void {
    const onEmpty = this.#idle.get(call);
    if (onEmpty !== undefined) this.#host.watch?.add(onEmpty);
  }

  #forgetIdle(call: RunningCall): void {
    const onEmpty = this.#idle.get(call);
    if (onEmpty === undefined) return;
    this.#idle.delete(call);
    this.#host.watch?.delete(onEmpty);
  }
}
