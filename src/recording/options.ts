// The options of a recording, checked once.
import { fileURLToPath } from 'node:url';
import { invalidOption, refuseUnknown } from '../check.ts';
import type { RecordOptions } from '../recording-types.ts';

const WHERE = 'record';
const KNOWN: readonly (keyof RecordOptions)[] = ['file', 'maxFileBytes', 'force'];

/** Room for the first line and the last, and some events. */
export const LEAST_FILE_BYTES = 4096;

export interface ResolvedRecordOptions {
  /** A path. */
  readonly file: string | undefined;
  readonly maxFileBytes: number;
  readonly force: boolean;
}

/** @throws PoolError ERR_OPTION */
export function resolveRecordOptions(options: RecordOptions): ResolvedRecordOptions {
  refuseUnknown(WHERE, options, KNOWN);
  const { file, maxFileBytes = 64 * 2 ** 20, force = false } = options;
  if (!Number.isSafeInteger(maxFileBytes) || maxFileBytes < LEAST_FILE_BYTES) {
    const expected = `a whole number from ${LEAST_FILE_BYTES}`;
    throw invalidOption(WHERE, 'maxFileBytes', expected, maxFileBytes);
  }
  if (typeof force !== 'boolean') throw invalidOption(WHERE, 'force', 'true or false', force);
  return { file: file === undefined ? undefined : pathOf(file), maxFileBytes, force };
}

function pathOf(file: unknown): string {
  if (file instanceof URL && file.protocol === 'file:') return fileURLToPath(file);
  if (typeof file === 'string' && file !== '' && !file.includes('\0')) return file;
  throw invalidOption(
    WHERE,
    'file',
    'the path or file: URL of a file',
    file instanceof URL ? file.href : file,
  );
}
