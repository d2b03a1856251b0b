// The process of one row with one number of workers: runs it on the built package and reports on file descriptor 3.
// It must end by itself afterwards: what still holds it is a fault.
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { rows } from './rows/all.ts';
import { brokenRows } from './rows/broken.ts';
import { Trial } from './tools.ts';

const REPORT = 3;

const [root = '', id = '', workers = '1'] = process.argv.slice(2);
const row = [...rows, ...brokenRows].find((one) => one.id === id);
if (row === undefined) throw new Error(`There is no row ${id}.`);
const { createPool } = (await import(
  pathToFileURL(`${root}dist/src/index.js`).href
)) as typeof import('../../../src/index.ts');

const trial = new Trial({ row, workers: Number(workers), root, createPool });
try {
  writeSync(REPORT, JSON.stringify({ ok: true, ...(await trial.run()) }));
} catch (error) {
  writeSync(REPORT, JSON.stringify({ ok: false, error: describe(error) }));
  process.exit(1);
}
process.on('exit', () => {
  for (const error of trial.stray) console.error('After the report:', error);
  if (trial.stray.length > 0) process.exitCode = 1;
});

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
