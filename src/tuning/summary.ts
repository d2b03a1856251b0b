// What tuning found, on at most 25 lines: what may be wrong with it first, what to paste last, and between them the numbers.
import { findingsOf } from './advice.ts';
import { showMs } from './figures.ts';
import { columnsOf, cut, figure, memory, percent, plain, whole, wrap } from './plain.ts';
import type { CountResult, MemoResult, SizesResult, TuneResult, WorkersResult } from './result.ts';
import { chartOf } from './size-chart.ts';

export interface SummaryOptions {
  /** How wide the lines may be. More than 80 are not used, and 40 are at the least. */
  readonly columns: number;
  readonly colors: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
}

const MOST_LINES = 25;
const MOST_COLUMNS = 80;
const LEAST_COLUMNS = 40;
const LABEL = 10;

type Style = 'bold' | 'yellow' | 'green' | 'none';

interface Line {
  readonly text: string;
  readonly style: Style;
}

interface Layout {
  readonly columns: number;
  readonly unicode: boolean;
  /** How many lines more than it must have the next sentence may have. */
  readonly nextExtra: () => number;
}

const SHORTEST_SENTENCE = 2;
// What can be seen in the table and the chart too.
const SHORTEST_REASON = 1;
const MOST_EXTRA = 4;
const MOST_SENTENCES = 8;

/** The lines, without their ends. */
export function summaryOf(result: TuneResult, options: SummaryOptions): string[] {
  const columns = Math.max(LEAST_COLUMNS, Math.min(options.columns, MOST_COLUMNS));
  const layout = { columns, unicode: options.unicode };
  const lines = fittingLines(result, layout);
  // All but what comes after the sizes has room then.
  const end = adviceLines(result, { ...layout, nextExtra: () => 0 });
  const left = lines.length - MOST_LINES;
  if (left > 0) lines.splice(-end.length - left, left);
  return lines.map((line) => (options.colors ? colored(line) : line.text));
}

// Whole sentences, as long as there is room: first all have the lines they must have, then one after the other has more.
function fittingLines(result: TuneResult, layout: Pick<Layout, 'columns' | 'unicode'>): Line[] {
  const extras: number[] = [];
  const made = (): Line[] => {
    let at = 0;
    return linesOf(result, { ...layout, nextExtra: () => extras[at++] ?? 0 });
  };
  let lines = made();
  for (let sentence = 0; sentence < MOST_SENTENCES; sentence++) {
    for (let extra = 1; extra <= MOST_EXTRA; extra++) {
      extras[sentence] = extra;
      const longer = made();
      if (longer.length > MOST_LINES) {
        extras[sentence] = extra - 1;
        break;
      }
      lines = longer;
    }
  }
  return lines;
}

function linesOf(result: TuneResult, layout: Layout): Line[] {
  return [
    ...notesOf(result, layout),
    ...headOf(result, layout),
    ...workersLines(result.workers, layout),
    ...sizesLines(result.sizes, layout),
    ...findingsLines(result, layout),
    ...adviceLines(result, layout),
  ];
}

function notesOf(result: TuneResult, layout: Layout): Line[] {
  const nothing = result.workers === null && result.sizes === null && result.memos.length === 0;
  if (nothing) return [text('Nothing was measured yet.', layout, 'yellow')];
  if (result.isComplete) return [];
  const note = `Incomplete: it ended after ${seconds(result.elapsedMs)}, and what follows is what it had until then.`;
  return wrap(note, layout.columns, 2).map((line) => text(line, layout, 'yellow'));
}

