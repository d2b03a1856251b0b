// What a worker's heap limit stops: each pattern of growth in a child process with a pool of one worker, a few times, on
// one Node version or several: node scripts/heap-limits.mjs --node 20,22,24,26 --limit 64 [PATTERN...]
//
// Prints the table of SECURITY.md. Needs the built package and, for the patterns outside the heap, 1.2 GB.
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const PATTERNS = {
  plainObject: 'properties of a plain object',
  numberKeyedMap: 'a Map, keyed by numbers',
  stringKeyedMap: 'a Map, keyed by strings',
  set: 'a Set of numbers',
  arrayOfNumbers: '`array.push` of numbers',
  arrayOfObjects: '`array.push` of objects',
  largeArrays: 'arrays of a million elements',
  concatenation: 'strings, concatenated',
  repeatedStrings: 'strings of a million characters',
  smallBigints: 'small bigints',
  largeBigints: 'bigints of 1 MB',
  growingBigint: 'one growing bigint',
  memoWithoutBound: '`memoize` with `maxsize: null`',
  endlessRecursion: 'a memoized recursion without end',
  buffers: 'Buffers, up to 1 GB',
  arrayBuffers: 'ArrayBuffers, up to 1 GB',
  typedArrays: 'typed arrays, up to 1 GB',
};
const RUNS = 5;
const HARD_LIMIT_MS = 120_000;

const run = promisify(execFile);
const child = fileURLToPath(new URL('./heap-limits/child.mjs', import.meta.url));
const { values, positionals } = parseArgs({
  options: { node: { type: 'string', default: '' }, limit: { type: 'string', default: '64' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !Object.hasOwn(PATTERNS, name));
if (unknown.length > 0 || !/^(\d+(\.\d+)*(,\d+(\.\d+)*)*)?$/.test(values.node)) {
  console.error(`expected --node 20,24 and patterns among: ${Object.keys(PATTERNS).join(', ')}.`);
  process.exit(2);
}

const nodes = (values.node === '' ? [undefined] : values.node.split(',')).map(findNode);
console.log(`| what grows beyond ${values.limit} MB | ${nodes.map(({ version }) => version).join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(nodes.length)}`);
for (const name of positionals.length > 0 ? positionals : Object.keys(PATTERNS)) {
  const cells = [];
  for (const { path } of nodes) cells.push(await outcomes(path, name));
  console.log(`| ${PATTERNS[name]} | ${cells.join(' | ')} |`);
}

function findNode(version) {
  const program = 'process.execPath + " " + process.version';
  const [command, args] =
    version === undefined
      ? [process.execPath, ['-p', program]]
      : ['npx', ['--yes', '--package', `node@${version}`, '--', 'node', '-p', program]];
  const { stdout, status } = spawnSync(command, args, { encoding: 'utf8' });
  const [, path, shown] = /^(.*) (v\S+)$/m.exec(stdout) ?? [];
  if (status !== 0 || path === undefined) throw new Error(`Node ${version} cannot be had.`);
  return { path, version: shown };
}

/** What the runs came to: one outcome, or each with how often it came. */
async function outcomes(node, name) {
  const counts = new Map();
  for (let i = 0; i < RUNS; i++) {
    const outcome = await outcomeOf(node, name);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  if (counts.size === 1) return [...counts.keys()][0];
  return [...counts]
    .sort()
    .map(([outcome, count]) => `${outcome} ${count} of ${RUNS}`)
    .join(', ');
}

async function outcomeOf(node, name) {
  try {
    const { stdout } = await run(node, [child, name, values.limit], {
      timeout: HARD_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    if (stdout.startsWith('rejects, ERR_WORKER_MEMORY\n')) return 'rejects';
    return stdout.startsWith('not limited') ? 'not limited' : stdout.trim() || 'ends silently';
  } catch (error) {
    if (error.killed) return `no answer within ${HARD_LIMIT_MS / 1000} s`;
    if (error.stderr.includes('heap out of memory')) return '**aborts**';
    return `exit ${error.code ?? error.signal}`;
  }
}
