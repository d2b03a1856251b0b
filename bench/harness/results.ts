// bench/results.json: the rows of the last whole run on each Node line.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

export interface Run {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** A run for each major version of Node, such as `'24'`. */
export type Results = Readonly<Record<string, Run>>;

const file = new URL('../results.json', import.meta.url);

export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results; // nothing but writeResults writes it
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

export function writeResults(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** The results with this run in the place of the one on the same Node line. */
export function withRun(results: Results, run: Run): Results {
  return { ...results, [majorOf(run.machine.node)]: run };
}

/**
 * The same, where a run of some questions replaces these and leaves the others, which were measured earlier. The
 * order is that of the questions.
 */
export function withQuestions(results: Results, run: Run): Results {
  const asked = new Set(run.rows.map(({ question }) => question));
  const others = (results[majorOf(run.machine.node)]?.rows ?? []).filter((row) => !asked.has(row.question));
  const rows = [...others, ...run.rows].sort((a, b) =>
    a.question < b.question ? -1 : +(a.question > b.question),
  );
  return withRun(results, { machine: run.machine, rows });
}

function majorOf(version: string): string {
  return /^v(\d+)\./.exec(version)?.[1] ?? version;
}
