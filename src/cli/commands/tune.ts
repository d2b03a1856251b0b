// `memopool tune`: how many workers and which maxsize, by running the calls that they are for.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TuneResult } from '../../tuning/result.ts';
import { UsageError } from '../failure.ts';
import type { CommandIo } from '../io.ts';
import { unmark } from '../negatives.ts';
import { absolute, type Place, parsePlace } from '../target.ts';
import { randomSeed, type Settings, settingsOf, sourceOf, type TuneFlags } from '../tuning/flags.ts';
import type { TuneParts } from '../tuning/parts.ts';

const DEFAULT_OUT = 'memopool-report.html';

const NOTES = `
FUNCTION is MODULE#EXPORT, where MODULE is the path of a .js or .ts file, or the
name of a built-in function. With MODULE alone, or without FUNCTION, each call
names its own: an export of the module, or a built-in function.

The calls to tune for come from one of
  --workload FILE  a call a line: words as memopool run reads them (1e6, 10n,
                   40 20); or a JSON array of the arguments; or an object
                   {"function": "binomial", "args": [40, 20]}. Where FUNCTION
                   is not given, the first word is its name. Empty lines and
                   those that begin with # are none. - is stdin.
  --trace FILE     what a live pool recorded: maxsize alone is found, because a
                   trace holds no arguments to call with
  --pattern P --args LO..HI
                   made by a pattern, such as zipf:1,keys=1000,length=20000.
                   Each key of it is one whole number from LO to HI, drawn by
                   the seed: the most wanted are not the smallest

Stdout gets the summary, on at most 25 lines, or with --json all of the result
on one. The page, the JSON and the CSV file are written beside one another:
memopool-report.html, .json and .csv. The JSON is saved every few seconds, and
Ctrl-C ends with what was measured (a second one ends at once). To go on from
there, give the same command with --resume: it replaces the files it goes on
from.

Examples:
  memopool tune fibonacci --args 1000..5000 --pattern zipf:1,keys=2000
  memopool tune ./scores.js#score --workload calls.txt --budget 2m
  memopool tune ./scores.js --workload - --no-report --json < calls.jsonl
  memopool tune --trace live.trace --out live.html --force`;

export function addTune(program: Command, io: CommandIo, parts?: TuneParts): void {
  program
    .command('tune')
    .summary('the worker count and the maxsize that a workload wants')
    .description('Finds how many workers and which maxsize a pool should have, by measuring.')
    .argument('[FUNCTION]', 'MODULE#EXPORT, MODULE, or the name of a built-in function', unmark)
    .option('--workload <file>', 'the calls, one a line; - for stdin', unmark)
    .option('--trace <file>', 'a recorded trace', unmark)
    .option('--pattern <pattern>', 'calls by a pattern', unmark)
    .option('--args <lo..hi>', 'the arguments of a pattern', unmark)
    .option('--budget <time>', 'how long it may measure: 500ms, 60s, 2m (default: 60s)', unmark)
    .option('--counts <counts>', 'the worker counts to measure, such as 1,2,4', unmark)
    .option('--concurrency <calls>', 'how many calls are under way at once (default: 64)', unmark)
    .option('--max-bytes <bytes>', "the most bytes in the front cache, or 'none'", unmark)
    .option('--seed <seed>', 'gives the same order again, and the same pattern', unmark)
    .option('--out <file>', `the page (default: ${DEFAULT_OUT})`, unmark)
    .option('--no-report', 'write no files')
    .option('-f, --force', 'replace files that exist')
    .option('--resume <file>', "go on from an interrupted report's JSON file", unmark)
    .option('--json', 'write one line of JSON instead of the summary')
    .addHelpText('after', NOTES)
    .action((target: string | undefined, flags: TuneFlags) => tune(target, flags, { io, parts }));
}

interface Surroundings {
  readonly io: CommandIo;
  readonly parts: TuneParts | undefined;
}

/** @throws UsageError; Failure for a file that cannot be read or written; what tuning throws */
export async function tune(
  target: string | undefined,
  flags: TuneFlags,
  { io, parts }: Surroundings,
): Promise<void> {
  const source = sourceOf(flags, target);
  const settings = settingsOf(flags);
  const place = target === undefined ? NOWHERE : parsePlace(target);
  const { runSession, tell } = await import('../tuning/session.ts');
  const before = await resumed(flags.resume, io);
  if (before?.isComplete) {
    io.stderr.write('memopool: That report is complete: nothing is left to measure. Its summary again:\n');
    return await tell(before, flags.json ?? false, io);
  }
  const files = await filesOf(flags, io);
  const seed = settings.seed ?? before?.seed ?? randomSeed();
  const made = parts ?? (await import('../tuning/parts.ts')).PARTS;
  const { readInput } = await import('../tuning/input.ts');
  const input = await readInput(source, { place, seed, io, parts: made });
  if (flags.resume !== undefined && before !== undefined) {
    const { checkSame } = await import('../tuning/resume.ts');
    const given = input.workload?.length ?? 0;
    checkSame(flags.resume, before, { ...settings, source: input.source, name: input.name, given });
  }
  const { source: _, ...calls } = input;
  await runSession(
    {
      options: {
        ...calls,
        ...(input.source === 'trace' ? {} : { source: input.source }),
        ...settingsAsBefore(settings, before),
        seed,
      },
      pool: poolOf(place, io),
      files,
      json: flags.json ?? false,
    },
    { io, parts: made },
  );
}

const NOWHERE: Place = { module: undefined, name: undefined };

async function resumed(file: string | undefined, io: CommandIo): Promise<TuneResult | undefined> {
  if (file === undefined) return undefined;
  const { readResult } = await import('../tuning/resume.ts');
  return await readResult(resolve(io.cwd, file));
}

async function filesOf({ out, report = true, force = false, resume }: TuneFlags, io: CommandIo) {
  if (!report && out !== undefined) {
    throw new UsageError('--out: expected no --no-report with it, got both; leave out one of them.');
  }
  if (!report) return undefined;
  const { ReportFiles, reportPaths } = await import('../tuning/report-files.ts');
  const usual = resume === undefined ? DEFAULT_OUT : `${resume.replace(/\.json$/i, '')}.html`;
  const paths = reportPaths(out ?? usual, io.cwd);
  // Who goes on from a report has said which files it is about.
  const isSame = resume !== undefined && resolve(io.cwd, resume) === paths.json;
  return await ReportFiles.open(paths, force || isSame);
}

// What an interrupted one had, this one has too, unless told otherwise, which has been checked.
function settingsAsBefore(settings: Settings, before: TuneResult | undefined) {
  if (before === undefined) return settings;
  const { workers, sizes } = before;
  return {
    ...(workers === null ? {} : { concurrency: workers.concurrency, counts: workers.planned }),
    ...(sizes === null ? {} : { maxBytes: sizes.budgetBytes }),
    ...settings,
    resume: before,
  };
}

function poolOf({ module }: Place, io: CommandIo) {
  return module === undefined ? {} : { functions: absolute(module, io.cwd), builtIns: false };
}
