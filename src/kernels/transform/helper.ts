// A thread that helps another: it does pieces as long as there are any, for a bounded time, so that it can look after calls
// of its own in between.
import type { Board } from './board.ts';
import { TASKS, type TaskName, type Works } from './crew.ts';
import type { Thread } from './tasks.ts';

// As of the leader.
const SPIN_MS = 0.04;
// How long a helper may be deaf to its own calls.
const SLICE_MS = 2;
const SLEEP_MS = 1;

/** Helps for some milliseconds. @returns whether there may be more to do */
export function help(board: Board, thread: Thread): boolean {
  const end = performance.now() + SLICE_MS;
  let phase = -1;
  let task: { readonly name: TaskName; readonly work: Works[TaskName] } | undefined;
  let idleSince = performance.now();
  for (;;) {
    if (board.isClosed) return false;
    const piece = board.claim();
    if (piece === undefined) {
      const now = performance.now();
      if (now > end) return true;
      if (now - idleSince > SPIN_MS) {
        board.sleepUntilPublished(SLEEP_MS);
        if (performance.now() > end) return true;
      }
      continue;
    }
    if (task === undefined || board.phase !== phase) {
      phase = board.phase;
      task = board.read();
    }
    board.finish(!hasDone(thread, task, piece));
    idleSince = performance.now();
    if (idleSince > end) return !board.isClosed;
  }
}

function hasDone(
  thread: Thread,
  { name, work }: { readonly name: TaskName; readonly work: Works[TaskName] },
  piece: number,
): boolean {
  try {
    (TASKS[name].doPiece as (thread: Thread, work: Works[TaskName], piece: number) => void)(thread, work, piece);
    return true;
  } catch {
    return false;
  }
}
