// A file that pieces of bytes are written to, in their order, while the event loop goes on. Each has its place in the file
// before it is written, so that at the end of the process what may not have arrived is written there once more, at once.
//
// A compressed file is a row of gzip members, a piece each, which any gunzip reads as one: so each can be ended at once too.
import { closeSync, fstatSync, openSync, statSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { PoolError, showValue } from '../errors.ts';
import { systemReason } from '../system-reason.ts';

/** A piece of the file: bytes to fill, and what is counted of them. */
export interface Piece {
  readonly bytes: Buffer;
  length: number;
  /** Events in it. */
  events: number;
}

export const PIECE_BYTES: number = 256 * 1024;
// 8 MiB: more than that waits only where nothing is ever written, in a long turn of the event loop or by a stuck disk.
const MOST_PIECES = 32;
const MOST_SPARE = 2;

const compress = promisify(gzip);

export class TraceFile {
  readonly path: string;
  readonly #fd: number;
  readonly #isCompressed: boolean;
  /** The first is being written. */
  readonly #waiting: Piece[] = [];
  readonly #spare: Piece[] = [];
  #position = 0;
  #writing: Promise<void> | undefined;
  #failure: PoolError | undefined;
  /** Events in pieces that could not be written. */
  #lost = 0;

  /**
   * Creates the file.
   *
   * @param force whether a file that is there already is replaced
   * @throws PoolError ERR_OPTION when it exists, or cannot be created
   */
  constructor(path: string, { force }: { readonly force: boolean }) {
    this.path = path;
    this.#isCompressed = path.endsWith('.gz');
    this.#fd = openFile(path, force);
  }

  /** A piece to fill, or undefined while too many wait to be written. */
  take(): Piece | undefined {
    if (this.#failure !== undefined || this.#waiting.length >= MOST_PIECES) return undefined;
    return this.#spare.pop() ?? { bytes: Buffer.allocUnsafeSlow(PIECE_BYTES), length: 0, events: 0 };
  }

  /** Gives a piece back, to be written. */
  write(piece: Piece): void {
    if (this.#failure === undefined) this.#waiting.push(piece);
    else this.#lost += piece.events;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all is written that was given. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Writes what waits, at once. */
  writeNow(): void {
    try {
      for (const piece of this.#waiting.splice(0)) {
        const bytes = contents(piece);
        this.#writeNow(this.#isCompressed ? gzipSync(bytes) : bytes);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #writeNow(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; ) {
      offset += writeSync(this.#fd, bytes, offset, bytes.length - offset, this.#position + offset);
    }
    this.#position += bytes.length;
  }

  /** Once nothing more is written. */
  close(): void {
    try {
      closeSync(this.#fd);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What kept it from being written, as who asked for it is told. */
  get failure(): PoolError | undefined {
    return this.#failure;
  }

  get lost(): number {
    return this.#lost;
  }

  /** The bytes of the file, of what is known to be in it. */
  get size(): number {
    return this.#position;
  }

  async #writeAll(): Promise<void> {
    try {
      for (let piece = this.#waiting[0]; piece !== undefined; piece = this.#waiting[0]) {
        const bytes = contents(piece);
        const written = this.#isCompressed ? await compress(bytes) : bytes;
        const position = this.#position;
        // Where the process ends, it may have been written meanwhile.
        if (this.#waiting[0] !== piece) return;
        await this.#writeAt(written, position);
        if (this.#waiting[0] !== piece) return;
        this.#position += written.length;
        this.#waiting.shift();
        this.#recycle(piece);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      offset += await writeSome(this.#fd, bytes.subarray(offset), position + offset);
    }
  }

  #recycle(piece: Piece): void {
    if (this.#spare.length >= MOST_SPARE) return;
    piece.length = 0;
    piece.events = 0;
    this.#spare.push(piece);
  }

  #fail(error: unknown): void {
    this.#failure ??= new PoolError(
      'ERR_OPTION',
      `The trace ${this.path} cannot be written: ${systemReason(error)}. Record into another file, or a smaller one (maxFileBytes).`,
      { cause: error, details: { path: this.path } },
    );
    for (const { events } of this.#waiting.splice(0)) this.#lost += events;
    this.#spare.length = 0;
  }
}

function contents({ bytes, length }: Piece): Buffer {
  return bytes.subarray(0, length);
}

function writeSome(fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) =>
      error === null ? resolve(written) : reject(error),
    );
  });
}

function openFile(path: string, force: boolean): number {
  try {
    if (force && isPipe(path)) throw new Error('it is a pipe, which is written for somebody to read');
    const fd = openSync(path, force ? 'w' : 'wx');
    if (!fstatSync(fd).isDirectory()) return fd;
    closeSync(fd);
    throw new Error('it is a directory');
  } catch (error) {
    throw openError(path, error);
  }
}

// Opening one would wait for who reads it.
function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

function openError(path: string, error: unknown): PoolError {
  const { code } = error as NodeJS.ErrnoException;
  const details = { option: 'file', path, systemCode: code };
  if (code === 'EEXIST') {
    const message = `record: option 'file': ${path} exists already. Name another file, or replace it with force: true.`;
    return new PoolError('ERR_OPTION', message, { cause: error, details });
  }
  const isMissing = code === 'ENOENT' && statSync(dirname(path), { throwIfNoEntry: false }) === undefined;
  const reason = isMissing ? `there is no directory ${showValue(dirname(path))}` : systemReason(error);
  const message = `record: option 'file': expected a file that can be created, got ${path}: ${reason}.`;
  return new PoolError('ERR_OPTION', message, { cause: error, details });
}
