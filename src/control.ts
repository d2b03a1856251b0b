// The control block: memory that a worker and the main thread share. By it the main thread sees what the worker is doing,
// and takes back calls it has sent and the worker has not begun, whatever state the worker's event loop is in.
//
// Calls of one thread are numbered from 1 on; numbers are compared as 32-bit integers that wrap around.
import { hrtime } from 'node:process';
import type { Phase } from './types.ts';

/** The most calls that may be sent to a thread and not yet passed by it. */
export const MOST_SENT = 2048;

const PHASES: readonly Phase[] = ['queue', 'load', 'compute', 'convert', 'encode'];
const NUMBERS: Readonly<Record<Phase, number>> = { queue: 0, load: 1, compute: 2, convert: 3, encode: 4 };

// 32-bit cells: the phase, the number of the call come to last, the mark of the call to be stopped, and one unused. Then
// the time the last function began, as 64 bits; then a byte for each call that may be sent at once.
const PHASE = 0;
const CURRENT = 1;
const STOP = 2;
const BEGAN_OFFSET = 16;
const CALLS_OFFSET = 24;

const SENT = 1;
const TAKEN = 2;
const REVOKED = 3;

// performance.now() counts from the start of each thread; the system's clock is the same for all.
const CLOCK_OFFSET_MS = Number(hrtime.bigint()) / 1e6 - performance.now();

function systemNow(): number {
  return performance.now() + CLOCK_OFFSET_MS;
}

/** What a call is marked with to be stopped; never 0. */
export function stopMark(seq: number): number {
  return (seq << 1) | 1;
}

export class Control {
  /** What the other thread makes its own Control from. */
  readonly buffer: SharedArrayBuffer;
  /** The cell that tells the worker which call to stop: see compute/stop.ts. */
  readonly stopCell: Int32Array;
  readonly #cells: Int32Array;
  readonly #began: Float64Array;
  readonly #calls: Uint8Array;
  readonly #now: () => number;

  /** @param now a clock that is the same for both threads */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(CALLS_OFFSET + MOST_SENT),
    now: () => number = systemNow,
  ) {
    this.buffer = buffer;
    this.#now = now;
    this.#cells = new Int32Array(buffer, 0, 3);
    this.stopCell = new Int32Array(buffer, 4 * STOP, 1);
    this.#began = new Float64Array(buffer, BEGAN_OFFSET, 1);
    this.#calls = new Uint8Array(buffer, CALLS_OFFSET, MOST_SENT);
  }

  // The worker's side.

  /** Begins a call; false when the main thread has taken it back. */
  take(seq: number): boolean {
    // Said before it is done: who cannot take the call back any more must find it begun, or nobody would end it.
    Atomics.store(this.#cells, CURRENT, seq);
    this.enter('load');
    const was = Atomics.compareExchange(this.#calls, seq & (MOST_SENT - 1), SENT, TAKEN);
    if (was === SENT) return true;
    this.enter('queue');
    return false;
  }

  enter(phase: Phase): void {
    if (phase === 'compute') this.#began[0] = this.#now();
    Atomics.store(this.#cells, PHASE, NUMBERS[phase]);
  }

  // The main thread's side.

  /** Before a call is sent. */
  offer(seq: number): void {
    Atomics.store(this.#calls, seq & (MOST_SENT - 1), SENT);
  }

  /** Takes a call back; false when the worker has begun it. */
  revoke(seq: number): boolean {
    return Atomics.compareExchange(this.#calls, seq & (MOST_SENT - 1), SENT, REVOKED) === SENT;
  }

  /** Asks the worker to stop a call that it has begun. */
  stop(seq: number): void {
    Atomics.store(this.#cells, STOP, stopMark(seq));
  }

  /** Takes that back, when the call has ended: after 2^31 calls there is one with the same mark. */
  unstop(seq: number): void {
    Atomics.compareExchange(this.#cells, STOP, stopMark(seq), 0);
  }

  get phase(): Phase {
    return PHASES[Atomics.load(this.#cells, PHASE)] ?? 'queue';
  }

  /** Where a call stands that was sent and not answered yet. */
  stageOf(seq: number): 'waiting' | 'current' | 'finished' {
    const ahead = (Atomics.load(this.#cells, CURRENT) - seq) | 0;
    if (ahead < 0) return 'waiting';
    return ahead === 0 && this.phase !== 'queue' ? 'current' : 'finished';
  }

  /** Milliseconds since the function of the current call began. */
  get runningMs(): number {
    return this.#now() - (this.#began[0] ?? 0);
  }
}
