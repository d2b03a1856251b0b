// The file of `-o`: written beside its place and moved there when it is whole, so that nobody ever finds a part.
import { randomBytes } from 'node:crypto';
import { existsSync, unlinkSync } from 'node:fs';
import { chmod, type FileHandle, link, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemReason } from '../system-reason.ts';
import { Failure } from './failure.ts';
import type { Output } from './io.ts';
import type { Piece } from './pieces.ts';
import { writeFully } from './stdio.ts';

export interface OutputFileOptions {
  /** Whether a file that is there already may be replaced. */
  readonly force: boolean;
  /** When aborted, what was written is removed at once. */
  readonly signal: AbortSignal;
}

const READ_BYTES = 256 * 1024;

interface Place {
  /** Where the whole file goes. */
  readonly target: string;
  readonly temporary: string;
  /** The permissions of the file to be replaced. */
  readonly mode: number | undefined;
  readonly force: boolean;
}

export class OutputFile implements Output {
  readonly path: string;
  readonly #place: Place;
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal;

  private constructor(
    path: string,
    place: Place,
    { handle, signal }: { handle: FileHandle; signal: AbortSignal },
  ) {
    this.path = path;
    this.#place = place;
    this.#handle = handle;
    this.#signal = signal;
    signal.addEventListener('abort', this.#remove, { once: true });
  }

  /**
   * Makes sure that the file can be written before anything is computed for it.
   *
   * @param path absolute
   * @throws Failure when it exists and `force` is false, and when it cannot be written
   */
  static async open(path: string, { force, signal }: OutputFileOptions): Promise<OutputFile> {
    try {
      const place = await findPlace(path, force);
      return new OutputFile(path, place, { handle: await open(place.temporary, 'wx+'), signal });
    } catch (error) {
      throw fileFailure(path, error);
    }
  }

  async write(piece: Piece): Promise<void> {
    try {
      await writeFully(this.#handle.fd, piece);
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }

  /** What has been written, read again. */
  async *contents(): AsyncGenerator<Uint8Array> {
    for (let position = 0; ; ) {
      const bytes = new Uint8Array(READ_BYTES);
      const { bytesRead } = await this.#handle
        .read(bytes, 0, READ_BYTES, position)
        .catch((error: unknown) => {
          throw fileFailure(this.path, error);
        });
      if (bytesRead === 0) return;
      yield bytes.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  /** The file is whole: puts it in its place. */
  async commit(): Promise<void> {
    try {
      await this.#handle.sync(); // or the new name could outlive a crash that the data does not
      await this.#handle.close();
      this.#signal.throwIfAborted();
      await settle(this.#place);
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }

  /** Ends with the file, whole or not: afterwards nothing but a committed file is left. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#remove);
    this.#remove();
    await this.#handle.close().catch(() => {});
  }

  // Synchronous: on Ctrl-C there may be no later.
  readonly #remove = (): void => {
    try {
      unlinkSync(this.#place.temporary);
    } catch {
      // moved to its place, or removed already
    }
  };
}

async function findPlace(path: string, force: boolean): Promise<Place> {
  const present = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (present?.isDirectory()) throw new Failure(`${path} is a directory; name a file in it.`);
  if (present !== undefined && !present.isFile()) {
    throw new Failure(`${path} is no regular file; redirect stdout to it instead.`);
  }
  if (present !== undefined && !force) throw existsAlready(path);
  const target = present === undefined ? path : await realpath(path); // a link stays a link
  const temporary = join(dirname(target), `.memopool-${randomBytes(6).toString('hex')}.tmp`);
  return { target, temporary, mode: present?.mode, force };
}

async function settle({ target, temporary, mode, force }: Place): Promise<void> {
  if (mode !== undefined) await chmod(temporary, mode & 0o7777);
  if (force) {
    await rename(temporary, target);
    return;
  }
  // Unlike a rename, a link replaces nothing: not even what was put there while we computed.
  try {
    await link(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsAlready(target);
    await renameToNothing(temporary, target);
    return;
  }
  await unlink(temporary);
}

// For file systems without links.
async function renameToNothing(temporary: string, target: string): Promise<void> {
  const present = await stat(target).catch(() => undefined);
  if (present !== undefined) throw existsAlready(target);
  await rename(temporary, target);
}

function existsAlready(path: string): Failure {
  return new Failure(`${path} exists already; name another file, or replace it with --force.`);
}

function fileFailure(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error)) return error;
  const directory = dirname(path);
  const isMissing = Reflect.get(error, 'code') === 'ENOENT' && !existsSync(directory);
  const reason = isMissing ? `there is no directory ${directory}` : systemReason(error);
  return new Failure(`${path} cannot be written: ${reason}.`, { cause: error });
}
