// Shared memory by which the thread that computes, the leader, and those that help it agree on who does which piece.
//
// One cell says what there is to claim: the number of the phase, how many pieces it has, and the next that nobody has
// taken. Who adds one to it has claimed that piece, and the phase cannot end before it is done: so what the phase works on,
// which was written before the cell, stays until then. A board is opened while there is work, and closed in between.
//
// Each helper has a seat, so that a thread that ends is counted off once, and as a loss only if it had not left before.
import { MOST_PIECES, TASKS, type TaskName, type Works } from './crew.ts';

/** The cells of 32 bits. */
const CELL = {
  claim: 0,
  done: 1,
  leaderWaits: 2,
  sleepers: 3,
  task: 4,
  /** 1 while the leader has work to share. */
  open: 5,
  /** Threads that help now. */
  present: 6,
  /** 1 when a thread has ended, or failed, in the midst of its piece, perhaps: for good. */
  failed: 7,
  /** Phases so far. The bits of the claim cell come round again while a thread is kept from running. */
  phase: 8,
  /** 1 when there are invitations for whoever might help. */
  invited: 9,
  /** And one for each seat: 1 while its helper is there. */
  seats: 16,
} as const;
const CELLS = 32;
const MOST_NUMBERS = 32;

/** Helpers of one board, in the seats from 1 on; 0 is the leader's. What they watch has room for so many. */
export const MOST_HELPERS = 15;

const PIECE_BITS = 10;
const PIECE_MASK = 2 ** PIECE_BITS - 1;

const NAMES = Object.keys(TASKS) as readonly TaskName[];

export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #numbers: Float64Array;
  #epoch = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(CELLS * 4 + MOST_NUMBERS * 8)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory, 0, CELLS);
    this.#numbers = new Float64Array(memory, CELLS * 4, MOST_NUMBERS);
  }

  /** Threads that help now. */
  get present(): number {
    return Atomics.load(this.#cells, CELL.present);
  }

  /** By a helper: it is there from now on, until it {@link leave}s. */
  arrive(seat: number): void {
    if (Atomics.exchange(this.#cells, CELL.seats + seat, 1) === 0) Atomics.add(this.#cells, CELL.present, 1);
  }

  /** @returns whether it was there */
  leave(seat: number): boolean {
    if (Atomics.exchange(this.#cells, CELL.seats + seat, 0) === 0) return false;
    Atomics.sub(this.#cells, CELL.present, 1);
    return true;
  }

  /** By whoever knows that the thread of a seat has ended, or is about to. */
  lose(seat: number): void {
    if (this.leave(seat)) this.fail();
  }

  /** By the leader: whether invitations are needed, which it sends then. */
  takeWish(): boolean {
    return Atomics.exchange(this.#cells, CELL.invited, 1) === 0;
  }

  /** By whoever has no invitation for one that could help. */
  wish(): void {
    Atomics.store(this.#cells, CELL.invited, 0);
  }

  /** What helpers were about may be half done. */
  fail(): void {
    Atomics.store(this.#cells, CELL.failed, 1);
    Atomics.notify(this.#cells, CELL.done);
  }

  /**
   * By the leader, when all pieces of the phase before are done.
   *
   * @returns whether a helper was asleep
   */
  publish<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): boolean {
    if (pieces > MOST_PIECES) throw new RangeError(`${name}: at most ${MOST_PIECES} pieces, not ${pieces}`);
    const cells = this.#cells;
    for (const [i, field] of TASKS[name].fields.entries()) this.#numbers[i] = Number(work[field]);
    cells[CELL.task] = NAMES.indexOf(name);
    Atomics.store(cells, CELL.done, 0);
    Atomics.add(cells, CELL.phase, 1);
    this.#epoch = (this.#epoch + 1) % 2 ** 11;
    Atomics.store(cells, CELL.claim, (this.#epoch << (2 * PIECE_BITS)) | (pieces << PIECE_BITS));
    return Atomics.load(cells, CELL.sleepers) > 0 && Atomics.notify(cells, CELL.claim) > 0;
  }

  /** The number of a piece that the caller is to do now; undefined when none is left. */
  claim(): number | undefined {
    const cells = this.#cells;
    for (;;) {
      const seen = Atomics.load(cells, CELL.claim);
      const next = seen & PIECE_MASK;
      if (next >= ((seen >> PIECE_BITS) & PIECE_MASK)) return undefined;
      if (Atomics.compareExchange(cells, CELL.claim, seen, seen + 1) === seen) return next;
    }
  }

  /** What the phase of a claimed piece works on. */
  read(): { readonly name: TaskName; readonly work: Works[TaskName] } {
    const name = NAMES[this.#cells[CELL.task] ?? 0] ?? 'split';
    const entries = TASKS[name].fields.map((field, i) => [field, this.#numbers[i]]);
    return { name, work: Object.fromEntries(entries) as unknown as Works[TaskName] };
  }

  /** A number that differs from phase to phase; that of a claimed piece until it is finished. */
  get phase(): number {
    return Atomics.load(this.#cells, CELL.phase);
  }

  /** By a helper: a claimed piece is done, or has failed. */
  finish(hasFailed: boolean): void {
    const cells = this.#cells;
    if (hasFailed) this.fail();
    Atomics.add(cells, CELL.done, 1);
    if (Atomics.load(cells, CELL.leaderWaits) === 1) Atomics.notify(cells, CELL.done);
  }

  get done(): number {
    return Atomics.load(this.#cells, CELL.done);
  }

  /** Whether a helper has failed: what works by this board is not to be trusted any more. */
  get hasFailed(): boolean {
    return Atomics.load(this.#cells, CELL.failed) === 1;
  }

  /** By the leader: waits until helpers have done more than `seen` pieces, for `ms` at most. */
  sleepUntilDone(seen: number, ms: number): void {
    const cells = this.#cells;
    Atomics.store(cells, CELL.leaderWaits, 1);
    Atomics.wait(cells, CELL.done, seen, ms);
    Atomics.store(cells, CELL.leaderWaits, 0);
  }

  /** By a helper: waits for another phase, for `ms` at most. */
  sleepUntilPublished(ms: number): void {
    const cells = this.#cells;
    Atomics.add(cells, CELL.sleepers, 1);
    const seen = Atomics.load(cells, CELL.claim);
    if (!isClaimable(seen)) Atomics.wait(cells, CELL.claim, seen, ms);
    Atomics.sub(cells, CELL.sleepers, 1);
  }

  get isOpen(): boolean {
    return Atomics.load(this.#cells, CELL.open) === 1;
  }

  /** By the leader: there will be phases. */
  open(): void {
    Atomics.store(this.#cells, CELL.open, 1);
  }

  /** By the leader, or when it has ended: there are none any more, for now. */
  close(): void {
    Atomics.store(this.#cells, CELL.open, 0);
  }
}

function isClaimable(seen: number): boolean {
  return (seen & PIECE_MASK) < ((seen >> PIECE_BITS) & PIECE_MASK);
}
