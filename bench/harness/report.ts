// What every benchmark ends with: its rows in the terminal, and for the runner that gathers them.
import { formatFigure, formatGoal, formatRatio } from './format.ts';
import { machineLine, thisMachine } from './machine.ts';
import { compare, type Measured, type Row } from './row.ts';

/** Prints the rows, and sends them to the runner if it is one that started this process. */
export function report(question: string, measured: readonly Measured[]): void {
  const rows = measured.map((row) => compare(question, row));
  console.log(`${machineLine(thisMachine())}\n`);
  const head = ['', 'unit', 'ours', 'theirs', 'ratio', 'beside', 'goal'];
  console.log(aligned([head, ...rows.map(cells)]));
  process.send?.(rows);
}

function cells(row: Row): string[] {
  const { what, unit, ours, theirs, peer } = row;
  return [what, unit, formatFigure(ours), formatFigure(theirs), formatRatio(row), peer, formatGoal(row)];
}

/** Columns of equal width, two spaces apart. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
