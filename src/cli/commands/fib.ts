// `memopool fib N`: one Fibonacci number.
import type { Command } from 'commander';
import type { Call, Destination } from '../call.ts';
import type { CommandIo } from '../io.ts';
import { unmark } from '../negatives.ts';
import { readNumber, toArgument } from '../numbers.ts';
import { addSharedOptions, parseBase, parseMaxsize, parseWorkers, wrongValue } from '../options.ts';

interface FibOptions extends Destination {
  readonly workers?: string;
  readonly maxsize?: string;
  readonly base?: string;
}

const DEFAULT_BASE = '10';

const NOTES = `
N is a whole number, also written 1e6, 10_000_000 or 2^20. It may be negative:
F(-n) = (-1)^(n+1) F(n).

Examples:
  memopool fib 1e6
  memopool fib 10_000_000 | sha256sum
  memopool fib 2^27 -o f.txt
  memopool fib 1000 --json`;

export function addFib(program: Command, io: CommandIo): void {
  const command = program
    .command('fib')
    .summary('the Fibonacci number F(N)')
    .description('Computes the Fibonacci number F(N) in a worker thread.')
    .argument('<N>', 'which Fibonacci number', unmark)
    .option('--base <base>', 'of the digits: 10, or 16 in lower case without prefix', unmark, DEFAULT_BASE)
    .option('--maxsize <count>', "the most results in the front cache, or 'none' for no bound", unmark)
    .addHelpText('after', NOTES);
  addSharedOptions(command).action((n: string, options: FibOptions) => fib(n, options, io));
}

/** @throws UsageError */
export async function fib(text: string, options: FibOptions, io: CommandIo): Promise<void> {
  const { workers, maxsize, base = DEFAULT_BASE } = options;
  const call: Call = {
    name: 'fibonacci',
    args: [parseIndex(text)],
    form: parseBase(base) === 16 ? 'hex' : 'decimal',
    pool: {
      ...(workers === undefined ? {} : { workers: parseWorkers(workers) }),
      ...(maxsize === undefined ? {} : { maxsize: parseMaxsize(maxsize) }),
    },
  };
  const { answerCall } = await import('../call.ts');
  await answerCall(call, options, io);
}

// Past the numbers that are read at all, one stands for all: the function refuses each alike, naming the largest.
const FAR_TOO_LARGE = 1n << 64n;

function parseIndex(text: string): number | bigint {
  const reading = readNumber(text);
  if (reading.kind === 'whole') return toArgument(reading.value);
  if (reading.kind === 'too-long') return reading.negative ? -FAR_TOO_LARGE : FAR_TOO_LARGE;
  throw wrongValue('N', 'a whole number such as 1000, 1e6, 10_000_000 or 2^20', text);
}
