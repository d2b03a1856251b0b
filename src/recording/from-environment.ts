// MEMOPOOL_RECORD=FILE: every pool of the process records itself, the first into FILE, the others and those of child processes
// into FILE-2, FILE-3 and so on, the number before the extension. Files that exist are left as they are.
import { PoolError } from '../errors.ts';
import type { Recording, RecordOptions } from '../recording-types.ts';
import { endOnSignals } from './at-exit.ts';

/** Files of one FILE. */
export const MOST_FILES = 100;

interface Recorded {
  record(options: RecordOptions): Recording;
}

type Environment = Readonly<Record<string, string | undefined>>;

// Those before are taken, by this process if by nobody else.
let next = 1;
let isWarned = false;

/** Records `pool` if the environment says so; what keeps it from being recorded is told once, as a warning. */
export function recordFromEnvironment(pool: Recorded, env: Environment): void {
  const { MEMOPOOL_RECORD: file = '', MEMOPOOL_RECORD_BYTES: bytes } = env;
  if (file === '') return;
  try {
    recordIntoNext(pool, file, bytes === undefined ? {} : { maxFileBytes: Number(bytes) });
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
  }
}

function recordIntoNext(pool: Recorded, file: string, options: RecordOptions): void {
  for (; next <= MOST_FILES; next++) {
    try {
      pool.record({ ...options, file: numberedFile(file, next) });
      next++;
      endOnSignals(); // Ctrl-C is how a recorded server usually ends
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  warn(`MEMOPOOL_RECORD: expected at most ${MOST_FILES} files of ${file}, got one more: not recorded.`);
}

function isTaken(error: unknown): boolean {
  return error instanceof PoolError && error.details['systemCode'] === 'EEXIST';
}

/** `trace.txt.gz` as `trace-2.txt.gz`. */
export function numberedFile(file: string, number: number): string {
  if (number === 1) return file;
  const [, stem = file, extension = ''] = /^(.*?[^/\\])((?:\.[^./\\]+)?(?:\.gz)?)$/s.exec(file) ?? [];
  return `${stem}-${number}${extension}`;
}

function warn(message: string): void {
  if (isWarned) return;
  isWarned = true;
  process.emitWarning(message, { type: 'MemopoolWarning', code: 'MEMOPOOL_RECORD' });
}
