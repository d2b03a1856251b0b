// What the command understands, as commander reads it: its commands and options, its help and its version.
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addFib } from './commands/fib.ts';
import { addRecord } from './commands/record.ts';
import { addRun } from './commands/run.ts';
import { addTune } from './commands/tune.ts';
import type { CommandIo } from './io.ts';
import type { TuneParts } from './tuning/parts.ts';

const NOTES = `
Stdout carries the result and nothing else: when it is no terminal, exactly the
digits and one newline. On a terminal a result of more than 1,000 digits is
shown by its two ends, their count and their SHA-256.

With --json stdout gets one line; of fib and run (for tune see its own help) an
object of:
  function, args  the call; a bigint as a string of its digits
  type            bigint, string or json
  base, digits    of a bigint: the base, and how many digits it has
  sha256          of the text of the result
  elapsedMs       from the call to the text of its result
  cache           the counters of the front cache
  value           the result; left out on a terminal beyond 1,000 digits
  file            instead of value: where -o has put the result

Exit codes, but for record, which has that of its program:
  0    done, or the reader of stdout had seen enough
  1    the call failed: the function threw, its module cannot be loaded, the
       result cannot be written, its file exists
  2    the call was wrong: an unknown command, option or function, an argument
       that cannot be, a result that would be too large
  130  ended by Ctrl-C (143 by SIGTERM, 129 by SIGHUP)

Environment:
  NO_COLOR          no colors in the progress bar, which is on stderr when that
                    is a terminal
  MEMOPOOL_RECORD   a file that every pool of a program records itself into, as
                    memopool record has it
  MEMOPOOL_DEBUG=1  errors with their stacks`;

const DEFAULT_COLUMNS = 80;

export interface Surroundings {
  readonly io: CommandIo;
  /** Gets the help and the version, which are written by who has asked for them. */
  readonly help: string[];
  readonly parts: TuneParts | undefined;
}

export function createProgram({ io, help, parts }: Surroundings): Command {
  const program = new Command('memopool')
    .description('A memoized compute pool on worker threads.')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', NOTES)
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {}, // reported below, as every other error
      getOutHelpWidth: () => io.stdout.columns || DEFAULT_COLUMNS,
      getErrHelpWidth: () => io.stderr.columns || DEFAULT_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  addFib(program, io);
  addRun(program, io);
  addRecord(program, io);
  addTune(program, io, parts);
  return program;
}

// By the package's own name: from the sources and from dist/ it is differently far away.
function version(): string {
  const { version } = createRequire(import.meta.url)('memopool/package.json') as { version: string };
  return version;
}
