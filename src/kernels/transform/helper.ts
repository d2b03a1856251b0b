// A thread that helps another: it does pieces as long as there are any, for a bounded time, so that it can look after calls
// of its own in between.

import type { Board } from './board.ts';
import { TASKS, type TaskName, type Works } from './crew.ts';
import type { Thread } from './thread.ts';

// As of the leader.
const SPIN_MS = 0.04;
// How long a helper may be deaf to its own calls, beside the piece that it is at.
const SLICE_MS = 2;
const SLEEP_MS = 1;

/** What came of helping for a while: did pieces, or found none. */
export type Help = 'worked' | 'waited';

interface Phase {
  readonly number: number;
  readonly name: TaskName;
  readonly work: Works[TaskName];
}

/** Helps for some milliseconds. */
export function help(board: Board, thread: Thread): Help {
  const end = performance.now() + SLICE_MS;
  let phase: Phase | undefined;
  let result: Help = 'waited';
  let now = performance.now();
  let idleSince = now;
  while (now < end) {
    const piece = board.claim();
    if (piece === undefined) {
      // Between two numbers it sleeps: the next one, which may follow soon, wakes it.
      if (!board.isOpen || now - idleSince > SPIN_MS) board.sleepUntilPublished(SLEEP_MS);
      now = performance.now();
      continue;
    }
    const { phase: number } = board;
    if (phase?.number !== number) phase = { number, ...board.read() };
    board.finish(!hasDone(thread, phase, piece));
    result = 'worked';
    now = performance.now();
    idleSince = now;
  }
  return result;
}

function hasDone(thread: Thread, { name, work }: Phase, piece: number): boolean {
  const { doPiece } = TASKS[name] as {
    readonly doPiece: (thread: Thread, work: unknown, piece: number) => void;
  };
  try {
    doPiece(thread, work, piece);
    return true;
  } catch {
    return false;
  }
}
