// Decimal digits that have not been made a string: what a caller gets who asks for `as: 'digits'`. However many they are,
// and there may be more than a string can hold, receiving them costs the main thread nothing.
import { PoolError, showValue } from '../errors.ts';
import { stringOf, textIn } from './text-bytes.ts';

const MINUS = 0x2d;
const CHUNK_BYTES = 256 * 1024;
const LARGEST_CHUNK = 2 ** 20;

/** All callers share one, so it has nothing that could be changed. */
export class DigitsHandle {
  readonly #encoded: Uint8Array;
  /** The sign, if there is one, and the digits: a byte each, in ASCII. */
  readonly #text: Uint8Array;

  /** @param encoded an encoded text, as in text-bytes.ts; nobody may change it any more */
  constructor(encoded: Uint8Array) {
    const text = textIn(encoded);
    if (text === undefined) throw new PoolError('ERR_OPTION', "Option 'as': 'digits' needs encoded digits.");
    this.#encoded = encoded;
    this.#text = text;
  }

  /** How many digits there are, without the sign. */
  get length(): number {
    return this.#text.length - (this.isNegative ? 1 : 0);
  }

  get isNegative(): boolean {
    return this.#text[0] === MINUS;
  }

  /** The memory that it holds, in bytes. */
  get byteLength(): number {
    return this.#encoded.byteLength;
  }

  /**
   * Sign and digits as a string, about 0.2 ms a megabyte. Nothing is kept: what is needed twice is to be kept by the caller.
   *
   * @throws PoolError ERR_RESULT_TOO_LARGE above 2^29 - 24 characters, which no string can hold
   */
  toString(): string {
    return stringOf(this.#text);
  }

  /**
   * The digits from the one at `from` to before the one at `to`, as of a string without the sign: negative places count
   * from the end.
   *
   * @throws PoolError as {@link toString} does
   */
  slice(from = 0, to: number = this.length): string {
    const digits = this.isNegative ? this.#text.subarray(1) : this.#text;
    return stringOf(digits.subarray(from, to));
  }

  /**
   * Sign and digits in ASCII, `size` bytes at a time (the last may be fewer), each a copy: for
   * `Readable.from(handle.chunks())`, a hash, a loop that gives others a turn.
   *
   * @param size from 1 to 2^20 @default 256 KiB
   * @throws PoolError ERR_ARGUMENT
   */
  chunks(size: number = CHUNK_BYTES): Iterable<Uint8Array<ArrayBuffer>> {
    if (!Number.isSafeInteger(size) || size < 1 || size > LARGEST_CHUNK) {
      const expected = `a whole number of bytes from 1 to ${LARGEST_CHUNK}`;
      throw new PoolError('ERR_ARGUMENT', `chunks(size): expected ${expected}, got ${showValue(size)}.`);
    }
    const text = this.#text;
    return { [Symbol.iterator]: () => copies(text, size) };
  }
}

function* copies(text: Uint8Array, size: number): Generator<Uint8Array<ArrayBuffer>> {
  // Of a Buffer, slice() would be a view.
  for (let at = 0; at < text.length; at += size) yield new Uint8Array(text.subarray(at, at + size));
}
