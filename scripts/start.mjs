// `npm start`: with arguments the command line, without any a first look at what the pool does.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const BUILT = new URL('../dist/src/', import.meta.url);
// By GMP 6.2.1, see test/fixtures/golden/fibonacci.tsv.
const KNOWN_SHA256 = 'aef6e8c19df607aa07940f2abde8460d1b34c18df1a6f46b5fc04dfe9be51706';
const N = 1_000_000;
const CALLS = 1000;

if (!existsSync(new URL('cli/main.js', BUILT))) {
  console.error('memopool is not built yet: run `npm run build`.');
  process.exitCode = 1;
} else if (process.argv.length > 2) {
  await import(new URL('cli/main.js', BUILT).href);
} else {
  await demonstrate();
}

async function demonstrate() {
  const { createPool } = await import(new URL('index.js', BUILT).href);
  const pool = createPool();
  const digits = (n) => pool.run('fibonacci', [n], { as: 'decimal' });
  try {
    await firstCall(() => digits(N));
    await sameCall(() => digits(N));
    await manyCalls(() => digits(N + 1), pool);
    counters(pool.cacheInfo());
  } finally {
    await pool.close();
  }
  say('Next: npm start -s -- fib 10000000 | tr -d "\\n" | sha256sum', 'or:   npm start -s -- --help', '');
}

async function firstCall(call) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { ms, value } = await timed(call);
  delay.disable();
  const sha256 = createHash('sha256').update(value).digest('hex');
  const isRight = sha256 === KNOWN_SHA256;
  say(
    '',
    `F(${count(N)}), computed and made decimal in a worker thread`,
    `  ${count(value.length)} digits: ${value.slice(0, 20)} ... ${value.slice(-20)}`,
    `  SHA-256 ${sha256}`,
    `          ${isRight ? 'the same as that of the digits by GMP 6.2.1' : `WRONG: GMP 6.2.1 has ${KNOWN_SHA256}`}`,
    `  ${milliseconds(ms)}, the start of the thread included`,
    `  the event loop of the main thread was never late by more than ${milliseconds(delay.max / 1e6)}`,
    '',
  );
  if (!isRight) process.exitCode = 1;
}

async function sameCall(call) {
  const { ms } = await timed(call);
  say('The same call again, answered by the front cache', `  ${milliseconds(ms)}`, '');
}

async function manyCalls(call, pool) {
  const before = pool.stats();
  const { ms } = await timed(() => Promise.all(Array.from({ length: CALLS }, call)));
  const after = pool.stats();
  const joins = after.cache.joins - before.cache.joins;
  say(
    `${count(CALLS)} calls of F(${count(N + 1)}) at once`,
    `  ${after.completed - before.completed} computation, which the other ${joins} calls joined`,
    `  ${milliseconds(ms)} for all of them`,
    '',
  );
}

function counters({ hits, misses, joins, currsize, maxsize, bytes }) {
  say(
    'The counters of the front cache',
    `  hits ${hits} + misses ${misses} + joins ${joins} = ${hits + misses + joins} calls`,
    `  ${currsize} of at most ${maxsize} results kept, in ${count(bytes)} bytes`,
    '',
  );
}

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

function count(n) {
  return n.toLocaleString('en-US');
}

function milliseconds(ms) {
  return `${ms < 1 ? ms.toFixed(3) : ms.toFixed(0)} ms`;
}

function say(...lines) {
  for (const line of lines) console.log(line);
}
