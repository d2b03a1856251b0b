// What does a long list cost? A million tiny distinct calls, the whole list in one promise; beside them Promise.all over
// `run`, and the peers with as many calls under way as our window has. Time, the most memory beside what a process of
// its own had before, and how long the event loop was held up. Each in a process of its own, which computes the list once.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createPool } from 'memopool';
import { median } from './harness/median.ts';
import { report } from './harness/report.ts';
import type { Measured } from './harness/row.ts';
import { checkMixed, mixPools, OURS, openWarm } from './peers/pools.ts';

const ROUNDS = 3;
const CALLS = 1_000_000;
// Piscina takes a minute for a million.
const FEWER_CALLS = 100_000;
const WINDOW = 2000;
const WORKERS = 2;

const OURS_ALL = 'memopool, Promise.all of run';
const OURS_STREAM = 'memopool, stream';

interface Figures {
  readonly callsASecond: number;
  readonly peakMb: number;
  readonly heldUpMs: number;
}

interface Contestant {
  compute(list: readonly [number][]): Promise<unknown[]>;
  close(): Promise<unknown>;
}

async function openOurs(name: string): Promise<Contestant> {
  const pool = createPool<typeof import('./modules/work.mjs')>({
    workers: WORKERS,
    functions: new URL('./modules/work.mjs', import.meta.url),
    queueSize: 2 * CALLS, // or Promise.all would be refused
  });
  await Promise.all(Array.from({ length: 20_000 }, (_, n) => pool.run('mix', [-1 - n])));
  const close = () => pool.close();
  if (name === OURS) return { compute: (list) => pool.map('mix', list), close };
  if (name === OURS_ALL)
    return { compute: (list) => Promise.all(list.map((args) => pool.run('mix', args))), close };
  return {
    compute: async (list) => {
      const results: unknown[] = [];
      for await (const result of pool.stream('mix', list)) results.push(result);
      return results;
    },
    close,
  };
}

async function openPeer(name: string): Promise<Contestant> {
  const open = mixPools[name];
  if (open === undefined) throw new Error(`expected the name of a peer, got ${name}`);
  const pool = await openWarm(open, WORKERS);
  return {
    // What p-limit and p-map do.
    compute: async (list) => {
      const results: unknown[] = new Array(list.length);
      let next = 0;
      const lane = async () => {
        for (let index = next++; index < list.length; index = next++) {
          results[index] = await pool.mix(list[index]?.[0] ?? 0);
        }
      };
      await Promise.all(Array.from({ length: WINDOW }, lane));
      return results;
    },
    close: () => pool.close(),
  };
}

async function computeOnce(name: string, calls: number): Promise<Figures> {
  const contestant = name in mixPools && name !== OURS ? await openPeer(name) : await openOurs(name);
  const list = Array.from({ length: calls }, (_, n): [number] => [n]);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let last = performance.now();
  let heldUpMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    heldUpMs = Math.max(heldUpMs, now - last - 1);
    last = now;
  }, 1);
  const start = performance.now();
  const results = await contestant.compute(list);
  const end = performance.now();
  clearInterval(timer);
  heldUpMs = Math.max(heldUpMs, end - last - 1);
  const peakMb = (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20;
  checkMixed(
    list.map(([n]) => n),
    results,
  );
  await contestant.close();
  return { callsASecond: (1000 * calls) / (end - start), peakMb, heldUpMs };
}

async function inOwnProcess(name: string, calls: number): Promise<Figures> {
  const child = fork(fileURLToPath(import.meta.url), [name, String(calls)]);
  const [figures] = (await once(child, 'message')) as [Figures];
  await once(child, 'exit');
  return figures;
}

async function rowsOf(names: readonly string[], calls: number): Promise<Measured[]> {
  const figures = new Map<string, Figures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, measured] of figures) measured.push(await inOwnProcess(name, calls));
  }
  const middle = (name: string, figure: keyof Figures) =>
    median((figures.get(name) ?? []).map((measured) => measured[figure]));
  const what = `${calls.toLocaleString('en-US')} tiny calls of a list`;
  return names.slice(1).flatMap((peer) => {
    const row = (figure: keyof Figures) => ({
      ours: middle(OURS, figure),
      peer,
      theirs: middle(peer, figure),
    });
    return [
      { what, ...row('callsASecond'), unit: 'calls/s', better: 'higher' as const },
      { what: `${what}, memory`, ...row('peakMb'), unit: 'MB', better: 'lower' as const },
      { what: `${what}, event loop held up`, ...row('heldUpMs'), unit: 'ms', better: 'lower' as const },
    ];
  });
}

const [name, calls] = process.argv.slice(2);
if (name !== undefined) {
  const figures = await computeOnce(name, Number(calls));
  process.send?.(figures);
  process.disconnect();
} else {
  report('map', [
    ...(await rowsOf([OURS, OURS_ALL, OURS_STREAM], CALLS)),
    ...(await rowsOf([OURS, 'piscina', 'workerpool', 'poolifier'], FEWER_CALLS)),
  ]);
}
