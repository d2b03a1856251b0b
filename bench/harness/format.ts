// Figures and ratios as text, the same in the terminal and in the README.
import { meetsGoal, type Row } from './row.ts';

/** Three digits that count, or whole with thousands: 0.0123, 1.23, 123, 12,345. */
export function formatFigure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `20x`; below one with the plain word for it: `0.45x, slower`. */
export function formatRatio(row: Row): string {
  const { ratio, unit } = row;
  const text = `${formatFigure(Number(ratio.toPrecision(2)))}x`;
  const verdict = isWorse(row) ? `, ${unit === 'bytes' ? 'larger' : 'slower'}` : '';
  return text + verdict + (meetsGoal(row) ? '' : ', goal missed');
}

/** Whether the peer is better by more than the last digit shown. */
export function isWorse({ ratio }: Row): boolean {
  return Number(ratio.toPrecision(2)) < 1;
}

export function formatGoal({ goal, unit }: Row): string {
  if (goal === undefined) return '';
  if ('ratioAtLeast' in goal) return `≥ ${formatFigure(goal.ratioAtLeast)}x`;
  return `≤ ${formatFigure(goal.oursAtMost)} ${unit}`;
}
