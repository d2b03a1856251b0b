// What crosses between the main thread and a worker: messages, results, errors as data.
//
// Results are encoded once, in the worker: a value that cannot be cloned is an answer there and not a dead
// thread, the byte count comes free, and what the main thread keeps of an object is bytes that nobody can change.
import { serialize } from 'node:v8';
import { PoolError } from './errors.ts';
import type { Invitation, Team } from './kernels/transform/team.ts';
import type { ResultForm } from './types.ts';
import type { MemoKey } from './values/key.ts';
import { isCloneFailure } from './values/snapshot.ts';
import { encodeText } from './values/text-bytes.ts';
import { findUncloneable } from './values/uncloneable.ts';

/** What a worker thread is started with. */
export interface ThreadSetup {
  /** The URL of the module that computes. */
  readonly compute: string;
  /** Whether it is TypeScript that this Node cannot run by itself. */
  readonly needsTsx: boolean;
  /** URLs of the user's function modules, in the order of look-up; the built-in functions come after them. */
  readonly modules: readonly string[];
  readonly builtIns: boolean;
  /** The most bytes that the thread's memos keep between calls; null for no bound. */
  readonly memoBytes: number | null;
  /** Whether `1` and `1n` are different arguments to the front cache. */
  readonly typed: boolean;
  /** The most threads of the pool: how many parts of a call may be computed at once. */
  readonly workers: number;
  /** The memory of the {@link Control}. */
  readonly control: SharedArrayBuffer;
}

// Messages are tuples of few and flat parts: cloning costs by the object and by the name of each property, and what a
// thousand calls carry is a name and a thousand numbers (bench/misses, bench/latency).

/** Calls to be computed one after the other, numbered from `first` on. */
export type CallsMessage = readonly [kind: 'calls', first: number, ...groups: CallGroup[]];

/** Calls of one function in a row. */
export type CallGroup = readonly [
  name: string,
  form: ResultForm | undefined,
  /** How many arguments each call has, when all are primitives; else 0. */
  arity: number,
  /** `arity` items a call: its arguments. With 0 one item a call: its arguments as an array, or serialized. */
  items: readonly unknown[],
  /** How many parts each is to be divided into; without it the function decides that itself. */
  parts?: number,
];

/** The number of calls in a group. */
export function groupSize([, , arity, items]: CallGroup): number {
  return items.length / Math.max(1, arity);
}

/** Empties every memo of the thread, or takes one call out of its function's memo. */
export type ForgetMessage =
  | readonly [kind: 'clear']
  | readonly [kind: 'delete', name: string, args: readonly unknown[] | Uint8Array];

/** What calls that a function made came to: by their numbers, each packed as in {@link RepliesMessage}. */
export type AnswersMessage = readonly [
  kind: 'answers',
  numbers: readonly number[],
  values: readonly unknown[],
];

/** Nobody waits any more for a call that waits for calls of its own. */
export type CancelMessage = readonly [kind: 'cancel', seq: number];

/**
 * A thread that has nothing to do is to help another with a big number, in a seat of its own, by an invitation the first
 * time.
 */
export type HelpMessage = readonly [
  kind: 'help',
  team: Team,
  seat: number,
  invitation: Invitation | undefined,
];

/** The other: no team of this number is left. */
export type TeamMessage = HelpMessage | readonly [kind: 'disband', id: number];

/** The memory of a large result that has been read: see values/spare-memory.ts. */
export type SpareMessage = readonly [kind: 'spare', buffer: ArrayBuffer];

export type ThreadMessage =
  | CallsMessage
  | AnswersMessage
  | CancelMessage
  | ForgetMessage
  | TeamMessage
  | SpareMessage;

/** The counters of a function's memo in one worker. */
export interface MemoCounts {
  readonly hits: number;
  readonly misses: number;
  readonly currsize: number;
  readonly bytes: number;
  readonly evictions: number;
  readonly oversize: number;
}

