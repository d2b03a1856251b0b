// `memopool fib N`: one Fibonacci number.
import type { Command } from 'commander';
import { isSwitchedOff } from '../../kernels/switch.ts';
import type { Call, Destination } from '../call.ts';
import type { Shares } from '../estimate.ts';
import type { CommandIo } from '../io.ts';
import { unmark } from '../negatives.ts';
import { readNumber, toArgument } from '../numbers.ts';
import { addSharedOptions, parseBase, parseMaxsize, parseWorkers, wrongValue } from '../options.ts';

interface FibOptions extends Destination {
  readonly workers?: string;
  readonly maxsize?: string;
  readonly base?: string;
  readonly verify?: boolean;
}

const DEFAULT_BASE = '10';

const NOTES = `
N is a whole number, also written 1e6, 10_000_000 or 2^20. It may be negative:
F(-n) = (-1)^(n+1) F(n).

Examples:
  memopool fib 1e6
  memopool fib 10_000_000 | sha256sum
  memopool fib 2^27 -o f.txt --verify
  memopool fib 1000 --json`;

export function addFib(program: Command, io: CommandIo): void {
  const command = program
    .command('fib')
    .summary('the Fibonacci number F(N)')
    .description('Computes the Fibonacci number F(N) in a worker thread.')
    .argument('<N>', 'which Fibonacci number', unmark)
    .option('--base <base>', 'of the digits: 10, or 16 in lower case without prefix', unmark, DEFAULT_BASE)
    .option(
      '--verify',
      'check the digits against what F(N) is modulo random primes; of a file, what is in it',
    )
    .option('--maxsize <count>', "the most results in the front cache, or 'none' for no bound", unmark)
    .addHelpText('after', NOTES);
  addSharedOptions(command).action((n: string, options: FibOptions) => fib(n, options, io));
}

/** @throws UsageError */
export async function fib(text: string, options: FibOptions, io: CommandIo): Promise<void> {
  const { workers, maxsize, verify = false } = options;
  const n = parseIndex(text);
  const base = parseBase(options.base ?? DEFAULT_BASE);
  const call: Call = {
    name: 'fibonacci',
    args: [n],
    form: base === 16 ? 'hex' : 'digits',
    shares: sharesOf(Math.abs(Number(n)), base),
    ...(verify ? { claim: { n: BigInt(n), base } } : {}),
    pool: {
      ...(workers === undefined ? {} : { workers: parseWorkers(workers) }),
      ...(maxsize === undefined ? {} : { maxsize: parseMaxsize(maxsize) }),
    },
  };
  const { answerCall } = await import('../call.ts');
  await answerCall(call, options, io);
}

// Measured on Node 20.20.2 with two workers: F(10^9) is made in decimal in 2.4 s, written in 0.3 and read again to be verified
// in 1.1. By V8's BigInt making the digits takes 4.8 times as long as computing the number at n = 10^6, 6.2 at 10^7, 7.2 at
// 10^8 and 10^9; those of base 16 next to nothing. What is left out when digits are made without it is not waited for.
function sharesOf(n: number, base: 10 | 16): Shares {
  if (!isSwitchedOff) return { compute: 1, convert: 0, encode: 0.02, write: 0.15, verify: 0.5 };
  const convert = base === 16 ? 0.05 : Math.min(7.2, 4.8 + 1.2 * Math.max(0, Math.log10(n) - 6));
  return { compute: 1, convert, encode: 0.02, write: 0.05, verify: 0.1 };
}

// Past the numbers that are read at all, one stands for all: the function refuses each alike, naming the largest.
const FAR_TOO_LARGE = 1n << 64n;

function parseIndex(text: string): number | bigint {
  const reading = readNumber(text);
  if (reading.kind === 'whole') return toArgument(reading.value);
  if (reading.kind === 'too-long') return reading.negative ? -FAR_TOO_LARGE : FAR_TOO_LARGE;
  throw wrongValue('N', 'a whole number such as 1000, 1e6, 10_000_000 or 2^20', text);
}