function headOf({ machine, subject, seed, elapsedMs }: TuneResult, layout: Layout): Line[] {
  const { quota } = machine;
  const limited = quota === null ? '' : ` (${quota.source}: ${figure(quota.cpus)})`;
  const cpus = `${machine.usableCpus} of ${count(machine.cpus, 'CPU')}${limited}`;
  const what = subject.source === 'trace' ? 'recorded call' : 'call';
  const calls = `${count(subject.calls, what)} of ${namesOf(subject.functions)}`;
  // A function that is divided, or calls others by the pool, makes calls of its own.
  const made = subject.distinct > subject.calls ? ' with those they make' : '';
  return [
    labelled('Machine', `${cpus}, ${machine.cpuModel}, Node ${machine.node}`, layout),
    labelled('Workload', `${calls}, ${whole(subject.distinct)} different${made}: ${subject.name}`, layout),
    labelled('Measured', `for ${seconds(elapsedMs)}, with seed ${seed}`, layout),
  ];
}

// As long as the names of a line may be, so that there is room for the rest of it.
const LONGEST_NAMES = 30;

function namesOf(functions: readonly string[]): string {
  const names = functions.join(', ');
  return names.length <= LONGEST_NAMES && names !== '' ? names : count(functions.length, 'function');
}

const MOST_COUNTS = 5;
const BAR = 10;

function workersLines(workers: WorkersResult | null, layout: Layout): Line[] {
  if (workers === null || workers.counts.length === 0) return [];
  const { counts, chosen } = workers;
  const most = Math.max(...counts.map(({ throughput }) => throughput.median));
  const head = `${'workers'.padStart(8)}${'calls/s'.padStart(10)}  ${'95 % interval'.padEnd(19)}${'p50'.padStart(10)}${'p99'.padStart(10)}${'effic.'.padStart(8)}`;
  return [
    text(head, layout, 'bold'),
    ...someOf(counts, chosen).map((row) =>
      text(countRow(row, { chosen, most }, layout), layout, row.workers === chosen ? 'green' : 'none'),
    ),
    ...fitLines(workers, layout),
  ];
}

function countRow(
  { workers, throughput, p50Ms, p99Ms, efficiency }: CountResult,
  { chosen, most }: { readonly chosen: number; readonly most: number },
  { unicode }: Layout,
): string {
  const interval = `${figure(throughput.low)} to ${figure(throughput.high)}`;
  const bar = (unicode ? '█' : '#').repeat(lengthOf(throughput.median / most));
  const cells = [
    (workers === chosen ? `> ${workers}` : String(workers)).padStart(8),
    figure(throughput.median).padStart(10),
    `  ${interval.padEnd(19)}`,
    showMs(p50Ms.median).padStart(10),
    showMs(p99Ms.median).padStart(10),
    `${Math.round(efficiency * 100)} %`.padStart(8),
  ];
  return `${cells.join('')}  ${bar}`.trimEnd();
}

// A result may have been read from a file.
function lengthOf(ratio: number): number {
  return ratio >= 0 && ratio <= 1 ? Math.round(BAR * ratio) : 0;
}

// The least, the most and the chosen one, and of the others as many as there is room for, evenly.
function someOf(counts: readonly CountResult[], chosen: number): readonly CountResult[] {
  if (counts.length <= MOST_COUNTS) return counts;
  const kept = new Set([0, counts.length - 1]);
  const at = counts.findIndex(({ workers }) => workers === chosen);
  if (at >= 0) kept.add(at);
  for (let step = 1; kept.size < MOST_COUNTS && step < counts.length; step++) {
    kept.add(Math.round((step * (counts.length - 1)) / (MOST_COUNTS - 1)) % counts.length);
  }
  for (let index = 0; kept.size < MOST_COUNTS; index++) kept.add(index);
  return counts.filter((_, index) => kept.has(index));
}

function fitLines({ fit, limit }: WorkersResult, layout: Layout): Line[] {
  const limits = labelledLines('Limit', limit, layout);
  if (fit.kind === 'refused') return [...labelledLines('No fit', fit.reason, layout), ...limits];
  const peak =
    fit.peak === null ? 'no peak' : `peak ${figure(fit.peak)}${fit.isLowConfidence ? ' (unsure)' : ''}`;
  const fitted = `contention ${percent(fit.sigma)}, coherency ${percent(fit.kappa)}, R² ${fit.r2.toFixed(3)}, ${peak}`;
  return [labelled('Fit', fitted, layout), ...limits];
}

