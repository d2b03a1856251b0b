// Numbers read back from a drawn chart: places of marks, against the labels of the ticks that a reader goes by.
import type { Page } from 'playwright-core';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Tick {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  '%': 0.01,
  ns: 1e-6,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  bytes: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** What a label says: times in milliseconds, sizes in bytes, percentages as ratios. */
export function readLabel(text: string): number {
  const [, digits = '', unit = ''] = /^([\d.,]+)\s*(\D*)$/.exec(text.trim()) ?? [];
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN);
}

/** The plot at that place of the figure. */
export class Drawn {
  readonly #page: Page;
  readonly #plot: string;

  constructor(page: Page, figure: string, plot = 0) {
    this.#page = page;
    this.#plot = `#${figure} .plots svg >> nth=${plot}`;
  }

  /** Turns places across, or upwards, into values. */
  async scale(axis: 'x' | 'y', kind: 'linear' | 'log' = 'linear'): Promise<(place: number) => number> {
    const ticks = await this.#page.locator(this.#plot).evaluate(
      (svg, name): Tick[] =>
        [...svg.querySelectorAll(`[aria-label='${name}-axis tick label'] text`)].map((text) => {
          const box = text.getBoundingClientRect();
          const own = svg.getBoundingClientRect();
          return {
            text: text.textContent ?? '',
            x: box.left + box.width / 2 - own.left,
            y: box.top + box.height / 2 - own.top,
          };
        }),
      axis,
    );
    const form = kind === 'log' ? Math.log : (value: number): number => value;
    const back = kind === 'log' ? Math.exp : (value: number): number => value;
    const known = ticks.map((tick) => ({ place: tick[axis], value: form(readLabel(tick.text)) }));
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined || first === last)
      throw new Error(`expected two ticks of ${axis}`);
    return (place) =>
      back(first.value + ((place - first.place) / (last.place - first.place)) * (last.value - first.value));
  }

  /** The middles of marks, in pixels of the plot. */
  async points(marks: string): Promise<Point[]> {
    return await this.#page.locator(this.#plot).evaluate(
      (svg, selector): Point[] =>
        [...svg.querySelectorAll(selector)].map((mark) => {
          const box = mark.getBoundingClientRect();
          const own = svg.getBoundingClientRect();
          return { x: box.left + box.width / 2 - own.left, y: box.top + box.height / 2 - own.top };
        }),
      marks,
    );
  }

  /** Left, right, top and bottom of marks. */
  async boxes(marks: string): Promise<{ left: number; right: number; top: number; bottom: number }[]> {
    return await this.#page.locator(this.#plot).evaluate(
      (svg, selector) =>
        [...svg.querySelectorAll(selector)].map((mark) => {
          const box = mark.getBoundingClientRect();
          const own = svg.getBoundingClientRect();
          const { left, top } = own;
          return {
            left: box.left - left,
            right: box.right - left,
            top: box.top - top,
            bottom: box.bottom - top,
          };
        }),
      marks,
    );
  }

  /** The corners of a line's path, as it was drawn. */
  async path(line: string): Promise<Point[]> {
    const d = await this.#page.locator(this.#plot).locator(`${line} path`).first().getAttribute('d');
    let [x, y] = [0, 0];
    return [...(d ?? '').matchAll(/([MLHV])([-\d.,e]+)/g)].map(([, command, numbers = '']) => {
      const [first = 0, second = 0] = numbers.split(',').map(Number);
      if (command === 'V') y = first;
      else x = first;
      if (command === 'M' || command === 'L') y = second;
      return { x, y };
    });
  }
}
