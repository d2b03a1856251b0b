// For who measures a pool (src/tuning): what goes to its threads and comes back, as the main thread sees it.
import type { Task } from './dispatcher.ts';

/** A thread's place, which keeps its identity when the thread is replaced. */
export interface Place {
  /** Calls there that are not answered. */
  readonly count: number;
  /** Milliseconds that its thread has spent putting results of divided calls together, since it began. */
  readonly combinedMs: number;
}

export interface Answered {
  readonly task: Task;
  /** Milliseconds in the function itself. */
  readonly computeMs: number;
}

export interface DispatchObserver {
  /** A call waits for a thread from now on. */
  onSubmit(task: Task): void;
  /** Calls have gone to a thread. */
  onSend(place: Place): void;
  /** A thread has told what calls came to, in the order it computed them in. */
  onAnswers(place: Place, answered: readonly Answered[]): void;
  /** A call waits for calls of its own: it is in no queue any more. */
  onWait(task: Task): void;
  /** After a message of a thread: `count` says whether it still has calls. */
  onSettled(place: Place): void;
  /** A thread begins to help another with a big number, or ends it. */
  onHelp(place: Place, helps: boolean): void;
  /** A thread is gone, with what it had. */
  onEnd(place: Place): void;
}
