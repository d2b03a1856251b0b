// The miss ratio at every maxsize as a small chart of characters: sizes from left to right by their logarithm, because what
// a cache of ten entries more is worth depends on how many it has.
import { percent, whole } from './plain.ts';
import type { SizesResult } from './result.ts';

export interface ChartOptions {
  readonly columns: number;
  readonly unicode: boolean;
  /** How wide the column on the left is, in which words stand. */
  readonly label: number;
}

const ROWS = 2;
// From nothing to a full row.
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const ASCII = [' ', '.', '.', ':', ':', '+', '+', '#', '#'] as const;
const EIGHTHS = 8;
const MARK = 10;

/** A line that says what it is, the chart, and two lines with the numbers at some sizes; none when nothing is known. */
export function chartOf({ curve, chosen, needed }: SizesResult, options: ChartOptions): string[] {
  const largest = Math.max(curve.at(-1)?.maxsize ?? 0, chosen, needed ?? 0);
  if (curve.length === 0 || largest === 0) return [];
  const { columns, unicode, label } = options;
  const width = columns - label - 1;
  const sizeAt = (column: number) => Math.round((largest + 1) ** (column / (width - 1))) - 1;
  const ratios = Array.from({ length: width }, (_, column) => missRatioAt(curve, sizeAt(column)));
  const glyphs = unicode ? BLOCKS : ASCII;
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const below = (ROWS - 1 - row) * EIGHTHS;
    const cells = ratios.map((ratio) => {
      const eighths = Math.round(ratio * ROWS * EIGHTHS) - below;
      return glyphs[Math.max(0, Math.min(EIGHTHS, eighths))] ?? ' ';
    });
    return `${(row === 0 ? '100 %' : '').padEnd(label)}${cells.join('')}`.trimEnd();
  });
  const marks = marksOf(width, { sizeAt, chosen, needed });
  return [
    `Miss ratio by maxsize, from 0 to ${whole(largest)}`,
    ...rows,
    `${'maxsize'.padEnd(label)}${marks.map((maxsize) => whole(maxsize).padEnd(MARK)).join('')}`.trimEnd(),
    `${'misses'.padEnd(label)}${marks.map((maxsize) => percent(missRatioAt(curve, maxsize)).padEnd(MARK)).join('')}`.trimEnd(),
  ];
}

interface Marks {
  readonly sizeAt: (column: number) => number;
  readonly chosen: number;
  readonly needed: number | null;
}

// A size under each tenth column, the first that the chart has there; the needed and the chosen one in the place of the
// next larger, or of the last.
function marksOf(width: number, { sizeAt, chosen, needed }: Marks): readonly number[] {
  const sizes = Array.from({ length: Math.ceil((width - 1) / MARK) }, (_, index) => sizeAt(index * MARK));
  const given = [...new Set([needed ?? chosen, chosen])];
  for (const size of given) {
    if (sizes.includes(size)) continue;
    const next = sizes.findIndex((other) => other > size);
    const at = next < 0 ? sizes.length - 1 : next;
    sizes[given.includes(sizes[at] ?? 0) ? at - 1 : at] = size;
  }
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/** Of the last size of the curve that is not above `maxsize`. */
function missRatioAt(curve: SizesResult['curve'], maxsize: number): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve[middle]?.maxsize ?? Infinity) <= maxsize) low = middle + 1;
    else high = middle;
  }
  return curve[low - 1]?.missRatio ?? 1;
}
