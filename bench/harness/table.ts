// The README's table, made of results.json: a row for each comparison, a column for each line of Node.
import { formatFigure, formatGoal, formatRatio, isWorse } from './format.ts';
import { machineLine } from './machine.ts';
import type { Results } from './results.ts';
import type { Row } from './row.ts';

const MARKS = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;

/** The text with the table between `<!-- bench -->` and `<!-- /bench -->`. */
export function withTable(text: string, results: Results): string {
  if (!MARKS.test(text)) throw new Error('expected the marks <!-- bench --> and <!-- /bench -->, found none');
  return text.replace(MARKS, (_, begin: string, end: string) => `${begin}${table(results)}${end}`);
}

/**
 * Markdown: the machines, then the table. Figures are those of one Node, ratios those of all. Of each measurement it
 * shows the first peer, and every other one that is better than ours on any Node; what it leaves out is counted.
 */
export function table(results: Results): string {
  const majors = Object.keys(results).sort((a, b) => Number(a) - Number(b));
  // Absolute figures of Node 24, where it was measured.
  const shown = majors.includes('24') ? '24' : majors.at(-1);
  if (shown === undefined) return 'Nothing was measured yet.\n';

  const machines = new Set(Object.values(results).map(({ machine }) => machineLine(machine)));
  const head = [
    'question',
    'measured',
    'beside',
    `ours (Node ${shown})`,
    'theirs',
    ...majors.map((n) => `Node ${n}`),
    'goal',
  ];
  const all = grouped(results, [shown, ...majors]);
  const rows = all.filter(
    (row, index) => isFirst(all, index) || majors.some((major) => isWorseIn(results, major, row)),
  );
  const body = rows.map((row, index) => [
    row.question === rows[index - 1]?.question ? '' : row.question,
    row.what,
    row.peer,
    `${formatFigure(row.ours)} ${row.unit}`,
    `${formatFigure(row.theirs)} ${row.unit}`,
    ...majors.map((major) => ratioIn(results, major, row)),
    formatGoal(row),
  ]);
  const lines = [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |\n`);
  const note = noteOf(all.length - rows.length);
  return `${[...machines].map((line) => `- ${line}\n`).join('')}\n${lines.join('')}${note}`;
}

function noteOf(left: number): string {
  if (left === 0) return '';
  const [rows, peers, are] =
    left === 1 ? ['row', 'a further peer that is', 'is'] : ['rows', 'further peers that are', 'are'];
  return `\n${left} more ${rows}, of ${peers} nowhere better, ${are} in bench/results.json.\n`;
}

function isFirst(rows: readonly Row[], index: number): boolean {
  const [row, before] = [rows[index], rows[index - 1]];
  return row?.question !== before?.question || row?.what !== before?.what;
}

/** Every comparison once, of the first of the Node lines that has it, question by question. */
function grouped(results: Results, majors: readonly string[]): readonly Row[] {
  const byQuestion = new Map<string, Map<string, Row>>();
  for (const row of majors.flatMap((major) => results[major]?.rows ?? [])) {
    const rows = byQuestion.get(row.question) ?? new Map<string, Row>();
    if (!rows.has(identity(row))) rows.set(identity(row), row);
    byQuestion.set(row.question, rows);
  }
  return [...byQuestion.values()].flatMap((rows) => [...rows.values()]);
}

function ratioIn(results: Results, major: string, row: Row): string {
  const found = findIn(results, major, row);
  return found === undefined ? '' : formatRatio(found);
}

function isWorseIn(results: Results, major: string, row: Row): boolean {
  const found = findIn(results, major, row);
  return found !== undefined && isWorse(found);
}

function findIn(results: Results, major: string, row: Row): Row | undefined {
  return results[major]?.rows.find((candidate) => identity(candidate) === identity(row));
}

function identity({ question, what, peer }: Pick<Row, 'question' | 'what' | 'peer'>): string {
  return JSON.stringify([question, what, peer]);
}
