// Where the time of a call goes at each count: of workers, stacked; and waiting, which is no worker's time, below.
import { rectY, ruleY } from '@observablehq/plot';
import type { CountResult, TimeParts, WorkersResult } from '../result.ts';
import type { FigureOptions } from './figure.ts';
import { formatCount, formatMs, plural } from './format.ts';
import { type Axis, drawPanel, type Panel } from './panel.ts';
import { colorOf, fillOf, PHASES } from './series.ts';

/** Of a worker's time, from below. */
const STACK = ['compute', 'combine', 'transfer', 'idle'] as const satisfies readonly (keyof TimeParts)[];

interface Bar {
  readonly phase: string;
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const HALF_BAR = 0.36;

function stack({ parts }: CountResult, index: number): Bar[] {
  let floor = 0;
  return STACK.map((phase) => {
    const y1 = floor;
    floor += parts[phase];
    return { phase, x1: index - HALF_BAR, x2: index + HALF_BAR, y1, y2: floor };
  });
}

function sum(parts: TimeParts): number {
  return STACK.reduce((total, phase) => total + parts[phase], 0);
}

function draw({ counts, chosen }: WorkersResult, width: number): Panel[] {
  const bars = counts.flatMap(stack);
  const waits: Bar[] = counts.map(({ parts }, index) => ({
    phase: 'queue',
    x1: index - HALF_BAR,
    x2: index + HALF_BAR,
    y1: 0,
    y2: parts.queue,
  }));
  const at = counts.findIndex(({ workers }) => workers === chosen);
  const callouts =
    at < 0 ? [] : [{ x: at, label: `chosen: ${formatCount(chosen)}`, color: 'choice', name: 'chosen' }];
  const x: Axis = {
    domain: [-0.6, counts.length - 0.4],
    ticks: counts.map((_, index) => index),
    tickFormat: (index: number) => formatCount(counts[index]?.workers ?? 0),
    label: 'Workers',
  };
  const top = (values: readonly number[]): number => Math.max(...values, Number.MIN_VALUE) * 1.06;
  const rects = (phase: string, rows: readonly Bar[]) =>
    rectY(
      rows.filter((row) => row.phase === phase),
      {
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        fill: fillOf(phase),
        stroke: colorOf('surface'),
        strokeWidth: 0.5,
        className: `part-${phase}`,
      },
    );
  const spent = drawPanel({
    label: 'Time of workers a call',
    width,
    height: 280,
    x: { ...x, label: null },
    y: { domain: [0, top(counts.map(({ parts }) => sum(parts)))], tickFormat: formatMs, ticks: 5 },
    callouts,
    marks: [...STACK.map((phase) => rects(phase, bars)), ruleY([0], { stroke: colorOf('ink') })],
  });
  const waited = drawPanel({
    label: 'Waiting of a call until a worker has it: no time of a worker, a scale of its own',
    width,
    height: 150,
    x,
    y: { domain: [0, top(counts.map(({ parts }) => parts.queue))], tickFormat: formatMs, ticks: 3 },
    marks: [rects('queue', waits), ruleY([0], { stroke: colorOf('ink') })],
  });
  return [spent, waited];
}

function sayParts({ workers, parts }: CountResult): string {
  const spent = STACK.map((phase) => `${PHASES[phase]?.label ?? phase} ${formatMs(parts[phase])}`).join(', ');
  return `${plural(workers, 'worker')}, a call: ${spent}; before it, waiting ${formatMs(parts.queue)}.`;
}

export function partsFigure(workers: WorkersResult): FigureOptions {
  return {
    id: 'parts',
    title: 'Where the time goes',
    finding: workers.limit,
    views: [
      {
        name: 'means a call',
        legend: [...STACK, 'queue'].map((phase) => ({
          label: phase === 'queue' ? 'waiting in the queue (below)' : (PHASES[phase]?.label ?? phase),
          swatch: 'fill' as const,
          color: phase,
        })),
        stops: workers.counts.map((count, index) => ({ x: index, text: sayParts(count), dots: [] })),
        draw: (width) => draw(workers, width),
        head: ['Workers', 'Computing', 'Combining', 'Transfer', 'Idle', 'Workers’ time', 'Waiting (calls)'],
        rows: () =>
          workers.counts.map(({ workers: count, parts }) => [
            formatCount(count),
            ...STACK.map((phase) => formatMs(parts[phase])),
            formatMs(sum(parts)),
            formatMs(parts.queue),
          ]),
      },
    ],
  };
}
