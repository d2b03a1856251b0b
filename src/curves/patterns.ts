// Generated workloads: which of a number of keys comes next, again the same by a seed. A text names one, such as
// `zipf:1.0,keys=10000,length=100000`.
import { PoolError, showValue } from '../errors.ts';
import { suggest } from '../suggest.ts';
import { Random } from './random.ts';

export const PATTERN_NAMES = ['zipf', 'uniform', 'loop', 'scan', 'mixed', 'phase'] as const;

/**
 * - `zipf`: the key of rank r, from 0 on, comes in proportion to 1 / (r + 1)^a.
 * - `uniform`: all keys alike.
 * - `loop`: one key after the other, and over again: the worst for LRU with room for one key less.
 * - `scan`: one key after the other, each once.
 * - `mixed`: zipf over the first half of the keys, from time to time polluted by a scan through the second half.
 * - `phase`: zipf, and after each quarter of the length other keys are the ones used most.
 */
export type PatternName = (typeof PATTERN_NAMES)[number];

export interface Pattern {
  readonly name: PatternName;
  /** a of zipf. */
  readonly exponent: number;
  readonly keys: number;
  readonly length: number;
}

const WHERE = 'pattern';
const MOST_EXPONENT = 10;
const MOST_KEYS = 10_000_000;
const MOST_LENGTH = 1_000_000_000;
const PHASES = 4;
/** A scan of `mixed` is this part of the keys, and comes each time that half as many references as keys have come. */
const SCANNED = 1 / 20;

/**
 * Reads `NAME[:EXPONENT][,keys=NUMBER][,length=NUMBER]`; the exponent is of zipf, 1 by default; 10,000 keys, of `scan`
 * as many as the length; a length of 100,000. Numbers may be written as `1e6` or `10_000`.
 * @throws PoolError ERR_OPTION, saying what was expected and what came
 */
export function parsePattern(text: string): Pattern {
  const [head = '', ...settings] = text.split(',');
  const [name = '', exponent, ...more] = head.split(':');
  if (!isPatternName(name)) {
    const expected = `one of ${PATTERN_NAMES.join(', ')}`;
    throw wrong(expected, `${showValue(name)}. ${suggest(name, PATTERN_NAMES)}`);
  }
  if (more.length > 0 || (exponent !== undefined && !hasExponent(name))) {
    throw wrong(hasExponent(name) ? 'one exponent' : `no exponent after '${name}'`, showValue(head));
  }
  const given = readSettings(settings);
  const length = wholeOf(given, 'length', { normal: 100_000, most: MOST_LENGTH });
  const keys = wholeOf(given, 'keys', { normal: name === 'scan' ? length : 10_000, most: MOST_KEYS });
  if (name === 'scan' && keys < length) {
    throw wrong('at least as many keys as the length, because a scan has each once', `${keys} and ${length}`);
  }
  return { name, exponent: exponent === undefined ? 1 : exponentOf(exponent), keys, length };
}

/** The text that {@link parsePattern} reads as this. */
export function showPattern({ name, exponent, keys, length }: Pattern): string {
  return `${name}${hasExponent(name) ? `:${exponent}` : ''},keys=${keys},length=${length}`;
}

/** Keys as numbers from 0 to `keys - 1`. */
export function* ranksOf(pattern: Pattern, seed: number): Generator<number, void> {
  const next = nextOf(pattern, new Random(seed));
  for (let i = 0; i < pattern.length; i++) yield next(i);
}

function nextOf({ name, exponent, keys, length }: Pattern, random: Random): (i: number) => number {
  switch (name) {
    case 'uniform':
      return () => random.below(keys);
    case 'loop':
    case 'scan':
      return (i) => i % keys;
    case 'zipf':
      return zipf(keys, exponent, random);
    case 'phase': {
      const rank = zipf(keys, exponent, random);
      return (i) => (rank() + Math.floor((Math.floor((PHASES * i) / length) * keys) / PHASES)) % keys;
    }
    case 'mixed':
      return mixed(keys, exponent, random);
  }
}

function mixed(keys: number, exponent: number, random: Random): (i: number) => number {
  const half = Math.ceil(keys / 2);
  const rank = zipf(half, exponent, random);
  const scanned = Math.ceil(keys * SCANNED);
  let at = 0;
  return (i) => (i % (half + scanned) < half ? rank() : Math.min(half + (at++ % half), keys - 1));
}

// By the sums of the weights: the first that is larger than a uniform number times all.
function zipf(keys: number, exponent: number, random: Random): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) {
    sum += (rank + 1) ** -exponent;
    sums[rank] = sum;
  }
  return () => {
    const drawn = random.next() * sum;
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function isPatternName(name: string): name is PatternName {
  return (PATTERN_NAMES as readonly string[]).includes(name);
}

function hasExponent(name: PatternName): boolean {
  return name === 'zipf' || name === 'mixed' || name === 'phase';
}

function exponentOf(text: string): number {
  const exponent = numberOf(text);
  if (exponent >= 0 && exponent <= MOST_EXPONENT) return exponent;
  throw wrong(`an exponent from 0 to ${MOST_EXPONENT}`, showValue(text));
}

function readSettings(settings: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const setting of settings) {
    const [name = '', value, ...more] = setting.split('=');
    const isKnown = name === 'keys' || name === 'length';
    if (!isKnown || value === undefined || more.length > 0 || given.has(name)) {
      throw wrong('keys=NUMBER or length=NUMBER, each once', showValue(setting));
    }
    given.set(name, value);
  }
  return given;
}

interface Whole {
  readonly normal: number;
  readonly most: number;
}

function wholeOf(given: ReadonlyMap<string, string>, name: string, { normal, most }: Whole): number {
  const text = given.get(name);
  if (text === undefined) return normal;
  const value = numberOf(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw wrong(`${name} as a whole number from 1 to ${most}`, showValue(text));
}

function numberOf(text: string): number {
  return /^\d[\d_]*(\.\d+)?(e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
}

function wrong(expected: string, got: string): PoolError {
  return new PoolError('ERR_OPTION', `${WHERE}: expected ${expected}, got ${got}`, {
    details: { option: WHERE },
  });
}
