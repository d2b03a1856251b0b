import { expect, it } from 'vitest';
import { csvOf } from '../../src/tuning/csv.ts';
import type { TuneResult } from '../../src/tuning/result.ts';
import { resultWith } from './result.ts';

// RFC 4180, read character by character: the slow obvious way.
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(i + 1) === '"') cell += text.charAt(++i);
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',' || text.startsWith('\r\n', i)) {
      row.push(cell);
      cell = '';
      if (character === ',') continue;
      rows.push(row);
      row = [];
      i++;
    } else cell += character;
  }
  expect({ row, cell }).toEqual({ row: [], cell: '' });
  return rows;
}

function tablesOf(result: TuneResult): Record<string, string>[] {
  const [header = [], ...rows] = parse([...csvOf(result)].join(''));
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(
      row.map((cell, i) => [header[i] ?? '?', cell]).filter(([, cell]) => cell !== ''),
    );
  });
}

it('holds every sample in full, told apart by the column table', () => {
  const result = resultWith();
  const rows = tablesOf(result);
  const runs = rows.filter(({ table }) => table === 'run');
  expect(runs.map(({ workers, throughput }) => [Number(workers), Number(throughput)])).toEqual(
    result.workers?.samples.map(({ workers, throughput }) => [workers, throughput]),
  );
  const curve = rows.filter(({ table }) => table === 'curve');
  expect(
    curve.map((row) => ({ maxsize: Number(row['maxsize']), missRatio: Number(row['missRatio']) })),
  ).toEqual(result.sizes?.curve);
  const counts = new Map<string, number>();
  for (const { table = '' } of rows) counts.set(table, (counts.get(table) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toMatchObject({ run: 2, count: 2, size: 7, curve: 7, memo: 1 });
});

it('tells the seed and the machine', () => {
  const facts = tablesOf(resultWith()).filter(({ table }) => table === 'about');
  const about = Object.fromEntries(facts.map(({ name, value }) => [name, value]));
  expect(about).toMatchObject({
    seed: '4711',
    'machine.cpuModel': 'A CPU @ 2.50GHz',
    'machine.quota.source': '/sys/fs/cgroup/cpu.max',
    'advice.workers': '2',
  });
});

it('leaves out what was not measured', () => {
  const rows = tablesOf(resultWith({ workers: null, sizes: null, memos: [] }));
  expect(new Set(rows.map(({ table }) => table))).toEqual(new Set(['about']));
});

it.each(['=cmd|1', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n@'])(
  'hands %j to no spreadsheet as a formula',
  (name) => {
    const result = resultWith();
    const rows = tablesOf({ ...result, subject: { ...result.subject, name } });
    expect(rows.find((row) => row['name'] === 'subject.name')?.['value']).toBe(`'${name}`);
  },
);

it('quotes commas, quotes and line ends, and writes negative numbers as numbers', () => {
  const result = resultWith({ elapsedMs: -1 });
  const name = 'a,"b"\r\nc';
  const rows = tablesOf({ ...result, subject: { ...result.subject, name } });
  expect(rows.find((row) => row['name'] === 'subject.name')?.['value']).toBe(name);
  expect(rows.find((row) => row['name'] === 'elapsedMs')?.['value']).toBe('-1');
});
