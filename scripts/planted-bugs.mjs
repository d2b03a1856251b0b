// Plants known mistakes, one by one, in copies of this checkout, and shows that the tests catch each: a test fails that
// passes without the mistake. npm run test:planted [-- 3 12 "a clear forgets"] [--list]; the bugs are in test/planted/bugs.ts.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const LANES = 2;
const HARD_LIMIT_MS = 90_000;
const BASELINE_LIMIT_MS = 300_000;
// Of a test without a limit of its own: what a bug makes wait for ever is caught by it.
const TEST_TIMEOUT_MS = 15_000;
// A mistake in the mistake itself: a text that is no program, a name that is not there.
const BROKEN = /^\S*-planted-\d+\.ts\(.* error TS(?:1\d{3}|2304|2552): .*$/gm;

const root = fileURLToPath(new URL('..', import.meta.url));
const { bugs } = await tsImport('../test/planted/bugs.ts', import.meta.url);
const folders = [];
const running = new Set();

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    cleanUp();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

const asked = process.argv.slice(2);
if (asked.includes('--list')) {
  for (const [n, { name, file }] of bugs.entries()) console.log(`${n + 1}  ${name} (${file})`);
} else {
  try {
    process.exitCode = (await plantAll(select(asked))) ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  } finally {
    cleanUp();
  }
}

/** By number, or by a part of the name; all when nothing is asked for. */
function select(words) {
  if (words.length === 0) return bugs;
  return words.flatMap((word) => {
    const found = bugs.filter(
      ({ name }, n) => String(n + 1) === word || (!/^\d+$/.test(word) && name.includes(word)),
    );
    if (found.length === 0) throw new Error(`There is no planted bug ${word}; --list shows all.`);
    return found;
  });
}

async function plantAll(selected) {
  const start = performance.now();
  const lanes = Array.from({ length: Math.min(LANES, selected.length) }, copyCheckout);
  checkBugs(selected, lanes[0]);
  let sound = 0;
  await share(without(selected), lanes, async (tests, folder) => {
    const { hasPassed, count, told } = await runTests(folder, { ...tests, limitMs: BASELINE_LIMIT_MS });
    if (!hasPassed) throw new Error(`The tests fail without any bug:\n${told}`);
    sound += count;
  });
  console.log(`Without a bug all ${sound} tests pass (${seconds(start)}).`);
  let caught = 0;
  await share(selected, lanes, async (bug, folder) => {
    if (await isCaught(bug, folder)) caught++;
  });
  console.log(`${caught} of ${selected.length} caught (${seconds(start)}).`);
  return caught === selected.length;
}

/** All the tests that some bugs need, in a run for those who need whole files and one for the others. */
function without(selected) {
  const whole = selected.filter(({ only }) => only === undefined);
  const named = selected.filter(({ only }) => only !== undefined);
  const runs = [
    { tests: filesOf(whole), only: [] },
    { tests: filesOf(named), only: named.map(({ only }) => only) },
  ];
  return runs.filter(({ tests }) => tests.length > 0);
}

function filesOf(some) {
  return [...new Set(some.flatMap(({ tests }) => tests))];
}

/** Does a piece of work in each lane at a time. */
async function share(work, lanes, doOne) {
  const waiting = [...work];
  await Promise.all(
    lanes.map(async (folder) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await doOne(next, folder);
    }),
  );
}

async function isCaught(bug, folder) {
  const start = performance.now();
  const path = join(folder, bug.file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, planted(bug, folder));
  const result = await runTests(folder, {
    tests: bug.tests,
    only: bug.only === undefined ? [] : [bug.only],
    limitMs: HARD_LIMIT_MS,
  });
  writeFileSync(path, sound);
  const number = bugs.indexOf(bug) + 1;
  const verdict =
    result.failed === undefined
      ? `NOT CAUGHT: ${result.hasPassed ? `all ${result.count} tests pass` : result.told}`
      : `caught by "${result.failed}"`;
  console.log(`${number}  ${bug.name}: ${verdict} (${seconds(start)})`);
  return result.failed !== undefined;
}

/**
 * Each bug has its place in the code, once, and is a program: else any test would catch it.
 *
 * The changed files stand beside their originals while the compiler looks at all of them; that types of the two differ is
 * no matter, nor what a mistake leaves unused.
 */
function checkBugs(selected, folder) {
  const beside = selected.map((bug) => {
    const path = join(folder, bug.file.replace(/\.ts$/, `-planted-${bugs.indexOf(bug) + 1}.ts`));
    writeFileSync(path, planted(bug, folder));
    return path;
  });
  const tsc = join(folder, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  for (const path of beside) rmSync(path);
  const broken = [...stdout.matchAll(BROKEN)];
  if (broken.length === 0) return;
  throw new Error(`Bugs that are no programs:\n${broken.map(([line]) => line).join('\n')}`);
}

/** The bug's file with the bug in it. */
function planted({ name, file, find, replace, tests }, folder) {
  for (const test of tests) {
    if (!existsSync(join(folder, test))) throw new Error(`${name}: there is no ${test}.`);
  }
  const parts = readFileSync(join(folder, file), 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(
      `${name}: its place is in ${file} ${parts.length - 1} times, expected once: the code has moved.`,
    );
  }
  return parts.join(replace);
}

/** What is tracked, and what is new and not ignored, as it is in the working tree; the dependencies are linked. */
function copyCheckout() {
  const folder = mkdtempSync(join(tmpdir(), 'memopool-planted-'));
  folders.push(folder);
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`);
  for (const path of listed.stdout.split('\0')) {
    const from = join(root, path);
    if (path !== '' && existsSync(from) && statSync(from).isFile()) cpSync(from, join(folder, path));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs test files; a failed test is one that ran and found something wrong, not a file that could not be loaded. */
async function runTests(folder, { tests, only, limitMs }) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const options = [
    '--bail=1',
    `--testTimeout=${TEST_TIMEOUT_MS}`,
    '--maxWorkers=1',
    ...(only.length === 0 ? [] : ['-t', only.map(escaped).join('|')]),
  ];
  const args = ['run', ...tests, ...options, '--reporter=json', `--outputFile=${report}`];
  const child = spawn(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: folder,
    detached: true, // a group of its own, which is ended with all that it started
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let told = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      told = (told + chunk).slice(-4000);
    });
  }
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    endGroup(child);
  }, limitMs);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(limit);
  endGroup(child);
  running.delete(child);
  if (isLate) return { hasPassed: false, told: `no end within ${limitMs / 1000} s` };
  if (!existsSync(report)) return { hasPassed: false, told: `vitest ended with ${code}: ${told}` };
  return verdictOf(JSON.parse(readFileSync(report, 'utf8')), told);
}

function verdictOf({ testResults, success }, told) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = tests.filter(({ status }) => status === 'passed').length;
  if (success) return { hasPassed: count > 0, count, told: 'no test ran' };
  const failed = tests.find(({ status }) => status === 'failed');
  const message = failed?.failureMessages.join('\n') ?? testResults.map((file) => file.message).join('\n');
  if (failed === undefined) return { hasPassed: false, told: message || told };
  return { hasPassed: false, failed: failed.fullName, told: `${failed.fullName}\n${message}` };
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {} // it has gone
}

function cleanUp() {
  for (const child of running) endGroup(child);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
