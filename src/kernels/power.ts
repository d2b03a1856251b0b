// Powers of bigints, by squaring.
import { factorOf } from './kernel.ts';
import { multiply, square } from './select.ts';

/**
 * base^exponent for an exponent from 0, by squarings from its highest bit down and a product by the base for each bit that
 * is set. Powers of two are left out and shifted in at the end.
 * Source: Knuth, "The Art of Computer Programming" 2, section 4.6.3.
 *
 * @throws RangeError of a power that V8 has no room for
 */
export function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  if (base === 0n || base === 1n) return base;
  if (base === -1n) return (exponent & 1n) === 0n ? 1n : -1n;
  const twos = BigInt(trailingZeros(base));
  const odd = base >> twos;
  if (odd === 1n) return 1n << (twos * exponent);
  let result = odd;
  for (const bit of exponent.toString(2).slice(1)) {
    result = square(result);
    if (bit === '1') result = multiply(result, odd);
  }
  return result << (twos * exponent);
}

function trailingZeros(value: bigint): number {
  const { bytes } = factorOf(value).magnitude;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return 8 * zeros + 31 - Math.clz32((bytes[zeros] ?? 1) & -(bytes[zeros] ?? 1));
}