export type WireResult =
  | { readonly kind: 'primitive'; readonly value: unknown }
  /** `immutable`: a bigint or string, which may be shared once decoded; else every reader decodes its own. */
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly immutable: boolean;
      /** Its memory may serve the next result of its thread: see values/spare-memory.ts. */
      readonly isReusable?: true;
      /** On the main thread: told when an immutable value has been decoded, and the bytes are not needed any more. */
      readonly onRead?: (() => void) | undefined;
    }
  /** A bigint, encoded the same, that is to stay so: the form 'handle'. */
  | { readonly kind: 'handle'; readonly bytes: Uint8Array }
  /** The digits of a bigint, as an encoded text that is to stay so: the form 'digits'. */
  | { readonly kind: 'digits'; readonly bytes: Uint8Array }
  /** The form 'bytes': as it is, and for a large one a copy, which its first reader may have for its own. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array; readonly copy: Uint8Array | undefined };

export type Reply =
  | { readonly ok: true; readonly result: WireResult; readonly computeMs: number }
  | {
      readonly ok: false;
      readonly error: Uint8Array;
      readonly computeMs: number;
      /** The call failed from outside its promise and may still be running: the thread is not to be used again. */
      readonly spoiled?: true;
      /** The call was thrown through by what stopped another one, whose promise it awaited: it may begin again. */
      readonly again?: true;
    };

/** Answers to calls, numbered from `first` on without a gap. */
export type RepliesMessage = readonly [
  kind: 'replies',
  first: number,
  /** Whether these are the last of their message. */
  ended: boolean,
  /**
   * Small results as they are, every other reply as a {@link Reply}; {@link WAITING} for a call that waits for calls of its
   * own, and that a {@link SettledMessage} will tell of; anything for one that had been taken back.
   */
  values: readonly unknown[],
  /** Milliseconds of computing, one item a call. */
  computeMs: readonly number[],
  /** The counters of the memos of the functions that ran. */
  ...memos: (readonly [name: string, counts: MemoCounts])[],
];

/** What calls came to that had waited for calls of their own; packed as in {@link RepliesMessage}. */
export type SettledMessage = readonly [
  kind: 'settled',
  seqs: readonly number[],
  values: readonly unknown[],
  computeMs: readonly number[],
  ...memos: (readonly [name: string, counts: MemoCounts])[],
];

/** Calls that the function of call `seq` makes, numbered from `first` on in the thread. */
export type AsksMessage = readonly [
  kind: 'asks',
  seq: number,
  first: number,
  /** That call's whole work, in the unit of the weights; 0 where that is not known. */
  total: number,
  ...groups: AskGroup[],
];

/** Calls of one function in a row. */
export type AskGroup = readonly [
  name: string,
  /** As of a {@link CallGroup}; with 0 an item is an array of arguments, or what {@link KeyedBytes} says. */
  arity: number,
  items: readonly unknown[],
  parts: number,
  /** What share of its caller's work each is, in whatever unit; 0 where that is not known. */
  weights: readonly number[],
];

/** Arguments among which is an object: serialized, with their key, so that the main thread need not decode them. */
export interface KeyedBytes {
  readonly bytes: Uint8Array;
  readonly key: MemoKey;
}

/**
 * A call awaits something that its thread alone could bring, and of which nothing there is under way. `heard` counts the
 * messages of answers and cancelled calls that the thread had heard: by a later one the call may go on.
 */
export type StuckMessage = readonly [kind: 'stuck', seq: number, heard: number];

/** What was to be forgotten is. */
export type ForgottenMessage = readonly [kind: 'forgotten'];

/** Sent at any time: an error that surfaced after its call had been answered. */
export type LateErrorMessage = readonly [kind: 'late-error', name: string | undefined, error: Uint8Array];

/**
 * The thread is about to end, because of what an earlier call left behind; the call that runs now is innocent. `seq` is the
 * culprit's, when it waits for calls of its own; else 0 or left out.
 */
export type LateExitMessage = readonly [
  kind: 'late-exit',
  name: string | undefined,
  code: number,
  seq?: number,
];

