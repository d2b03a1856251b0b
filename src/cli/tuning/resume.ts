// Goes on from the JSON of an interrupted report: reads it, and makes sure that it is of the same calls and settings.
import { readFile, stat } from 'node:fs/promises';
import { showValue } from '../../errors.ts';
import { systemReason } from '../../system-reason.ts';
import type { Subject, TuneResult } from '../../tuning/result.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Settings } from './flags.ts';

// A curve has a point for each size where it changes; a hundred thousand of them are some megabytes.
const MOST_BYTES = 256 * 2 ** 20;

/**
 * @param path absolute
 * @throws Failure when it cannot be read
 * @throws UsageError when it is no report of this version
 */
export async function readResult(path: string): Promise<TuneResult> {
  const text = await readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: expected the JSON file of a report, got other text.`, { cause: error });
  }
  if (isResult(value)) return value;
  const got = isObject(value)
    ? `format ${showValue(value['format'])}, version ${showValue(value['version'])}`
    : showValue(value);
  throw new UsageError(`${path}: expected a report of format "memopool-tune", version 1, whole; got ${got}.`);
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= MOST_BYTES) return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
  throw new UsageError(`${path}: expected a report of at most ${MOST_BYTES} bytes, got a larger file.`);
}

// Its outline: the file is the user's own, and what is inside the parts is believed.
function isResult(value: unknown): value is TuneResult {
  if (!isObject(value) || value['format'] !== 'memopool-tune' || value['version'] !== 1) return false;
  const { seed, isComplete, machine, subject, workers, sizes, memos, advice } = value;
  return (
    Number.isSafeInteger(seed) &&
    typeof isComplete === 'boolean' &&
    isObject(machine) &&
    isObject(subject) &&
    Array.isArray(subject['functions']) &&
    (workers === null ||
      (isObject(workers) &&
        Array.isArray(workers['counts']) &&
        Array.isArray(workers['samples']) &&
        Array.isArray(workers['planned']))) &&
    (sizes === null ||
      (isObject(sizes) && Array.isArray(sizes['curve']) && Array.isArray(sizes['points']))) &&
    Array.isArray(memos) &&
    isObject(advice) &&
    Array.isArray(advice['lines'])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What is to be measured now. */
export interface Intent extends Settings {
  readonly source: Subject['source'];
  readonly name: string;
  /** How many calls there are; 0 of a trace. */
  readonly given: number;
}

/** @throws UsageError naming the first thing that is not as it was */
export function checkSame(path: string, before: TuneResult, now: Intent): void {
  const { subject, workers, sizes, seed } = before;
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['the calls from a', subject.source, now.source],
    ['the calls of', subject.name, now.name],
    ['a number of calls of', subject.given, now.given],
    ['--seed', seed, now.seed ?? seed],
    ['--concurrency', workers?.concurrency, now.concurrency ?? workers?.concurrency],
    ['--counts', workers?.planned.join(','), (now.counts ?? workers?.planned)?.join(',')],
    ['--max-bytes', sizes?.budgetBytes, now.maxBytes === undefined ? sizes?.budgetBytes : now.maxBytes],
  ];
  for (const [what, was, is] of facts) {
    if (was === undefined || was === is) continue;
    throw new UsageError(
      `--resume: expected ${what} ${shown(was)}, as in ${path}; got ${shown(is)}. Give the command as it was, or leave out --resume.`,
    );
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : showValue(value);
}
