// The process's streams and file descriptors as outputs: nothing is lost, and no more than a piece is held.
import { fstatSync, write } from 'node:fs';
import { systemReason } from '../system-reason.ts';
import { Failure, ReaderGone } from './failure.ts';
import type { Reader, Stderr, Stdout } from './io.ts';
import type { Piece } from './pieces.ts';

/** The output at `fd`, of which `stream` is the process's own; a file is written by its descriptor instead. */
export function openStdout(fd: number, stream: NodeJS.WriteStream): Stdout {
  stream.on('error', () => {}); // each write tells of its own
  const reader = readerOf(fd, stream);
  return {
    reader,
    get columns() {
      return stream.columns;
    },
    write: (piece) => (reader === 'file' ? writeToFd(fd, piece) : writeToStream(stream, piece)),
  };
}

/** Errors of this stream are nobody's to hear of. */
export function openStderr(stream: NodeJS.WriteStream): Stderr {
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

function readerOf(fd: number, stream: NodeJS.WriteStream): Reader {
  const stat = fstatSync(fd);
  if (stat.isFile()) return 'file';
  if (!stat.isCharacterDevice()) return 'program';
  return stream.isTTY ? 'terminal' : 'file'; // such as /dev/null
}

function writeToStream(stream: NodeJS.WriteStream, piece: Piece): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(piece, (error) => (error == null ? resolve() : reject(stdoutFailure(error))));
  });
}

async function writeToFd(fd: number, piece: Piece): Promise<void> {
  try {
    await writeFully(fd, piece);
  } catch (error) {
    throw stdoutFailure(error);
  }
}

function stdoutFailure(error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE' || code === 'ECONNRESET') return new ReaderGone();
  return new Failure(`The result cannot be written to stdout: ${systemReason(error)}.`, { cause: error });
}

/** Writes all of the piece: a single write to a file that has run out of space may take a part and say nothing. */
export async function writeFully(fd: number, piece: Piece): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let offset = 0; offset < bytes.length; ) offset += await writeSome(fd, bytes.subarray(offset));
}

function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, written) => (error === null ? resolve(written) : reject(error)));
  });
}
