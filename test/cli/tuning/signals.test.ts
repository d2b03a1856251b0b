import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, temporaryDirectory, textOf } from '../command.ts';
import type { Course } from './fake-parts.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
const ARGS = ['--import', TSX, CHILD, 'tune', 'fibonacci', '--workload', 'calls.txt'];
const REPORT = ['memopool-report.csv', 'memopool-report.html', 'memopool-report.json'];
const LIMIT_MS = 25_000;

function withCalls(): string {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'calls.txt'), '40\n');
  return cwd;
}

function environment(course: Course): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', TERM: 'xterm', TUNE_FAKE: course };
}

function start(course: Course, cwd: string): ChildProcess {
  const child = spawn(process.execPath, ARGS, {
    cwd,
    env: environment(course),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const LATER_MS = 400;

// Sends each signal when its word has come.
function signalled(child: ChildProcess, plan: Readonly<Record<string, NodeJS.Signals>>): Promise<string> {
  let text = '';
  const left = new Map(Object.entries(plan));
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (const [word, signal] of left) {
      if (!text.includes(word)) continue;
      left.delete(word);
      // Sooner the same signal would be one that somebody has passed on.
      setTimeout(() => child.kill(signal), word === 'ending' ? LATER_MS : 0);
    }
  });
  return new Promise((resolve) => child.stderr?.once('end', () => resolve(text)));
}

describe('memopool tune that is told to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'writes its files and its summary, and exits as the signal wants: %s',
    async (signal, exitCode) => {
      const cwd = withCalls();
      const child = start('obedient', cwd);
      const [stderr, stdout, code] = await Promise.all([
        signalled(child, { measuring: signal }),
        textOf(child.stdout),
        ended(child),
      ]);
      expect(code).toBe(exitCode);
      expect(stdout).toMatch(/^Incomplete: /);
      expect(stdout).toMatch(/maxsize: 256,\n$/);
      expect(stderr).toContain(`--resume ${join(cwd, 'memopool-report.json')}`);
      expect(readdirSync(cwd)).toEqual(['calls.txt', ...REPORT]);
      const { isComplete } = JSON.parse(readFileSync(join(cwd, 'memopool-report.json'), 'utf8'));
      expect(isComplete).toBe(false);
    },
  );

  it('keeps what was measured although tuning does not end', async () => {
    const cwd = withCalls();
    const child = start('deaf', cwd);
    const [, stdout, code] = await Promise.all([
      signalled(child, { measuring: 'SIGINT' }),
      textOf(child.stdout),
      ended(child),
    ]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/maxsize: 256,\n$/);
    expect(readdirSync(cwd)).toEqual(['calls.txt', ...REPORT]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('twice ends at once, without files: SIGINT, then %s', async (second, exitCode) => {
    const cwd = withCalls();
    const child = start('deaf', cwd);
    const [, stdout, code] = await Promise.all([
      signalled(child, { measuring: 'SIGINT', ending: second }),
      textOf(child.stdout),
      ended(child),
    ]);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(readdirSync(cwd)).toEqual(['calls.txt']);
  });

  it('takes a signal that comes twice at once, as timeout and npm send it, for one', async () => {
    const cwd = withCalls();
    const child = start('obedient', cwd);
    const [, stdout, code] = await Promise.all([
      signalled(child, { measuring: 'SIGINT', measurin: 'SIGINT' }),
      textOf(child.stdout),
      ended(child),
    ]);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Incomplete: /);
    expect(readdirSync(cwd)).toEqual(['calls.txt', ...REPORT]);
  });

  it('writes nothing when nothing was measured', async () => {
    const cwd = withCalls();
    const child = start('empty', cwd);
    const [stderr, stdout, code] = await Promise.all([
      signalled(child, { measuring: 'SIGINT' }),
      textOf(child.stdout),
      ended(child),
    ]);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('Ended before anything was measured.');
    expect(readdirSync(cwd)).toEqual(['calls.txt']);
  });
});

describe('the summary', () => {
  it('may be closed early without a word, and the files are there', () => {
    const cwd = withCalls();
    const line = '{ "$@"; echo $? >&2; } | head -c 10';
    const { stdout, stderr } = spawnSync('sh', ['-c', line, 'sh', process.execPath, ...ARGS], {
      cwd,
      env: environment('whole'),
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
    expect(stdout).toHaveLength(10);
    expect(stderr).toMatch(/\n0\n$/);
    expect(readdirSync(cwd)).toEqual(['calls.txt', ...REPORT]);
  });
});
