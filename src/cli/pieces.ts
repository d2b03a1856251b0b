// Long texts, piece by piece: what is done with a piece takes about a millisecond, and then others get a turn.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

const PIECE_LENGTH = 64 * 1024;

/** `text` in pieces that can be encoded one by one: no pair of surrogates is cut. */
export function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE_LENGTH, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end++;
    yield text.slice(start, end);
    start = end;
  }
}

/** The SHA-256 of `text` in UTF-8, as hex. */
export async function sha256Of(text: string): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of piecesOf(text)) {
    hash.update(piece);
    await nextTurn();
  }
  return hash.digest('hex');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
