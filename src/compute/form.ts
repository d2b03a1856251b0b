// The forms a bigint result can be delivered in. Converting costs more than computing, so it is done where the
// result is computed: in a worker.
import { PoolError, showValue } from '../errors.ts';
import type { ResultForm } from '../types.ts';

/**
 * `value` in the given form: `'bigint'` as it is; `'decimal'` and `'hex'` as text with a leading `-` when negative;
 * `'bytes'` as a Uint8Array, least significant byte first, two's complement, as short as keeps the sign.
 *
 * @throws PoolError ERR_OPTION when the value is no bigint
 */
export function toForm(value: unknown, form: ResultForm): unknown {
  if (typeof value !== 'bigint') {
    throw new PoolError(
      'ERR_OPTION',
      `Option 'as': '${form}' needs a function whose result is a bigint, got ${showValue(value)}. Leave 'as' out.`,
    );
  }
  switch (form) {
    case 'bigint':
      return value;
    case 'decimal':
      return value.toString();
    case 'hex':
      return value.toString(16);
    case 'bytes':
      return toBytes(value);
  }
}

function toBytes(value: bigint): Uint8Array {
  // One bit more than the magnitude, for the sign; -128 fits in the byte that 128 does not.
  const magnitude = value < 0n ? -value - 1n : value;
  const hex = magnitude.toString(16);
  const topDigit = Number.parseInt(hex.charAt(0), 16);
  const bits = magnitude === 0n ? 1 : 4 * hex.length - Math.clz32(topDigit) + 28 + 1;
  const length = Math.ceil(bits / 8);
  const bytes = new Uint8Array(Buffer.from(hex.padStart(2 * length, '0'), 'hex')).reverse();
  return value < 0n ? bytes.map((byte) => ~byte) : bytes;
}
