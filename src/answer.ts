// A result as the main thread keeps it: read by callers, who get a value of their own where it could be changed, and sent on
// to workers whose calls wait for it, undecoded where nobody here has read it.
import { PoolError } from './errors.ts';
import { BigintHandle } from './values/bigint-handle.ts';
import { decode } from './values/decode.ts';
import { DigitsHandle } from './values/digits-handle.ts';
import { freezeDeep } from './values/freeze.ts';
import { bigintBytes, stringBytes } from './values/weigh.ts';
import { encodeResult, type WireResult } from './wire.ts';

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
  /** As it came: while it is not read, and afterwards where its readers' copies are made of it. */
  #result: WireResult | undefined;
  /** How it is to be read, while it is not. */
  #unread: Share | undefined;

  constructor(bytes: number, computeMs: number, value: unknown) {
    this.bytes = bytes;
    this.computeMs = computeMs;
    this.#value = value;
  }

  /** An answer of which every reader gets a copy; `first` is the first reader's, if it has been made already. */
  static copied(
    { bytes, computeMs, result }: Facts & { readonly result: WireResult },
    copy: () => unknown,
    first?: unknown,
  ): Answer {
    const answer = new Answer(bytes, computeMs, first);
    answer.#copy = copy;
    answer.#result = result;
    return answer;
  }

  /** An answer that only workers wait for: decoded when it is read, if ever. */
  static unread({ result, computeMs }: Computed, share: Share): Answer {
    if (result.kind === 'primitive') return receiveResult({ result, computeMs }, share);
    const answer = new Answer(result.bytes.byteLength, computeMs, undefined);
    answer.#result = result;
    answer.#unread = share;
    return answer;
  }

  /**
   * The value: shared when it is immutable or said to be, else a copy of the reader's own.
   *
   * @throws PoolError as {@link receiveResult} does, for an answer that was not read before
   */
  read(): unknown {
    if (this.#unread !== undefined) this.#decode(this.#unread);
    if (this.#copy === undefined) return this.#value;
    const first = this.#value;
    this.#value = undefined;
    return first ?? this.#copy();
  }

  /**
   * For a worker: as it came, or else the value, for the port to clone; of an object, which readers here may have changed
   * since, each time a copy.
   *
   * @throws PoolError ERR_RESULT_NOT_CLONEABLE for one that cannot be cloned any more
   */
  get wire(): WireResult {
    if (this.#result !== undefined) {
      this.#result = withoutReader(this.#result);
      return this.#result;
    }
    const value = this.#value;
    return typeof value === 'object' ? encodeResult(value) : { kind: 'primitive', value };
  }

  #decode(share: Share): void {
    if (this.#result === undefined) return;
    const { computeMs } = this;
    const decoded = receiveResult({ result: this.#result, computeMs }, share);
    this.#value = decoded.#value;
    this.#copy = decoded.#copy;
    this.#result = decoded.#result;
    this.#unread = undefined;
  }
}

// What is handed on is yet to be sent, and more than once perhaps: its memory stays, whoever reads it here in the meantime.
function withoutReader(result: WireResult): WireResult {
  return result.kind === 'bytes' ? { ...result, onRead: undefined } : result;
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
    case 'digits':
      return new Answer(facts.bytes, computeMs, new DigitsHandle(result.bytes));
    case 'raw':
      return receiveRaw(result, facts, share);
    case 'bytes':
      return receiveBytes(result, facts, share);
  }
}

type Facts = Pick<Answer, 'bytes' | 'computeMs'>;

function receiveBytes(result: Extract<WireResult, { kind: 'bytes' }>, facts: Facts, share: Share): Answer {
  const { bytes, immutable } = result;
  const value = decodeResult(bytes);
  if (immutable || share === 'reference' || (share === 'freeze' && freezeDeep(value))) {
    if (immutable) result.onRead?.();
    return new Answer(facts.bytes, facts.computeMs, value);
  }
  // What could not be frozen whole may be frozen in part.
  return Answer.copied({ ...facts, result }, () => decode(bytes), share === 'freeze' ? undefined : value);
}

function receiveRaw(result: Extract<WireResult, { kind: 'raw' }>, facts: Facts, share: Share): Answer {
  const { bytes, copy } = result;
  if (share === 'reference') return new Answer(facts.bytes, facts.computeMs, bytes);
  return Answer.copied({ ...facts, result: { ...result, copy: undefined } }, () => bytes.slice(), copy);
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
