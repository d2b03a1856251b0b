// A call that this thread computes: what it is known by, what it waits for, and the time it has taken itself.
import type { Clock } from '../clock.ts';
import type { AnyFunction } from '../types.ts';
import type { Reply } from '../wire.ts';
import type { Ask } from './asks.ts';
import type { Running, SubCall } from './running.ts';
import { StopError } from './stop.ts';

/** What a call needs of its thread. */
export interface RunningHost {
  readonly clock: Clock;
  readonly workers: number;
  nameOf(fn: AnyFunction): string | undefined;
  /** @throws PoolError ERR_ARGUMENT_NOT_CLONEABLE */
  onAsk(call: RunningCall, sub: SubCall): Promise<unknown>;
  report(call: RunningCall, done: number, total: number): void;
  combined(ms: number): void;
}

/** The calls that a call has made and that have not been answered to it. */
export interface Waits {
  readonly asks: Set<Ask>;
  /** Those that wait until fewer are told of. */
  readonly untold: Ask[];
  /** How many the main thread knows of. */
  told: number;
  /** Answers that have arrived and are not handed out. */
  readonly answers: { readonly ask: Ask; readonly packed: unknown }[];
}

const NOTHING = (): void => {};

export class RunningCall implements Running {
  readonly seq: number;
  readonly name: string;
  readonly parts: number;
  /** It waits beside the calls that the thread computes one after the other. */
  isOpen = false;
  /** It is answered, or nobody wants it any more. */
  isOver = false;
  /** Nobody wants it any more, and it is not told so yet. */
  isCancelled = false;
  /** Ends it with an error that surfaced outside of it: in a timer it had set, say. */
  fail: (error: unknown) => void = NOTHING;
  /** Ends it with a reply. */
  end: (reply: Reply) => void = NOTHING;
  /** Told when it makes a call. */
  onAsking: () => void = NOTHING;
  readonly #host: RunningHost;
  #waits: Waits | undefined;
  #waitedMs = 0;
  #waitsSince: number | undefined;

  constructor(host: RunningHost, { seq, name, parts }: Pick<RunningCall, 'seq' | 'name' | 'parts'>) {
    this.#host = host;
    this.seq = seq;
    this.name = name;
    this.parts = parts;
  }

  /** What it waits for; nothing of most calls. */
  get waits(): Waits {
    this.#waits ??= { asks: new Set(), untold: [], told: 0, answers: [] };
    return this.#waits;
  }

  get isWaiting(): boolean {
    return this.#waits !== undefined && this.#waits.asks.size > 0;
  }

  get workers(): number {
    return this.#host.workers;
  }

  nameOf(fn: AnyFunction): string | undefined {
    return this.#host.nameOf(fn);
  }

  ask(sub: SubCall): Promise<unknown> {
    if (this.isOver || this.isCancelled) return Promise.reject(new StopError());
    const promise = this.#host.onAsk(this, sub);
    this.onAsking();
    return promise;
  }

  report(done: number, total: number): void {
    this.#host.report(this, done, total);
  }

  combined(ms: number): void {
    this.#host.combined(ms);
  }

  // A clock that stands still while it waits: what calls of its own take is theirs.

  now(): number {
    return (this.#waitsSince ?? this.#host.clock.now()) - this.#waitedMs;
  }

  pause(): void {
    this.#waitsSince ??= this.#host.clock.now();
  }

  goOn(): void {
    if (this.#waitsSince === undefined) return;
    this.#waitedMs += this.#host.clock.now() - this.#waitsSince;
    this.#waitsSince = undefined;
  }
}
