// Long texts, piece by piece: what is done with a piece takes about a millisecond, and then others get a turn.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Output } from './io.ts';

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
  const { createHash } = await import('node:crypto'); // slow to load, and seldom asked for
  const hash = createHash('sha256');
  for (const piece of piecesOf(text)) {
    hash.update(piece);
    await nextTurn();
  }
  return hash.digest('hex');
}

export interface WriteOptions {
  /** Ends the writing, however slow the reader is. */
  readonly signal: AbortSignal;
  /** Told how many characters have been written. */
  readonly onWritten: (length: number) => void;
}

/** Writes pieces at the pace of the reader, small ones together. */
export async function writePieces(
  output: Output,
  pieces: Iterable<string>,
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

function* gathered(pieces: Iterable<string>): Generator<string> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < PIECE_LENGTH) continue;
    yield held;
    held = '';
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
