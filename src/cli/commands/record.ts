// `memopool record -- COMMAND ARGS...`: a program whose pools record themselves; or the trace of a generated workload.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Failure, ProgramEnded, UsageError } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { unmark } from '../negatives.ts';
import { parseWhole } from '../options.ts';

interface RecordOptions {
  readonly output: string;
  readonly limit?: string;
  readonly force?: boolean;
  readonly pattern?: string;
  readonly seed?: string;
}

const DEFAULT_FILE = 'memopool-trace.txt';
const LEAST_BYTES = 4096;
const DEFAULT_BYTES = 64 * 2 ** 20;

const NOTES = `
Every pool that the program makes writes a trace: the first to FILE, others to
FILE-2 and so on, before the extension; with .gz at the end it is gzipped. Its
arguments are not in it, hashes of them are. The program has this one's streams
and gets its signals, and its exit code is passed on. What was recorded is told
on stderr.

PATTERN is NAME[:EXPONENT][,keys=NUMBER][,length=NUMBER], of the names zipf,
uniform, loop, scan, mixed and phase. The trace is that of a pool with a maxsize
of 1024, of calls that take a millisecond each.

Examples:
  memopool record -- node server.js --port 8080
  memopool record -o night.gz --limit 1e9 -- npm start
  memopool record --pattern zipf:1.0,keys=1000,length=1e5 --seed 1 -o zipf.txt`;

export function addRecord(program: Command, io: CommandIo): void {
  program
    .command('record')
    .summary('a trace of the pools of a program, or of a generated workload')
    .description('Records what happens at the front cache of pools, for memopool tune.')
    .usage('[options] -- COMMAND [ARGS...]')
    .argument('[COMMAND...]', 'the program to run, with its arguments', collect)
    .option('-o, --output <file>', 'where to write the trace', unmark, DEFAULT_FILE)
    .option('--limit <bytes>', 'the most bytes of a trace (default: 64 MiB)', unmark)
    .option('-f, --force', 'replace the file if it exists')
    .option('--pattern <pattern>', 'generate a workload instead of running a program', unmark)
    .option('--seed <number>', 'of the generated workload (default: random)', unmark)
    .addHelpText('after', NOTES)
    .action((command: readonly string[] | undefined, options: RecordOptions) =>
      record(command ?? [], options, io),
    );
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, unmark(text)];
}

/** @throws UsageError, Failure, ProgramEnded with the exit code of the program */
async function record(words: readonly string[], options: RecordOptions, io: CommandIo): Promise<void> {
  const { limit, pattern, seed, force = false } = options;
  const bounds = { least: LEAST_BYTES, most: Number.MAX_SAFE_INTEGER };
  const maxFileBytes = limit === undefined ? DEFAULT_BYTES : parseWhole('--limit', limit, bounds);
  const place = { file: resolve(io.cwd, options.output), maxFileBytes, force };
  const [command, ...args] = words;
  if (pattern !== undefined && command === undefined) return await generate(pattern, { seed, ...place }, io);
  if (pattern !== undefined || command === undefined) {
    throw new UsageError(
      'Expected either -- COMMAND [ARGS...] to run, or --pattern. See memopool record --help.',
    );
  }
  if (seed !== undefined) throw new UsageError('--seed: expected it beside --pattern only.');
  await runRecorded([command, ...args], place, io);
}

interface Place {
  readonly file: string;
  readonly maxFileBytes: number;
  readonly force: boolean;
}

async function runRecorded(
  [command = '', ...args]: readonly string[],
  { file, maxFileBytes, force }: Place,
  io: CommandIo,
): Promise<void> {
  const { MOST_FILES, numberedFile } = await import('../../recording/from-environment.ts');
  const putBack = makeRoom(file, force);
  const files = Array.from({ length: MOST_FILES }, (_, n) => numberedFile(file, n + 1));
  const before = new Set(files.filter((name) => existsSync(name)));
  const env = { ...io.env, MEMOPOOL_RECORD: file, MEMOPOOL_RECORD_BYTES: String(maxFileBytes) };
  let exitCode: number;
  let made: readonly string[] = [];
  try {
    exitCode = await io.launch({ command, args, cwd: io.cwd, env });
    made = files.filter((name) => !before.has(name) && existsSync(name));
  } finally {
    putBack();
  }
  if (made.length === 0) io.stderr.write('memopool: nothing was recorded: the program made no pool.\n');
  for (const name of made) io.stderr.write(`memopool: ${await describe(name)}\n`);
  if (exitCode !== 0) throw new ProgramEnded(exitCode);
}

// What the program finds there it would not replace: it is put aside, and the caller says when to put it back or away.
function makeRoom(file: string, force: boolean): () => void {
  const present = statSync(file, { throwIfNoEntry: false });
  if (present === undefined) return () => {};
  if (!force) throw new Failure(`${file} exists already; name another file, or replace it with --force.`);
  if (!present.isFile()) throw new Failure(`${file} is no regular file; name another one.`);
  const aside = `${file}.${process.pid}.old`;
  renameSync(file, aside);
  // An old trace is lost to a new one only.
  return () => {
    if (existsSync(file)) rmSync(aside);
    else renameSync(aside, file);
  };
}

async function describe(file: string): Promise<string> {
  const { summarizeTrace } = await import('../../recording/summarize-trace.ts');
  const { bytes, end } = await summarizeTrace(file);
  if (end === undefined)
    return `recorded ${file}: cut off before its end, ${bytes.toLocaleString('en-US')} bytes.`;
  return summary(file, { ...end, bytes });
}

interface Figures {
  readonly events: number;
  readonly left: number;
  readonly bytes: number;
}

function summary(file: string, { events, left, bytes }: Figures): string {
  const leftOut = left === 0 ? '' : ` ${left.toLocaleString('en-US')} were left out (--limit).`;
  return `recorded ${file}: ${events.toLocaleString('en-US')} events in ${bytes.toLocaleString('en-US')} bytes.${leftOut}`;
}

async function generate(
  text: string,
  { seed: seedText, ...place }: Place & { readonly seed: string | undefined },
  io: CommandIo,
): Promise<void> {
  const { parsePattern, showPattern } = await import('../../curves/patterns.ts');
  const { generateTrace } = await import('../../recording/generate-trace.ts');
  const pattern = parsePattern(text);
  const bounds = { least: 0, most: Number.MAX_SAFE_INTEGER };
  const seed = seedText === undefined ? drawSeed() : parseWhole('--seed', seedText, bounds);
  const figures = await generateTrace({ pattern, seed, signal: io.signal, ...place });
  io.stderr.write(
    `memopool: ${showPattern(pattern)} with --seed ${seed}\nmemopool: ${summary(place.file, figures)}\n`,
  );
}

function drawSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