function sizesLines(sizes: SizesResult | null, layout: Layout): Line[] {
  if (sizes === null) return [];
  const { needed, chosen, points } = sizes;
  const chart = chartOf(sizes, { ...layout, label: LABEL });
  const point = points.find(({ maxsize }) => maxsize === chosen);
  const bytes = point === undefined ? '' : `, ${percent(point.missRatio)} missed, ${memory(point.bytes)}`;
  const need = needed === null ? 'no call came again' : `${whole(needed)} computes nothing twice`;
  return [
    ...chart.map((line, index) => text(line, layout, index === 0 ? 'bold' : 'none')),
    labelled('Maxsize', `${whole(chosen)} chosen${bytes}; ${need}${sampledOf(sizes)}`, layout, 'green'),
  ];
}

function sampledOf({ isExact, exactUpTo, samplingRate }: SizesResult): string {
  if (isExact || exactUpTo === null) return '';
  return `, above ${whole(exactUpTo)} from ${percent(samplingRate)} of the keys`;
}

const MOST_MEMOS = 2;

function findingsLines({ memos, advice, workers, sizes }: TuneResult, layout: Layout): Line[] {
  const bounded = memos.filter(({ needed }) => needed > 0); // of the others any size is enough
  const shown = bounded.slice(0, MOST_MEMOS).map((memo) => labelled('Memo', memoText(memo), layout));
  const left = bounded.length - shown.length;
  if (left > 0) shown.push(labelled('Memo', `${count(left, 'memo')} more in the report`, layout));
  // What was found of the memos stands in their lines.
  const ofMemos = new Set(findingsOf({ workers: null, memos }));
  const others = advice.findings.filter((finding) => !ofMemos.has(finding));
  const notes = others.flatMap((finding) => labelledLines('Note', finding, layout));
  const reasons = [workers, sizes].map((part) => part?.reason ?? '').filter((reason) => reason !== '');
  return [
    ...shown,
    ...notes,
    ...reasons.flatMap((reason) => labelledLines('Reason', reason, layout, SHORTEST_REASON)),
  ];
}

function memoText({ call, needed, callsAtNeeded, callsBelow, isBelowCut, maxsize }: MemoResult): string {
  const runs =
    callsAtNeeded === null || callsBelow === null
      ? ''
      : `: ${whole(callsAtNeeded)} computed, with one less ${isBelowCut ? 'over ' : ''}${whole(callsBelow)}`;
  if (maxsize !== null && maxsize < needed)
    return `${call} needs ${whole(needed)}, but has ${whole(maxsize)}${runs}`;
  return `${call} needs ${whole(needed)}${runs} (has ${maxsize === null ? 'no bound' : whole(maxsize)})`;
}

function adviceLines({ advice }: TuneResult, layout: Layout): Line[] {
  if (advice.lines.length === 0)
    return [text('Too little was measured to advise anything.', layout, 'yellow')];
  return [
    text('Paste into the options of createPool:', layout),
    ...advice.lines.slice(0, 3).map((line) => text(`  ${line}`, layout, 'bold')),
  ];
}

function labelled(label: string, value: string, layout: Layout, style: Style = 'none'): Line {
  return text(`${label.padEnd(LABEL)}${value}`, layout, style);
}

function labelledLines(label: string, value: string, layout: Layout, least = SHORTEST_SENTENCE): Line[] {
  const lines = wrap(plain(value, layout.unicode), layout.columns - LABEL, least + layout.nextExtra());
  return lines.map((line, index) => labelled(index === 0 ? label : '', line, layout));
}

function text(value: string, { columns, unicode }: Layout, style: Style = 'none'): Line {
  return { text: cut(plain(value, unicode), columns), style };
}

const CODES = { bold: [1, 22], yellow: [33, 39], green: [32, 39] } as const;

function colored({ text, style }: Line): string {
  if (style === 'none' || columnsOf(text) === 0) return text;
  const [on, off] = CODES[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

function count(value: number, noun: string): string {
  return `${whole(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const rounded = Math.round(ms / 1000);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}
