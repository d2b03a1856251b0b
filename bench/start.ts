// How long is the way from nothing to a first result? Whole processes, from spawning them to the first line that they
// print, with pools of one thread; and the command line from spawning it to its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Goal, Measured } from './harness/row.ts';
import { loop } from './modules/fibonacci.ts';
import { mix } from './modules/work.mjs';

const ROUNDS = 15;
const ANSWER = String(mix(42));
const FIB_1000 = String(loop(1000));

interface Run {
  readonly firstLineMs: number;
  readonly endMs: number;
}

async function run(args: readonly string[], expected: RegExp | string): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let firstLineMs = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (text === '') firstLineMs = performance.now() - start;
    text += chunk;
  });
  const [status]: unknown[] = await once(child, 'close');
  const endMs = performance.now() - start;
  const right = typeof expected === 'string' ? text.trimEnd() === expected : expected.test(text);
  if (status !== 0 || !right) throw new Error(`${args.join(' ')}: exit code ${status}, output ${text}`);
  return { firstLineMs, endMs };
}

const script = (name: string) => fileURLToPath(new URL(`./peers/start/${name}.mjs`, import.meta.url));
const cli = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));

const samples = await inTurn(ROUNDS, {
  memopool: async () => (await run([script('memopool')], ANSWER)).firstLineMs,
  piscina: async () => (await run([script('piscina')], ANSWER)).firstLineMs,
  worker: async () => (await run([script('worker')], ANSWER)).firstLineMs,
  'cli fib': async () => (await run([cli, 'fib', '1000'], FIB_1000)).endMs,
  'cli help': async () => (await run([cli, '--help'], /^Usage: memopool/)).endMs,
  'worker, to its end': async () => (await run([script('worker')], ANSWER)).endMs,
  'node -e 0': async () => (await run(['-e', '0'], '')).endMs,
});

const row = (
  what: string,
  ours: string,
  [peer, theirs]: readonly [string, string],
  goal?: Goal,
): Measured => ({
  what,
  ours: samples.median(ours),
  peer,
  theirs: samples.median(theirs),
  unit: 'ms',
  better: 'lower',
  ...(goal === undefined ? {} : { goal }),
});

report('start', [
  // At most 1.3 times as long.
  row('first result of a fresh process', 'memopool', ['piscina', 'piscina'], { ratioAtLeast: 0.77 }),
  row('first result of a fresh process', 'memopool', ['a bare Worker', 'worker']),
  // At most 1.5 times as long.
  row('`memopool fib 1000`', 'cli fib', ['Node and a bare Worker', 'worker, to its end'], {
    ratioAtLeast: 0.67,
  }),
  row('`memopool --help`', 'cli help', ['`node -e 0`', 'node -e 0']),
]);
