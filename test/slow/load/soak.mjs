// Random load with faults, for as long as it is told: every call has a right value or the error that it must have, in time.
// Prints a line of JSON for each tenth of the time and one at the end; started by soak.test.ts with --expose-gc.
//
//   node --expose-gc soak.mjs SECONDS SEED
import { createPool } from 'memopool';
import { measure, startedThreads } from './meter.mjs';

const [seconds = 60, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const functions = new URL('./functions.mjs', import.meta.url);
const LATEST_MS = 30_000; // a call not answered by then is lost
const AT_ONCE = 200;

// mulberry32, of Tommy Ettinger: small, and good enough to choose by.
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

function below(n) {
  return Math.floor(random() * n);
}

const fibonacci = [0n, 1n];
for (let n = 2; n < 3000; n++) fibonacci.push(fibonacci[n - 1] + fibonacci[n - 2]);

function isList({ items, tags }, n) {
  return (
    items.length === n % 50 && items.every((item, i) => item === i * n) && tags.size === 1 && tags.has(n)
  );
}

/** What is done so often, and what may come of it: a right value, or one of the codes. */
const deeds = [
  { weight: 400, make: (pool, n) => pool.fn.twice(n), range: 5000, isRight: (value, n) => value === 2 * n },
  { weight: 100, make: (pool, n) => pool.fn.later(n), range: 5000, isRight: (value, n) => value === n + 1 },
  {
    weight: 60,
    make: (pool, n) => pool.fn.fib(n),
    range: 3000,
    isRight: (value, n) => value === fibonacci[n],
  },
  {
    weight: 40,
    make: (pool, n) => pool.run('fib', [n], { as: 'decimal' }),
    range: 3000,
    isRight: (value, n) => value === String(fibonacci[n]),
  },
  {
    weight: 60,
    make: (pool, n) => pool.fn.sum(n),
    range: 2000,
    isRight: (value, n) => value === (n * (n + 1)) / 2,
  },
  {
    weight: 60,
    make: (pool, n) => pool.fn.list(n),
    range: 500,
    isRight: isList,
    spoil: (value) => value.items.push(7),
  },
  {
    weight: 10,
    make: (pool, n) => pool.fn.text(n),
    range: 2_000_000,
    isRight: (value, n) => value.length === n,
  },
  { weight: 30, make: (pool, n) => pool.fn.throwError(n), range: 99, codes: ['E_MINE'] },
  { weight: 10, make: (pool, n) => pool.fn.throwValue(n), range: 99, codes: ['ERR_NON_ERROR_THROWN'] },
  { weight: 10, make: (pool, n) => pool.fn.uncloneable(n), range: 99, codes: ['ERR_RESULT_NOT_CLONEABLE'] },
  { weight: 1, make: (pool) => pool.fn.overflow(0), range: 1, codes: ['ERR_STACK_OVERFLOW'] },
  {
    weight: 3,
    make: (pool, n) => pool.fn.exitOr(n, true),
    range: 1e6,
    codes: ['ERR_WORKER_EXIT', 'ERR_FUNCTION_CRASHING'],
  },
  {
    weight: 6,
    make: (pool, n) => pool.fn.exitOr(n, false),
    range: 1e6,
    isRight: (value, n) => value === 2 * n,
    codes: ['ERR_FUNCTION_CRASHING'],
  },
  { weight: 2, make: (pool, n) => pool.fn.lateError(n), range: 1e6, isRight: (value, n) => value === n },
  {
    weight: 1,
    make: (pool, n) => pool.fn.lateExit(n),
    range: 1e6,
    isRight: (value, n) => value === n,
    codes: ['ERR_FUNCTION_CRASHING'],
  },
  { weight: 2, make: (pool, n) => pool.fn.unsettled(n), range: 1e6, codes: ['ERR_UNSETTLED'] },
  {
    weight: 2,
    make: (pool, n) => pool.run('endless', [n], { timeoutMs: 50 }),
    range: 1e6,
    codes: ['ERR_TIMEOUT'],
  },
  {
    weight: 0.05,
    make: (pool, n) => pool.fn.fillHeap(n),
    range: 1e6,
    codes: ['ERR_WORKER_MEMORY', 'ERR_FUNCTION_CRASHING'],
  },
  { weight: 5, make: (pool) => pool.run('toString', []), range: 1, codes: ['ERR_FUNCTION_NOT_FOUND'] },
  {
    weight: 40,
    make: (pool, n) => aborted(pool, n),
    range: 5000,
    isRight: (value, n) => value === n + 1 || value === (n * (n + 1)) / 2,
    codes: ['ABORT_ERR'],
  },
  { weight: 0.5, make: (pool) => pool.cacheClear(), range: 1, isRight: (value) => value === undefined },
  {
    weight: 5,
    make: (pool, n) => pool.cacheDelete('twice', [n]),
    range: 5000,
    isRight: (value) => typeof value === 'boolean',
  },
  {
    weight: 0.2,
    make: (pool, n) => Promise.all(Array.from({ length: 3000 }, (_, i) => pool.fn.twice(n + i))),
    range: 1e6,
    isRight: (values, n) => values.every((value, i) => value === 2 * (n + i)),
  },
];
const total = deeds.reduce((sum, { weight }) => sum + weight, 0);

async function aborted(pool, n) {
  const leaver = new AbortController();
  const name = n % 2 === 0 ? 'later' : 'sum';
  const call = pool.run(name, [n], { signal: leaver.signal });
  const delay = below(4);
  if (delay === 0) leaver.abort();
  else setTimeout(() => leaver.abort(), delay);
  return await call;
}

function choose() {
  let left = random() * total;
  for (const deed of deeds) {
    if (left < deed.weight) return deed;
    left -= deed.weight;
  }
  return deeds[0];
}

const counts = { calls: 0, right: 0, wrong: 0, lost: 0, restarts: 0 };
const outcomes = {};
const problems = [];

function fail(kind, text) {
  counts[kind]++;
  if (problems.length < 20) problems.push(`${kind}: ${text}`);
}

let pool = openPool();

function openPool() {
  return createPool({
    workers: 2,
    functions,
    maxsize: 300,
    maxBytes: 8e6,
    queueSize: 2500,
    workerMemoryMb: 96,
    stackSizeMb: 32,
  });
}

async function doOne() {
  const own = pool;
  const { make, range, isRight, codes = [], spoil } = choose();
  const n = below(range);
  counts.calls++;
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LATEST_MS, 'late');
  });
  const call = make(own, n).then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  const outcome = await Promise.race([call, late]);
  clearTimeout(timer);
  if (outcome === 'late') {
    fail('lost', `${make}(${n}) is not answered`);
  } else if ('error' in outcome) {
    const code = outcome.error?.code ?? outcome.error?.name ?? String(outcome.error);
    outcomes[code] = (outcomes[code] ?? 0) + 1;
    // A burst fills the queue for all.
    if (codes.includes(code) || code === 'ERR_QUEUE_FULL') counts.right++;
    else fail('wrong', `${make}(${n}): ${outcome.error?.stack ?? outcome.error}`);
  } else if (isRight?.(outcome.value, n)) {
    counts.right++;
    spoil?.(outcome.value);
  } else {
    fail('wrong', `${make}(${n}) is ${String(outcome.value).slice(0, 100)}`);
  }
}

