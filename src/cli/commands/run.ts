// `memopool run MODULE#EXPORT ARGS...`: one call of any function.
import type { Command } from 'commander';
import { parseArgument } from '../args.ts';
import type { Call, Destination } from '../call.ts';
import type { CommandIo } from '../io.ts';
import { unmark } from '../negatives.ts';
import { addSharedOptions, parseWorkers } from '../options.ts';
import { absolute, parseTarget } from '../target.ts';

interface RunOptions extends Destination {
  readonly workers?: string;
}

const NOTES = `
FUNCTION is MODULE#EXPORT, where MODULE is the path of a .js or .ts file, or the
name of a built-in function.

Each of ARGS is read as
  a number  10, 1e6, 10_000_000, 2^20, -5, 1.5; a whole one beyond 2^53 - 1
            becomes a bigint
  a bigint  10n, 1e30n
  JSON      true, false, null, [1, 2], {"a": 1}, "10" (for the shell: '"10"')
  a string  anything else
After -- nothing is taken for an option.

A bigint is written as its digits, a string as it is, anything else as JSON, in
which a bigint is a string of its digits. What the function prints goes to
stderr.

Examples:
  memopool run binomial 40 20
  memopool run ./partitions.js#partitions 1000
  memopool run linearRecurrence '[1, 1]' '[0, 1]' 100`;

export function addRun(program: Command, io: CommandIo): void {
  const command = program
    .command('run')
    .summary('the result of a function of a module, or of a built-in one')
    .description('Calls a function in a worker thread.')
    .argument('<FUNCTION>', 'MODULE#EXPORT or the name of a built-in function', unmark)
    .argument('[ARGS...]', 'the arguments of the call', collect)
    .addHelpText('after', NOTES);
  addSharedOptions(command).action(
    (target: string, args: readonly string[] | undefined, options: RunOptions) =>
      run({ target, args: args ?? [] }, options, io),
  );
}

function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, unmark(text)];
}

interface Words {
  readonly target: string;
  readonly args: readonly string[];
}

/** @throws UsageError */
export async function run({ target, args }: Words, options: RunOptions, io: CommandIo): Promise<void> {
  const { module, name } = parseTarget(target);
  const call: Call = {
    name,
    args: args.map(parseArgument),
    pool: {
      ...(options.workers === undefined ? {} : { workers: parseWorkers(options.workers) }),
      ...(module === undefined ? {} : { functions: absolute(module, io.cwd), builtIns: false }),
    },
  };
  const { answerCall } = await import('../call.ts');
  await answerCall(call, options, io);
}
