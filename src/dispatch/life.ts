// What a slot knows of its thread, and what follows from it when the thread is not to be trusted, or has ended.
// Nobody pays for what nobody is known to have done, until a call has met with it again and again.
import type { Clock, Timer } from '../clock.ts';
import type { Job } from './job.ts';
import type { ThreadMemos } from './memo-totals.ts';
import type { OpenJobs } from './open-jobs.ts';
import type { OpenPort } from './open-port.ts';
import type { Sent } from './sent.ts';
import type { ThreadHandle } from './thread.ts';

/** So often a call begins again because of something that nobody is known to have done. */
const MOST_SETBACKS = 3;

/** A thread and what this end of it knows. */
export interface Life {
  readonly thread: ThreadHandle;
  readonly memos: ThreadMemos;
  readonly sent: Sent;
  readonly open: OpenJobs;
  /** What is said to the thread of these. */
  readonly openPort: OpenPort;
  /** Who waits for the thread to have forgotten, in the order of the messages. */
  readonly forgetting: (() => void)[];
  /** The thread is to be replaced once what it has begun is answered. */
  isSpoiled: boolean;
  /** A call of it failed from outside, or made something of what was to stop it: the thread is to be replaced at once. */
  hasFailed: boolean;
  /** The exit to come is not the doing of the call that runs, but of what a call of this function left behind. */
  lateExit: { readonly name: string | undefined; readonly seq: number } | undefined;
  /** The call that was asked to stop, which nobody waits for. */
  stopping: { readonly seq: number; readonly name: string; readonly grace: Timer } | undefined;
}

/** Nothing that it has to tell is awaited. */
export function mayBeLetGo({ sent, open, forgetting, lateExit }: Life): boolean {
  return sent.isAtRest && open.isAtRest && forgetting.length === 0 && lateExit === undefined;
}

/** Nothing of it is to be waited for, or nothing is under way any more. */
export function isToBeEnded({ hasFailed, isSpoiled, lateExit, sent }: Life): boolean {
  if (lateExit !== undefined) return false; // it ends by itself, and that is counted
  return hasFailed || (isSpoiled && sent.count === 0);
}

/** The call that a thread's death is told to: the one it computed, unless another ended it; that may begin again, once. */
export function whoPays(life: Life): Job | undefined {
  const { sent, open, lateExit, thread } = life;
  const culprit = open.at(lateExit?.seq ?? 0);
  if (culprit !== undefined) return culprit;
  const { resumed } = thread.control;
  const current = resumed === 0 ? sent.current() : open.at(resumed);
  if (current === undefined && resumed !== 0) return undefined;
  if (current === undefined && open.size > 0) return unluckiest(life);
  if (current === undefined) {
    // A thread that never told anything may never do so: one call has to pay for each, or threads would start for ever.
    return sent.isFirst && !isStopping(life) ? sent.head() : undefined;
  }
  if (lateExit === undefined || current.wasRetried) return current;
  current.wasRetried = true;
  return undefined;
}

/** Whether a call may begin again that something unknown has happened to. */
export function maySetBack(job: Job): boolean {
  return ++job.setbacks <= MOST_SETBACKS;
}

// In a timer of an open call, say, it is not known whose code runs: rather of one that does not wait for calls.
function unluckiest(life: Life): Job | undefined {
  const { open, lateExit } = life;
  if (lateExit?.name !== undefined || isStopping(life) || open.hasWithdrawn) return undefined;
  const jobs = open.all();
  const unwaiting = jobs.filter(({ awaited }) => awaited === 0);
  return (unwaiting.length > 0 ? unwaiting : jobs).filter((job) => !maySetBack(job))[0];
}

/** The thread ends because of what a call left behind that is answered: not of one that waits for calls of its own. */
export function isLateExit({ lateExit, open }: Life): boolean {
  return lateExit !== undefined && open.at(lateExit.seq) === undefined;
}

/** The function that ended a thread, as far as it is known. */
export function whoEnded(life: Life): string | undefined {
  if (life.lateExit !== undefined) return life.lateExit.name;
  const { open, sent, stopping, thread } = life;
  const { resumed } = thread.control;
  if (resumed !== 0) return open.at(resumed)?.task.name ?? open.withdrawnName(resumed);
  return isStopping(life) ? stopping?.name : sent.current()?.task.name;
}

/** The call that was asked to stop still runs. */
export function isStopping({ stopping, thread }: Life): boolean {
  return stopping !== undefined && thread.control.stageOf(stopping.seq) === 'current';
}

/** The call that was asked to stop has ended, or its thread has. */
export function endStopping(life: Life, clock: Clock): void {
  if (life.stopping === undefined) return;
  const { seq, grace } = life.stopping;
  life.stopping = undefined;
  life.thread.control.unstop(seq);
  clock.clearTimeout(grace);
}
