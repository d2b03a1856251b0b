// What a hit costs: the pool's peek and run beside a bare lru-cache, memoize beside Python's C lru_cache, and a memoized
// recursion beside the same with a Map written by hand.
import { spawnSync } from 'node:child_process';
import { LRUCache } from 'lru-cache';
import { createPool, memoize } from 'memopool';
import { report } from './harness/report.ts';
import { inTurn } from './harness/rounds.ts';
import type { Goal } from './harness/row.ts';
import { loop } from './modules/fibonacci.ts';

const ROUNDS = 7;
const CALLS = 1_000_000;
const KEYS = 100;

/** Nanoseconds a call. */
function timed(work: (key: number) => unknown, expected: unknown): number {
  const start = performance.now();
  let last: unknown;
  for (let call = 0; call < CALLS; call++) last = work(call % KEYS);
  const ms = performance.now() - start;
  check(last, expected);
  return (ms * 1e6) / CALLS;
}

/** Nanoseconds a call, each awaited. */
async function timedAwait(work: (key: number) => Promise<unknown>, expected: unknown): Promise<number> {
  const start = performance.now();
  let last: unknown;
  for (let call = 0; call < CALLS; call++) last = await work(call % KEYS);
  const ms = performance.now() - start;
  check(last, expected);
  return (ms * 1e6) / CALLS;
}

const fibMemoized = memoize((n: number): number => (n < 2 ? n : fibMemoized(n - 1) + fibMemoized(n - 2)), {
  maxsize: null,
});

// With the default bound of 128 entries.
const fibBounded = memoize((n: number): number => (n < 2 ? n : fibBounded(n - 1) + fibBounded(n - 2)));

const table = new Map<number, number>();
function fibByHand(n: number): number {
  const known = table.get(n);
  if (known !== undefined) return known;
  const value = n < 2 ? n : fibByHand(n - 1) + fibByHand(n - 2);
  table.set(n, value);
  return value;
}

/** Nanoseconds a call. Each round from nothing, so that it is misses as well as hits. */
function timedRecursion(fib: (n: number) => number, clear: () => void): number {
  const rounds = 2000;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    clear();
    check(fib(70), 190_392_490_709_135);
  }
  return ((performance.now() - start) * 1e6) / (rounds * 71);
}

const pathsMemoized = memoize(
  (x: number, y: number): number =>
    x === 0 || y === 0 ? 1 : pathsMemoized(x - 1, y) + pathsMemoized(x, y - 1),
  { maxsize: null },
);

const texts = new Map<string, number>();
function pathsByText(x: number, y: number): number {
  const key = `${x},${y}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const value = x === 0 || y === 0 ? 1 : pathsByText(x - 1, y) + pathsByText(x, y - 1);
  texts.set(key, value);
  return value;
}

const rows = new Map<number, Map<number, number>>();
function pathsByRows(x: number, y: number): number {
  const known = rows.get(x)?.get(y);
  if (known !== undefined) return known;
  const value = x === 0 || y === 0 ? 1 : pathsByRows(x - 1, y) + pathsByRows(x, y - 1);
  const row = rows.get(x) ?? new Map<number, number>();
  row.set(y, value);
  rows.set(x, row);
  return value;
}

/** Nanoseconds a call, the same of a function of two arguments. */
function timedPaths(paths: (x: number, y: number) => number, clear: () => void): number {
  const rounds = 120;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    clear();
    check(paths(25, 25), 126_410_606_437_752);
  }
  return ((performance.now() - start) * 1e6) / (rounds * (26 * 26 - 1));
}

function check(got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`expected ${expected}, got ${got}`);
}

const PYTHON = `
import functools, timeit
@functools.lru_cache(maxsize=128)
def f(n): return n
for n in range(${KEYS}): f(n)
keys = [i % ${KEYS} for i in range(${CALLS})]
def loop():
    for k in keys: f(k)
def empty():
    for k in keys: pass
print((min(timeit.repeat(loop, number=1, repeat=3)) - min(timeit.repeat(empty, number=1, repeat=3))) / ${CALLS} * 1e9)
`;

function pythonHit(): number {
  const { stdout, status } = spawnSync('python3', ['-c', PYTHON], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : Number.NaN;
}

await using pool = createPool({ workers: 1 });
const bare = new LRUCache<number, bigint>({ max: 1024 });
const identity = memoize((n: number) => n);
for (let key = 0; key < KEYS; key++) {
  const value = await pool.fn.fibonacci(key);
  check(value, loop(key));
  bare.set(key, value);
  identity(key);
}
const last = loop(KEYS - 1);

const hasPython = Number.isFinite(pythonHit());
if (!hasPython) console.log('python3 is not here: its row is left out.\n');

const samples = await inTurn(ROUNDS, {
  'lru-cache get': () => timed((key) => bare.get(key), last),
  'pool.peek': () => timed((key) => pool.peek('fibonacci', [key]), last),
  'lru-cache get, awaited': () => timedAwait((key) => Promise.resolve(bare.get(key)), last),
  'await pool.run': () => timedAwait((key) => pool.run('fibonacci', [key]), last),
  'memoize, a hit': () => timed(identity, KEYS - 1),
  ...(hasPython ? { "Python's lru_cache, a hit": pythonHit } : {}),
  'a Map by hand': () => timedRecursion(fibByHand, () => table.clear()),
  'memoize, a recursion from nothing': () => timedRecursion(fibMemoized, fibMemoized.cacheClear),
  'the same with the default bound': () => timedRecursion(fibBounded, fibBounded.cacheClear),
  'memoize, a recursion over pairs': () => timedPaths(pathsMemoized, pathsMemoized.cacheClear),
  "a Map by hand, of 'x,y'": () => timedPaths(pathsByText, () => texts.clear()),
  'a Map by hand, of Maps': () => timedPaths(pathsByRows, () => rows.clear()),
});

const pairs: readonly (readonly [ours: string, peer: string, goal?: Goal])[] = [
  ['pool.peek', 'lru-cache get', { ratioAtLeast: 0.67 }], // at most 1.5 times as long
  ['await pool.run', 'lru-cache get, awaited'],
  ...(hasPython ? [['memoize, a hit', "Python's lru_cache, a hit", { ratioAtLeast: 1 }] as const] : []),
  ['memoize, a recursion from nothing', 'a Map by hand', { ratioAtLeast: 0.77 }], // at most 1.3 times as long
  ['the same with the default bound', 'a Map by hand', { ratioAtLeast: 0.77 }],
  ['memoize, a recursion over pairs', "a Map by hand, of 'x,y'"],
  ['memoize, a recursion over pairs', 'a Map by hand, of Maps'],
];
report(
  'hits',
  pairs.map(([ours, peer, goal]) => ({
    what: ours,
    ours: samples.median(ours),
    peer,
    theirs: samples.median(peer),
    unit: 'ns',
    better: 'lower',
    ...(goal === undefined ? {} : { goal }),
  })),
);

const [ours = 0, theirs = 0] = ['await pool.run', 'lru-cache get, awaited'].map(
  (name) => 1000 / samples.median(name),
);
console.log(
  `\nAwaited hits: ours ${ours.toFixed(2)} million a second, lru-cache ${theirs.toFixed(2)} million.`,
);
