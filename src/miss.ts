// A call that neither the front cache nor a flight could answer: what the dispatcher sees of it, and what its flight asks.
import type { Clock } from './clock.ts';
import type { Asked, AskOutcome, Dispatcher, Outcome, Task, Ticket } from './dispatch/dispatcher.ts';
import { showValue } from './errors.ts';
import { Flight, type FlightEvents } from './front/flight.ts';
import type { Line } from './front/line.ts';
import type { Origin } from './front/origin.ts';
import type { Phase, ResultForm } from './types.ts';
import type { MemoKey } from './values/key.ts';

export interface MissHost {
  readonly clock: Clock;
  /** Told once what has become of a miss, unless it was cancelled. */
  onLanded(miss: Miss, outcome: Outcome): void;
  /** What has become of it, as its callers are to be told; asked before those that wait for it have let go. */
  named(miss: Miss, outcome: Outcome): Outcome;
  /** Told when it is answered, or wanted by nobody. */
  onOver(miss: Miss): void;
  /** Its function makes a call. */
  onAsk(miss: Miss, asked: Asked, reply: (outcome: AskOutcome) => void): void;
  /** One waits beside what its thread computes. */
  onOpen(): void;
  /** It awaits what its thread alone could bring, and of which nothing is under way. */
  onStuck(miss: Miss): void;
  onUnstuck(miss: Miss): void;
}

/** What a call is found by, and where it was made. */
export interface Position {
  readonly line: Line;
  readonly key: MemoKey;
  readonly form: ResultForm | undefined;
  /** Where the call was made, if that was captured. */
  readonly origin: Origin | undefined;
  /** Another call has made it. */
  readonly isNested?: boolean;
  /** How many parts it is to be divided into; its function decides that if left out. */
  readonly parts?: number;
}

/**
 * What a worker gets: the arguments, the same serialized, or a lone primitive without an array around it, because a
 * hundred thousand calls may be waiting (bench/misses).
 */
export type Sent = readonly unknown[] | Uint8Array | string | number | bigint | boolean | null | undefined;

export class Miss implements Task, FlightEvents {
  readonly line: Line;
  readonly key: MemoKey;
  readonly form: ResultForm | undefined;
  readonly origin: Origin | undefined;
  readonly isNested: boolean;
  readonly parts: number;
  readonly flight: Flight;
  readonly #sent: Sent;
  readonly #host: MissHost;
  #ticket: Ticket | undefined;
  #isTimed = false;

  constructor(
    { line, key, form, origin, isNested = false, parts = 0 }: Position,
    sent: Sent,
    host: MissHost,
  ) {
    this.line = line;
    this.key = key;
    this.form = form;
    this.origin = origin;
    this.isNested = isNested;
    this.parts = parts;
    this.#sent = sent;
    this.#host = host;
    this.flight = new Flight(line.name, this);
    line.flights.set(key, this.flight);
  }

  get name(): string {
    return this.line.name;
  }

  get args(): readonly unknown[] | Uint8Array {
    const sent = this.#sent;
    return typeof sent === 'object' && sent !== null ? sent : [sent];
  }

  /** @throws PoolError ERR_QUEUE_FULL */
  submitTo(dispatcher: Dispatcher): void {
    this.#ticket = dispatcher.submit(this);
    if (this.#isTimed) this.#ticket.watch();
  }

  /** Later calls do not join it any more. */
  land(): void {
    const { flights } = this.line;
    if (flights.get(this.key) === this.flight) flights.delete(this.key);
    this.#host.onOver(this);
  }

  // What the dispatcher tells.

  onSend(): void {
    this.flight.send();
  }

  onStart(agoMs: number): void {
    this.flight.start(agoMs);
  }

  ask(asked: Asked, reply: (outcome: AskOutcome) => void): void {
    this.#host.onAsk(this, asked, reply);
  }

  onOpen(): void {
    this.#host.onOpen();
  }

  onStuck(): void {
    this.#host.onStuck(this);
  }

  onUnstuck(): void {
    this.#host.onUnstuck(this);
  }

  onDone(outcome: Outcome): void {
    const told = this.#host.named(this, outcome);
    this.land();
    this.#host.onLanded(this, told);
  }

  // What the flight asks and tells.

  onTimed(): void {
    this.#isTimed = true;
    this.#ticket?.watch();
  }

  onAbandoned(): void {
    this.land();
    this.#ticket?.cancel();
  }

  phase(): Phase {
    return this.#ticket?.phase ?? 'queue';
  }

  fraction(): number {
    return this.#ticket?.fraction ?? 0;
  }

  isOpen(): boolean {
    return this.#ticket?.isOpen ?? false;
  }

  peers(): readonly Flight[] {
    return (this.#ticket?.peers ?? []).flatMap((task) => (task instanceof Miss ? [task.flight] : []));
  }

  describe(): string {
    const { args } = this;
    return `${this.name}(${args instanceof Uint8Array ? '…' : args.map(showValue).join(', ')})`;
  }

  onStalled(error: Error): void {
    this.land();
    this.#ticket?.cancel();
    this.#host.onLanded(this, { ok: false, error, computeMs: 0 });
  }

  get clock(): Clock {
    return this.#host.clock;
  }
}
