// What sends a call where it can be computed: the interface between the pool and its threads.
import type { Phase, ResultForm } from '../types.ts';
import type { MemoKey } from '../values/key.ts';
import type { ForgetMessage, MemoCounts, Reply, WireResult } from '../wire.ts';
import { decodeError } from '../wire-error.ts';

/** A call on its way to be computed. */
export interface Task {
  readonly name: string;
  /** The arguments, or the same serialized when one of them is an object. */
  readonly args: readonly unknown[] | Uint8Array;
  readonly form: ResultForm | undefined;
  /** It was made by another call. */
  readonly isNested: boolean;
  /** How many parts it is to be divided into; 0 where its function decides that. */
  readonly parts: number;
  /** Its function makes a call; `reply` is told what that came to, if that comes before its own end. */
  ask(asked: Asked, reply: (outcome: AskOutcome) => void): void;
  /** It waits for calls of its own from now on, or for others of its thread. */
  onOpen(): void;
  /** It awaits something that its thread alone could bring, and of which nothing there is under way. */
  onStuck(): void;
  /** Something has come to its thread since. */
  onUnstuck(): void;
  /**
   * It is a worker's turn for it, which may have to start and to import modules first. Told of a watched task only; again
   * when it has to begin anew because its thread has gone.
   */
  onSend(): void;
  /**
   * The function has begun, `agoMs` before this is told. Told of a watched task only, and not of one that is answered
   * soon.
   */
  onStart(agoMs: number): void;
  /** The call is answered; comes exactly once, and never after the task was cancelled. */
  onDone(outcome: Outcome): void;
}

/** A call that a function makes. */
export interface Asked {
  readonly name: string;
  readonly args: readonly unknown[] | Uint8Array;
  /** Of serialized arguments. */
  readonly key: MemoKey;
  readonly parts: number;
  /** Its share of its caller's work, in a unit of the caller's; 0 where that is not known. */
  readonly weight: number;
  /** Its caller's whole work in that unit; 0 where that is not known. */
  readonly total: number;
}

/** What a worker is told of it. */
export type AskOutcome =
  | { readonly ok: true; readonly result: WireResult }
  | { readonly ok: false; readonly error: unknown };

export type Outcome =
  | { readonly ok: true; readonly result: WireResult; readonly computeMs: number }
  | { readonly ok: false; readonly error: unknown; readonly computeMs: number };

/** The submitter's hold on its task. */
export interface Ticket {
  /** Nobody wants the answer any more: leaves the queue, or stops the worker. */
  cancel(): void;
  /** From now on the task is told when it is sent and begins. */
  watch(): void;
  readonly phase: Phase;
  /** It has begun and waits for calls of its own, beside what its thread computes. */
  readonly isOpen: boolean;
  /** While it is open: the other calls of its thread that are. */
  readonly peers: readonly Task[];
  /** How much of it is done, from 0 to 1, as far as its function has told. */
  readonly fraction: number;
}

/** Where the dispatcher's calls stand; counts since it began. */
export interface DispatchStats {
  /** The most threads there may be. */
  readonly maxWorkers: number;
  /** Threads alive now. */
  readonly workers: number;
  /** Threads computing now. */
  readonly busy: number;
  /** Calls waiting for a thread. */
  readonly queued: number;
  /** Calls that have begun and wait for calls of their own; they hold no thread. */
  readonly open: number;
  readonly completed: number;
  readonly failed: number;
  /** How many of both were computed on the main thread: option `inlineMs`. */
  readonly inline: number;
  readonly cancelled: number;
  /** Threads that died by themselves: exit, memory. */
  readonly workerDeaths: number;
  /** Milliseconds that completed and failed calls spent in their functions. */
  readonly computeMs: number;
  /** Entries of memos that went with threads that ended. */
  readonly memoEntriesLost: number;
  /** The counters of the workers' memos, summed per function; since the last clear of all. */
  readonly memos: Readonly<Record<string, MemoCounts>>;
}

export interface Dispatcher {
  /** @throws PoolError ERR_QUEUE_FULL, ERR_FUNCTION_CRASHING */
  submit(task: Task): Ticket;
  /** Whether the calls of a list may still be submitted: they take half of the queue, and leave the rest to others. */
  readonly hasRoom: boolean;
  /** Calls back once when {@link hasRoom} has become true. */
  onRoom(callback: () => void): void;
  /**
   * Has every worker forget, all or one call; resolves when no result of a call begun before can be left in any
   * memo. A worker does it between two calls, before any call submitted later.
   */
  forget(message: ForgetMessage): Promise<void>;
  stats(): DispatchStats;
  /** Resolves when nothing is queued or running. */
  drained(): Promise<void>;
  /** Ends every thread, and every call still there with `reason`. */
  destroy(reason: Error): Promise<void>;
}

/** A reply as its task is told. */
export function outcomeOf(reply: Reply): Outcome {
  return reply.ok ? reply : { ok: false, error: decodeError(reply.error), computeMs: reply.computeMs };
}

/** Tells a task's receiver what has become of it; what that one throws is its own affair. */
export function answer(task: Task, outcome: Outcome): void {
  try {
    task.onDone(outcome);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
