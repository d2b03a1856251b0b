// docs/fault-matrix.md: the rows with their outcomes as last run. Nothing in it changes from run to run but what came of
// the rows, and the Node it was.
import type { Row } from './row.ts';
import { chapters } from './rows/all.ts';
import { exceptions, laterRows } from './rows/later.ts';
import type { Result } from './run.ts';

export const PAGE = 'docs/fault-matrix.md';

const HEAD = `# The fault matrix

What can go wrong, and what the caller gets. After any fault: the right value or a named error, within the deadline plus
one second; never a hang, never a wrong value, never an unhandled rejection; the pool is usable afterwards; and
\`hits + misses + joins\` is the number of calls.

Each row is run in a process of its own, on the built package, with real threads, once with 1 worker and once with 2;
after 30 seconds (more where the row says so) the process is ended and the row has failed. When a row has brought its
fault about and checked the outcome, its process checks for every pool it opened that another call on each worker is
answered, that every call was counted once, that queue and flights are empty, that every thread ends with
\`close()\`, that no error went unhandled, that just the promised process warnings came; and then the process must end
by itself.

\`npm run faults\` runs every row and writes this page; \`npm run faults -- ID...\` runs some and writes nothing.
\`npm test\` runs every row too, on whatever Node it is run with, and fails when an outcome differs from this page. The
rows are in [test/faults/matrix/rows](../test/faults/matrix/rows). An outcome is the same for 1 and 2 workers; a row
that must know which thread it meets opens its pool with one worker both times.
`;

/** @param node the version of Node that was run, `v20.20.2` */
export function renderPage(results: readonly Result[], node: string): string {
  const parts = [HEAD, `Last run: Node ${node}.\n`];
  for (const { title, rows } of chapters) {
    parts.push(
      `## ${title}\n`,
      table(
        HEADINGS,
        rows.map((row) => cells(row, results)),
      ),
    );
  }
  parts.push(
    '## Rows that come later\n',
    table(
      ['fault', 'the caller gets', ''],
      laterRows.map(({ fault, promise, comesWith }) => [fault, promise, `comes with ${comesWith}`]),
    ),
    '## What cannot be promised, and what is instead\n',
    table(
      ['fault', 'instead'],
      exceptions.map(({ fault, instead }) => [fault, instead]),
    ),
  );
  return parts.join('\n');
}

/** The version of Node that a page was made with. */
export function nodeOf(page: string): string {
  return /^Last run: Node (v\S+)\.$/m.exec(page)?.[1] ?? 'unknown';
}

const HEADINGS = ['row', 'fault', 'promised', 'outcome'];

function cells(row: Row, results: readonly Result[]): string[] {
  return [`\`${row.id}\``, row.fault, row.promise, outcomeOf(row, results)];
}

function outcomeOf(row: Row, results: readonly Result[]): string {
  const own = results.filter(({ id }) => id === row.id);
  const outcomes = new Set(own.map(({ outcome }) => outcome ?? 'FAILED'));
  if (outcomes.size === 1) return [...outcomes].join();
  return own.map(({ workers, outcome }) => `on ${workers}: ${outcome ?? 'FAILED'}`).join('; ');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[headings, headings.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}
