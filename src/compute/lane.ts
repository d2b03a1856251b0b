// The calls that a thread computes one after the other: each from its beginning to its reply, or to where it waits for calls
// of its own and makes way.
import type { Clock } from '../clock.ts';
import { type Control, stopMark } from '../control.ts';
import type { AnyFunction } from '../types.ts';
import type { CallGroup, Reply } from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import type { Asks } from './asks.ts';
import { compute, type Evaluation, failure, isToCome, nameSafely, unsettled } from './evaluate.ts';
import type { LoopWatch } from './loop-watch.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Registry } from './registry.ts';
import { runningCalls } from './running.ts';
import { RunningCall, type RunningHost } from './running-call.ts';

export interface LaneOptions {
  readonly registry: Registry;
  readonly control: Control;
  readonly clock: Clock;
  readonly watch: LoopWatch | undefined;
  readonly open: OpenCalls;
  readonly asks: Asks;
  /** The most threads of the pool. */
  readonly workers: number;
}

const origin = runningCalls();

export class Lane {
  /** The call whose code runs, or that is waited for. */
  running: RunningCall | undefined;
  readonly #options: LaneOptions;
  readonly #host: RunningHost;
  readonly #enter: Evaluation['onPhase'] = (phase) => this.#options.control.enter(phase);
  /** Told when an open call can go on. */
  #onReady: () => void = () => {};

  constructor(options: LaneOptions) {
    this.#options = options;
    const { clock, workers, registry, asks, control } = options;
    this.#host = {
      clock,
      workers,
      nameOf: (fn) => registry.nameOf(fn),
      onAsk: (call, sub) => asks.make(call, sub),
      report: (call, done, total) => {
        if (call === this.running && !call.isOpen) control.report(done, total);
      },
      combined: (ms) => control.addCombined(ms),
    };
  }

  /** An open call can go on: it does so even while a module is loaded. */
  wake(): void {
    this.#onReady();
  }

  /** Undefined for a call that waits for calls of its own. */
  run(
    seq: number,
    [name, form, , , parts = 0]: CallGroup,
    args: readonly unknown[] | Uint8Array,
  ): Reply | Promise<Reply | undefined> {
    const { registry } = this.#options;
    const call = new RunningCall(this.#host, { seq, name, parts });
    this.running = call;
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
    const broken = new Promise<void>((resolve) => {
      call.fail = (error) => {
        failed = this.#failed(call, error);
        resolve();
      };
    });
    while (fn === undefined && failed === undefined) {
      const ready = new Promise<void>((resolve) => {
        this.#onReady = resolve;
      });
      await Promise.race([loaded, broken, ready]);
      while (this.#options.open.hasReady) await this.#options.open.resume();
    }
    if (fn === undefined) return failed && this.#end(call, failed);
    const reply = origin.run(call, compute, fn, evaluation);
    return isToCome(reply) ? this.#hold(call, evaluation, reply) : this.#end(call, reply);
  }

  #end(call: RunningCall, reply: Reply): Reply {
    call.isOver = true;
    this.#options.asks.drop(call);
    return reply;
  }

  // A function that has given a promise holds the thread until it is settled, unless it waits for calls; or others do, as
  // it may be one of these that it waits for.
  async #hold(call: RunningCall, evaluation: Evaluation, reply: Promise<Reply>): Promise<Reply | undefined> {
    const settled = this.#orFailure(call, reply);
    const makesWay = () => call.isWaiting || this.#options.open.size > 0;
    for (;;) {
      const done = makesWay() ? undefined : await this.#untilItAsks(call, settled);
      const reached = done ?? (await Promise.race([settled, this.#options.open.turn()]));
      if (reached === undefined && !makesWay()) continue;
      evaluation.onPhase = () => {}; // its promise may settle later yet
      this.#enter('queue');
      if (reached !== undefined) return this.#end(call, reached);
      this.running = undefined;
      this.#options.open.add(call, settled);
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
    return new Promise((resolve) => {
      call.end = resolve;
      call.fail = (error) => resolve(this.#failed(call, error));
      void reply.then(resolve);
    });
  }

  #failed({ name }: RunningCall, error: unknown): Reply {
    const encoded = encodeError(nameSafely(error, { name, depth: 0 }));
    return { ok: false, error: encoded, computeMs: 0, spoiled: true };
  }
}
