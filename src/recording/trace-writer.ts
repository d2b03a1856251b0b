// Events as the lines of a trace (docs/trace-format.md), digit by digit into bytes that are there already: nothing is
// allocated for an event. What cannot be written any more is counted.
import type { TraceHeader } from '../curves/trace.ts';
import {
  isWeighed,
  LETTERS,
  LONGEST_NAME,
  MAGIC,
  MOST_FUNCTIONS,
  type TraceEvent,
  VERSION,
} from './trace-event.ts';
import { PIECE_BYTES, type Piece, type TraceFile } from './trace-file.ts';

// Three numbers of 16 digits, a key of 11, a function of 5, and what stands between.
const LONGEST_EVENT = 80;
// `end {"events":...,"left":...}` with two numbers of 16 digits.
const END_BYTES = 64;
const FLUSH_MS = 1000;

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;
const BILLION = 1e9;
const DIGITS_32 = Buffer.from('0123456789abcdefghijklmnopqrstuv');

export interface TraceWriterOptions {
  readonly header: TraceHeader | undefined;
  /** The most bytes of text; room for the last line is kept. */
  readonly maxBytes: number;
}

export class TraceWriter {
  readonly #file: TraceFile;
  readonly #maxBytes: number;
  readonly #numbers = new Map<string, number>();
  #piece: Piece | undefined;
  /** Given to the file before this piece. */
  #given = 0;
  /** Nothing more fits in, of this event or a later one: so a trace has no hole that its bound has made. */
  #isFull = false;
  #isEnded = false;
  #events = 0;
  #left = 0;
  #timeUs = 0;
  #lastName: string | undefined;
  #lastNumber = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: TraceFile, { header, maxBytes }: TraceWriterOptions) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#writeLine(`${MAGIC} ${VERSION} ${JSON.stringify(header ?? {})}\n`);
    this.#flush(); // a trace from the beginning, whatever becomes of the process
  }

  /** Events in the file, or on their way there. */
  get events(): number {
    return this.#events - this.#file.lost;
  }

  /** Events that are not. */
  get left(): number {
    return this.#left + this.#file.lost;
  }

  /** Nothing more fits in. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Counts events as left out that nobody has written. */
  leaveOut(events: number): void {
    this.#left += events;
  }

  /** Resolves when what was handed over by now has arrived. */
  written(): Promise<void> {
    return this.#file.written();
  }

  /** Writes an event down, or counts it as left out. */
  write(event: TraceEvent): void {
    const number = event.name === this.#lastName ? this.#lastNumber : this.#numberOf(event.name);
    const piece = number === undefined ? undefined : this.#room(LONGEST_EVENT);
    if (number === undefined || piece === undefined) {
      this.#left++;
      return;
    }
    const { timeUs, kind, key } = event;
    const delta = Math.max(0, timeUs - this.#timeUs);
    this.#timeUs += delta;
    const { bytes } = piece;
    let at = writeDecimal(bytes, piece.length, delta);
    bytes[at++] = LETTERS[kind].charCodeAt(0);
    at = writeDecimal(bytes, at, number);
    if (kind !== 'clear') {
      bytes[at++] = SPACE;
      at = writeKey(bytes, at, key);
    }
    if (isWeighed(kind)) {
      bytes[at++] = SPACE;
      at = writeDecimal(bytes, at, event.bytes);
      bytes[at++] = SPACE;
      at = writeDecimal(bytes, at, event.costNs);
    }
    bytes[at++] = NEWLINE;
    piece.length = at;
    piece.events++;
    this.#events++;
  }

  /** Writes the last line; resolves when all has arrived. */
  async end(): Promise<void> {
    this.#flush();
    await this.#file.written();
    this.#writeEnd();
    await this.#file.written();
  }

  /** The same at once, when the process ends. */
  endNow(): void {
    this.#flush();
    this.#file.writeNow();
    this.#writeEnd();
    this.#file.writeNow();
  }

  // Within the room that was kept for it.
  #writeEnd(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const piece = this.#pieceWith(END_BYTES);
    if (piece !== undefined) append(piece, `end {"events":${this.events},"left":${this.left}}\n`);
    this.#flush();
  }

  // Declared before its first event, and only when there is room for both.
  #numberOf(name: string): number | undefined {
    const known = this.#numbers.get(name);
    const number = known ?? this.#declare(name);
    if (number === undefined) return undefined;
    this.#lastName = name;
    this.#lastNumber = number;
    return number;
  }

  #declare(name: string): number | undefined {
    const number = this.#numbers.size;
    if (number >= MOST_FUNCTIONS) return undefined;
    const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    if (!this.#writeLine(`=${number} ${JSON.stringify(shown)}\n`)) return undefined;
    this.#numbers.set(name, number);
    return number;
  }

  /** Writes a line, if an event fits in behind it. */
  #writeLine(text: string): boolean {
    const piece = this.#room(Buffer.byteLength(text) + LONGEST_EVENT);
    if (piece === undefined) return false;
    append(piece, text);
    return true;
  }

  /** The piece to write so many bytes to; undefined once the file is full, and while too much waits for it. */
  #room(bytes: number): Piece | undefined {
    const used = this.#given + (this.#piece?.length ?? 0);
    this.#isFull ||= used + bytes + END_BYTES > this.#maxBytes;
    return this.#isFull ? undefined : this.#pieceWith(bytes);
  }

  #pieceWith(bytes: number): Piece | undefined {
    if (this.#piece !== undefined && this.#piece.length + bytes > PIECE_BYTES) this.#flush();
    return this.#piece ?? this.#begin();
  }

  #begin(): Piece | undefined {
    const piece = this.#file.take();
    if (piece === undefined) return undefined;
    this.#piece = piece;
    // What has been quiet for long is in the file too, should the process crash.
    this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
    this.#timer.unref();
    return piece;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const piece = this.#piece;
    if (piece === undefined) return;
    this.#piece = undefined;
    this.#given += piece.length;
    this.#file.write(piece);
  }
}

function append(piece: Piece, text: string): void {
  piece.length += piece.bytes.write(text, piece.length);
}

/** @returns where what comes next is to stand */
function writeDecimal(bytes: Uint8Array, start: number, value: number): number {
  if (value < BILLION) return writeSmall(bytes, start, value);
  const high = Math.floor(value / BILLION);
  const at = writeSmall(bytes, start, high);
  let low = value - high * BILLION;
  for (let place = at + 8; place >= at; place--) {
    const rest = (low / 10) | 0;
    bytes[place] = ZERO + low - rest * 10;
    low = rest;
  }
  return at + 9;
}

function writeSmall(bytes: Uint8Array, start: number, value: number): number {
  let end = start + 1;
  for (let bound = 10; value >= bound; bound *= 10) end++;
  let left = value;
  for (let place = end - 1; place >= start; place--) {
    const rest = (left / 10) | 0;
    bytes[place] = ZERO + left - rest * 10;
    left = rest;
  }
  return end;
}

// In base 32, the highest digit first: 6 from the low word, one from both, 4 from the high one.
function writeKey(bytes: Uint8Array, start: number, key: number): number {
  const low = key >>> 0;
  const high = (key - low) / 2 ** 32;
  let at = start;
  for (let shift = 18; shift >= 3; shift -= 5) bytes[at++] = DIGITS_32[(high >>> shift) & 31] ?? 0;
  bytes[at++] = DIGITS_32[((high & 7) << 2) | (low >>> 30)] ?? 0;
  for (let shift = 25; shift >= 0; shift -= 5) bytes[at++] = DIGITS_32[(low >>> shift) & 31] ?? 0;
  return at;
}
