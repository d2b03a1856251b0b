// The pure parts of the benchmark of big numbers, and one of its processes on small ones. Nothing here measures time.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Contestant, commandOf, type Maker } from '../../bench/bignum/contestant.ts';
import { type Figure, type Figures, refuseDifferent } from '../../bench/bignum/figures.ts';
import { planOf, settingsOf, warm } from '../../bench/bignum/settings.ts';
import { spreadLine, spreadOf } from '../../bench/bignum/spread.ts';
import { costLines, powerOf, ratioLines, rowsOf, verdict } from '../../bench/bignum/tables.ts';
import { type Form, targetOf } from '../../bench/bignum/targets.ts';

function figure(ms: number, more: Partial<Figure> = {}): Figure {
  return { name: 'a peer', ms, coldMs: 2 * ms, textMs: undefined, peakMb: 100, answerHash: 'same', ...more };
}

const all: Figures = {
  n: 1e7,
  form: 'decimal',
  by: new Map<Maker, Figure>([
    ['gmp', figure(300, { name: 'GMP 6.2.1', textMs: 240 })],
    ['v8', figure(900)],
    ['one worker', figure(18)],
    ['two workers', figure(10, { peakMb: 121 })],
  ]),
};

function fibonacciByAdding(n: number): bigint {
  let [current, next] = [0n, 1n];
  for (let step = 0; step < n; step++) [current, next] = [next, current + next];
  return current;
}

function cellsOf([head = [], ...body]: readonly (readonly string[])[]): readonly Record<string, string>[] {
  return body.map((line) => Object.fromEntries(head.map((name, index) => [name, line[index] ?? 'no cell'])));
}

describe('settings', () => {
  test('are sizes to 10^8 in both forms, unless told otherwise', () => {
    const usual = { sizes: [1e5, 1e6, 1e7, 1e8], forms: ['value', 'decimal'], spread: undefined };
    expect(settingsOf({})).toEqual(usual);
    const told = { BIGNUM_SIZES: '1e6,1e9', BIGNUM_FORMS: 'decimal', BIGNUM_SPREAD: '30' };
    expect(settingsOf(told)).toEqual({ sizes: [1e6, 1e9], forms: ['decimal'], spread: 30 });
  });

  test('that cannot be meant are refused', () => {
    expect(() => settingsOf({ BIGNUM_SIZES: '1e6,' })).toThrow('BIGNUM_SIZES: expected whole numbers');
    expect(() => settingsOf({ BIGNUM_SIZES: '1e10' })).toThrow('got 1e10');
    expect(() => settingsOf({ BIGNUM_FORMS: 'hex' })).toThrow(
      'BIGNUM_FORMS: expected value, decimal or both',
    );
    expect(() => settingsOf({ BIGNUM_SPREAD: '0' })).toThrow('BIGNUM_SPREAD: expected a number');
  });

  test('end each process before the next only where one needs much memory', () => {
    expect([1e5, 1e6, 1e7, 1e8, 1e9].map((n) => planOf(n).isApart)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});

test('the first run of a turn does not count, unless it is the only one', () => {
  expect(warm([9, 2, 1])).toEqual([2, 1]);
  expect(warm([9])).toEqual([9]);
});

describe('the tables', () => {
  test('set ratios with two workers beside what they must be and what is aimed at', () => {
    expect(cellsOf(ratioLines([all]))).toEqual([
      {
        'F(n)': '10^7',
        as: 'decimal',
        GMP: '300 (text 240)',
        V8: '900',
        'ours, 1 worker': '18',
        '2 workers': '10',
        'GMP/ours': '30x',
        'V8/ours': '90x',
        must: '22 kept',
        aim: '35 missed',
      },
    ]);
  });

  test('hold the peak memory with two workers against its limit', () => {
    const [head = [], line = []] = costLines([all]);
    expect(line).toHaveLength(head.length);
    expect(line.at(-1)).toBe('120 missed');
  });

  test('have a dash where a peer is missing, and no row for it', () => {
    const without: Figures = { ...all, by: new Map([...all.by].filter(([maker]) => maker !== 'gmp')) };
    expect(cellsOf(ratioLines([without]))[0]).toMatchObject({
      GMP: '-',
      'GMP/ours': '-',
      must: '22',
      aim: '35',
    });
    expect(rowsOf([without]).map(({ peer }) => peer)).toEqual(["V8's BigInt"]);
  });

  test('give the README a row for each peer, with what the ratio to GMP must be as its goal', () => {
    const what = 'F(10^7) as a decimal string, 2 workers';
    const row = { what, ours: 10, unit: 'ms', better: 'lower' };
    expect(rowsOf([all])).toEqual([
      { ...row, peer: 'GMP 6.2.1', theirs: 300, goal: { ratioAtLeast: 22 } },
      { ...row, peer: "V8's BigInt", theirs: 900 },
    ]);
  });

  test('have no target below 10^6', () => {
    expect(targetOf(1e5, 'value')).toBeUndefined();
    expect(verdict(undefined, 3)).toBe('');
    expect([verdict(4, 4), verdict(4, 3.99)]).toEqual(['4 kept', '4 missed']);
  });

  test('write powers of ten as such', () => {
    expect([1e5, 1e9, 1234567].map(powerOf)).toEqual(['10^5', '10^9', '1,234,567']);
  });
});

test('answers that differ are refused, with who came to which', () => {
  expect(() => refuseDifferent(all)).not.toThrow();
  const by = new Map(all.by).set('one worker', figure(18, { answerHash: 'other' }));
  expect(() => refuseDifferent({ ...all, by })).toThrow(
    'not the same:\ngmp: same\nv8: same\none worker: other',
  );
});

test('the spread of processes is judged by the slowest', () => {
  expect(spreadLine(spreadOf([8, 16, 8, 7]))).toBe(
    'least 7.0, median 8.0, most 16.0 ms; most by median 2.00 (at most 1.5: missed)',
  );
  expect(spreadLine(spreadOf([8, 12, 8, 7]))).toContain('1.50 (at most 1.5: kept)');
});

describe('a process of V8', () => {
  test.each<[number, Form, string]>([
    [1000, 'decimal', String(fibonacciByAdding(1000))],
    [1001, 'value', fibonacciByAdding(1001).toString(16)],
    [1003, 'value', fibonacciByAdding(1003).toString(16)],
  ])('computes F(%i) as a %s, and leaves no file behind', async (n, form, text) => {
    const command = commandOf('v8', { n, form, gmp: undefined });
    if (command === undefined) throw new Error('expected a command');
    const folder = mkdtempSync(join(tmpdir(), 'memopool-bignum-test-'));
    const one = new Contestant('v8', form, { command, turn: { runs: 3, budgetMs: 1000 } });
    try {
      expect(await one.measure()).toHaveLength(1);
      expect(await one.measure()).toHaveLength(2);
      const { name, answerHash } = await one.finish(join(folder, 'answer'));
      expect(name).toBe(`V8 ${process.versions.v8}`);
      expect(answerHash).toBe(createHash('sha256').update(text).digest('hex'));
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      await one.end();
      rmSync(folder, { recursive: true });
    }
  });

  test('that cannot start is an error', async () => {
    const command = { file: process.execPath, args: ['-e', ''] };
    const one = new Contestant('v8', 'value', { command, turn: { runs: 1, budgetMs: 0 } });
    await expect(one.measure()).rejects.toThrow('ended without an answer');
  });
});
