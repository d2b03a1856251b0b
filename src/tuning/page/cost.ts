// What a call is estimated to take, and what the cache weighs, against maxsize.
import { areaY, dot, line, ruleY } from '@observablehq/plot';
import type { SizePoint, SizesResult } from '../result.ts';
import type { FigureOptions } from './figure.ts';
import { formatBytes, formatCount, formatNs, formatPercent } from './format.ts';
import { drawPanel, type Panel } from './panel.ts';
import { sayCost, sayInterval } from './sentences.ts';
import { colorOf, DASHES } from './series.ts';
import { byteScale, entryAxis, logDomain, sizeCallouts } from './size-axis.ts';

function draw(sizes: SizesResult, points: readonly SizePoint[], width: number): Panel[] {
  const domain = logDomain([1, sizes.chosen, ...points.map(({ maxsize }) => maxsize)]);
  const rows = points.map(({ maxsize, costNs, bytes }) => ({ maxsize, bytes, ...costNs }));
  const budget = sizes.budgetBytes;
  const weights = rows.map(({ bytes }) => bytes).filter((bytes) => bytes > 0);
  const weighed = logDomain(budget === null ? weights : [...weights, budget * 1.3]);
  const x = entryAxis(domain, width);
  const time = drawPanel({
    label: 'Estimated time a call',
    width,
    height: 250,
    x: { ...x, label: null },
    y: { domain: [0, Math.max(...rows.map(({ high }) => high), 1) * 1.05], tickFormat: formatNs, ticks: 5 },
    callouts: sizeCallouts(sizes, domain),
    marks: [
      areaY(rows, {
        x: 'maxsize',
        y1: 'low',
        y2: 'high',
        fill: colorOf('blue'),
        fillOpacity: 0.25,
        className: 'band',
      }),
      line(rows, { x: 'maxsize', y: 'median', stroke: colorOf('blue'), strokeWidth: 2 }),
      dot(rows, { x: 'maxsize', y: 'median', r: 2.5, fill: colorOf('blue'), className: 'cost' }),
    ],
  });
  const light = rows.filter(({ bytes }) => bytes > 0);
  const memory = drawPanel({
    label: 'Weight of the full cache (logarithmic)',
    width,
    height: 190,
    x,
    y: byteScale(weighed),
    marks: [
      ruleY(budget === null || budget < 1 ? [] : [budget], {
        stroke: colorOf('red'),
        strokeWidth: 2,
        strokeDasharray: DASHES,
        className: 'budget',
      }),
      line(light, { x: 'maxsize', y: 'bytes', stroke: colorOf('orange'), strokeWidth: 2 }),
      dot(light, {
        x: 'maxsize',
        y: 'bytes',
        r: 3,
        symbol: 'triangle',
        fill: colorOf('orange'),
        className: 'bytes',
      }),
    ],
  });
  return [time, memory];
}

function sayPoint({ maxsize, costNs, bytes }: SizePoint): string {
  return `maxsize ${formatCount(maxsize)}: a call takes ${sayInterval(costNs, formatNs)}; full, the cache weighs ${formatBytes(bytes)}.`;
}

export function costFigure(sizes: SizesResult): FigureOptions {
  const points = sizes.points.filter(({ maxsize }) => maxsize >= 1);
  const budget = sizes.budgetBytes === null ? [] : [`most bytes allowed: ${formatBytes(sizes.budgetBytes)}`];
  return {
    id: 'cost',
    title: 'Time and memory by maxsize',
    finding: `${sayCost(sizes)} ${sizes.reason}`,
    views: [
      {
        name: 'the sizes looked at closely',
        legend: [
          { label: 'estimated time a call', swatch: 'circle', color: 'blue' },
          { label: '95 % interval', swatch: 'band', color: 'blue' },
          { label: 'weight', swatch: 'triangle', color: 'orange' },
          ...budget.map((label) => ({ label, swatch: 'dashes' as const, color: 'red' })),
          { label: 'chosen', swatch: 'line', color: 'choice' },
        ],
        stops: points.map((point) => ({
          x: point.maxsize,
          text: sayPoint(point),
          dots: [
            { panel: 0, y: point.costNs.median },
            ...(point.bytes > 0 ? [{ panel: 1, y: point.bytes }] : []),
          ],
        })),
        draw: (width) => draw(sizes, points, width),
        head: ['maxsize', 'Time a call', 'Low', 'High', 'Miss ratio', 'Weight'],
        rows: () =>
          sizes.points.map(({ maxsize, costNs, missRatio, bytes }) => [
            formatCount(maxsize),
            formatNs(costNs.median),
            formatNs(costNs.low),
            formatNs(costNs.high),
            formatPercent(missRatio),
            formatBytes(bytes),
          ]),
      },
    ],
  };
}
