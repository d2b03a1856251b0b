// What crosses between the main thread and a worker: messages, results, errors as data.
//
// Results are encoded once, in the worker: a value that cannot be cloned is an answer there and not a dead
// thread, the byte count comes free, and what the main thread keeps of an object is bytes that nobody can change.
import { serialize } from 'node:v8';
import { PoolError } from './errors.ts';
import type { ResultForm } from './types.ts';
import { BigintHandle } from './values/bigint-handle.ts';
import { decode } from './values/decode.ts';
import { freezeDeep } from './values/freeze.ts';
import { isCloneFailure } from './values/snapshot.ts';
import { findUncloneable } from './values/uncloneable.ts';
import { bigintBytes, stringBytes } from './values/weigh.ts';

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
];

/** The number of calls in a group. */
export function groupSize([, , arity, items]: CallGroup): number {
  return items.length / Math.max(1, arity);
}

/** Empties every memo of the thread, or takes one call out of its function's memo. */
export type ForgetMessage =
  | readonly [kind: 'clear']
  | readonly [kind: 'delete', name: string, args: readonly unknown[] | Uint8Array];

export type ThreadMessage = CallsMessage | ForgetMessage;

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
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly immutable: boolean }
  /** A bigint, encoded the same, that is to stay so: the form 'handle'. */
  | { readonly kind: 'handle'; readonly bytes: Uint8Array }
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
    };

/** Answers to calls, numbered from `first` on without a gap. */
export type RepliesMessage = readonly [
  kind: 'replies',
  first: number,
  /** Whether these are the last of their message. */
  ended: boolean,
  /** Small results as they are, every other reply as a {@link Reply}; undefined for a call that had been taken back. */
  values: readonly unknown[],
  /** Milliseconds of computing, one item a call. */
  computeMs: readonly number[],
  /** The counters of the memos of the functions that ran. */
  ...memos: (readonly [name: string, counts: MemoCounts])[],
];

/** What was to be forgotten is. */
export type ForgottenMessage = readonly [kind: 'forgotten'];

/** Sent at any time: an error that surfaced after its call had been answered. */
export type LateErrorMessage = readonly [kind: 'late-error', name: string | undefined, error: Uint8Array];

/** The thread is about to end, because of what an earlier call left behind; the call that runs now is innocent. */
export type LateExitMessage = readonly [kind: 'late-exit', name: string | undefined, code: number];

export type AdviceCode = 'MEMOPOOL_MEMO_TOO_SMALL' | 'MEMOPOOL_MEMO_BYTES';

/** Sent at any time: what the user should know of a function's memo; a warning. */
export type AdviceMessage = readonly [kind: 'advice', code: AdviceCode, name: string, text: string];

export type FromThread =
  | RepliesMessage
  | ForgottenMessage
  | LateErrorMessage
  | LateExitMessage
  | AdviceMessage;

/** What stands for a reply in {@link RepliesMessage}. */
export function packReply(reply: Reply): unknown {
  return reply.ok && reply.result.kind === 'primitive' ? reply.result.value : reply;
}

/** The reverse of {@link packReply}: a primitive is a small result, an object a reply. */
export function unpackReply(packed: unknown, computeMs: number): Reply {
  if (typeof packed === 'object' && packed !== null) return packed as Reply;
  return { ok: true, result: { kind: 'primitive', value: packed }, computeMs };
}

// Below this a string is cheaper to clone with the message than to serialize beside it.
const SHORT_STRING = 1024;

/** From this size on bytes change hands between threads instead of being copied. */
export const MOVED_BYTES: number = 64 * 1024;

/** @throws PoolError ERR_RESULT_NOT_CLONEABLE with the path to what cannot be cloned */
export function encodeResult(value: unknown, form?: ResultForm): WireResult {
  if (form === 'handle') return { kind: 'handle', bytes: serialize(value) };
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

/** How an object in the front cache is handed to its callers; primitives are always shared. */
export type Share = 'clone' | 'freeze' | 'reference';

export const SHARES: readonly Share[] = ['clone', 'freeze', 'reference'];

/** A result as the main thread keeps it. */
export class Answer {
  /** What keeping it holds on to. */
  readonly bytes: number;
  /** What computing it took, and a hit saves. */
  readonly computeMs: number;
  #value: unknown;
  /** Makes every reader a copy of its own. */
  #copy: (() => unknown) | undefined;

  constructor(bytes: number, computeMs: number, value: unknown) {
    this.bytes = bytes;
    this.computeMs = computeMs;
    this.#value = value;
  }

  /** An answer of which every reader gets a copy; `first` is the first reader's, if it has been made already. */
  static copied(
    { bytes, computeMs }: Pick<Answer, 'bytes' | 'computeMs'>,
    copy: () => unknown,
    first?: unknown,
  ): Answer {
    const answer = new Answer(bytes, computeMs, first);
    answer.#copy = copy;
    return answer;
  }

  /** The value: shared when it is immutable or said to be, else a copy of the reader's own. */
  read(): unknown {
    if (this.#copy === undefined) return this.#value;
    const first = this.#value;
    this.#value = undefined;
    return first ?? this.#copy();
  }
}

export interface Computed {
  readonly result: WireResult;
  readonly computeMs: number;
}

/**
 * Decodes a result, for all its readers or for the first of them.
 *
 * @throws PoolError ERR_RESULT_NOT_CLONEABLE for one nested too deeply: this thread has not the stack of a worker
 */
export function receiveResult({ result, computeMs }: Computed, share: Share): Answer {
  if (result.kind === 'primitive') {
    return new Answer(primitiveBytes(result.value), computeMs, result.value);
  }
  const facts = { bytes: result.bytes.byteLength, computeMs };
  switch (result.kind) {
    case 'handle':
      return new Answer(facts.bytes, computeMs, new BigintHandle(result.bytes));
    case 'raw':
      return receiveRaw(result, facts, share);
    case 'bytes':
      return receiveBytes(result, facts, share);
  }
}

type Facts = Pick<Answer, 'bytes' | 'computeMs'>;

function receiveBytes(
  { bytes, immutable }: Extract<WireResult, { kind: 'bytes' }>,
  facts: Facts,
  share: Share,
): Answer {
  const value = decodeResult(bytes);
  if (immutable || share === 'reference' || (share === 'freeze' && freezeDeep(value))) {
    return new Answer(facts.bytes, facts.computeMs, value);
  }
  // What could not be frozen whole may be frozen in part.
  return Answer.copied(facts, () => decode(bytes), share === 'freeze' ? undefined : value);
}

function receiveRaw(
  { bytes, copy }: Extract<WireResult, { kind: 'raw' }>,
  facts: Facts,
  share: Share,
): Answer {
  if (share === 'reference') return new Answer(facts.bytes, facts.computeMs, bytes);
  return Answer.copied(facts, () => bytes.slice(), copy);
}

function decodeResult(bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    throw new PoolError(
      'ERR_RESULT_NOT_CLONEABLE',
      `The result cannot be decoded on the main thread: ${String(error)}. Return a value nested less deeply.`,
      { cause: error },
    );
  }
}

function primitiveBytes(value: unknown): number {
  if (typeof value === 'string') return stringBytes(value);
  if (typeof value === 'bigint') return bigintBytes(value);
  return 8;
}
