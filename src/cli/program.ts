// The command as a whole: from the arguments to the exit code of every end it can come to.
import { EXIT, reportOf } from './failure.ts';
import type { CommandIo } from './io.ts';
import { markNegatives, unmark } from './negatives.ts';
import { writePieces } from './pieces.ts';
import type { TuneParts } from './tuning/parts.ts';

/**
 * Runs one command and writes what it has to say.
 *
 * @param args without the program's own name
 * @param parts what `tune` is made of, where it is not the library's own
 * @returns the exit code; of no matter when the signal was aborted
 */
export async function runProgram(args: readonly string[], io: CommandIo, parts?: TuneParts): Promise<number> {
  const help: string[] = [];
  const exitCode = await reported(io, () => runCommand(markNegatives(args), { io, help, parts }));
  if (help.length === 0) return exitCode;
  return await reported(io, () => writePieces(io.stdout, help, { signal: io.signal, onWritten() {} }));
}

interface Setting {
  readonly io: CommandIo;
  readonly help: string[];
  readonly parts: TuneParts | undefined;
}

// What needs no parser does not wait for one to load: a command that is given no options.
async function runCommand(args: readonly string[], { io, help, parts }: Setting): Promise<void> {
  const [command, first, ...rest] = args;
  if (first !== undefined && !args.some((arg) => arg.startsWith('-'))) {
    if (command === 'fib' && rest.length === 0) {
      const { fib } = await import('./commands/fib.ts');
      return await fib(unmark(first), {}, io);
    }
    if (command === 'run') {
      const { run } = await import('./commands/run.ts');
      return await run({ target: unmark(first), args: rest.map(unmark) }, {}, io);
    }
  }
  const { createProgram } = await import('./syntax.ts');
  await createProgram({ io, help, parts }).parseAsync(args, { from: 'user' });
}

async function reported(io: CommandIo, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return EXIT.ok;
  } catch (error) {
    if (io.signal.aborted) return EXIT.failed;
    const { exitCode, message } = reportOf(error, { debug: io.env['MEMOPOOL_DEBUG'] === '1' });
    if (message !== undefined) io.stderr.write(`memopool: ${message}\n`);
    return exitCode;
  }
}
