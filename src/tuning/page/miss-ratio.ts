// Miss ratio against maxsize, or against maxBytes: LRU as it is, in steps, and the best policy there can be.
import { dot, line, ruleX } from '@observablehq/plot';
import type { SizePoint, SizesResult } from '../result.ts';
import type { FigureOptions, Stop, View } from './figure.ts';
import { formatBytes, formatCount, formatPercent } from './format.ts';
import { type Axis, drawPanel, type Panel } from './panel.ts';
import { sayMissRatio } from './sentences.ts';
import { colorOf, DASHES, type LegendItem } from './series.ts';
import { byteAxis, entryAxis, logDomain, sizeCallouts } from './size-axis.ts';

interface Step {
  readonly at: number;
  readonly ratio: number;
}

/** The steps from the axis' start to its end: what holds below the start holds at it. */
function within(steps: readonly Step[], [from, to]: readonly [number, number]): Step[] {
  const before = steps.findLast(({ at }) => at <= from);
  const inside = steps.filter(({ at }) => at > from && at <= to);
  const last = inside.at(-1) ?? before;
  return [
    ...(before === undefined ? [] : [{ at: from, ratio: before.ratio }]),
    ...inside,
    ...(last === undefined || last.at >= to ? [] : [{ at: to, ratio: last.ratio }]),
  ];
}

function lruLine(steps: readonly Step[]) {
  return line(steps, {
    x: 'at',
    y: 'ratio',
    curve: 'step-after',
    stroke: colorOf('blue'),
    strokeWidth: 2,
    className: 'lru',
  });
}

function missAxis(ratios: readonly number[]): Axis {
  const top = Math.max(...ratios.slice(0, 1), 0.01);
  return { domain: [0, Math.min(1, top * 1.04)], tickFormat: formatPercent, ticks: 6 };
}

function drawEntries(sizes: SizesResult, width: number): Panel[] {
  const steps = sizes.curve.map(({ maxsize, missRatio }) => ({ at: maxsize, ratio: missRatio }));
  const optimal = sizes.points.filter((point) => point.optimalMissRatio !== null && point.maxsize >= 1);
  const last = Math.max(sizes.chosen, sizes.points.at(-1)?.maxsize ?? 1, steps.at(-1)?.at ?? 1);
  const domain = logDomain([1, last]);
  const at = { x: 'maxsize', y: 'optimalMissRatio' };
  const panel = drawPanel({
    label: 'Miss ratio',
    width,
    height: 330,
    x: entryAxis(domain, width),
    y: missAxis(steps.map(({ ratio }) => ratio)),
    callouts: sizeCallouts(sizes, domain),
    marks: [
      line(optimal, { ...at, stroke: colorOf('green'), strokeWidth: 1.5, strokeDasharray: DASHES }),
      dot(optimal, { ...at, r: 3, symbol: 'triangle', fill: colorOf('green'), className: 'optimal' }),
      lruLine(within(steps, domain)),
    ],
  });
  return [panel];
}

function sayPoint(point: SizePoint): string {
  const best = point.optimalMissRatio === null ? '' : ` (at best ${formatPercent(point.optimalMissRatio)})`;
  return `maxsize ${formatCount(point.maxsize)}: ${formatPercent(point.missRatio)} of calls miss${best}; full, it weighs ${formatBytes(point.bytes)}.`;
}

function toStop(point: SizePoint): Stop {
  const best = point.optimalMissRatio === null ? [] : [{ panel: 0, y: point.optimalMissRatio }];
  return { x: point.maxsize, text: sayPoint(point), dots: [{ panel: 0, y: point.missRatio }, ...best] };
}

