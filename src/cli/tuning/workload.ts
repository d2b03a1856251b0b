// A workload file: a call a line, as words, as a JSON array of arguments, or as a JSON object that names the function too.
// It is here and not in src/tuning/, because words are read as the command line reads them.
import { createReadStream } from 'node:fs';
import { showValue } from '../../errors.ts';
import { systemReason } from '../../system-reason.ts';
import type { WorkloadCall } from '../../tuning/options.ts';
import { parseArgument } from '../args.ts';
import { Failure, UsageError } from '../failure.ts';

/** The most of a file that is taken: more calls than a budget of minutes has time for. */
export interface WorkloadLimits {
  readonly calls: number;
  /** Characters of a line. */
  readonly line: number;
  /** Bytes of the file. */
  readonly bytes: number;
}

const LIMITS: WorkloadLimits = { calls: 1_000_000, line: 1_000_000, bytes: 256 * 2 ** 20 };

export interface WorkloadText {
  /** What messages call it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** @param path absolute */
export function workloadFile(path: string): WorkloadText {
  return { name: path, bytes: createReadStream(path) };
}

/**
 * The calls of a workload, in their order.
 *
 * @param only the function of all calls; undefined when each line names its own
 * @throws UsageError with file and line for what is no call, and past a limit
 * @throws Failure when it cannot be read
 */
export async function readWorkload(
  text: WorkloadText,
  only: string | undefined,
  limits: WorkloadLimits = LIMITS,
): Promise<WorkloadCall[]> {
  const calls: WorkloadCall[] = [];
  let number = 0;
  for await (const raw of linesOf(text, limits)) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const where = `${text.name}:${number}`;
    if (calls.length === limits.calls) {
      throw new UsageError(
        `${where}: expected at most ${limits.calls.toLocaleString('en-US')} calls, got more; keep a part that stands for all.`,
      );
    }
    calls.push(readCall(line, only, where));
  }
  if (calls.length > 0) return calls;
  throw new UsageError(
    `${text.name}: expected a call a line, got none; write one such as ${EXAMPLE[kindOf(only)]}.`,
  );
}

const EXAMPLE = { named: '40 20', unnamed: 'binomial 40 20' } as const;

function kindOf(only: string | undefined): keyof typeof EXAMPLE {
  return only === undefined ? 'unnamed' : 'named';
}

function readCall(line: string, only: string | undefined, where: string): WorkloadCall {
  if (line.startsWith('{')) return readObject(line, only, where);
  if (line.startsWith('[')) {
    const args = parseArgument(line);
    if (!Array.isArray(args)) throw wrongLine(where, 'a JSON array of arguments, such as [40, 20]', line);
    return { name: only ?? unnamed(where, line), args };
  }
  const words = line.split(/\s+/);
  const name = only ?? words.shift() ?? unnamed(where, line);
  return { name, args: words.map((word) => readWord(word, where)) };
}

// A shell takes the spaces within quotes for part of a word; a line has none such.
function readWord(word: string, where: string): unknown {
  const value = parseArgument(word);
  if (value !== word || !/^["[{]/.test(word)) return value;
  throw wrongLine(where, 'values without spaces, or the whole line as a JSON array', word);
}

function readObject(line: string, only: string | undefined, where: string): WorkloadCall {
  const value = parseArgument(line);
  const expected = 'an object such as {"function": "binomial", "args": [40, 20]}';
  if (!isRecord(value)) throw wrongLine(where, expected, line);
  const { function: name = only, args, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrongLine(where, `${expected} and nothing else in it`, other);
  if (!Array.isArray(args)) throw wrongLine(where, `${expected}, in which "args" is an array`, line);
  if (typeof name !== 'string' || name === '') {
    throw wrongLine(where, `${expected}, in which "function" is a name`, line);
  }
  if (only !== undefined && name !== only) {
    throw new UsageError(
      `${where}: expected calls of ${only} alone, got one of ${showValue(name)}; name the module without #${only} to tune for several functions.`,
    );
  }
  return { name, args };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unnamed(where: string, line: string): never {
  throw wrongLine(
    where,
    'the name of a function first, or in {"function": ..., "args": [...]}, because the command names none',
    line,
  );
}

function wrongLine(where: string, expected: string, got: string): UsageError {
  return new UsageError(`${where}: expected ${expected}; got ${showValue(got)}.`);
}

async function* linesOf({ name, bytes }: WorkloadText, limits: WorkloadLimits): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let held = '';
  let number = 0;
  let read = 0;
  const checked = (line: string, at: number): string => {
    if (line.length <= limits.line) return line;
    throw new UsageError(
      `${name}:${at}: expected a line of at most ${limits.line} characters, got a longer one.`,
    );
  };
  for await (const chunk of readable(name, bytes)) {
    read += chunk.length;
    if (read > limits.bytes) {
      throw new UsageError(
        `${name}: expected at most ${limits.bytes} bytes, got more; keep a part that stands for all.`,
      );
    }
    const lines = (held + decoded(name, () => decoder.decode(chunk, { stream: true }))).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      number++;
      yield checked(line, number);
    }
    checked(held, number + 1);
  }
  yield checked(held + decoded(name, () => decoder.decode()), number + 1);
}

async function* readable(name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw new Failure(`${name} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}

function decoded(name: string, decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    throw new UsageError(
      `${name}: expected text in UTF-8, got other bytes; a recorded trace goes to --trace.`,
      {
        cause: error,
      },
    );
  }
}
