import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../src/tuning/advice.ts';
import { columnsOf, figure, memory, percent, plain, wrap } from '../../src/tuning/plain.ts';
import type { TuneResult } from '../../src/tuning/result.ts';
import { type SummaryOptions, summaryOf } from '../../src/tuning/summary.ts';
import { resultWith, sizesOf, workersOf } from './result.ts';

function summary(result: TuneResult, options: Partial<SummaryOptions> = {}): string[] {
  return summaryOf(result, { columns: 80, colors: false, unicode: true, ...options });
}

describe('the summary', () => {
  it('ends with the two lines to paste into createPool', () => {
    expect(summary(resultWith()).slice(-3)).toEqual([
      'Paste into the options of createPool:',
      '  workers: 2,',
      '  maxsize: 256,',
    ]);
  });

  it('begins with what is incomplete about it', () => {
    const [first] = summary(resultWith({ isComplete: false }));
    expect(first).toBe('Incomplete: it ended after 58.4 s, and what follows is what it had until then.');
    const nothing = resultWith({ isComplete: false, workers: null, sizes: null, memos: [] });
    expect(summary(nothing)[0]).toBe('Nothing was measured yet.');
  });

  it('names the quota of the machine', () => {
    expect(summary(resultWith())[0]).toMatch(/^Machine {3}2 of 8 CPUs \(\/sys\/fs\/cgroup\/cpu\.max: 2\)/);
  });

  it('has a row for each count, and marks the chosen one', () => {
    expect(summary(resultWith()).slice(3, 6)).toEqual([
      ' workers   calls/s  95 % interval             p50       p99  effic.',
      '       1     1,234  1,209 to 1,259        0.81 ms    1.2 ms   100 %  █████',
      '     > 2     2,394  2,346 to 2,442        0.81 ms    1.2 ms    97 %  ██████████',
    ]);
  });

  it('has whole sentences where there is room, what limits first of all', () => {
    const limit = `From 1 to 2 workers nothing changes, because ${'the main thread is busy, '.repeat(9)}and that is all.`;
    const lines = summary(resultWith({ workers: { ...workersOf([1, 2]), limit } }));
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(limit);
    expect(lines.length).toBeLessThanOrEqual(25);
  });

  it('says why there is no fit', () => {
    const workers = {
      ...workersOf([1, 2]),
      fit: { kind: 'refused', reason: 'Fewer than 4 counts.' },
    } as const;
    expect(summary(resultWith({ workers }))).toContain('No fit    Fewer than 4 counts.');
  });

  it('has the chosen and the needed size among those with numbers', () => {
    const lines = summary(resultWith());
    expect(lines.find((line) => line.startsWith('maxsize'))).toMatch(/ 256 +600$/);
    expect(lines.find((line) => line.startsWith('misses'))).toMatch(/ 16\.6 % +3\.8 %$/);
    expect(lines.find((line) => line.startsWith('Maxsize'))).toBe(
      'Maxsize   256 chosen, 16.6 % missed, 50 KiB; 600 computes nothing twice',
    );
  });

  it('tells what a memo needs, and what one less costs', () => {
    expect(summary(resultWith())).toContain(
      'Memo      fib(40) needs 3: 41 computed, with one less 1,045,216 (has 128)',
    );
  });

  it('tells of a memo once, and when it is too small', () => {
    const [memo] = resultWith().memos;
    const memos = memo === undefined ? [] : [{ ...memo, maxsize: 2 }];
    const findings = findingsOf({ workers: null, memos });
    const lines = summary(resultWith({ memos, advice: { ...resultWith().advice, findings } })).join('\n');
    expect(lines).toContain('fib(40) needs 3, but has 2: 41 computed, with one less 1,045,216');
    expect(findings).toHaveLength(1);
    expect(lines).not.toContain('Note');
  });

  it('says that calls make calls where more are different than were made', () => {
    const subject = { ...resultWith().subject, calls: 12, distinct: 59 };
    expect(summary(resultWith({ subject })).join('\n')).toContain('59 different with those they make: ');
  });

  it('writes microseconds with a u where the terminal shows ASCII alone', () => {
    const lines = summary(resultWith({ workers: { ...workersOf([1, 2]), limit: 'It takes 4.1 µs.' } }), {
      unicode: false,
    });
    expect(lines.join('\n')).toContain('It takes 4.1 us.');
  });

  it('draws with ASCII alone where the terminal has no more', () => {
    const lines = summary(resultWith({ workers: workersOf([1, 2, 4, 8]) }), { unicode: false });
    expect(lines.join('')).toMatch(/^[ -~]+$/);
    expect(lines.join('')).toContain('####');
  });

  it('has colors where they are wanted, and is else the same', () => {
    const colored = summary(resultWith(), { colors: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what colors are made of
    const codes = /\x1b\[\d+m/g;
    expect(colored.join('\n')).toMatch(codes);
    expect(colored.map((line) => line.replace(codes, ''))).toEqual(summary(resultWith()));
  });

  it('has nothing in it that a terminal would obey', () => {
    const result = resultWith();
    const name = 'a\x1b[2Jb\u009b31m\u202ec\n\r';
    const subject = { ...result.subject, name, functions: [name] };
    const lines = summary({ ...result, subject, advice: { ...result.advice, findings: [name] } });
    expect(lines.join('')).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  const words = fc.string({ unit: 'grapheme', maxLength: 200 });
  const number = fc.oneof(fc.double(), fc.nat(), fc.double({ min: 0, max: 1 }));

  it('keeps to 25 lines of the columns there are, whatever was found', () => {
    const interval = fc.record({ median: number, low: number, high: number });
    const anything = fc.record({
      counts: fc.uniqueArray(fc.integer({ min: 1, max: 1024 }), { maxLength: 12 }),
      findings: fc.array(words, { maxLength: 12 }),
      lines: fc.array(words, { maxLength: 6 }),
      texts: fc.tuple(words, words, words, words),
      sizes: fc.uniqueArray(fc.nat(2 ** 31), { maxLength: 20 }),
      interval,
      columns: fc.integer({ min: 40, max: 200 }),
      unicode: fc.boolean(),
      isComplete: fc.boolean(),
    });
    fc.assert(
      fc.property(
        anything,
        ({ counts, findings, lines, texts, sizes, interval, columns, unicode, isComplete }) => {
          const [name, reason, limit, cpuModel] = texts;
          const base = resultWith();
          const workers = workersOf(counts.sort((a, b) => a - b));
          const curve = sizes
            .sort((a, b) => a - b)
            .map((maxsize, i) => ({ maxsize, missRatio: 1 / (i + 1) }));
          const result = resultWith({
            isComplete,
            machine: { ...base.machine, cpuModel },
            subject: { ...base.subject, name, functions: [name, reason] },
            workers: {
              ...workers,
              counts: workers.counts.map((count) => ({ ...count, throughput: interval, p50Ms: interval })),
              fit: { kind: 'refused', reason },
              reason,
              limit,
            },
            sizes: { ...sizesOf(), curve, reason, chosen: sizes.at(-1) ?? 0, needed: sizes[0] ?? null },
            memos: base.memos.flatMap((memo) => [memo, { ...memo, call: name }, memo, memo]),
            advice: { ...base.advice, findings, lines },
          });
          const shown = summary(result, { columns, unicode });
          expect(shown.length).toBeLessThanOrEqual(25);
          expect(shown.some((line) => line.startsWith('Maxsize '))).toBe(true);
          for (const line of shown) expect(columnsOf(line)).toBeLessThanOrEqual(Math.min(columns, 80));
        },
      ),
    );
  });
});

describe('numbers and texts', () => {
  it('have three figures that count', () => {
    expect([0, 0.81234, 12.345, 999.9, 1234.5, 3e12, 1.2e-5, Number.NaN].map(figure)).toEqual([
      '0',
      '0.812',
      '12.3',
      '1,000',
      '1,235',
      '3.00e12',
      '1.2e-5',
      '-',
    ]);
    expect([0, 0.0002, 0.031, 0.9999, 1].map(percent)).toEqual(['0 %', '0.02 %', '3.1 %', '100 %', '100 %']);
    expect([0, 1023, 1536, 2 ** 60].map(memory)).toEqual([
      '0 bytes',
      '1,023 bytes',
      '1.5 KiB',
      '1,048,576 TiB',
    ]);
  });

  it('are broken between words, and cut where they end too late', () => {
    expect(wrap('one two three four', 9, 2)).toEqual(['one two', 'three...']);
    expect(wrap('one two three', 9, 2)).toEqual(['one two', 'three']);
    expect(wrap('', 9, 2)).toEqual([]);
    expect(plain('a²→b', false)).toBe('a2?b');
  });
});
