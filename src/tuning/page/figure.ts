// A chart with all that belongs to it: heading, finding, legend, plots, what is read out point by point, and the data as a
// table.
import { make, makeSvg, makeTable } from './dom.ts';
import type { Panel } from './panel.ts';
import { type LegendItem, makeLegend } from './series.ts';

/** A point that the arrow keys and the pointer stop at. */
export interface Stop {
  readonly x: number;
  /** Only of charts with lanes: up and down change it. */
  readonly lane?: number;
  /** What is read out. */
  readonly text: string;
  /** Where dots are shown: in which panel, at which height. */
  readonly dots: readonly { readonly panel: number; readonly y: number }[];
}

/** One way to show a chart; a chart with two has a switch. */
export interface View {
  readonly name: string;
  readonly legend: readonly LegendItem[];
  readonly stops: readonly Stop[];
  readonly draw: (width: number) => readonly Panel[];
  readonly head: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
}

export interface FigureOptions {
  readonly id: string;
  readonly title: string;
  readonly finding: string;
  readonly views: readonly [View, ...View[]];
}

const KEYS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_at, last) => last,
};

/** The plots of a view, and the point that is read out. */
class Chart {
  readonly element: HTMLElement;
  readonly readout: HTMLElement;
  readonly #plots: HTMLElement = make('div', { class: 'plots' });
  #view: View;
  #panels: readonly Panel[] = [];
  #width = 0;
  #at: number | null = null;

  constructor(title: string, view: View) {
    this.#view = view;
    const label = `${title}: arrow keys go from point to point`;
    this.element = make(
      'div',
      {
        class: 'chart',
        tabindex: '0',
        role: 'application',
        'aria-roledescription': 'chart',
        'aria-label': label,
      },
      this.#plots,
    );
    this.readout = make('p', { class: 'readout', 'aria-live': 'polite' });
    this.#tell();
    this.element.addEventListener('keydown', (event) => this.#press(event));
    this.element.addEventListener('pointermove', (event) => this.#point(event));
    this.element.addEventListener('pointerdown', (event) => this.#point(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(view: View): void {
    this.#view = view;
    this.#at = null;
    this.#width = 0;
    this.draw();
    this.#tell();
  }

  /** Draws to the width there is; again only when that has changed. */
  draw(): void {
    const width = Math.floor(this.#plots.clientWidth);
    if (width === 0 || width === this.#width) return;
    this.#width = width;
    this.#panels = this.#view.draw(width);
    this.#plots.replaceChildren(
      ...this.#panels.flatMap(({ label, svg }) => [make('p', { class: 'panel-label' }, label), svg]),
    );
    this.#mark();
  }

  #tell(): void {
    const stop = this.#at === null ? undefined : this.#view.stops[this.#at];
    this.readout.textContent =
      stop?.text ?? 'Point at the chart, or focus it and use the arrow keys, to read values.';
    this.readout.classList.toggle('empty', stop === undefined);
  }

  #go(at: number | null): void {
    if (at === this.#at) return;
    this.#at = at;
    this.#tell();
    this.#mark();
  }

  #press(event: KeyboardEvent): void {
    const last = this.#view.stops.length - 1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      this.#go(null);
      return;
    }
    const next =
      event.key === 'ArrowUp' || event.key === 'ArrowDown'
        ? this.#besides(event.key)
        : this.#along(event.key);
    if (next === null) return;
    event.preventDefault();
    this.#go(Math.min(Math.max(next, 0), last));
  }

  #along(key: string): number | null {
    const move = KEYS[key];
    const last = this.#view.stops.length - 1;
    if (move === undefined) return null;
    if (this.#at === null) return key === 'End' || key === 'ArrowLeft' ? last : 0;
    return move(this.#at, last);
  }

  /** The stop of the next lane that is nearest in time; null where there are no lanes. */
  #besides(key: string): number | null {
    const here = this.#view.stops[this.#at ?? 0];
    if (here?.lane === undefined) return null;
    const lanes = [...new Set(this.#view.stops.map(({ lane }) => lane))];
    const lane = lanes[lanes.indexOf(here.lane) + (key === 'ArrowUp' ? -1 : 1)];
    if (lane === undefined) return this.#at;
    return this.#nearest((stop) =>
      stop.lane === lane ? Math.abs(stop.x - here.x) : Number.POSITIVE_INFINITY,
    );
  }

  #point(event: PointerEvent): void {
    const panel = this.#panels.find(({ svg }) =>
      svg.contains(event.target instanceof Node ? event.target : null),
    );
    if (panel === undefined) return;
    const { left, top } = panel.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const at = this.#nearest((stop) => {
      const aside = stop.lane === undefined ? 0 : Math.abs(panel.placeY(stop.lane) - y) * 1e4;
      return aside + Math.abs(panel.placeX(stop.x) - x);
    });
    this.#go(at);
  }

  #nearest(distance: (stop: Stop) => number): number | null {
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const [index, stop] of this.#view.stops.entries()) {
      const away = distance(stop);
      if (away < least) [best, least] = [index, away];
    }
    return best;
  }

  #mark(): void {
    for (const { svg } of this.#panels) svg.querySelector('.cursor')?.remove();
    const stop = this.#at === null ? undefined : this.#view.stops[this.#at];
    if (stop === undefined) return;
    for (const [index, { svg, placeX, placeY, top, bottom }] of this.#panels.entries()) {
      const x = placeX(stop.x);
      const dots = stop.dots
        .filter(({ panel }) => panel === index)
        .map(({ y }) => makeSvg('circle', { cx: x, cy: placeY(y), r: 6 }));
      svg.append(
        makeSvg('g', { class: 'cursor' }, makeSvg('line', { x1: x, x2: x, y1: top, y2: bottom }), ...dots),
      );
    }
  }
}

/** The data as a table, made when it is first opened: it may have thousands of rows. */
function makeData(title: string, view: View): HTMLDetailsElement {
  const details = make('details', {}, make('summary', {}, `Data: ${title.toLowerCase()}`));
  const fill = (): void => {
    if (!details.open || details.querySelector('table') !== null) return;
    details.append(makeTable(`${title}, ${view.name}`, view.head, view.rows()));
  };
  details.addEventListener('toggle', fill);
  return details;
}

function makeSwitch(id: string, views: readonly View[], onChange: (view: View) => void): HTMLElement {
  const field = make('fieldset', { class: 'switch' }, make('legend', {}, 'Bound by'));
  for (const [index, view] of views.entries()) {
    const input = make('input', { type: 'radio', name: `${id}-view` });
    input.checked = index === 0;
    input.addEventListener('change', () => onChange(view));
    field.append(make('label', {}, input, ` ${view.name}`));
  }
  return field;
}

export function makeFigure({ id, title, finding, views }: FigureOptions): HTMLElement {
  const [first] = views;
  const chart = new Chart(title, first);
  let legend = makeLegend(first.legend);
  let data = makeData(title, first);
  const show = (view: View): void => {
    chart.show(view);
    const next = [makeLegend(view.legend), makeData(title, view)] as const;
    legend.replaceWith(next[0]);
    data.replaceWith(next[1]);
    [legend, data] = next;
  };
  return make(
    'figure',
    { id, 'aria-labelledby': `${id}-title` },
    make('h3', { id: `${id}-title` }, title),
    make('figcaption', {}, finding),
    ...(views.length > 1 ? [makeSwitch(id, views, show)] : []),
    legend,
    chart.element,
    chart.readout,
    data,
  );
}
