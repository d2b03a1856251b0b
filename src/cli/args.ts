// The arguments of `memopool run`, from what the shell hands over to what the function gets.
import { showValue } from '../errors.ts';
import { UsageError } from './failure.ts';
import { MOST_DIGITS, readNumber, toArgument } from './numbers.ts';

/**
 * One argument of a function: a number in any notation (a bigint where a number would not be exact, or with the
 * suffix `n`), true, false, null, a JSON array, object or quoted string; anything else is the text itself.
 *
 * @throws UsageError for a number too long to be read
 */
export function parseArgument(text: string): unknown {
  if (text.endsWith('n')) {
    const value = readWhole(text.slice(0, -1));
    if (value !== undefined) return value;
  }
  const whole = readWhole(text);
  if (whole !== undefined) return toArgument(whole);
  if (readNumber(text).kind === 'fraction') return Number(text.replaceAll('_', ''));
  return /^[["{tfn]/.test(text) ? parseJson(text) : text;
}

function readWhole(text: string): bigint | undefined {
  const reading = readNumber(text);
  if (reading.kind === 'whole') return reading.value;
  if (reading.kind !== 'too-long') return undefined;
  throw new UsageError(`Expected a number of at most ${MOST_DIGITS} digits, got ${showValue(text)}.`);
}

// A string of JSON, or a number. JSON.parse would round a large number, and on Node 20 a reviver cannot see how
// it was written; so large numbers travel as strings, told from others by a first letter that all strings get.
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const STRING = 's';
const BIGINT = 'n';

function parseJson(text: string): unknown {
  const tagged = text.replace(TOKEN, (token: string, colon: string | undefined) => {
    if (colon !== undefined) return token; // a key
    if (token.startsWith('"')) return `"${STRING}${token.slice(1)}`;
    const value = readWhole(token);
    return value === undefined || typeof toArgument(value) === 'number' ? token : `"${BIGINT}${value}"`;
  });
  try {
    return JSON.parse(tagged, untag);
  } catch (error) {
    if (error instanceof SyntaxError) return text; // text that only begins like JSON
    throw error;
  }
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const rest = value.slice(1);
  return value.startsWith(BIGINT) ? BigInt(rest) : rest;
}
