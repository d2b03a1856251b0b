import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { resultWith } from '../../tuning/result.ts';
import { temporaryDirectory } from '../command.ts';
import { run } from './fake-io.ts';

const FILES = ['calls.txt', 'memopool-report.csv', 'memopool-report.html', 'memopool-report.json'];

function withCalls(text = '40\n41\n'): string {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'calls.txt'), text);
  return cwd;
}

function jsonIn(cwd: string, name = 'memopool-report.json') {
  return JSON.parse(readFileSync(join(cwd, name), 'utf8'));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colors are made of
const COLORS = /\x1b\[\d+m/g;

const WORKLOAD = ['tune', 'fibonacci', '--workload', 'calls.txt', '--seed', '7'];

describe('memopool tune', () => {
  it('writes the summary to stdout, and the page, the JSON and the CSV file beside one another', async () => {
    const cwd = withCalls();
    const { code, stdout, stderr } = await run(WORKLOAD, { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}workers: 2,\n {2}maxsize: 256,\n$/);
    expect(stderr).toContain(join(cwd, 'memopool-report.html'));
    expect(readdirSync(cwd)).toEqual(FILES);
    expect(jsonIn(cwd)).toMatchObject({ format: 'memopool-tune', isComplete: true, seed: 7 });
    expect(readFileSync(join(cwd, 'memopool-report.csv'), 'utf8')).toMatch(/^table,/);
    expect(readFileSync(join(cwd, 'memopool-report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('writes no files with --no-report', async () => {
    const cwd = withCalls();
    const { code, stderr } = await run([...WORKLOAD, '--no-report'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(cwd)).toEqual(['calls.txt']);
  });

  it('writes all of the result on one line with --json', async () => {
    const cwd = withCalls();
    const { stdout } = await run([...WORKLOAD, '--json', '--no-report'], { cwd });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 7, workers: { chosen: 2 } });
  });

  it.each([
    [{ columns: 200 }, 80],
    [{ columns: 60 }, 60],
    [{}, 80],
  ])('keeps to 25 lines and the width of the terminal: %j', async (setting, width) => {
    const { stdout } = await run(WORKLOAD, { cwd: withCalls(), ...setting });
    const lines = stdout.trimEnd().replaceAll(COLORS, '').split('\n');
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
  });

  it('has colors on a terminal, and there not with NO_COLOR', async () => {
    const colored = await run(WORKLOAD, { cwd: withCalls(), columns: 80 });
    const plain = await run(WORKLOAD, { cwd: withCalls(), columns: 80, env: { NO_COLOR: '1' } });
    const piped = await run(WORKLOAD, { cwd: withCalls() });
    expect([colored, plain, piped].map(({ stdout }) => stdout.includes('\x1b['))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('draws with ASCII unless the locale says UTF-8', async () => {
    const ascii = await run(WORKLOAD, { cwd: withCalls(), env: { LC_ALL: 'C', LANG: 'de_DE.UTF-8' } });
    const unicode = await run(WORKLOAD, { cwd: withCalls(), env: { LANG: 'de_DE.UTF-8' } });
    expect(ascii.stdout).toMatch(/^[ -~\n]+$/);
    expect(unicode.stdout).toContain('█');
  });
});

describe('what tune is asked for', () => {
  it('are the options, and the functions of a module in the place of the built-in ones', async () => {
    const cwd = withCalls();
    const options = ['--budget', '2m', '--counts', '4,1,2', '--concurrency', '8', '--max-bytes', '64e6'];
    const { asked } = await run(
      ['tune', './m.js#f', '--workload', 'calls.txt', '--seed', '3', ...options, '--no-report'],
      { cwd },
    );
    expect(asked).toEqual([
      {
        name: 'calls.txt',
        source: 'workload',
        budgetMs: 120_000,
        counts: [1, 2, 4],
        concurrency: 8,
        maxBytes: 64e6,
        seed: 3,
        calls: [
          { name: 'f', args: [40] },
          { name: 'f', args: [41] },
        ],
        isTrace: false,
        isResumed: false,
        pool: { functions: join(cwd, 'm.js'), builtIns: false },
      },
    ]);
  });

  it('may be calls of several functions, from stdin', async () => {
    const setting = { cwd: temporaryDirectory(), stdin: 'f 1\ng 2 3\n' };
    const { asked } = await run(['tune', './m.js', '--workload', '-', '--no-report'], setting);
    expect(asked).toMatchObject([
      {
        name: 'stdin',
        calls: [
          { name: 'f', args: [1] },
          { name: 'g', args: [2, 3] },
        ],
      },
    ]);
  });

  it('may be a pattern, the same for the same seed', async () => {
    const args = [
      'tune',
      'fibonacci',
      '--pattern',
      'zipf:1,keys=3,length=9',
      '--args',
      '100..1099',
      '--seed',
      '5',
      '--no-report',
    ];
    const [first, second] = [await run(args, { cwd: '/' }), await run(args, { cwd: '/' })];
    expect(first.asked).toEqual(second.asked);
    expect(first.asked).toMatchObject([
      { source: 'pattern', name: 'zipf:1,keys=3,length=9 over 100..1099', pool: {} },
    ]);
  });

  it('may be a trace, which has no calls', async () => {
    const { asked } = await run(['tune', '--trace', 'live.trace', '--no-report'], { cwd: '/' });
    expect(asked).toMatchObject([{ name: 'live.trace', isTrace: true, calls: [] }]);
    expect(asked[0]).not.toHaveProperty('source');
  });
});

describe('what tune cannot be asked for', () => {
  it.each([[[]], [['fibonacci']], [['fibonacci', '--workload', 'a', '--trace', 'b']]])(
    'has the three ways in its message, with an example each: %j',
    async (args) => {
      const { code, stdout, stderr } = await run(['tune', ...args], { cwd: '/' });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      for (const way of ['--workload calls.txt', '--trace live.trace', '--pattern zipf'])
        expect(stderr).toContain(way);
      expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it.each([
    [[...WORKLOAD, '--budget', '60'], /--budget: expected a time .*got "60"/],
    [[...WORKLOAD, '--counts', '0'], /--counts: /],
    [[...WORKLOAD, '--concurrency', '0'], /--concurrency: expected a whole number from 1 to 10000/],
    [[...WORKLOAD, '--max-bytes', '1GB'], /--max-bytes: .*got "1GB"/],
    [[...WORKLOAD, '--seed', '-1'], /--seed: expected a whole number from 0 to 2\^32 - 1, got "-1"/],
    [[...WORKLOAD, '--out', 'report'], /--out: expected a file name that ends with \.html, got "report"/],
    [[...WORKLOAD, '--out', 'a.html', '--no-report'], /--out: .*--no-report/],
    [[...WORKLOAD, '--bugdet', '60s'], /Did you mean --budget\?/],
    [['tune', './m.js#', '--workload', 'calls.txt'], /expected MODULE#EXPORT/],
    [['tune', './m.js', '--pattern', 'scan', '--args', '1..9'], /--pattern: expected one function/],
    [
      ['tune', 'fibonacci', '--pattern', 'loop,keys=3', '--args', '1..2'],
      /--args: expected at least as many .* 3; got 2/,
    ],
    [
      ['tune', 'fibonacci', '--pattern', 'zpif', '--args', '1..2'],
      /pattern: expected one of zipf.*got "zpif"/,
    ],
    [
      ['tune', 'fibonacci', '--pattern', 'loop,length=1e7', '--args', '1..2'],
      /--pattern: expected a length of at most 1000000/,
    ],
  ])('is told on one line: %j', async (args, message) => {
    const { code, stdout, stderr, asked } = await run(args, { cwd: withCalls() });
    expect({ code, stdout, asked }).toEqual({ code: 2, stdout: '', asked: [] });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^memopool: [^\n]+\n$/);
  });

  it('names the line of a workload file', async () => {
    const { code, stderr } = await run(WORKLOAD, { cwd: withCalls('1\n[2\n') });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^memopool: calls\.txt:2: expected/);
  });
});

describe('files that exist', () => {
  it.each(['html', 'json', 'csv'])(
    'are refused before anything is measured, and left as they are: %s',
    async (end) => {
      const cwd = withCalls();
      const path = join(cwd, `memopool-report.${end}`);
      writeFileSync(path, 'mine');
      const { code, stdout, stderr, asked } = await run(WORKLOAD, { cwd });
      expect({ code, stdout, asked }).toEqual({ code: 1, stdout: '', asked: [] });
      expect(stderr).toMatch(/exists already.*--force/);
      expect(readFileSync(path, 'utf8')).toBe('mine');
      expect(readdirSync(cwd)).toHaveLength(2);
    },
  );

  it('are replaced with --force', async () => {
    const cwd = withCalls();
    for (const end of ['html', 'json', 'csv']) writeFileSync(join(cwd, `r.${end}`), 'mine');
    const { code } = await run([...WORKLOAD, '--out', 'r.html', '-f'], { cwd });
    expect(code).toBe(0);
    for (const end of ['html', 'json', 'csv'])
      expect(statSync(join(cwd, `r.${end}`)).size).toBeGreaterThan(10);
  });

  it('need a directory', async () => {
    const { code, stderr, asked } = await run([...WORKLOAD, '--out', 'missing/r.html'], { cwd: withCalls() });
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain('there is no directory');
  });
});

describe('a tuning under way', () => {
  it('has saved its JSON every few seconds, as incomplete', async () => {
    const cwd = withCalls();
    let now = 0;
    const seen: unknown[] = [];
    const saved = async () => {
      while (!existsSync(join(cwd, 'memopool-report.json'))) await nextTurn();
      seen.push(jsonIn(cwd).isComplete, existsSync(join(cwd, 'memopool-report.html')));
    };
    await run(WORKLOAD, { cwd, now: () => (now += 4000), onMeasuring: saved });
    expect(seen).toEqual([false, false]);
    expect(jsonIn(cwd).isComplete).toBe(true);
  });
});

describe('a tuning that fails', () => {
  it('keeps what was measured before, and says where', async () => {
    const cwd = withCalls();
    const { code, stdout, stderr } = await run(WORKLOAD, { cwd, course: 'failing' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `memopool: What was measured until then is in ${join(cwd, 'memopool-report.json')}.\nmemopool: seven is no answer\n`,
    );
    expect(jsonIn(cwd)).toMatchObject({ isComplete: false, workers: { chosen: 2 } });
  });

  it('that found nothing says why, and writes no files', async () => {
    const cwd = withCalls();
    const { code, stdout, stderr } = await run(WORKLOAD, { cwd, course: 'late' });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'memopool: It took too long.\n',
    });
    expect(readdirSync(cwd)).toEqual(['calls.txt']);
  });
});

describe('--resume', () => {
  const subject = { ...resultWith().subject, name: 'calls.txt', given: 2 };
  const before = resultWith({ isComplete: false, subject, seed: 99 });

  function withReport(result: unknown = before): string {
    const cwd = withCalls();
    writeFileSync(
      join(cwd, 'memopool-report.json'),
      typeof result === 'string' ? result : JSON.stringify(result),
    );
    return cwd;
  }

  const RESUME = ['tune', 'fibonacci', '--workload', 'calls.txt', '--resume', 'memopool-report.json'];

  it('goes on with the same seed and settings, and replaces the files it goes on from', async () => {
    const cwd = withReport();
    const { code, asked } = await run(RESUME, { cwd });
    expect(code).toBe(0);
    expect(asked).toMatchObject([
      { isResumed: true, seed: 99, concurrency: 64, counts: [1, 2], maxBytes: 268_435_456 },
    ]);
    expect(jsonIn(cwd)).toMatchObject({ isComplete: true, seed: 99 });
    expect(readdirSync(cwd)).toEqual(FILES);
  });

  it('replaces no others without --force', async () => {
    const cwd = withReport();
    writeFileSync(join(cwd, 'other.csv'), 'mine');
    const { code, stderr } = await run([...RESUME, '--out', 'other.html'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/other\.csv exists already/);
  });

  it('shows the summary of a report that is complete, and measures nothing', async () => {
    const cwd = withReport(resultWith({ subject }));
    const { code, stdout, stderr, asked } = await run(RESUME, { cwd });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(stderr).toMatch(/complete: nothing is left to measure/);
    expect(stdout).toMatch(/maxsize: 256,\n$/);
    expect(readdirSync(cwd)).toEqual(['calls.txt', 'memopool-report.json']);
  });

  it.each([
    [['--seed', '1'], /expected --seed 99, as in memopool-report\.json; got 1/],
    [['--counts', '1,2,4'], /expected --counts 1,2, .*got 1,2,4/],
    [['--concurrency', '1'], /expected --concurrency 64, .*got 1/],
    [['--max-bytes', 'none'], /expected --max-bytes 268435456, .*got null/],
  ])('refuses other settings: %j', async (options, message) => {
    const { code, stderr, asked } = await run([...RESUME, ...options], { cwd: withReport() });
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toMatch(message);
  });

  it('refuses other calls', async () => {
    const other = { ...before, subject: { ...subject, given: 3 } };
    const { code, stderr } = await run(RESUME, { cwd: withReport(other) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected a number of calls of 3, .*got 2/);
  });

  it.each([
    ['{"format": "memopool-tune", "vers', /expected the JSON file of a report, got other text/],
    ['7', /expected a report of format .*; got 7/],
    ['{"format": "other"}', /got format "other", version undefined/],
    [{ ...before, version: 2 }, /got format "memopool-tune", version 2/],
    [{ ...before, workers: { counts: 1 } }, /version 1, whole; got/],
  ])('refuses what is no report: %j', async (text, message) => {
    const { code, stderr } = await run(RESUME, { cwd: withReport(text) });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says so when there is none', async () => {
    const { code, stderr } = await run(RESUME, { cwd: withCalls() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/memopool-report\.json cannot be read: no such file/);
  });
});
