// The crew of a thread that others may help: it does pieces itself, and waits for none that nobody has begun.
//
// A helper that is slow, because the machine is busy, would hold up every phase. So an account is kept of what helpers have
// saved, by the time that the leader takes for a piece, and of what it has waited for them; once they cost more than they
// bring, the leader goes on alone for a while, each time longer.
import type { Board } from './board.ts';
import { type Crew, TASKS, type TaskName, type Works } from './crew.ts';
import type { Thread } from './tasks.ts';

/** A helper could not do its piece: its memory ran out, say. What the phase worked on is lost. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

// Waking a thread takes some 50 us; a pause of the other up to that is better spent looking.
const SPIN_MS = 0.04;
// What helpers may have cost, and what they may have saved up against a later delay.
const MOST_DEBT_MS = 0.3;
const MOST_CREDIT_MS = 1;
const LEAST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 2000;
// So many phases without a long wait, and the next pause is short again.
const FORGIVEN_AFTER = 300;
// How often a wait is cut short to see whether a helper has died.
const SLEEP_MS = 50;
const LOST_AFTER_MS = 10_000;

export class Leader implements Crew {
  readonly #board: Board;
  readonly #thread: Thread;
  readonly #onPiece: () => void;
  #aloneUntil = 0;
  #pauseMs = LEAST_PAUSE_MS;
  #goodPhases = 0;
  #creditMs = 0;

  /** @param onPiece told before each piece; may throw to stop */
  constructor(board: Board, thread: Thread, onPiece: () => void) {
    this.#board = board;
    this.#thread = thread;
    this.#onPiece = onPiece;
  }

  run<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    if (this.#board.members === 0 || performance.now() < this.#aloneUntil) this.#runAlone(name, work, pieces);
    else this.#runTogether(name, work, pieces);
  }

  #runAlone<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    const { doPiece } = TASKS[name];
    for (let piece = 0; piece < pieces; piece++) {
      this.#onPiece();
      doPiece(this.#thread, work, piece);
    }
  }

  #runTogether<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    const board = this.#board;
    const { doPiece } = TASKS[name];
    const start = performance.now();
    board.publish(name, work, pieces);
    let own = 0;
    try {
      for (let piece = board.claim(); piece !== undefined; piece = board.claim()) {
        own++;
        this.#onPiece();
        doPiece(this.#thread, work, piece);
      }
    } catch (error) {
      // Nobody may begin anything more, and what was begun has to end before the memory is used otherwise.
      while (board.claim() !== undefined) own++;
      this.#waitFor(pieces - own);
      throw error;
    }
    const ownMs = performance.now() - start;
    const waitedMs = this.#waitFor(pieces - own);
    this.#judge(((pieces - own) * ownMs) / Math.max(1, own) - waitedMs);
    if (board.hasFailed) throw new HelperError('a thread that helped could not do its part');
  }

  /** @returns how long it waited */
  #waitFor(others: number): number {
    const board = this.#board;
    if (board.done >= others) return 0;
    const start = performance.now();
    for (;;) {
      for (let i = 0; i < 64; i++) if (board.done >= others) return performance.now() - start;
      const waited = performance.now() - start;
      if (waited < SPIN_MS) continue;
      if (waited > LOST_AFTER_MS) throw new HelperError('a thread that helped has not ended its part in ten seconds');
      const seen = board.done;
      if (seen < others) board.sleepUntilDone(seen, SLEEP_MS);
    }
  }

  #judge(savedMs: number): void {
    this.#creditMs = Math.min(MOST_CREDIT_MS, this.#creditMs + savedMs);
    if (this.#creditMs >= -MOST_DEBT_MS) {
      this.#goodPhases++;
      if (this.#goodPhases >= FORGIVEN_AFTER) this.#pauseMs = LEAST_PAUSE_MS;
      return;
    }
    this.#creditMs = 0;
    this.#goodPhases = 0;
    this.#aloneUntil = performance.now() + this.#pauseMs;
    this.#pauseMs = Math.min(MOST_PAUSE_MS, 2 * this.#pauseMs);
  }
}
