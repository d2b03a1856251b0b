// The logarithmic axes of sizes, which the charts by maxsize share.
import type { SizesResult } from '../result.ts';
import { formatBytes, formatCount } from './format.ts';
import { type Axis, type Callout, placing, thinOut } from './panel.ts';
import { DASHES } from './series.ts';

/** From the least to the largest of the values, a factor apart at least; values below 1 have no place on it. */
export function logDomain(values: readonly number[]): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, 1];
  for (const value of values) {
    if (value >= 1 && value < from) from = value;
    if (value > to) to = value;
  }
  if (from > to) from = 1;
  return to / from < 2 ? [Math.max(1, from / 2), to * 2] : [from, to];
}

/** 1, 10, 100 first, then their fives and twos, where there is room. */
function decimalTicks([from, to]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  const start = 10 ** Math.floor(Math.log10(from));
  for (const step of [1, 5, 2]) {
    for (let power = start; power <= to; power *= 10) ticks.push(step * power);
  }
  return ticks.filter((value) => value >= from && value <= to);
}

/** 1, 1,024 and so on first, then what lies between. */
function byteTicks([from, to]: readonly [number, number]): number[] {
  const ticks: number[] = [];
  for (const step of [1, 32, 4, 256, 2, 8, 16, 64, 128, 512]) {
    for (let power = 1; power <= to; power *= 1024) ticks.push(step * power);
  }
  return ticks.filter((value) => value >= from && value <= to);
}

export function entryAxis(domain: readonly [number, number], width: number): Axis {
  const ticks = thinOut(decimalTicks(domain), placing(domain, width, Math.log), 46);
  return { type: 'log', domain, ticks, tickFormat: formatCount, label: 'maxsize, in entries (logarithmic)' };
}

export function byteAxis(domain: readonly [number, number], width: number): Axis {
  const ticks = thinOut(byteTicks(domain), placing(domain, width, Math.log), 66);
  return { type: 'log', domain, ticks, tickFormat: formatBytes, label: 'maxBytes (logarithmic)' };
}

interface LogScale {
  readonly type: 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** A logarithmic scale over so many pixels, its ticks at least `gap` apart. */
export function logScale(domain: readonly [number, number], height: number, gap: number): LogScale {
  const [from, to] = [Math.log(domain[0]), Math.log(domain[1])];
  const place = (value: number): number => ((Math.log(value) - from) / (to - from)) * height;
  return { type: 'log', domain, ticks: thinOut(decimalTicks(domain), place, gap) };
}

/** Ticks of a vertical axis of bytes. */
export function byteScale(domain: readonly [number, number]): Axis {
  const [from, to] = domain.map(Math.log) as [number, number];
  const ticks = thinOut(byteTicks(domain), (value) => ((Math.log(value) - from) / (to - from)) * 130, 24);
  return { type: 'log', domain, ticks, tickFormat: formatBytes };
}

/** The chosen and the needed size; one line where they are the same. */
export function sizeCallouts({ chosen, needed }: SizesResult, domain: readonly [number, number]): Callout[] {
  const at = Math.max(chosen, domain[0]);
  const both = needed === chosen ? 'chosen and needed' : 'chosen';
  const callouts: Callout[] = [
    { x: at, label: `${both}: ${formatCount(chosen)}`, color: 'choice', name: 'chosen' },
  ];
  if (needed === null || needed === chosen || needed < domain[0] || needed > domain[1]) return callouts;
  const label = `needed: ${formatCount(needed)}`;
  return [...callouts, { x: needed, label, color: 'purple', dashes: DASHES, name: 'needed' }];
}
