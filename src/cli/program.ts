// The command as a whole: from the arguments to the exit code of every end it can come to.
import { EXIT, reportOf } from './failure.ts';
import type { CommandIo } from './io.ts';
import { markNegatives, unmark } from './negatives.ts';
import { writePieces } from './pieces.ts';

/**
 * Runs one command and writes what it has to say.
 *
 * @param args without the program's own name
 * @returns the exit code; of no matter when the signal was aborted
 */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<number> {
  const help: string[] = [];
  const exitCode = await reported(io, () => runCommand(markNegatives(args), io, help));
  if (help.length === 0) return exitCode;
  return await reported(io, () => writePieces(io.stdout, help, { signal: io.signal, onWritten() {} }));
}

// What needs no parser does not wait for one to load: a command that is given no options.
async function runCommand(args: readonly string[], io: CommandIo, help: string[]): Promise<void> {
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
  await createProgram(io, help).parseAsync(args, { from: 'user' });
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
