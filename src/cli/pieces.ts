// Long texts, piece by piece: what is done with a piece takes about a millisecond, and then others get a turn.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Output } from './io.ts';

/** A part of a text: characters, or bytes that are its UTF-8. */
export type Piece = string | Uint8Array;

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

/** The SHA-256 of a text in UTF-8, as hex. */
export async function sha256Of(pieces: Iterable<Piece>): Promise<string> {
  const { createHash } = await import('node:crypto'); // slow to load, and seldom asked for
  const hash = createHash('sha256');
  for (const piece of pieces) {
    hash.update(piece);
    await nextTurn();
  }
  return hash.digest('hex');
}

export interface WriteOptions {
  /** Ends the writing, however slow the reader is. */
  readonly signal: AbortSignal;
  /** Told how many characters have been written, or bytes of pieces that are bytes. */
  readonly onWritten: (length: number) => void;
}

/** Writes pieces at the pace of the reader, small ones together. */
export async function writePieces(
  output: Output,
  pieces: Iterable<Piece>,
  { signal, onWritten }: WriteOptions,
): Promise<void> {
  let length = 0;
  for (const piece of gathered(pieces)) {
    await untilAborted(output.write(piece), signal);
    length += piece.length;
    onWritten(length);
    await nextTurn();
  }
}

function* gathered(pieces: Iterable<Piece>): Generator<Piece> {
  let held = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') held += piece;
    if (held !== '' && (typeof piece !== 'string' || held.length >= PIECE_LENGTH)) {
      yield held;
      held = '';
    }
    if (typeof piece !== 'string') yield piece;
  }
  if (held !== '') yield held;
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    if (leave !== undefined) signal.removeEventListener('abort', leave);
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
