// What a way to multiply bigints is: each kernel says for which sizes it is made, and select.ts asks them in turn.
import { serialize } from 'node:v8';
import { bitLength, bytesByHex, type Magnitude, magnitudeOf } from '../values/bigint-bytes.ts';

/** A bigint with its bytes, which are read off it once. */
export interface Factor {
  readonly value: bigint;
  readonly magnitude: Magnitude;
  /** Of the magnitude: 0 for zero. */
  readonly bits: number;
}

export interface Kernel {
  readonly name: string;
  /** Whether it is the kernel for a product of factors of so many bits; the first is not the shorter one. */
  applies(bitsA: number, bitsB: number): boolean;
  /** @throws RangeError of a product that V8 has no room for */
  multiply(a: Factor, b: Factor): bigint;
  /** @throws RangeError of a square that V8 has no room for */
  square(a: Factor): bigint;
}

export function factorOf(value: bigint): Factor {
  const magnitude = magnitudeOf(serialize(value)) ?? magnitudeByHex(value);
  return { value, magnitude, bits: bitLength(magnitude) };
}

function magnitudeByHex(value: bigint): Magnitude {
  const isNegative = value < 0n;
  return { isNegative, bytes: bytesByHex(isNegative ? -value : value) };
}
