// The answer of a call as it leaves the command: the whole text, a short form for a person, or one line of JSON.
import type { CacheInfo } from '../stats.ts';
import { piecesOf } from './pieces.ts';
import { jsonOf, type Rendered } from './render.ts';

export interface Answer {
  /** The function's name. */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly result: Rendered;
  readonly elapsedMs: number;
  readonly cache: CacheInfo;
}

/** The longest text that a terminal gets whole. */
export const SHORT_LENGTH = 1000;
const END_LENGTH = 36;

/** How many digits a number has, or characters a text. */
export function lengthOf({ kind, text }: Rendered): number {
  return kind === 'digits' && text.startsWith('-') ? text.length - 1 : text.length;
}

/** `208,988 digits` */
export function showLength(result: Rendered): string {
  const count = lengthOf(result);
  const unit = result.kind === 'digits' ? 'digit' : 'character';
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`;
}

/** The two ends of a long result, with what a person may want to know of it and how to get all of it. */
export function shortForm(result: Rendered, sha256: string): string {
  const { text } = result;
  return [
    `${oneLine(text.slice(0, END_LENGTH))} ... ${oneLine(text.slice(-END_LENGTH))}`,
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
  const { name, args, result, elapsedMs, cache } = answer;
  const facts = {
    function: name,
    args,
    type: TYPES[result.kind],
    ...(result.kind === 'digits' ? { base: result.base, digits: lengthOf(result) } : {}),
    sha256,
    elapsedMs: Math.round(elapsedMs * 1000) / 1000,
    cache,
  };
  return jsonOf(facts).slice(0, -1);
}

/** The facts with the whole result as the last, `value`: one line, in pieces. */
export function* wholeJson(facts: string, { kind, text }: Rendered): Generator<string> {
  yield `${facts},"value":`;
  if (kind === 'json') yield NO_JSON.test(text) ? 'null' : text;
  else yield* quoted(text);
  yield '}\n';
}

// What `jsonOf` calls by its name.
const NO_JSON = /^(?:undefined|NaN|-?Infinity)$/;

function* quoted(text: string): Generator<string> {
  yield '"';
  for (const piece of piecesOf(text)) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}

const TYPES = { digits: 'bigint', text: 'string', json: 'json' } as const;
