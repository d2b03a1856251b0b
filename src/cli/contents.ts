// What a result consists of, piece by piece: however long it is, no part of the command holds it as one string.
import { type Piece, piecesOf } from './pieces.ts';
import type { Rendered } from './render.ts';

/** How many digits a number has, or characters a text. */
export function lengthOf(result: Rendered): number {
  if (result.kind === 'handle') return result.digits.length;
  const { kind, text } = result;
  return kind === 'digits' && text.startsWith('-') ? text.length - 1 : text.length;
}

/** How many characters are written for it. */
export function charactersOf(result: Rendered): number {
  return result.kind === 'handle'
    ? lengthOf(result) + (result.digits.isNegative ? 1 : 0)
    : result.text.length;
}

/** All of it. */
export function contentsOf(result: Rendered): Iterable<Piece> {
  return result.kind === 'handle' ? result.digits.chunks() : piecesOf(result.text);
}

/** Its first characters and its last, `length` each; it is longer than both. */
export function endsOf(result: Rendered, length: number): readonly [string, string] {
  if (result.kind !== 'handle') return [result.text.slice(0, length), result.text.slice(-length)];
  const { digits } = result;
  const sign = digits.isNegative ? '-' : '';
  return [sign + digits.slice(0, length - sign.length), digits.slice(-length)];
}
