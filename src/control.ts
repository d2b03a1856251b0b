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

// 32-bit cells: the phase, the number of the call come to last, the mark of the call to be stopped, and the number of the
// call that goes on after it had waited for calls of its own, or 0. Then 64-bit ones: when the last function began, and
// when that call went on; how much the call come to last has done, and of how much; what the thread has spent in
// putting results together. Then a byte for each call that may be sent at once.
const PHASE = 0;
const CURRENT = 1;
const STOP = 2;
const RESUMED = 3;
const TIMES_OFFSET = 16;
const BEGAN = 0;
const RESUMED_AT = 1;
const DONE = 2;
const TOTAL = 3;
const COMBINED = 4;
const CALLS_OFFSET = 56;

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
  readonly #times: Float64Array;
  readonly #calls: Uint8Array;
  readonly #now: () => number;

  /** @param now a clock that is the same for both threads */
  constructor(
    buffer: SharedArrayBuffer = new SharedArrayBuffer(CALLS_OFFSET + MOST_SENT),
    now: () => number = systemNow,
  ) {
    this.buffer = buffer;
    this.#now = now;
    this.#cells = new Int32Array(buffer, 0, 4);
    this.stopCell = new Int32Array(buffer, 4 * STOP, 1);
    this.#times = new Float64Array(buffer, TIMES_OFFSET, 5);
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
    if (phase === 'compute') {
      this.#times[BEGAN] = this.#now();
      this.#times[TOTAL] = 0;
    }
    Atomics.store(this.#cells, PHASE, NUMBERS[phase]);
  }

  /** A call goes on that had waited for calls of its own, between two others. */
  resume(seq: number): void {
    this.#times[RESUMED_AT] = this.#now();
    Atomics.store(this.#cells, RESUMED, seq);
  }

  /** It waits again, or has ended. */
  endResumed(): void {
    Atomics.store(this.#cells, RESUMED, 0);
  }

  /** How far the call come to last is, in whatever unit it counts. */
  report(done: number, total: number): void {
    this.#times[DONE] = done;
    this.#times[TOTAL] = total;
  }

  /** Results of a divided call were put together, which took so many milliseconds. */
  addCombined(ms: number): void {
    this.#times[COMBINED] = this.combinedMs + ms;
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

  /** The call that goes on after it had waited; 0 when none does. */
  get resumed(): number {
    return Atomics.load(this.#cells, RESUMED);
  }

  /** The thread is about a call, as opposed to starting, or between two. */
  get isComputing(): boolean {
    return this.resumed !== 0 || this.phase !== 'queue';
  }

  /** Milliseconds since the function that computes now began, or went on. */
  get runningMs(): number {
    return this.#now() - (this.#times[this.resumed === 0 ? BEGAN : RESUMED_AT] ?? 0);
  }

  /** Milliseconds that the thread has spent putting results of divided calls together, since it began. */
  get combinedMs(): number {
    return this.#times[COMBINED] ?? 0;
  }

  /** How much of the current call is done, from 0 to 1, as far as its function has told. */
  get fraction(): number {
    const total = this.#times[TOTAL] ?? 0;
    return total > 0 ? Math.min(1, Math.max(0, (this.#times[DONE] ?? 0) / total)) : 0;
  }
}
