// The answer of a call as it leaves the command: the whole text, a short form for a person, or one line of JSON.
import type { CacheInfo } from '../stats.ts';
import { contentsOf, endsOf, lengthOf } from './contents.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { jsonOf, type Rendered } from './render.ts';
import type { Verified } from './verify.ts';

export interface Answer {
  /** The function's name. */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly result: Rendered;
  readonly elapsedMs: number;
  readonly cache: CacheInfo;
  /** What it was found to be, when it was to be verified and has been. */
  readonly verified?: Verified;
}

/** The longest text that a terminal gets whole. */
export const SHORT_LENGTH = 1000;
const END_LENGTH = 36;

/** `208,988 digits` */
export function showLength(result: Rendered): string {
  const count = lengthOf(result);
  const unit = isNumber(result) ? 'digit' : 'character';
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`;
}

/** The two ends of a long result, with what a person may want to know of it and how to get all of it. */
export function shortForm(result: Rendered, sha256: string): string {
  const [first, last] = endsOf(result, END_LENGTH);
  return [
    `${oneLine(first)} ... ${oneLine(last)}`,
    `${showLength(result)}`,
    `SHA-256 ${sha256}`,
    'For all of it, pipe it (| less) or write it to a file (-o FILE).',
  ].join('\n');
}

// A text may hold line ends and what a terminal would obey.
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** The facts of an answer as the beginning of a JSON object, without its closing brace. */
export function factsJson(answer: Answer, sha256: string): string {
  const { name, args, result, elapsedMs, cache, verified } = answer;
  const facts = {
    function: name,
    args,
    type: TYPES[result.kind],
    ...(isNumber(result) ? { base: baseOf(result), digits: lengthOf(result) } : {}),
    sha256,
    ...(verified === undefined ? {} : { verified: verified.residues }),
    elapsedMs: Math.round(elapsedMs * 1000) / 1000,
    cache,
  };
  return jsonOf(facts).slice(0, -1);
}

/** The facts with the whole result as the last, `value`: one line, in pieces. */
export function* wholeJson(facts: string, result: Rendered): Generator<Piece> {
  yield `${facts},"value":`;
  if (result.kind === 'json') yield NO_JSON.test(result.text) ? 'null' : result.text;
  else if (result.kind === 'text') yield* quoted(piecesOf(result.text));
  else yield* digitsQuoted(result);
  yield '}\n';
}

function* digitsQuoted(result: Rendered): Generator<Piece> {
  yield '"';
  yield* contentsOf(result);
  yield '"';
}

// What `jsonOf` calls by its name.
const NO_JSON = /^(?:undefined|NaN|-?Infinity)$/;

function* quoted(pieces: Iterable<string>): Generator<string> {
  yield '"';
  for (const piece of pieces) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}

function isNumber({ kind }: Rendered): boolean {
  return kind === 'digits' || kind === 'handle';
}

function baseOf(result: Rendered): 10 | 16 {
  return result.kind === 'digits' ? result.base : 10;
}

const TYPES = { digits: 'bigint', handle: 'bigint', text: 'string', json: 'json' } as const;
