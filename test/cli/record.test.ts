import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRACE_KINDS } from '../../src/curves/trace.ts';
import { numberedFile } from '../../src/recording/from-environment.ts';
import { readTrace } from '../../src/recording/read-trace.ts';
import { ended, FIXTURES, memopool, shell, start, temporaryDirectory, textOf } from './command.ts';

const PROGRAM = [process.execPath, join(FIXTURES, 'pools.mjs')];

async function kindsOf(path: string): Promise<string> {
  const trace = await readTrace(path);
  expect(trace).not.toHaveProperty('isCut');
  return [...trace.kinds.subarray(0, trace.length)].map((place) => TRACE_KINDS[place]).join(' ');
}

describe('memopool record', () => {
  it('runs a program, passes on its output, and tells what its pool recorded', async () => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await memopool(['record', '-o', 't.txt', '--', ...PROGRAM, 'closes'], {
      cwd,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'closed\n' });
    expect(stderr).toBe(
      `memopool: recorded ${join(cwd, 't.txt')}: 2 events in ${readFileSync(join(cwd, 't.txt')).length} bytes.\n`,
    );
    expect(await kindsOf(join(cwd, 't.txt'))).toBe('complete hit');
  });

  it('records every pool, also one that is never closed, and exits with the code of the program', async () => {
    const cwd = temporaryDirectory();
    const { code, stderr } = await memopool(['record', '-o', 't.txt.gz', '--', ...PROGRAM, 'two'], { cwd });
    expect(code).toBe(7);
    expect(stderr.match(/recorded/g)).toHaveLength(2);
    for (const name of ['t.txt.gz', 't-2.txt.gz'])
      expect(await kindsOf(join(cwd, name))).toBe('complete hit');
  });

  it('records the pools of programs that the program runs', async () => {
    const cwd = temporaryDirectory();
    const { code, stdout } = await memopool(['record', '--', ...PROGRAM, 'child'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'closed\n' });
    expect(readdirSync(cwd).sort()).toEqual(['memopool-trace-2.txt', 'memopool-trace.txt']);
    for (const name of readdirSync(cwd)) expect(await kindsOf(join(cwd, name))).toBe('complete hit');
  });

  it('has the whole trace of a program that throws', async () => {
    const cwd = temporaryDirectory();
    const { code, stderr } = await memopool(['record', '--', ...PROGRAM, 'throws'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('Error: no more');
    expect(await kindsOf(join(cwd, 'memopool-trace.txt'))).toBe('complete hit');
  });

  it.each([
    ['SIGTERM', 5],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('passes %s on, ends with its program, and has the whole trace', async (signal, exitCode) => {
    const cwd = temporaryDirectory();
    const ready = new Promise((resolve) => {
      const watcher = watch(cwd, () => {
        if (!existsSync(join(cwd, 'ready'))) return;
        watcher.close();
        resolve(undefined);
      });
    });
    const child = start(['record', '--', ...PROGRAM, 'waits', join(cwd, 'ready')], { cwd });
    const [exit, told] = [ended(child), textOf(child.stderr)];
    await ready;
    child.kill(signal);
    expect(await exit).toBe(exitCode);
    expect(await told).toContain('2 events');
  });

  it('hands on arguments as they are, and says when nothing was recorded', async () => {
    const cwd = temporaryDirectory();
    const args = ['-5', '--json', '-o', 'x', '--', '1e6'];
    expect(await memopool(['record', '--', ...PROGRAM, 'none', ...args], { cwd })).toEqual({
      code: 0,
      stdout: `${args.join(' ')}\n`,
      stderr: 'memopool: nothing was recorded: the program made no pool.\n',
    });
  });

  it('replaces a file only with --force, and runs nothing otherwise', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 't.txt'), 'mine');
    const args = ['-o', 't.txt', '--', ...PROGRAM, 'closes'];
    const refused = await memopool(['record', ...args], { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/exists already; .*--force/);
    expect(readFileSync(join(cwd, 't.txt'), 'utf8')).toBe('mine');
    expect(await memopool(['record', '--force', ...args], { cwd })).toMatchObject({ code: 0 });
    expect(await kindsOf(join(cwd, 't.txt'))).toBe('complete hit');
  });

  it('keeps the old trace where no new one is recorded', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 't.txt'), 'mine');
    const none = await memopool(['record', '--force', '-o', 't.txt', '--', ...PROGRAM, 'none'], { cwd });
    expect(none.stderr).toMatch(/nothing was recorded/);
    const missing = await memopool(['record', '--force', '-o', 't.txt', '--', './no-such-program'], { cwd });
    expect(missing).toMatchObject({ code: 1 });
    expect(readdirSync(cwd)).toEqual(['t.txt']);
    expect(readFileSync(join(cwd, 't.txt'), 'utf8')).toBe('mine');
  });

  it.each([
    [['record'], /Expected either -- COMMAND/],
    [['record', '--pattern', 'zipf', '--', 'true'], /Expected either/],
    [['record', '--seed', '1', '--', 'true'], /--seed: expected it beside --pattern/],
    [
      ['record', '--limit', '5', '--', 'true'],
      /--limit: expected a whole number from 4096 to 2\^53 - 1, got "5"/,
    ],
    [['record', '--pattern', 'zip'], /expected one of zipf, .*"zip"/],
    [['record', '--pattern', 'zipf', '--seed', '-1'], /--seed: expected a whole number/],
  ])('exits with 2 for %j', async (args, message) => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await memopool(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says what program cannot be started', async () => {
    const { code, stderr } = await memopool(['record', '--', './no-such-program'], {
      cwd: temporaryDirectory(),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\.\/no-such-program cannot be started: no such file/);
  });

  it('generates a trace, the same again by its seed', async () => {
    const cwd = temporaryDirectory();
    const args = ['record', '--pattern', 'loop,keys=1500,length=6000', '--seed', '7', '-o'];
    const { code, stderr } = await memopool([...args, 'a.txt'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/loop,keys=1500,length=6000 with --seed 7\n.*10,976 events/);
    await memopool([...args, 'b.gz'], { cwd });
    const [a, b] = [await readTrace(join(cwd, 'a.txt')), await readTrace(join(cwd, 'b.gz'))];
    expect(a).toEqual(b);
    const kinds = (await kindsOf(join(cwd, 'a.txt'))).split(' ');
    // A loop longer than maxsize never hits.
    expect(kinds.filter((kind) => kind === 'complete')).toHaveLength(6000);
    expect(kinds.filter((kind) => kind === 'evict')).toHaveLength(6000 - 1024);
    expect(new Set(a.keys.subarray(0, a.length)).size).toBe(1500);
  });

  it('ends a generated trace at its bound', async () => {
    const cwd = temporaryDirectory();
    const args = ['record', '--pattern', 'zipf:1.2,keys=100', '--limit', '10_000', '-o', 't.txt'];
    const { code, stderr } = await memopool(args, { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/were left out/);
    const { length, left } = await readTrace(join(cwd, 't.txt'));
    expect(length + left).toBe(100_000);
    expect(readFileSync(join(cwd, 't.txt')).length).toBeLessThanOrEqual(10_000);
  });
});

describe('MEMOPOOL_RECORD', () => {
  it('that cannot be written is a warning, and the program goes on', async () => {
    const env = { MEMOPOOL_RECORD: '/nowhere/at/all.txt' };
    const { code, stdout, stderr } = await memopool(['fib', '10'], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '55\n' });
    expect(stderr).toMatch(/MEMOPOOL_RECORD.*there is no directory "\/nowhere\/at"/);
  });

  it('leaves files that exist as they are', async () => {
    const cwd = temporaryDirectory();
    await shell('for n in 1 2 3; do MEMOPOOL_RECORD=t.txt "$@" fib 10; done', { cwd });
    expect(readdirSync(cwd).sort()).toEqual(['t-2.txt', 't-3.txt', 't.txt']);
    for (const name of readdirSync(cwd)) expect(await kindsOf(join(cwd, name))).toBe('complete');
  });

  it.each([
    ['trace.txt', 'trace-2.txt'],
    ['trace.txt.gz', 'trace-2.txt.gz'],
    ['trace.gz', 'trace-2.gz'],
    ['trace', 'trace-2'],
    ['a.b/trace', 'a.b/trace-2'],
    ['/a/.trace', '/a/.trace-2'],
    ['/a/x.y.txt', '/a/x.y-2.txt'],
  ])('numbers further files before the extension: %s, %s', (file, second) => {
    expect([numberedFile(file, 1), numberedFile(file, 2)]).toEqual([file, second]);
  });
});
