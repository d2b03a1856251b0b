// The forms a bigint result can be delivered in. Converting costs more than computing, so it is done where the
// result is computed: in a worker.
import { PoolError, showValue } from '../errors.ts';
import { toDecimal } from '../kernels/decimal.ts';
import type { ResultForm } from '../types.ts';
import { bytesOf } from '../values/bigint-bytes.ts';

/**
 * `value` in the given form: `'bigint'` as it is; `'decimal'` and `'hex'` as text with a leading `-` when negative;
 * `'digits'` as the same text as `'decimal'`, which is not decoded; `'bytes'` as a Uint8Array, least significant byte first, two's complement, as short as keeps the sign.
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
    case 'handle': // encoded as it is, and not decoded
      return value;
    case 'decimal':
    case 'digits':
      return toDecimal(value);
    case 'hex':
      return value.toString(16);
    case 'bytes':
      return bytesOf(value);
  }
}
