// The answers of a worker that are not told yet: those of calls that take little time go in one message.
import { MOVED_BYTES, packReply, type Reply, WAITING, type WireResult } from '../wire.ts';

// Answers wait for those of the next calls this long, and for this many bytes: a message costs some microseconds on
// both sides, and nothing is to wait long behind a call that turns out to be slow.
export const HELD_MS = 0.2;
const HELD_BYTES = 64 * 1024;

/** What goes into one message. */
export interface Answers {
  /** The number of the first. */
  readonly first: number;
  readonly values: readonly unknown[];
  readonly computeMs: readonly number[];
  readonly transfer: readonly ArrayBuffer[];
}

export class Outbox {
  #first = 0;
  #values: unknown[] = [];
  #computeMs: number[] = [];
  #transfer: ArrayBuffer[] = [];
  #bytes = 0;
  #ms = 0;

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  /** They have waited long enough, or are large enough, to be told. */
  get isDue(): boolean {
    return this.#bytes > HELD_BYTES || this.#ms > HELD_MS;
  }

  /** The answers from now on are to calls numbered from `first` on. */
  begin(first: number): void {
    this.#first = first;
  }

  /** @param ms what the call took, with what it takes beside its function */
  add(reply: Reply, ms: number): void {
    this.#bytes += addMoved(reply, this.#transfer);
    this.#push(packReply(reply), reply.computeMs, ms);
  }

  /** In the place of a call that waits for calls of its own. */
  wait(): void {
    this.#push(WAITING, 0, 0);
  }

  /** In the place of a call that was taken back. */
  skip(ms: number): void {
    this.#push(undefined, 0, ms);
  }

  /** What there is, now told. */
  take(): Answers {
    const answers: Answers = {
      first: this.#first,
      values: this.#values,
      computeMs: this.#computeMs,
      transfer: this.#transfer,
    };
    this.#first += this.#values.length;
    this.#values = [];
    this.#computeMs = [];
    this.#transfer = [];
    this.#bytes = 0;
    this.#ms = 0;
    return answers;
  }

  #push(value: unknown, computeMs: number, ms: number): void {
    this.#values.push(value);
    this.#computeMs.push(computeMs);
    this.#ms += ms;
  }
}

/** Adds the large buffers of a reply to those that change hands; gives the bytes of all. */
export function addMoved(reply: Reply, transfer: ArrayBuffer[]): number {
  if (!reply.ok || reply.result.kind === 'primitive') return 0;
  let total = 0;
  for (const bytes of buffersOf(reply.result)) {
    total += bytes.byteLength;
    if (bytes.byteLength >= MOVED_BYTES) transfer.push(bytes.buffer as ArrayBuffer);
  }
  return total;
}

function buffersOf(result: Exclude<WireResult, { kind: 'primitive' }>): Uint8Array[] {
  return result.kind === 'raw' && result.copy !== undefined ? [result.bytes, result.copy] : [result.bytes];
}
