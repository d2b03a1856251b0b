// Runs the benchmarks named, or all; gathers their rows, keeps them in results.json and shows them in the README.
// scripts/bench.mjs starts it, on this Node or on another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { thisMachine } from './machine.ts';
import { readResults, withQuestions, withRun, writeResults } from './results.ts';
import type { Row } from './row.ts';
import { withTable } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const known = readdirSync(`${root}bench`)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { save: { type: 'boolean' }, table: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}.`);
  process.exit(2);
}

if (values.table) showTable();
else await run();

async function run(): Promise<void> {
  const rows: Row[] = [];
  const failed: string[] = [];
  const start = performance.now();
  for (const name of positionals.length > 0 ? positionals : known) {
    const begun = performance.now();
    console.log(`\n## ${name}\n`);
    const outcome = await runOne(name);
    rows.push(...outcome.rows);
    if (!outcome.succeeded) failed.push(name);
    console.log(`\n(${name}: ${seconds(begun)} s)`);
  }
  console.log(`\nIn all ${seconds(start)} s.`);
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}. Nothing is kept.`);
    process.exitCode = 1;
    return;
  }

  const measured = { machine: thisMachine(), rows };
  if (positionals.length === 0) writeResults(withRun(readResults(), measured));
  else if (values.save) writeResults(withQuestions(readResults(), measured));
  else return;
  showTable();
}

interface Outcome {
  readonly rows: readonly Row[];
  readonly succeeded: boolean;
}

/** A process of its own for each, so that none inherits another's heap and compiled code. */
async function runOne(name: string): Promise<Outcome> {
  const rows: Row[] = [];
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', `bench/${name}.ts`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message) => rows.push(...(message as readonly Row[]))); // report.ts sends nothing else
  const [status]: unknown[] = await once(child, 'close');
  return { rows, succeeded: status === 0 };
}

function showTable(): void {
  const readme = `${root}README.md`;
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), readResults()));
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}
