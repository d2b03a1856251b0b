// The timeline of one run: a lane a worker, what it did as spans, colours and hatching by phase.
import { rect } from '@observablehq/plot';
import type { LanePhase, Timeline } from '../result.ts';
import type { FigureOptions } from './figure.ts';
import { formatCount, formatMs } from './format.ts';
import { drawPanel, type Panel } from './panel.ts';
import { sayTimeline } from './sentences.ts';
import { colorOf, fillOf, PHASES } from './series.ts';

interface Span {
  /** Its lane from above, from 0 on. */
  readonly lane: number;
  readonly worker: number;
  readonly phase: LanePhase;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

const LANE_PX = 24;
const NARROW_LANE_PX = 13;
const HALF_LANE = 0.38;

function draw(timeline: Timeline, spans: readonly Span[], width: number): Panel[] {
  const { lanes } = timeline;
  const tall = lanes.length > 16 ? NARROW_LANE_PX : LANE_PX;
  const rows = spans.map((span) => ({ ...span, y1: span.lane - HALF_LANE, y2: span.lane + HALF_LANE }));
  const every = Math.ceil(lanes.length / 32);
  const phases = [...new Set(spans.map(({ phase }) => phase))];
  const panel = drawPanel({
    label: 'Worker',
    width,
    height: 54 + lanes.length * tall,
    x: {
      domain: [0, spans.reduce((last, { endMs }) => Math.max(last, endMs), timeline.elapsedMs)],
      tickFormat: formatMs,
      ticks: Math.max(2, Math.floor(width / 110)),
      label: 'Since the run began',
    },
    y: {
      domain: [lanes.length - 0.5, -0.5],
      hasGrid: false,
      ticks: lanes.map((_, index) => index).filter((index) => index % every === 0),
      tickFormat: (index: number) => formatCount(lanes[index]?.worker ?? 0),
    },
    marks: [
      rect(
        lanes.map((_, index) => ({
          x1: 0,
          x2: timeline.elapsedMs,
          y1: index - HALF_LANE,
          y2: index + HALF_LANE,
        })),
        {
          x1: 'x1',
          x2: 'x2',
          y1: 'y1',
          y2: 'y2',
          fill: colorOf('lane'),
          className: 'lanes',
        },
      ),
      ...phases.map((phase) =>
        rect(
          rows.filter((row) => row.phase === phase),
          {
            x1: 'startMs',
            x2: 'endMs',
            y1: 'y1',
            y2: 'y2',
            fill: fillOf(phase),
            className: `phase-${phase}`,
          },
        ),
      ),
    ],
  });
  return [panel];
}

export function timelineFigure(timeline: Timeline): FigureOptions {
  const spans = timeline.lanes.flatMap(({ worker, spans: own }, lane) =>
    own.toSorted((a, b) => a.startMs - b.startMs).map((span): Span => ({ ...span, lane, worker })),
  );
  const phases = [...new Set(spans.map(({ phase }) => phase))];
  return {
    id: 'timeline',
    title: 'One run, worker by worker',
    finding: sayTimeline(timeline),
    views: [
      {
        name: 'what each worker did',
        legend: phases.map((phase) => ({
          label: PHASES[phase]?.label ?? phase,
          swatch: 'fill',
          color: phase,
        })),
        stops: spans.map((span) => ({
          x: (span.startMs + span.endMs) / 2,
          lane: span.lane,
          text: `Worker ${span.worker}, ${PHASES[span.phase]?.label ?? span.phase} ${span.name}: from ${formatMs(span.startMs)} to ${formatMs(span.endMs)}, ${formatMs(span.endMs - span.startMs)} long.`,
          dots: [{ panel: 0, y: span.lane }],
        })),
        draw: (width) => draw(timeline, spans, width),
        head: ['Worker', 'Phase', 'Of', 'From', 'To', 'Time'],
        rows: () =>
          spans.map(({ worker, phase, name, startMs, endMs }) => [
            formatCount(worker),
            PHASES[phase]?.label ?? phase,
            name,
            formatMs(startMs),
            formatMs(endMs),
            formatMs(endMs - startMs),
          ]),
      },
    ],
  };
}
