// Throughput against the count of workers: every run, the medians with their intervals, the fitted law and the ideal.
import { dot, line, ruleX } from '@observablehq/plot';
import type { CountResult, WorkersResult } from '../result.ts';
import type { FigureOptions, Stop } from './figure.ts';
import { formatCount, formatMs, formatNumber, formatShort, plural } from './format.ts';
import { type Axis, type Callout, drawPanel, type Panel, placing, thinOut } from './panel.ts';
import { sayInterval, sayThroughput } from './sentences.ts';
import { colorOf, DASHES, DOTS, type LegendItem } from './series.ts';

/** The counts measured, with room at both ends. */
export function countDomain(workers: WorkersResult): [number, number] {
  const last = Math.max(workers.counts.at(-1)?.workers ?? 1, workers.chosen);
  const first = Math.min(workers.counts[0]?.workers ?? 1, workers.chosen);
  const room = Math.max((last - first) * 0.06, 0.5);
  return [Math.max(first - room, 0), last + room];
}

/** The x axis that the charts by count share. */
export function countAxis(workers: WorkersResult, width: number): Axis {
  const domain = countDomain(workers);
  const counts = workers.counts.map((count) => count.workers);
  // where there is no room for all, the ends and the choice go first, then from the largest down
  const first = [counts[0], counts.at(-1), workers.chosen].filter((count) => count !== undefined);
  const ticks = thinOut([...first, ...counts.toReversed()], placing(domain, width), 24);
  return { domain, ticks, tickFormat: formatCount, label: 'Workers' };
}

export function chosenCallout({ chosen }: WorkersResult): Callout {
  return { x: chosen, label: `chosen: ${formatCount(chosen)}`, color: 'choice', name: 'chosen' };
}

export const CHOSEN_LEGEND: LegendItem = { label: 'chosen', swatch: 'line', color: 'choice' };

const FIT_STEPS = 120;
/** How far to the side of its count a run is drawn, in pixels. */
const SAMPLES_ASIDE = -8;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The fitted law over the domain; empty where it was refused. */
function fitCurve({ fit }: WorkersResult, [from, to]: readonly [number, number]): Place[] {
  if (fit.kind === 'refused') return [];
  const { lambda, sigma, kappa } = fit;
  const start = Math.max(from, 1);
  return Array.from({ length: FIT_STEPS + 1 }, (_, step) => {
    const x = start + ((to - start) * step) / FIT_STEPS;
    return { x, y: (lambda * x) / (1 + sigma * (x - 1) + kappa * x * (x - 1)) };
  });
}

function draw(workers: WorkersResult, width: number): Panel[] {
  const domain = countDomain(workers);
  const [least] = workers.counts;
  const curve = fitCurve(workers, domain);
  const measured = workers.counts.map(({ workers: x, throughput }) => ({ x, ...throughput }));
  const top = Math.max(
    ...workers.samples.map(({ throughput }) => throughput),
    ...measured.map(({ high }) => high),
    ...curve.map(({ y }) => y),
  );
  const each = (least?.throughput.median ?? 0) / (least?.workers ?? 1);
  const ceiling = top * 1.08;
  const last = Math.min(domain[1], ceiling / Math.max(each, Number.MIN_VALUE));
  const ideal =
    workers.counts.length === 1
      ? []
      : [
          { x: domain[0], y: each * domain[0] },
          { x: last, y: each * last },
        ];
  const panel = drawPanel({
    label: 'Calls a second',
    width,
    height: 330,
    x: countAxis(workers, width),
    y: { domain: [0, ceiling], tickFormat: formatShort, ticks: 6 },
    callouts: [chosenCallout(workers)],
    marks: [
      line(ideal, {
        x: 'x',
        y: 'y',
        stroke: colorOf('grey'),
        strokeDasharray: DASHES,
        className: 'ideal',
      }),
      line(curve, {
        x: 'x',
        y: 'y',
        stroke: colorOf('green'),
        strokeWidth: 2,
        strokeDasharray: DOTS,
        className: 'fit',
      }),
      dot(workers.samples, {
        x: 'workers',
        y: 'throughput',
        // beside the median, which would hide them
        dx: SAMPLES_ASIDE,
        r: 2.5,
        fill: colorOf('ink'),
        fillOpacity: 0.3,
        className: 'samples',
      }),
      ruleX(measured, {
        x: 'x',
        y1: 'low',
        y2: 'high',
        stroke: colorOf('blue'),
        strokeWidth: 3,
        className: 'intervals',
      }),
      dot(measured, {
        x: 'x',
        y: 'median',
        r: 4,
        fill: colorOf('blue'),
        stroke: colorOf('surface'),
        className: 'medians',
      }),
    ],
  });
  return [panel];
}

function sayCount({ workers, throughput, runs }: CountResult): string {
  return `${plural(workers, 'worker')}: ${sayInterval(throughput, formatNumber)} calls a second, in ${plural(runs, 'run')}.`;
}

function toStop(count: CountResult): Stop {
  return { x: count.workers, text: sayCount(count), dots: [{ panel: 0, y: count.throughput.median }] };
}

export function throughputFigure(workers: WorkersResult): FigureOptions {
  const fitted: LegendItem[] =
    workers.fit.kind === 'fit' ? [{ label: 'fitted scalability law', swatch: 'dots', color: 'green' }] : [];
  const ideal: LegendItem[] =
    workers.counts.length === 1 ? [] : [{ label: 'ideal: in proportion', swatch: 'dashes', color: 'grey' }];
  return {
    id: 'throughput',
    title: 'Throughput by workers',
    finding: `${sayThroughput(workers)} ${workers.reason}`,
    views: [
      {
        name: 'every run',
        legend: [
          { label: 'median, 95 % interval', swatch: 'interval', color: 'blue' },
          { label: 'a run', swatch: 'circle', color: 'faint' },
          ...fitted,
          ...ideal,
          CHOSEN_LEGEND,
        ],
        stops: workers.counts.map(toStop),
        draw: (width) => draw(workers, width),
        head: ['Workers', 'Order', 'Calls a second', 'Calls', 'Time', 'p50', 'p99'],
        rows: () =>
          workers.samples.map((run) => [
            formatCount(run.workers),
            formatCount(run.order),
            formatNumber(run.throughput),
            formatCount(run.calls),
            formatMs(run.elapsedMs),
            formatMs(run.p50Ms),
            formatMs(run.p99Ms),
          ]),
      },
    ],
  };
}
