// What a hit costs: the pool's peek and run beside a bare lru-cache, memoize beside Python's C lru_cache, and a memoized
// recursion beside the same with a Map written by hand.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { LRUCache } from 'lru-cache';
import { createPool, memoize } from 'memopool';

const ROUNDS = 7;
const CALLS = 1_000_000;
const KEYS = 100;

const samples = new Map<string, number[]>();

function note(name: string, ms: number, calls: number): void {
  samples.set(name, [...(samples.get(name) ?? []), (ms * 1e6) / calls]);
}

function timed(name: string, work: (key: number) => unknown): void {
  const start = performance.now();
  let last: unknown;
  for (let call = 0; call < CALLS; call++) last = work(call % KEYS);
  note(name, performance.now() - start, CALLS);
  if (last === undefined) throw new Error(`${name} was no hit`);
}

async function timedAwait(name: string, work: (key: number) => Promise<unknown>): Promise<void> {
  const start = performance.now();
  let last: unknown;
  for (let call = 0; call < CALLS; call++) last = await work(call % KEYS);
  note(name, performance.now() - start, CALLS);
  if (last === undefined) throw new Error(`${name} was no hit`);
}

const fibMemoized = memoize((n: number): number => (n < 2 ? n : fibMemoized(n - 1) + fibMemoized(n - 2)), {
  maxsize: null,
});

const table = new Map<number, number>();
function fibByHand(n: number): number {
  const known = table.get(n);
  if (known !== undefined) return known;
  const value = n < 2 ? n : fibByHand(n - 1) + fibByHand(n - 2);
  table.set(n, value);
  return value;
}

// Each round from nothing, so that it is misses as well as hits.
function timedRecursion(name: string, fib: (n: number) => number, clear: () => void): void {
  const rounds = 2000;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    clear();
    if (fib(70) !== 190392490709135) throw new Error(`${name} is wrong`);
  }
  note(name, performance.now() - start, rounds * 71);
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
print((min(timeit.repeat(loop, number=1, repeat=5)) - min(timeit.repeat(empty, number=1, repeat=5))) / ${CALLS} * 1e9)
`;

function pythonHit(): number | undefined {
  const { stdout, status } = spawnSync('python3', ['-c', PYTHON], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

await using pool = createPool({ workers: 1 });
const bare = new LRUCache<number, bigint>({ max: 1024 });
const identity = memoize((n: number) => n);
for (let key = 0; key < KEYS; key++) {
  bare.set(key, await pool.fn.fibonacci(key));
  identity(key);
}

for (let round = 0; round < ROUNDS; round++) {
  timed('lru-cache get', (key) => bare.get(key));
  timed('pool.peek', (key) => pool.peek('fibonacci', [key]));
  await timedAwait('lru-cache get, awaited', (key) => Promise.resolve(bare.get(key)));
  await timedAwait('pool.run, awaited', (key) => pool.run('fibonacci', [key]));
  timed('memoize, a hit', identity);
  timedRecursion('recursion, Map by hand', fibByHand, () => table.clear());
  timedRecursion('recursion, memoize', fibMemoized, fibMemoized.cacheClear);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const python = pythonHit();
if (python !== undefined) samples.set("Python's lru_cache, a hit", [python]);

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} CPUs, Node ${process.version}`);
console.log(`Nanoseconds a call, medians of ${ROUNDS} rounds in turn\n`);
const pairs: readonly (readonly [ours: string, theirs: string])[] = [
  ['pool.peek', 'lru-cache get'],
  ['pool.run, awaited', 'lru-cache get, awaited'],
  ['memoize, a hit', "Python's lru_cache, a hit"],
  ['recursion, memoize', 'recursion, Map by hand'],
];
for (const [ours, theirs] of pairs) {
  const mine = median(samples.get(ours) ?? []);
  const peer = median(samples.get(theirs) ?? []);
  const ratio = `${(mine / peer).toFixed(2)} of`;
  console.log(
    `${ours.padEnd(20)}${mine.toFixed(1).padStart(8)}  ${ratio.padStart(8)} ${theirs} (${peer.toFixed(1)})`,
  );
}
