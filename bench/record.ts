// What a recording costs: hits and misses of a pool that nobody records, of one with the live curve alone, and of one that
// writes a trace too. The trace is checked to have every event before anything is timed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createPool, type Pool, type Recording, readTrace } from 'memopool';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import { loop } from './modules/fibonacci.ts';

const ROUNDS = 7;
const HITS = 200_000;
// A turn of the event loop now and then, in which files are written, as servers have them.
const TURN = 20_000;
const MISSES = 20_000;
const FEW = 100;
// More than the live curve follows one by one.
const MANY = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'memopool-bench-'));

interface Contestant {
  readonly pool: Pool;
  readonly recording: Recording | undefined;
}

function open(options: 'none' | 'live' | 'file', name: string): Contestant {
  const pool = createPool({ workers: 1, maxsize: 2 * MANY, builtIns: true });
  if (options === 'none') return { pool, recording: undefined };
  const file = { file: join(folder, name), maxFileBytes: 2 ** 30 };
  return { pool, recording: pool.record(options === 'live' ? {} : file) };
}

/** Nanoseconds a call, each awaited, over so many keys. */
async function hits({ pool }: Contestant, keys: number): Promise<number> {
  const start = performance.now();
  let last: unknown;
  for (let call = 0; call < HITS; call++) {
    last = await pool.fn.fibonacciMod((call * 7919) % keys, 1_000_003);
    if (call % TURN === 0) await turn();
  }
  const ms = performance.now() - start;
  check(last, expected(((HITS - 1) * 7919) % keys));
  return (ms * 1e6) / HITS;
}

// No number twice, so that no call is a hit.
let next = MANY;

/** Nanoseconds a call, of many at once. */
async function misses({ pool }: Contestant): Promise<number> {
  const first = next;
  next += MISSES;
  const start = performance.now();
  const answers = await Promise.all(
    Array.from({ length: MISSES }, (_, n) => pool.fn.fibonacciMod(first + n, 1_000_003)),
  );
  const ms = performance.now() - start;
  check(answers.at(-1), expected(first + MISSES - 1));
  return (ms * 1e6) / MISSES;
}

function expected(n: number): bigint {
  let [a, b] = [0, 1];
  for (let i = 0; i < n; i++) [a, b] = [b, (a + b) % 1_000_003];
  return BigInt(a);
}

function check(got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

async function checkTrace(): Promise<void> {
  const { pool, recording } = open('file', 'check.txt');
  for (let n = 0; n < 1000; n++) check(await pool.fn.fibonacci(n % FEW), loop(n % FEW));
  const told = await recording?.stop();
  const { length, left } = await readTrace(join(folder, 'check.txt'));
  if (told?.events !== 1000 || length !== 1000 || left !== 0) throw new Error('expected every event');
  await pool.close();
}

await checkTrace();
const contestants = { none: open('none', ''), live: open('live', ''), file: open('file', 'bench.txt') };
for (const { pool } of Object.values(contestants)) {
  await pool.map(
    'fibonacciMod',
    Array.from({ length: MANY }, (_, n) => [n, 1_000_003] as const),
  );
}
const modes = ['none', 'live', 'file'] as const;
const work = {
  'a hit, 100 keys': (one: Contestant) => hits(one, FEW),
  'a hit, 10,000 keys': (one: Contestant) => hits(one, MANY),
  'a miss, 20,000 at once': misses,
};
const entries = Object.entries(work).flatMap(([what, run]) =>
  modes.map((mode) => [`${what}: ${mode}`, () => run(contestants[mode])] as const),
);
const samples = await inTurn(ROUNDS, Object.fromEntries(entries));
const left = contestants.file.recording?.left;
if (left !== 0) throw new Error(`expected nothing to be left out, got ${left} events`);
for (const { pool } of Object.values(contestants)) await pool.close();
rmSync(folder, { recursive: true });

const shown = { live: 'with the live curve', file: 'with the curve and a file' } as const;
report(
  'record',
  Object.keys(work).flatMap((what) =>
    (['live', 'file'] as const).map((mode) => ({
      what: `${what}, ${shown[mode]}`,
      ours: samples.median(`${what}: ${mode}`),
      peer: 'no recording',
      theirs: samples.median(`${what}: none`),
      unit: 'ns',
      better: 'lower' as const,
    })),
  ),
);
