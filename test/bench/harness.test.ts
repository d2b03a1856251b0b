// The benchmarks' own arithmetic and their table. Nothing here measures time.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatFigure, formatRatio } from '../../bench/harness/format.ts';
import type { Machine } from '../../bench/harness/machine.ts';
import { median, quantile } from '../../bench/harness/median.ts';
import { type Results, readResults, withQuestions, withRun } from '../../bench/harness/results.ts';
import { inTurn } from '../../bench/harness/rounds.ts';
import { compare, type Measured, meetsGoal } from '../../bench/harness/row.ts';
import { table, withTable } from '../../bench/harness/table.ts';

const measured: Measured = {
  what: 'a call',
  ours: 2,
  peer: 'piscina',
  theirs: 8,
  unit: 'us',
  better: 'lower',
};

function machine(node: string): Machine {
  return { cpu: 'a CPU', cpus: 2, node, packages: { piscina: '5.3.2' } };
}

describe('samples', () => {
  test('the median is the middle one, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('a quantile is the smallest sample that the share does not exceed', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(samples, 0.95)).toBe(95);
    expect(quantile([7], 0.95)).toBe(7);
  });

  test('contestants take turns, each round begun by another, and the first round does not count', async () => {
    const order: string[] = [];
    const contestant = (name: string) => () => {
      order.push(name);
      return order.length;
    };
    const samples = await inTurn(2, { a: contestant('a'), b: contestant('b') });
    expect(order.join('')).toBe('ababba');
    expect(samples.of('a')).toEqual([3, 6]);
    expect(samples.median('b')).toBe(4.5);
  });
});

describe('a ratio', () => {
  test('is above one where ours is better, for times and for rates', () => {
    expect(compare('latency', measured).ratio).toBe(4);
    expect(compare('misses', { ...measured, better: 'higher' }).ratio).toBe(0.25);
  });

  test('is refused where nothing was measured', () => {
    expect(() => compare('latency', { ...measured, theirs: Number.NaN })).toThrow('nothing was measured');
  });

  test('says plainly where ours is worse, and where a goal is missed', () => {
    expect(formatRatio(compare('latency', measured))).toBe('4x');
    expect(formatRatio(compare('misses', { ...measured, better: 'higher' }))).toBe('0.25x, slower');
    expect(formatRatio(compare('entry', { ...measured, theirs: 1, unit: 'bytes' }))).toBe('0.5x, larger');
    const goal = { ratioAtLeast: 5 };
    expect(formatRatio(compare('latency', { ...measured, goal }))).toBe('4x, goal missed');
  });

  test('meets a goal of its own or one of our figure', () => {
    expect(meetsGoal(compare('latency', { ...measured, goal: { ratioAtLeast: 4 } }))).toBe(true);
    expect(meetsGoal(compare('latency', { ...measured, goal: { oursAtMost: 1.9 } }))).toBe(false);
  });

  test('figures have three digits, or are whole', () => {
    expect([0.012345, 1.2345, 99.96, 123.4, 1234567].map(formatFigure)).toEqual([
      '0.0123',
      '1.23',
      '100',
      '123',
      '1,234,567',
    ]);
  });
});

describe('results', () => {
  const row = compare('latency', measured);
  const other = compare('hits', measured);
  const kept: Results = { '20': { machine: machine('v20.20.2'), rows: [row, other] } };

  test('of a whole run take the place of those of the same Node line alone', () => {
    const on24 = { machine: machine('v24.1.0'), rows: [row] };
    expect(withRun(kept, on24)).toEqual({ ...kept, '24': on24 });
    const on20 = { machine: machine('v20.21.0'), rows: [row] };
    expect(withRun(kept, on20)).toEqual({ '20': on20 });
  });

  test('of some questions leave the others as they were', () => {
    const faster = compare('latency', { ...measured, ours: 1 });
    const run = { machine: machine('v20.20.2'), rows: [faster] };
    expect(withQuestions(kept, run)).toEqual({ '20': { machine: run.machine, rows: [other, faster] } });
  });
});

describe('the table', () => {
  const first = compare('latency', measured);
  const better = compare('latency', { ...measured, peer: 'tinypool' });
  const worse = compare('latency', { ...measured, peer: 'MessagePort', theirs: 1 });

  test('has a row for each comparison and a column for each Node, and shows every row where ours is worse', () => {
    const results: Results = {
      '20': { machine: machine('v20.20.2'), rows: [first, better, worse] },
      '24': { machine: machine('v24.1.0'), rows: [compare('latency', { ...measured, ours: 1 }), better] },
    };
    expect(table(results)).toBe(`- a CPU, 2 CPUs, Node v20.20.2; piscina 5.3.2
- a CPU, 2 CPUs, Node v24.1.0; piscina 5.3.2

| question | measured | beside | ours (Node 24) | theirs | Node 20 | Node 24 | goal |
| --- | --- | --- | --- | --- | --- | --- | --- |
| latency | a call | piscina | 1 us | 8 us | 4x | 8x |  |
|  | a call | MessagePort | 2 us | 1 us | 0.5x, slower |  |  |

1 more row, of a further peer that is nowhere better, is in bench/results.json.
`);
  });

  test('takes the place of what stood between the marks', () => {
    const text = 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n';
    const once = withTable(text, {});
    expect(once).toBe('before\n<!-- bench -->\nNothing was measured yet.\n<!-- /bench -->\nafter\n');
    expect(withTable(once, {})).toBe(once);
    expect(() => withTable('no marks', {})).toThrow('found none');
  });

  test('of bench/results.json is what the README shows', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(withTable(readme, readResults())).toBe(readme);
  });
});