async function keepGoing(end) {
  while (performance.now() < end && problems.length < 20) await doOne();
}

process.on('unhandledRejection', (error) => fail('wrong', `nobody handled ${error?.stack ?? error}`));
const warned = {};
process.on('warning', ({ code, name }) => {
  warned[code ?? name] = (warned[code ?? name] ?? 0) + 1;
});

const start = performance.now();
const TENTHS = 10;
for (let tenth = 1; tenth <= TENTHS; tenth++) {
  const end = start + (tenth * seconds * 1000) / TENTHS;
  await Promise.all(Array.from({ length: AT_ONCE }, () => keepGoing(end)));
  const stats = pool.stats();
  const held = await measure();
  console.log(
    JSON.stringify({
      tenth,
      seconds: Math.round((performance.now() - start) / 1000),
      ...counts,
      ...held,
      queued: stats.queued,
      flights: stats.flights,
    }),
  );
  if (tenth % 3 === 0) {
    await pool.close();
    pool = openPool();
    counts.restarts++;
  }
}
await pool.close();
const held = await measure();
console.log(
  JSON.stringify({
    seed,
    ...counts,
    outcomes,
    warned,
    threadsStarted: startedThreads(),
    atTheEnd: held,
    problems,
  }),
);
process.exitCode = problems.length === 0 ? 0 : 1;
