// What does it gain to send calls where the memo is warm for them? Memoized recursions on two workers, placed as the pool
// does, beside the same on any worker that is free: at random, and on the first one, as they would be without homes. Time,
// the time spent in functions, and the misses of the workers' memos.
import { Affinity, byTurn, type Placing } from '../src/dispatch/affinity.ts';
import { findEntry } from '../src/dispatch/entry.ts';
import type { Slot } from '../src/dispatch/slot.ts';
import { ThreadStarter } from '../src/dispatch/thread-starter.ts';
import { Threads } from '../src/dispatch/threads.ts';
import { resolveOptions } from '../src/options.ts';
import { MemoPool } from '../src/pool.ts';
import { median } from './harness/median.ts';
import { report } from './harness/report.ts';
import type { Measured } from './harness/row.ts';
import { cowsByLoop, rabbitsByLoop, termsByLoop } from './modules/tables.ts';

const ROUNDS = 3;
const WORKERS = 2;

type Call = readonly [name: string, args: readonly number[]];

interface Workload {
  readonly what: string;
  /** Calls that are made at once, one group after the other. */
  readonly groups: readonly (readonly Call[])[];
  readonly expected: (call: Call) => number | undefined;
}

interface Figures {
  readonly ms: number;
  readonly computeMs: number;
  readonly misses: number;
}

const WARM = 'where the memo is warm';
const RANDOM = 'random placing';
const FIRST = 'the first free worker';

const placings: Readonly<Record<string, () => Placing>> = {
  [WARM]: () => new Affinity(),
  [RANDOM]: () => ({
    ...byTurn,
    place: (queue, slots) => {
      const free: readonly Slot[] = [...slots].filter(({ isFree, hasThread }) => isFree && hasThread);
      const slot = free[Math.floor(Math.random() * free.length)] ?? slots.next();
      return slot && { slot, calls: queue };
    },
  }),
  [FIRST]: () => byTurn,
};

/** What createPool makes, with another placing. */
function openPool(placing: Placing): MemoPool {
  const functions = new URL('./modules/tables.ts', import.meta.url);
  const options = resolveOptions({ workers: { min: WORKERS, max: WORKERS }, functions });
  const starter = new ThreadStarter(
    { ...options, workers: options.maxWorkers, entry: findEntry() },
    () => {},
  );
  const threads = new Threads({
    ...options,
    placing,
    startThread: (events) => starter.start(events),
    onLateError: () => {},
    onAdvice: () => {},
    onHarvest: () => {},
  });
  return new MemoPool(options, threads);
}

async function untilAllRun(pool: MemoPool): Promise<void> {
  const threads = new Set<unknown>();
  for (let call = 0; threads.size < WORKERS; call += WORKERS) {
    const calls = Array.from({ length: WORKERS }, (_, n) => pool.run('where', [call + n]));
    for (const thread of await Promise.all(calls)) threads.add(thread);
  }
}

async function figuresOf(placing: Placing, { groups, expected }: Workload): Promise<Figures> {
  const pool = openPool(placing);
  try {
    await untilAllRun(pool);
    const before = pool.stats().computeMs;
    const answers: unknown[][] = [];
    const start = performance.now();
    for (const calls of groups) {
      answers.push(await Promise.all(calls.map(([name, args]) => pool.run(name, args))));
    }
    const ms = performance.now() - start;
    const { computeMs, memos } = pool.stats();
    for (const [group, calls] of groups.entries()) {
      for (const [index, call] of calls.entries()) {
        const answer = answers[group]?.[index];
        if (answer !== expected(call)) throw new Error(`${call}: expected ${expected(call)}, got ${answer}`);
      }
    }
    const misses = Object.values(memos).reduce((sum, memo) => sum + memo.misses, 0);
    return { ms, computeMs: computeMs - before, misses };
  } finally {
    await pool.close();
  }
}

// The same calls in every run: a linear congruential generator (Numerical Recipes) with one seed.
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function tablesAtRandom(name: string, tables: number, calls: number): Workload {
  const random = randomNumbers();
  const list = Array.from({ length: calls }, (): Call => [name, [random(tables), 100 + random(1500)]]);
  const terms = Array.from({ length: tables }, (_, table) => termsByLoop(table, 1600));
  const kept = name === 'term' ? '' : ', memos for 30 of them';
  return {
    what: `${calls.toLocaleString('en-US')} calls at once, of ${tables} tables at random${kept}`,
    groups: [list],
    expected: ([, [table = 0, n = 0]]) => terms[table]?.[n],
  };
}

function twoInTurn(): Workload {
  const [rabbits, cows] = [rabbitsByLoop(50_000), cowsByLoop(50_000)];
  const pair = (n: number): readonly Call[] => {
    const calls: readonly Call[] = [
      ['rabbits', [500 * n]],
      ['cows', [500 * n]],
    ];
    return n % 2 === 0 ? calls : calls.toReversed();
  };
  return {
    what: '100 pairs of calls, of two recursions that grow',
    groups: Array.from({ length: 100 }, (_, n) => pair(n + 1)),
    expected: ([name, [n = 0]]) => (name === 'rabbits' ? rabbits : cows)[n],
  };
}

async function rowsOf(workload: Workload): Promise<Measured[]> {
  const figures = new Map<string, Figures[]>(Object.keys(placings).map((name) => [name, []]));
  const entries = Object.entries(placings);
  for (let round = -1; round < ROUNDS; round++) {
    // Each round begins with another, so that none always follows the same one.
    const first = Math.max(round, 0) % entries.length;
    for (const [name, make] of [...entries.slice(first), ...entries.slice(0, first)]) {
      const measured = await figuresOf(make(), workload);
      if (round >= 0) figures.get(name)?.push(measured);
    }
  }
  const middle = (name: string, figure: keyof Figures) =>
    median((figures.get(name) ?? []).map((measured) => measured[figure]));
  const row = (peer: string, figure: keyof Figures) => ({
    ours: middle(WARM, figure),
    peer,
    theirs: middle(peer, figure),
    better: 'lower' as const,
  });
  const { what } = workload;
  return [RANDOM, FIRST].flatMap((peer) => [
    { what, ...row(peer, 'ms'), unit: 'ms' },
    { what: `${what}, time in functions`, ...row(peer, 'computeMs'), unit: 'ms' },
    { what: `${what}, memo misses`, ...row(peer, 'misses'), unit: 'misses' },
  ]);
}

report('affinity', [
  ...(await rowsOf(twoInTurn())),
  ...(await rowsOf(tablesAtRandom('term', 300, 5000))),
  ...(await rowsOf(tablesAtRandom('boundedTerm', 60, 5000))),
]);
