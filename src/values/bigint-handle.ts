// A bigint that has not been decoded: what a caller gets who asks for `as: 'handle'`. However large it is, receiving it
// costs the main thread nothing; what is done with it does, and says what.
import { PoolError, showValue } from '../errors.ts';
import { bitLength, type Magnitude, MOST_BIGINT_BYTES, magnitudeOf, twosComplement } from './bigint-bytes.ts';
import { decode } from './decode.ts';

export class BigintHandle {
  /** The bits of the number without its sign; 0 for zero. */
  readonly bits: number;
  readonly isNegative: boolean;
  readonly #encoded: Uint8Array;

  /** @param encoded a bigint as `v8.serialize` encodes it; nobody may change it any more */
  constructor(encoded: Uint8Array) {
    const magnitude = needMagnitude(encoded);
    this.#encoded = encoded;
    this.bits = bitLength(magnitude);
    this.isNegative = magnitude.isNegative;
  }

  /** The memory that it holds, in bytes. */
  get byteLength(): number {
    return this.#encoded.byteLength;
  }

  /**
   * Decodes the number: about 0.6 ms a megabyte. Nothing is kept: what is needed twice is to be kept by the caller.
   *
   * @throws PoolError ERR_RESULT_TOO_LARGE above 2^30 bits, which no bigint can hold
   */
  toBigInt(): bigint {
    if (this.bits > MOST_BITS) throw tooLarge(this.bits);
    return decode(this.#encoded) as bigint;
  }

  /** Two's complement, least significant byte first, as short as keeps the sign: a copy, about 0.2 ms a megabyte. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return twosComplement(needMagnitude(this.#encoded));
  }
}

// The engine would end the process.
const MOST_BITS = 8 * MOST_BIGINT_BYTES;

function tooLarge(bits: number): PoolError {
  return new PoolError(
    'ERR_RESULT_TOO_LARGE',
    `Expected a number of at most ${MOST_BITS} bits, which a bigint can hold, got ${bits}. Use toBytes().`,
    { details: { bits, most: MOST_BITS } },
  );
}

function needMagnitude(encoded: Uint8Array): Magnitude {
  const magnitude = magnitudeOf(encoded);
  if (magnitude !== undefined) return magnitude;
  throw new PoolError(
    'ERR_OPTION',
    `Option 'as': 'handle' needs an engine whose serialized form of a bigint is known, got ${showValue(process.version)}. Use 'bytes'.`,
  );
}
