// What tuning measured as one CSV file (RFC 4180): a header, then a row for each sample, told apart by the column `table`.
// One table, and not several below one another, because that is what a spreadsheet filters and what pandas reads as it is:
// `df[df.table == 'run'].dropna(axis=1, how='all')` is a frame of numbers. Cells that a table does not have are empty.
import type {
  CountResult,
  Interval,
  MemoResult,
  RunSample,
  SizePoint,
  TimeParts,
  TuneResult,
} from './result.ts';

const COLUMNS = [
  'table',
  'name',
  'value',
  'order',
  'workers',
  'maxsize',
  'maxBytes',
  'runs',
  'calls',
  'elapsedMs',
  'throughput',
  'throughputLow',
  'throughputHigh',
  'p50Ms',
  'p50MsLow',
  'p50MsHigh',
  'p99Ms',
  'p99MsLow',
  'p99MsHigh',
  'efficiency',
  'computeMs',
  'queueMs',
  'transferMs',
  'combineMs',
  'idleMs',
  'processCpus',
  'mainShare',
  'bytes',
  'missRatio',
  'optimalMissRatio',
  'costNs',
  'costNsLow',
  'costNsHigh',
  'distinct',
  'needed',
  'callsAtNeeded',
  'callsBelow',
] as const;

type Column = (typeof COLUMNS)[number];
type Cell = string | number | boolean | null;
type Cells = Partial<Readonly<Record<Exclude<Column, 'table'>, Cell>>>;
type Row = Cells & { readonly table: string };

/** The lines of the file, each with its end; numbers are written in full. */
export function* csvOf(result: TuneResult): Generator<string> {
  yield line(COLUMNS);
  for (const row of rowsOf(result)) yield line(COLUMNS.map((column) => row[column] ?? null));
}

function* rowsOf(result: TuneResult): Generator<Row> {
  for (const [name, value] of factsOf(result)) yield { table: 'about', name, value };
  for (const sample of result.workers?.samples ?? []) yield runRow(sample);
  for (const count of result.workers?.counts ?? []) yield countRow(count);
  for (const point of result.sizes?.points ?? []) yield sizeRow(point);
  for (const { maxsize, missRatio } of result.sizes?.curve ?? [])
    yield { table: 'curve', maxsize, missRatio };
  for (const { maxBytes, missRatio } of result.sizes?.byBytes ?? [])
    yield { table: 'curve-by-bytes', maxBytes, missRatio };
  for (const memo of result.memos) yield memoRow(memo);
}

function* factsOf({
  machine,
  subject,
  workers,
  sizes,
  advice,
  ...result
}: TuneResult): Generator<[string, Cell]> {
  yield ['startedAt', result.startedAt];
  yield ['elapsedMs', result.elapsedMs];
  yield ['isComplete', result.isComplete];
  yield ['seed', result.seed];
  for (const [key, value] of Object.entries(machine)) {
    if (key !== 'quota') yield [`machine.${key}`, value as Cell];
  }
  yield ['machine.quota.cpus', machine.quota?.cpus ?? null];
  yield ['machine.quota.source', machine.quota?.source ?? null];
  yield ['subject.source', subject.source];
  yield ['subject.name', subject.name];
  yield ['subject.functions', subject.functions.join(' ')];
  yield ['subject.calls', subject.calls];
  yield ['subject.distinct', subject.distinct];
  if (workers !== null) {
    yield ['workers.concurrency', workers.concurrency];
    const { fit } = workers;
    yield ['fit.kind', fit.kind];
    if (fit.kind === 'fit') {
      for (const key of ['lambda', 'sigma', 'kappa', 'r2', 'peak'] as const) yield [`fit.${key}`, fit[key]];
    }
  }
  if (sizes !== null) {
    yield ['sizes.needed', sizes.needed];
    yield ['sizes.samplingRate', sizes.samplingRate];
    yield ['sizes.exactUpTo', sizes.exactUpTo];
    yield ['sizes.hitNs', sizes.hitNs];
    yield ['sizes.missNs', sizes.missNs];
  }
  yield ['advice.workers', advice.workers];
  yield ['advice.maxsize', advice.maxsize];
}

function runRow({ parts, ...sample }: RunSample): Row {
  return { table: 'run', ...sample, ...partCells(parts) };
}

function countRow(count: CountResult): Row {
  return {
    table: 'count',
    workers: count.workers,
    runs: count.runs,
    ...intervalCells('throughput', count.throughput),
    ...intervalCells('p50Ms', count.p50Ms),
    ...intervalCells('p99Ms', count.p99Ms),
    efficiency: count.efficiency,
    processCpus: count.processCpus,
    mainShare: count.mainShare,
    ...partCells(count.parts),
    bytes: count.memoryBytes,
  };
}

function sizeRow({ costNs, ...point }: SizePoint): Row {
  return { table: 'size', ...point, ...intervalCells('costNs', costNs) };
}

function memoRow({ name, maxsize, distinct, needed, callsAtNeeded, callsBelow, call }: MemoResult): Row {
  return { table: 'memo', name, value: call, maxsize, distinct, needed, callsAtNeeded, callsBelow };
}

function partCells({ compute, queue, transfer, combine, idle }: TimeParts): Cells {
  return { computeMs: compute, queueMs: queue, transferMs: transfer, combineMs: combine, idleMs: idle };
}

function intervalCells(
  name: 'throughput' | 'p50Ms' | 'p99Ms' | 'costNs',
  { median, low, high }: Interval,
): Cells {
  return { [name]: median, [`${name}Low`]: low, [`${name}High`]: high };
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

// A spreadsheet computes a text that begins like a formula, and quotes do not keep it from that: an apostrophe before it does.
// Numbers are ours, and a minus is theirs.
function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^\s*[=+\-@]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
