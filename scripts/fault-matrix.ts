// Runs the fault matrix on the built package and writes docs/fault-matrix.md: npm run faults
//
// With names of rows (npm run faults -- exit heap) it runs these alone and writes nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE, renderPage } from '../test/faults/matrix/page.ts';
import type { Row } from '../test/faults/matrix/row.ts';
import { rows } from '../test/faults/matrix/rows/all.ts';
import { ROOT, Runner, WORKER_COUNTS } from '../test/faults/matrix/run.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => rows.every(({ id }) => id !== name));
if (unknown.length > 0) {
  console.error(`There is no row ${unknown.join(', ')}. There are: ${rows.map(({ id }) => id).join(', ')}.`);
  process.exit(2);
}
const isAll = names.length === 0;
const asked = rows.filter(({ id }) => isAll || names.includes(id));

const start = performance.now();
const runner = await Runner.open();
const results = await Promise.all(asked.flatMap((row) => WORKER_COUNTS.map((workers) => run(row, workers))));
runner.close();
const failed = results.filter(({ outcome }) => outcome === undefined);
console.log(
  `${results.length - failed.length} held, ${failed.length} did not, in ${((performance.now() - start) / 1000).toFixed(1)} s.`,
);
if (failed.length > 0) process.exitCode = 1;
else if (isAll) {
  writeFileSync(join(ROOT, PAGE), renderPage(results, process.version));
  console.log(`${PAGE} is written.`);
}

async function run(row: Row, workers: number) {
  const result = await runner.run(row, workers);
  const { outcome, problem, ms } = result;
  console.log(`${outcome === undefined ? 'FAILED' : 'held'}  ${row.id} on ${workers} (${ms.toFixed(0)} ms)`);
  if (problem !== undefined) console.log(problem);
  else if (!isAll) console.log(outcome);
  return result;
}
