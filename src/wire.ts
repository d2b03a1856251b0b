// What crosses between the main thread and a worker: messages, results, errors as data.
//
// Results are encoded once, in the worker: a value that cannot be cloned is an answer there and not a dead
// thread, the byte count comes free, and what the main thread keeps of an object is bytes that nobody can change.
import { serialize } from 'node:v8';
import { PoolError } from './errors.ts';
import type { Phase, ResultForm } from './types.ts';
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
  /** Shared memory that tells the main thread what the worker is doing, whatever state its event loop is in. */
  readonly control: SharedArrayBuffer;
}

export interface CallMessage {
  readonly kind: 'call';
  readonly id: number;
  readonly name: string;
  /** The arguments, or the same serialized when one of them is an object. */
  readonly args: readonly unknown[] | Uint8Array;
  readonly form: ResultForm | undefined;
}

/** Empties every memo of the thread, or takes one call out of its function's memo. */
export type ForgetMessage =
  | { readonly kind: 'clear' }
  | { readonly kind: 'delete'; readonly name: string; readonly args: readonly unknown[] | Uint8Array };

export type ThreadMessage = CallMessage | ForgetMessage;

/** The counters of a function's memo in one worker, after a call. */
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
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly immutable: boolean };

export type Reply =
  | {
      readonly ok: true;
      readonly result: WireResult;
      readonly computeMs: number;
      readonly memo: MemoCounts | undefined;
    }
  | {
      readonly ok: false;
      readonly error: Uint8Array;
      readonly computeMs: number;
      readonly memo: MemoCounts | undefined;
      /** The call failed from outside its promise and may still be running: the thread is not to be used again. */
      readonly spoiled?: true;
    };

/** Sent at any time: an error that surfaced after its call had been answered. */
export interface LateErrorMessage {
  readonly kind: 'memopool:late-error';
  readonly name: string | undefined;
  readonly error: Uint8Array;
}

/** Sent once for each function of a thread: all that comes before its first run (the thread's start, imports) is over. */
export interface RunningMessage {
  readonly kind: 'memopool:running';
  readonly name: string;
}

/** Whether a message came from the thread's entry; a user's function may send what it likes the same way. */
export function isOwnMessage(message: unknown): message is LateErrorMessage | RunningMessage {
  if (typeof message !== 'object' || message === null) return false;
  const kind: unknown = Reflect.get(message, 'kind');
  if (kind === 'memopool:running') return typeof Reflect.get(message, 'name') === 'string';
  return kind === 'memopool:late-error' && Reflect.get(message, 'error') instanceof Uint8Array;
}

// The control block: one 32-bit cell that holds the phase.
const PHASES: readonly Phase[] = ['queue', 'load', 'compute', 'convert', 'encode'];

export function makeControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

export function writePhase(control: SharedArrayBuffer, phase: Phase): void {
  Atomics.store(new Int32Array(control), 0, PHASES.indexOf(phase));
}

export function readPhase(control: SharedArrayBuffer): Phase {
  return PHASES[Atomics.load(new Int32Array(control), 0)] ?? 'queue';
}

// Below this a string is cheaper to clone with the message than to serialize beside it.
const SHORT_STRING = 1024;

/** @throws PoolError ERR_RESULT_NOT_CLONEABLE with the path to what cannot be cloned */
export function encodeResult(value: unknown): WireResult {
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
  /** Of an object that is cloned: what every reader decodes a copy of its own from. */
  readonly #encoded: Uint8Array | undefined;

  /** @param encoded given for a value that is cloned; `value` is then the first reader's */
  constructor(facts: { bytes: number; computeMs: number }, value: unknown, encoded?: Uint8Array) {
    this.bytes = facts.bytes;
    this.computeMs = facts.computeMs;
    this.#value = value;
    this.#encoded = encoded;
  }

  /** The value: shared when it is immutable or said to be, else a copy of the reader's own. */
  read(): unknown {
    if (this.#encoded === undefined) return this.#value;
    const first = this.#value;
    this.#value = undefined;
    return first ?? decode(this.#encoded);
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
    return new Answer({ bytes: primitiveBytes(result.value), computeMs }, result.value);
  }
  const { bytes, immutable } = result;
  const facts = { bytes: bytes.byteLength, computeMs };
  const value = decodeResult(bytes);
  if (immutable || share === 'reference') return new Answer(facts, value);
  if (share === 'freeze')
    return freezeDeep(value) ? new Answer(facts, value) : new Answer(facts, undefined, bytes);
  return new Answer(facts, value, bytes);
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
