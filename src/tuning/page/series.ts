// How each series looks: a colour that the colour-blind tell apart, and never a colour alone: dashes, markers or hatching.
import { make, makeSvg } from './dom.ts';

export type Swatch = 'line' | 'dashes' | 'dots' | 'circle' | 'triangle' | 'interval' | 'band' | 'fill';

export interface LegendItem {
  readonly label: string;
  readonly swatch: Swatch;
  /** Of the colours in page.css, such as `blue`; with `fill`, of the patterns below. */
  readonly color: string;
}

export const DASHES = '6 4';
export const DOTS = '2 4';

/** Parts of a worker's time, and waiting, which is none. */
export const PHASES: Readonly<Record<string, { readonly label: string; readonly color: string }>> = {
  compute: { label: 'computing', color: 'blue' },
  combine: { label: 'combining', color: 'purple' },
  transfer: { label: 'transfer', color: 'orange' },
  load: { label: 'loading', color: 'green' },
  idle: { label: 'idle', color: 'grey' },
  queue: { label: 'waiting in the queue', color: 'red' },
};

/** Hatching by phase, as a path in a tile of 8 by 8; computing, the usual thing, has none. */
const HATCHES: Readonly<Record<string, string>> = {
  combine: 'M-2 2L2 -2M0 8L8 0M6 10L10 6',
  transfer: 'M-2 6L2 10M0 0L8 8M6 -2L10 2',
  load: 'M4 0V8M0 4H8',
  idle: 'M0 4H8',
  queue: 'M4 0V8',
};

export function colorOf(name: string): string {
  return `var(--${name})`;
}

export function fillOf(phase: string): string {
  return `url(#fill-${phase})`;
}

/** The patterns that `fillOf` names, once a page. */
export function makePatterns(): SVGSVGElement {
  const defs = makeSvg('defs');
  for (const [phase, { color }] of Object.entries(PHASES)) {
    const tile = makeSvg(
      'pattern',
      { id: `fill-${phase}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
      makeSvg('rect', { width: 8, height: 8, fill: colorOf(color) }),
    );
    const hatch = HATCHES[phase];
    if (hatch !== undefined) {
      tile.append(
        makeSvg('path', { d: hatch, stroke: colorOf('surface'), 'stroke-width': 1.6, fill: 'none' }),
      );
    }
    defs.append(tile);
  }
  return makeSvg('svg', { width: 0, height: 0, class: 'patterns', 'aria-hidden': 'true' }, defs);
}

function shapesOf({ swatch, color }: LegendItem): SVGElement[] {
  const stroke = { stroke: colorOf(color), 'stroke-width': 2, fill: 'none' };
  const line = (dashes: string): SVGElement =>
    makeSvg('path', { ...stroke, d: 'M1 7H27', 'stroke-dasharray': dashes });
  switch (swatch) {
    case 'line':
      return [line('none')];
    case 'dashes':
      return [line(DASHES)];
    case 'dots':
      return [line(DOTS)];
    case 'circle':
      return [makeSvg('circle', { cx: 14, cy: 7, r: 4, fill: colorOf(color) })];
    case 'triangle':
      return [makeSvg('path', { d: 'M14 2L19 11H9Z', fill: colorOf(color) })];
    case 'interval':
      return [
        makeSvg('path', { ...stroke, d: 'M14 0V14' }),
        makeSvg('circle', { cx: 14, cy: 7, r: 3.5, fill: colorOf(color) }),
      ];
    case 'band':
      return [makeSvg('rect', { x: 1, y: 1, width: 26, height: 12, fill: colorOf(color), opacity: 0.25 })];
    case 'fill':
      return [makeSvg('rect', { x: 1, y: 1, width: 26, height: 12, fill: fillOf(color) })];
  }
}

export function makeLegend(items: readonly LegendItem[]): HTMLElement {
  const list = make('ul', { class: 'legend', 'aria-label': 'Legend' });
  for (const item of items) {
    const swatch = makeSvg('svg', { width: 28, height: 14, 'aria-hidden': 'true' }, ...shapesOf(item));
    list.append(make('li', {}, swatch, item.label));
  }
  return list;
}