export type AdviceCode = 'MEMOPOOL_MEMO_TOO_SMALL' | 'MEMOPOOL_MEMO_BYTES';

/** Sent at any time: what the user should know of a function's memo; a warning. */
export type AdviceMessage = readonly [kind: 'advice', code: AdviceCode, name: string, text: string];

/**
 * Results that nobody has called for, which functions share: what came about before the replies that follow. Each call
 * has `arity` items as in a {@link CallGroup}, and a value as in {@link RepliesMessage}.
 */
export type HarvestMessage = readonly [kind: 'harvest', ...groups: HarvestGroup[]];

export type HarvestGroup = readonly [
  name: string,
  arity: number,
  items: readonly unknown[],
  values: readonly unknown[],
  computeMs: readonly number[],
];

/** A thread asks for others to help it, after so many milliseconds of work. */
export type RecruitMessage = readonly [
  kind: 'recruit',
  team: Team,
  elapsedMs: number,
  invitations: readonly Invitation[],
];

/** Also: it helps one no more, for now; or needs no help any more, as it has let go of the memory. */
export type FromTeamMessage =
  | RecruitMessage
  | readonly [kind: 'left', id: number]
  | readonly [kind: 'disband', id: number];

export type FromThread =
  | FromTeamMessage
  | RepliesMessage
  | SettledMessage
  | AsksMessage
  | StuckMessage
  | HarvestMessage
  | ForgottenMessage
  | LateErrorMessage
  | LateExitMessage
  | AdviceMessage;

/** In the place of the reply of a call that waits for calls of its own. */
export const WAITING: { readonly waits: true } = Object.freeze({ waits: true });

export function isWaiting(packed: unknown): boolean {
  return typeof packed === 'object' && packed !== null && 'waits' in packed;
}

/** What stands for a reply in {@link RepliesMessage}. */
export function packReply(reply: Reply): unknown {
  return reply.ok && reply.result.kind === 'primitive' ? reply.result.value : reply;
}

/** The reverse of {@link packReply}: a primitive is a small result, an object a reply. */
export function unpackReply(packed: unknown, computeMs: number): Reply {
  if (typeof packed === 'object' && packed !== null) return packed as Reply;
  return { ok: true, result: { kind: 'primitive', value: packed }, computeMs };
}

/** What stands for an answer in {@link AnswersMessage}: a primitive as it is, every other value as a {@link Reply}. */
export function packAnswer(result: WireResult): unknown {
  const isBare = result.kind === 'primitive' && (typeof result.value !== 'object' || result.value === null);
  return isBare ? result.value : { ok: true, result, computeMs: 0 };
}

// Below this a string is cheaper to clone with the message than to serialize beside it.
const SHORT_STRING = 1024;

/** From this size on bytes change hands between threads instead of being copied. */
export const MOVED_BYTES: number = 64 * 1024;

/** @throws PoolError ERR_RESULT_NOT_CLONEABLE with the path to what cannot be cloned */
export function encodeResult(value: unknown, form?: ResultForm): WireResult {
  if (form === 'handle') return { kind: 'handle', bytes: serialize(value) };
  if (form === 'digits') return { kind: 'digits', bytes: encodeText(String(value)) };
  // The main thread would be busy with the copy.
  if (form === 'bytes' && value instanceof Uint8Array) {
    return { kind: 'raw', bytes: value, copy: value.byteLength < MOVED_BYTES ? undefined : value.slice() };
  }
  if (isSmall(value)) return { kind: 'primitive', value };
  try {
    return { kind: 'bytes', bytes: serialize(value), immutable: typeof value !== 'object' };
  } catch (error) {
    if (!isCloneFailure(error)) throw error;
    const where = findUncloneable(value) ?? error.message.replace(/\.$/, '');
    throw new PoolError(
      'ERR_RESULT_NOT_CLONEABLE',
      `The result cannot be cloned to the main thread: ${where}. Return plain data.`,
      { cause: error },
    );
  }
}

function isSmall(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value.length <= SHORT_STRING;
    case 'bigint':
      return BigInt.asIntN(64, value) === value;
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}