function entriesView(sizes: SizesResult): View {
  const hasOptimal = sizes.points.some(({ optimalMissRatio }) => optimalMissRatio !== null);
  const optimal: LegendItem[] = hasOptimal
    ? [{ label: 'best policy there can be (Belady)', swatch: 'triangle', color: 'green' }]
    : [];
  const needed: LegendItem[] =
    sizes.needed === null || sizes.needed === sizes.chosen
      ? []
      : [{ label: 'needed: computes nothing twice', swatch: 'dashes', color: 'purple' }];
  const best = new Map(sizes.points.map(({ maxsize, optimalMissRatio }) => [maxsize, optimalMissRatio]));
  return {
    name: 'entries',
    legend: [
      { label: 'LRU', swatch: 'line', color: 'blue' },
      ...optimal,
      { label: 'chosen', swatch: 'line', color: 'choice' },
      ...needed,
    ],
    stops: sizes.points.filter(({ maxsize }) => maxsize >= 1).map(toStop),
    draw: (width) => drawEntries(sizes, width),
    head: ['maxsize', 'Miss ratio', 'Best possible'],
    rows: () =>
      sizes.curve.map(({ maxsize, missRatio }) => {
        const optimalRatio = best.get(maxsize) ?? null;
        return [
          formatCount(maxsize),
          formatPercent(missRatio),
          optimalRatio === null ? '–' : formatPercent(optimalRatio),
        ];
      }),
  };
}

/** As many stops as one walks through with the arrow keys. */
const MOST_STOPS = 60;

function spread<T>(values: readonly T[]): T[] {
  if (values.length <= MOST_STOPS) return [...values];
  const places = Array.from({ length: MOST_STOPS }, (_, index) =>
    Math.round(values.length ** (index / (MOST_STOPS - 1))),
  );
  return [...new Set(places)].flatMap((place) => values[place - 1] ?? []);
}

function bytesView(sizes: SizesResult): View {
  const steps = sizes.byBytes.map(({ maxBytes, missRatio }) => ({ at: maxBytes, ratio: missRatio }));
  const chosen = sizes.points.find(({ maxsize }) => maxsize === sizes.chosen)?.bytes ?? 0;
  const budget = sizes.budgetBytes;
  const draw = (width: number): Panel[] => {
    const domain = logDomain([...steps.map(({ at }) => at), chosen]);
    const budgets = budget === null || budget > domain[1] || budget < domain[0] ? [] : [budget];
    const label = `chosen: ${formatBytes(chosen)}`;
    const panel = drawPanel({
      label: 'Miss ratio',
      width,
      height: 330,
      x: byteAxis(domain, width),
      y: missAxis(steps.map(({ ratio }) => ratio)),
      callouts: chosen < domain[0] ? [] : [{ x: chosen, label, color: 'choice', name: 'chosen' }],
      marks: [
        ruleX(budgets, { stroke: colorOf('red'), strokeDasharray: DASHES, className: 'budget' }),
        lruLine(within(steps, domain)),
      ],
    });
    return [panel];
  };
  const stops = spread(steps.filter(({ at }) => at >= 1));
  return {
    name: 'bytes',
    legend: [
      { label: 'LRU', swatch: 'line', color: 'blue' },
      { label: 'weight of the chosen maxsize', swatch: 'line', color: 'choice' },
      ...(budget === null ? [] : [{ label: 'most bytes allowed', swatch: 'dashes' as const, color: 'red' }]),
    ],
    stops: stops.map(({ at, ratio }) => ({
      x: at,
      text: `maxBytes ${formatBytes(at)}: ${formatPercent(ratio)} of calls miss.`,
      dots: [{ panel: 0, y: ratio }],
    })),
    draw,
    head: ['maxBytes', 'Miss ratio'],
    rows: () => steps.map(({ at, ratio }) => [`${formatCount(at)}`, formatPercent(ratio)]),
  };
}

export function missRatioFigure(sizes: SizesResult): FigureOptions {
  const bytes = sizes.byBytes.length > 1 ? [bytesView(sizes)] : [];
  return {
    id: 'miss-ratio',
    title: 'Miss ratio by size',
    finding: sayMissRatio(sizes),
    views: [entriesView(sizes), ...bytes],
  };
}
