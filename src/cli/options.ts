// The options that commands share: how they are declared, and how their values are checked.
import type { Command } from 'commander';
import { showValue } from '../errors.ts';
import { UsageError } from './failure.ts';
import { unmark } from './negatives.ts';
import { readNumber } from './numbers.ts';

/** Declares where the answer goes, and the workers. */
export function addSharedOptions(command: Command): Command {
  return command
    .option('-w, --workers <count>', 'the most worker threads (default: the CPUs of this process)', unmark)
    .option('--json', 'write one line of JSON instead of the bare result')
    .option('-o, --output <file>', 'write the result to a file instead of stdout', unmark)
    .option('-f, --force', 'replace the file if it exists');
}

// The bound of createPool.
const MOST_WORKERS = 1024;

/** @throws UsageError */
export function parseWorkers(text: string): number {
  const workers = readWhole(text);
  if (workers !== undefined && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw wrongValue('--workers', `a whole number from 1 to ${MOST_WORKERS}`, text);
}

/** @throws UsageError */
export function parseMaxsize(text: string): number | null {
  if (text === 'none') return null;
  const maxsize = readWhole(text);
  if (maxsize !== undefined && maxsize >= 0 && Number.isSafeInteger(maxsize)) return maxsize;
  throw wrongValue('--maxsize', "a whole number from 0 to 2^53 - 1, or 'none' for no bound", text);
}

/** @throws UsageError */
export function parseBase(text: string): 10 | 16 {
  if (text === '10') return 10;
  if (text === '16') return 16;
  throw wrongValue('--base', '10 or 16', text);
}

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** @throws UsageError */
export function parseWhole(where: string, text: string, { least, most }: Bounds): number {
  const value = readWhole(text);
  if (value !== undefined && value >= least && value <= most) return value;
  const upTo = most === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : String(most);
  throw wrongValue(where, `a whole number from ${least} to ${upTo}`, text);
}

export function wrongValue(where: string, expected: string, got: string): UsageError {
  return new UsageError(`${where}: expected ${expected}, got ${showValue(got)}.`);
}

function readWhole(text: string): number | undefined {
  const reading = readNumber(text);
  return reading.kind === 'whole' ? Number(reading.value) : undefined;
}
