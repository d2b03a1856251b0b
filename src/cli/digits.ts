// The function of a pool that makes the digits of a large bigint in a worker.
import { toDecimal } from '../kernels/decimal.ts';

export function digitsOf(value: bigint): string {
  return toDecimal(value);
}
