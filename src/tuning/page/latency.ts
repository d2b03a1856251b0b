// Efficiency, and latency, against the count of workers.
import { dot, line, ruleX, ruleY } from '@observablehq/plot';
import type { WorkersResult } from '../result.ts';
import type { FigureOptions } from './figure.ts';
import { formatCount, formatMs, formatPercent, plural } from './format.ts';
import { type Axis, drawPanel, type Panel } from './panel.ts';
import { sayEfficiency, sayInterval, sayLatency } from './sentences.ts';
import { colorOf, DASHES } from './series.ts';
import { logScale } from './size-axis.ts';
import { CHOSEN_LEGEND, chosenCallout, countAxis } from './throughput.ts';

function drawEfficiency(workers: WorkersResult, width: number): Panel[] {
  const top = Math.max(1, ...workers.counts.map(({ efficiency }) => efficiency));
  const at = { x: 'workers', y: 'efficiency' };
  const panel = drawPanel({
    label: 'Throughput a worker, over that of the least count',
    width,
    x: countAxis(workers, width),
    y: { domain: [0, top * 1.06], tickFormat: formatPercent, ticks: 5 },
    callouts: [chosenCallout(workers)],
    marks: [
      ruleY([1], { stroke: colorOf('grey'), strokeDasharray: DASHES, className: 'ideal' }),
      line(workers.counts, { ...at, stroke: colorOf('blue'), strokeWidth: 2 }),
      dot(workers.counts, {
        ...at,
        r: 4.5,
        fill: colorOf('blue'),
        stroke: colorOf('surface'),
        className: 'efficiency',
      }),
    ],
  });
  return [panel];
}

export function efficiencyFigure(workers: WorkersResult): FigureOptions {
  return {
    id: 'efficiency',
    title: 'Efficiency by workers',
    finding: sayEfficiency(workers),
    views: [
      {
        name: 'by count',
        legend: [
          { label: 'efficiency', swatch: 'circle', color: 'blue' },
          { label: 'ideal', swatch: 'dashes', color: 'grey' },
          CHOSEN_LEGEND,
        ],
        stops: workers.counts.map((count) => ({
          x: count.workers,
          text: `${plural(count.workers, 'worker')}: efficiency ${formatPercent(count.efficiency)}, ${count.processCpus.toFixed(1)} CPUs used, main thread busy ${formatPercent(count.mainShare)} of the time.`,
          dots: [{ panel: 0, y: count.efficiency }],
        })),
        draw: (width) => drawEfficiency(workers, width),
        head: ['Workers', 'Efficiency', 'CPUs used by the process', 'Main thread busy'],
        rows: () =>
          workers.counts.map((count) => [
            formatCount(count.workers),
            formatPercent(count.efficiency),
            count.processCpus.toFixed(2),
            formatPercent(count.mainShare),
          ]),
      },
    ],
  };
}

/** Beyond this ratio between the highest and the lowest latency, only a logarithmic scale shows both. */
const WIDE_RATIO = 30;

function drawLatency(workers: WorkersResult, width: number): Panel[] {
  const p50 = workers.counts.map(({ workers: x, p50Ms }) => ({ x, ...p50Ms }));
  const p99 = workers.counts.map(({ workers: x, p99Ms }) => ({ x, ...p99Ms }));
  const all = [...p50, ...p99];
  const top = Math.max(...all.map(({ high }) => high));
  const least = Math.min(...all.map(({ low }) => low));
  const isWide = least > 0 && top / least > WIDE_RATIO;
  const y: Axis = isWide
    ? { ...logScale([least / 1.3, top * 1.3], 190, 28), tickFormat: formatMs }
    : { domain: [0, Math.max(top * 1.08, Number.MIN_VALUE)], ticks: 5, tickFormat: formatMs };
  const series = (rows: typeof p50, name: string, color: string, symbol: 'circle' | 'triangle') => [
    line(rows, {
      x: 'x',
      y: 'median',
      stroke: colorOf(color),
      strokeWidth: 2,
      ...(symbol === 'triangle' ? { strokeDasharray: DASHES } : {}),
    }),
    ruleX(rows, { x: 'x', y1: 'low', y2: 'high', stroke: colorOf(color), strokeWidth: 2.5 }),
    dot(rows, {
      x: 'x',
      y: 'median',
      r: 4.5,
      symbol,
      fill: colorOf(color),
      stroke: colorOf('surface'),
      className: name,
    }),
  ];
  const panel = drawPanel({
    label: isWide ? 'Time until the answer, logarithmic' : 'Time until the answer',
    width,
    x: countAxis(workers, width),
    y,
    callouts: [chosenCallout(workers)],
    marks: [...series(p99, 'p99', 'orange', 'triangle'), ...series(p50, 'p50', 'blue', 'circle')],
  });
  return [panel];
}

export function latencyFigure(workers: WorkersResult): FigureOptions {
  return {
    id: 'latency',
    title: 'Latency by workers',
    finding: sayLatency(workers),
    views: [
      {
        name: 'medians over the runs',
        legend: [
          { label: 'p50', swatch: 'circle', color: 'blue' },
          { label: 'p99', swatch: 'triangle', color: 'orange' },
          CHOSEN_LEGEND,
        ],
        stops: workers.counts.map(({ workers: x, p50Ms, p99Ms }) => ({
          x,
          text: `${plural(x, 'worker')}: p50 ${sayInterval(p50Ms, formatMs)}, p99 ${sayInterval(p99Ms, formatMs)}.`,
          dots: [
            { panel: 0, y: p50Ms.median },
            { panel: 0, y: p99Ms.median },
          ],
        })),
        draw: (width) => drawLatency(workers, width),
        head: ['Workers', 'p50', 'p50 low', 'p50 high', 'p99', 'p99 low', 'p99 high'],
        rows: () =>
          workers.counts.map(({ workers: count, p50Ms, p99Ms }) => [
            formatCount(count),
            ...[p50Ms, p99Ms].flatMap(({ median, low, high }) => [median, low, high].map(formatMs)),
          ]),
      },
    ],
  };
}
