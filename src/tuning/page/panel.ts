// One plot: the charting library's SVG, with lines at values worth a name drawn over it, and the places of its scales.
import { axisX, axisY, gridY, type Markish, plot } from '@observablehq/plot';
import { makeSvg } from './dom.ts';
import { colorOf } from './series.ts';

/** A vertical line with its name above the plot. */
export interface Callout {
  readonly x: number;
  readonly label: string;
  readonly color: string;
  readonly dashes?: string;
  /** For finding it again: `chosen`, `needed`. */
  readonly name: string;
}

/** A scale and its axis. */
export interface Axis {
  readonly type?: 'linear' | 'log';
  readonly domain: readonly [number, number];
  /** Where, or about how many; of a logarithmic one, where. */
  readonly ticks: readonly number[] | number;
  readonly tickFormat: (value: number) => string;
  readonly label?: string | null;
  readonly hasGrid?: boolean;
}

export interface PanelOptions {
  /** What is upwards, with its unit. */
  readonly label: string;
  readonly width: number;
  readonly height?: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Markish[];
  readonly callouts?: readonly Callout[];
}

export interface Panel {
  readonly label: string;
  readonly svg: SVGElement;
  readonly placeX: (value: number) => number;
  readonly placeY: (value: number) => number;
  readonly top: number;
  readonly bottom: number;
}

export const MARGIN_LEFT = 56;
export const MARGIN_RIGHT = 14;
const CALLOUT_ROW = 15;
/** About the width of a letter of a callout, in pixels. */
const LETTER = 6.6;

/** The values that stay at least `gap` pixels apart; earlier ones in the list go first. */
export function thinOut(values: readonly number[], place: (value: number) => number, gap: number): number[] {
  const kept: number[] = [];
  for (const value of values) {
    if (kept.every((other) => Math.abs(place(other) - place(value)) >= gap)) kept.push(value);
  }
  return kept.sort((a, b) => a - b);
}

/** Where a scale of that domain puts a value, for choosing ticks before there is a plot. */
export function placing(
  domain: readonly [number, number],
  width: number,
  form: (value: number) => number = (value) => value,
): (value: number) => number {
  const [from, to] = [form(domain[0]), form(domain[1])];
  const room = width - MARGIN_LEFT - MARGIN_RIGHT;
  return (value) => MARGIN_LEFT + ((form(value) - from) / (to - from)) * room;
}

interface Placed {
  readonly callout: Callout;
  readonly at: number;
  readonly start: number;
  readonly end: number;
  row: number;
}

/** Names beside one another in a row, or in the next one where they would overlap. */
function placeCallouts(
  callouts: readonly Callout[],
  place: (value: number) => number,
  width: number,
): Placed[] {
  const placed: Placed[] = [];
  for (const callout of callouts) {
    const at = place(callout.x);
    const half = (callout.label.length * LETTER) / 2;
    const middle = Math.min(Math.max(at, half + 2), width - half - 2);
    const next: Placed = { callout, at, start: middle - half, end: middle + half, row: 0 };
    while (
      placed.some(({ row, start, end }) => row === next.row && start < next.end + 8 && next.start < end + 8)
    )
      next.row++;
    placed.push(next);
  }
  return placed;
}

function drawCallouts(svg: SVGElement, placed: readonly Placed[], top: number, bottom: number): void {
  for (const { callout, at, start, end, row } of placed) {
    const color = colorOf(callout.color);
    const labelY = top - 6 - row * CALLOUT_ROW;
    const line = makeSvg('line', {
      x1: at,
      x2: at,
      y1: labelY + 3,
      y2: bottom,
      stroke: color,
      'stroke-width': 2,
    });
    if (callout.dashes !== undefined) line.setAttribute('stroke-dasharray', callout.dashes);
    const text = makeSvg(
      'text',
      { x: (start + end) / 2, y: labelY, 'text-anchor': 'middle', fill: color },
      callout.label,
    );
    // over the grid, under the marks
    const group = makeSvg('g', { class: `callout ${callout.name}` }, line, text);
    const grid = svg.querySelector("[aria-label='y-grid']");
    if (grid === null) svg.prepend(group);
    else grid.after(group);
  }
}

function axes(x: Axis, y: Axis): Markish[] {
  // the text given as such: a logarithmic scale would leave out labels on its own
  const textOf = ({ ticks, tickFormat }: Axis) =>
    typeof ticks === 'number' ? { ticks, tickFormat } : { ticks: [...ticks], text: tickFormat };
  const below = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 34, tickSize: 4 } as const;
  const ticksOf = typeof y.ticks === 'number' ? { ticks: y.ticks } : { ticks: [...y.ticks] };
  return [
    ...(y.hasGrid === false ? [] : [gridY({ ...ticksOf, stroke: colorOf('rule'), strokeOpacity: 1 })]),
    axisX({ ...textOf(x), ...below, label: x.label ?? null }),
    axisY({ ...textOf(y), tickSize: 0, label: null }),
  ];
}

export function drawPanel(options: PanelOptions): Panel {
  const { label, width, height = 280, x, y, marks, callouts = [] } = options;
  const rows = callouts.length;
  const marginTop = 12 + rows * CALLOUT_ROW;
  const marginBottom = 40;
  const svg = plot({
    width,
    height: height + marginTop - 12,
    marginLeft: MARGIN_LEFT,
    marginRight: MARGIN_RIGHT,
    marginTop,
    marginBottom,
    ariaLabel: label,
    style: { fontSize: '12px', background: 'none', overflow: 'visible' },
    x: { type: x.type ?? 'linear', domain: [...x.domain], axis: null },
    y: { type: y.type ?? 'linear', domain: [...y.domain], axis: null },
    marks: [...axes(x, y), ...marks],
  });
  const placeX = (value: number): number => Number(svg.scale('x')?.apply(value));
  const placeY = (value: number): number => Number(svg.scale('y')?.apply(value));
  if (!(svg instanceof SVGElement))
    throw new Error(`expected the plot to be an SVG element, got ${svg.tagName}`);
  const bottom = height + marginTop - 12 - marginBottom;
  drawCallouts(svg, placeCallouts(callouts, placeX, width), marginTop, bottom);
  svg.setAttribute('role', 'img');
  return { label, svg, placeX, placeY, top: marginTop, bottom };
}
