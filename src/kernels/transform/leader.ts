// The crew of a thread that others may help: it does pieces itself, and waits for none that nobody has begun.
//
// A helper that is slow, because the machine is busy, would hold up every phase. So an account is kept of what helpers have
// saved, by the time that the leader takes for a piece, and of what it has waited for them; once they cost more than they
// bring, the leader goes on alone for a while, each time longer, and for so long that the cost is a tenth of it at most.

import type { Board } from './board.ts';
import { type Crew, TASKS, type TaskName, type Works } from './crew.ts';
import type { Thread } from './thread.ts';

/**
 * A thread that helped has ended or failed: what the phase worked on is lost. The job may begin again in other memory, as
 * one that was only very late might yet write to this.
 */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

export interface LeaderOptions {
  readonly board: Board;
  readonly thread: Thread;
  /** Told before each piece; may throw to stop. */
  readonly onPiece: () => void;
  /** Asks for helpers; `elapsedMs` is how long this thread has been at work. */
  readonly recruit: (elapsedMs: number) => void;
  /** Calls back when the thread has done what it is about. */
  readonly atEnd: (callback: () => void) => void;
  /** In milliseconds. @default performance.now */
  readonly now?: () => number;
}

// With fewer rows a phase takes some tenths of a millisecond, and a thread that has to be woken for it gains nothing.
const LEAST_ROWS = 32;
// Waking a thread takes some 50 us; a pause of the other up to that is better spent looking.
const SPIN_MS = 0.04;
// Whoever is woken is put on the processor of who wakes it, as often as not, and then the two take turns there for
// milliseconds: unless the one that wakes makes room for a moment, and is put elsewhere itself.
const YIELD_MS = 0.05;
// What helpers may have cost, and what of their savings is set against a later delay: a slice of the scheduler or two.
const MOST_DEBT_MS = 0.3;
const MOST_CREDIT_MS = 6;
// A pause lasts so many times what the helpers have cost: a tenth is lost by them at the most.
const PAUSE_SHARE = 10;
// How often a wait is cut short to look again.
const SLEEP_MS = 50;
const LOST_AFTER_MS = 10_000;
// How often helpers are asked for while there are none, and while there are some.
const ASK_MS = 20;
const ASK_MORE_MS = 100;

export class Leader implements Crew {
  readonly #options: LeaderOptions;
  readonly #now: () => number;
  #openSince: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #aloneUntil = 0;
  #creditMs = 0;
  #isGivenUp = false;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Its memory is not to be used any more. */
  get isLost(): boolean {
    return this.#isGivenUp || this.#options.board.hasFailed;
  }

  /** @throws HelperError, and from then on every time */
  run<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    if (this.isLost) throw lost();
    const { rows } = work as { readonly rows?: number };
    if ((rows ?? LEAST_ROWS) >= LEAST_ROWS && pieces > 1 && this.#hasHelp())
      this.#runTogether(name, work, pieces);
    else this.#runAlone(name, work, pieces);
  }

  #hasHelp(): boolean {
    const { board, recruit } = this.#options;
    const now = this.#now();
    this.#openSince ??= this.#open(now);
    if (now < this.#aloneUntil) return false;
    const hasHelp = board.present > 0;
    if (now - this.#askedAt >= (hasHelp ? ASK_MORE_MS : ASK_MS)) {
      this.#askedAt = now;
      recruit(now - this.#openSince);
    }
    return hasHelp;
  }

  #open(now: number): number {
    const { board, atEnd } = this.#options;
    board.open();
    this.#askedAt = now - ASK_MS;
    atEnd(() => {
      this.#openSince = undefined;
      board.close();
    });
    return now;
  }

  #runAlone<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    const { thread, onPiece } = this.#options;
    const { doPiece } = TASKS[name];
    for (let piece = 0; piece < pieces; piece++) {
      onPiece();
      doPiece(thread, work, piece);
    }
  }

  #runTogether<Name extends TaskName>(name: Name, work: Works[Name], pieces: number): void {
    const { board, thread, onPiece } = this.#options;
    const { doPiece } = TASKS[name];
    const start = this.#now();
    if (board.publish(name, work, pieces)) board.sleepUntilDone(0, YIELD_MS);
    let own = 0;
    try {
      for (let piece = board.claim(); piece !== undefined; piece = board.claim()) {
        own++;
        onPiece();
        doPiece(thread, work, piece);
      }
    } catch (error) {
      // Nobody may begin anything more, and what was begun has to end before the memory is used otherwise.
      while (board.claim() !== undefined) own++;
      this.#waitFor(pieces - own);
      throw error;
    }
    const ownMs = this.#now() - start;
    const waitedMs = this.#waitFor(pieces - own);
    if (waitedMs === undefined) throw lost();
    this.#account(((pieces - own) * ownMs) / Math.max(1, own) - waitedMs);
  }

  /** @returns how long it waited; undefined when a helper is lost */
  #waitFor(others: number): number | undefined {
    const { board } = this.#options;
    if (board.done >= others && !board.hasFailed) return 0;
    const start = this.#now();
    while (board.done < others) {
      for (let i = 0; i < 64 && board.done < others; i++);
      const waited = this.#now() - start;
      if (board.hasFailed || waited > LOST_AFTER_MS) break;
      const seen = board.done;
      if (waited >= SPIN_MS && seen < others) board.sleepUntilDone(seen, SLEEP_MS);
    }
    if (board.done >= others && !board.hasFailed) return this.#now() - start; // with the last sleep
    this.#isGivenUp = true;
    return undefined;
  }

  #account(savedMs: number): void {
    this.#creditMs = Math.min(MOST_CREDIT_MS, this.#creditMs + savedMs);
    if (this.#creditMs >= -MOST_DEBT_MS) return;
    this.#aloneUntil = this.#now() - PAUSE_SHARE * this.#creditMs;
    this.#creditMs = 0;
  }
}

function lost(): HelperError {
  return new HelperError('a thread that helped with a big number has ended or failed');
}
