// What bench/bignum shows: medians and ratios beside their targets, first calls and memory, and rows for the README.
import { formatFigure } from '../harness/format.ts';
import type { Measured } from '../harness/row.ts';
import type { Maker } from './contestant.ts';
import type { Figure, Figures } from './figures.ts';
import { mostMbOf, targetOf } from './targets.ts';

type Lines = readonly (readonly string[])[];

/** Ratios are those of ours with two workers. */
export function ratioLines(all: readonly Figures[]): Lines {
  const head = [
    'F(n)',
    'as',
    'GMP',
    'V8',
    'ours, 1 worker',
    '2 workers',
    'GMP/ours',
    'V8/ours',
    'must',
    'aim',
  ];
  const body = all.map((figures) => {
    const { n, form, by } = figures;
    const [gmp, v8] = [ratioOf(figures, 'gmp'), ratioOf(figures, 'v8')];
    const target = targetOf(n, form);
    return [
      powerOf(n),
      form,
      time(by.get('gmp')),
      time(by.get('v8')),
      time(by.get('one worker')),
      time(by.get('two workers')),
      times(gmp),
      times(v8),
      verdict(target?.must, gmp),
      verdict(target?.aim, gmp),
    ];
  });
  return [head, ...body];
}

/** The first call of a process in ms, and the most memory a process ever had in MB. */
export function costLines(all: readonly Figures[]): Lines {
  const head = ['F(n)', 'as', 'first ms: GMP', 'V8', 'ours, 1 worker', '2 workers'];
  const headOfMemory = ['peak MB: GMP', 'V8', 'ours, 1 worker', '2 workers', 'at most'];
  const makers: readonly Maker[] = ['gmp', 'v8', 'one worker', 'two workers'];
  const body = all.map(({ n, form, by }) => {
    const peak = by.get('two workers')?.peakMb;
    const most = mostMbOf(n);
    return [
      powerOf(n),
      form,
      ...makers.map((maker) => figure(by.get(maker)?.coldMs)),
      ...makers.map((maker) => figure(by.get(maker)?.peakMb)),
      most === undefined || peak === undefined ? '' : `${formatFigure(most)} ${word(peak <= most)}`,
    ];
  });
  return [[...head, ...headOfMemory], ...body];
}

/** Two workers beside each peer that was measured. */
export function rowsOf(all: readonly Figures[]): readonly Measured[] {
  return all.flatMap(({ n, form, by }) => {
    const ours = by.get('two workers');
    const must = targetOf(n, form)?.must;
    if (ours === undefined) return [];
    const peers: readonly Maker[] = ['gmp', 'v8'];
    return peers.flatMap((maker): Measured[] => {
      const peer = by.get(maker);
      if (peer === undefined) return [];
      return [
        {
          what: `F(${powerOf(n)}) as a ${form === 'value' ? 'bigint' : 'decimal string'}, 2 workers`,
          ours: ours.ms,
          peer: maker === 'v8' ? "V8's BigInt" : peer.name,
          theirs: peer.ms,
          unit: 'ms',
          better: 'lower',
          ...(maker === 'gmp' && must !== undefined ? { goal: { ratioAtLeast: must } } : {}),
        },
      ];
    });
  });
}

/** `10^6`, or the number itself. */
export function powerOf(n: number): string {
  const exponent = Math.round(Math.log10(n));
  return 10 ** exponent === n ? `10^${exponent}` : n.toLocaleString('en-US');
}

/** Whether a ratio reaches what it should: `4 kept`, `4 missed`; the bare target where nothing was measured. */
export function verdict(target: number | undefined, ratio: number | undefined): string {
  if (target === undefined) return '';
  return ratio === undefined ? String(target) : `${target} ${word(ratio >= target)}`;
}

function word(isKept: boolean): 'kept' | 'missed' {
  return isKept ? 'kept' : 'missed';
}

function ratioOf({ by }: Figures, maker: Maker): number | undefined {
  const [ours, theirs] = [by.get('two workers'), by.get(maker)];
  return ours === undefined || theirs === undefined ? undefined : theirs.ms / ours.ms;
}

function time(of: Figure | undefined): string {
  if (of?.textMs === undefined) return figure(of?.ms);
  return `${figure(of.ms)} (text ${figure(of.textMs)})`;
}

function times(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${formatFigure(Number(ratio.toPrecision(2)))}x`;
}

function figure(value: number | undefined): string {
  return value === undefined ? '-' : formatFigure(value);
}
