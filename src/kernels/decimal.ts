// Bigints to decimal text and back: on this thread's engine from measured lengths on, by V8 below them.
import { factorOf } from './kernel.ts';
import { fromText, toText } from './transform/decimal.ts';
import { threadEngine } from './transform/thread-engine.ts';

// Measured on Node 20.20, two shared cores of a Zen 4, by `npx tsx bench/bigint.ts`: 10,000 digits take V8 0.39 ms and the
// engine 0.33 to write, 0.12 and 0.27 to read; 30,000 digits 1.9 and 0.77, 0.67 and 0.66; 50,000 digits 4.2 and 1.1, 1.6
// and 1.0.
const LEAST_WRITTEN_BITS = 36_000;
const LEAST_READ_CHARACTERS = 40_000;
const LEAST_WRITTEN = 1n << BigInt(LEAST_WRITTEN_BITS);
// What V8 has room for.
const MOST_BITS = 2 ** 30;
export const MOST_DIGITS: number = Math.ceil(MOST_BITS * Math.log10(2));

/** As `value.toString()`. */
export function toDecimal(value: bigint): string {
  if (value < LEAST_WRITTEN && value > -LEAST_WRITTEN) return value.toString();
  const engine = threadEngine();
  return (engine && toText(engine, factorOf(value))) ?? value.toString();
}

/** As `BigInt(text)`, of decimal digits with or without a minus before them, and nothing else. */
export function fromDecimal(text: string): bigint {
  const engine = text.length < LEAST_READ_CHARACTERS ? undefined : threadEngine();
  if (engine === undefined) return BigInt(text);
  const isNegative = text.startsWith('-');
  const zeros = leadingZeros(text, isNegative ? 1 : 0);
  const digits = text.slice(zeros);
  if (digits.length < LEAST_READ_CHARACTERS || digits.length > MOST_DIGITS) return BigInt(text);
  return fromText(engine, { digits, isNegative }) ?? BigInt(text);
}

// Where the digits begin that count.
function leadingZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x30) at++;
  return at;
}
