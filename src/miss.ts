// A call that neither the front cache nor a flight could answer: what the dispatcher sees of it, and what its flight asks.
import type { Clock } from './clock.ts';
import type { Dispatcher, Outcome, Task, Ticket } from './dispatch/dispatcher.ts';
import { Flight, type FlightEvents } from './front/flight.ts';
import type { Line } from './front/line.ts';
import type { Origin } from './front/origin.ts';
import type { Phase, ResultForm } from './types.ts';
import type { MemoKey } from './values/key.ts';

export interface MissHost {
  readonly clock: Clock;
  /** Told once what has become of a miss, unless it was cancelled. */
  onLanded(miss: Miss, outcome: Outcome): void;
}

/** What a call is found by, and where it was made. */
export interface Position {
  readonly line: Line;
  readonly key: MemoKey;
  readonly form: ResultForm | undefined;
  /** Where the call was made, if that was captured. */
  readonly origin: Origin | undefined;
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
  readonly flight: Flight;
  readonly #sent: Sent;
  readonly #host: MissHost;
  #ticket: Ticket | undefined;
  #isTimed = false;

  constructor({ line, key, form, origin }: Position, sent: Sent, host: MissHost) {
    this.line = line;
    this.key = key;
    this.form = form;
    this.origin = origin;
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
  }

  // What the dispatcher tells.

  onSend(): void {
    this.flight.send();
  }

  onStart(agoMs: number): void {
    this.flight.start(agoMs);
  }

  onDone(outcome: Outcome): void {
    this.land();
    this.#host.onLanded(this, outcome);
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

  get clock(): Clock {
    return this.#host.clock;
  }
}
