// The built command as a child process with a hard limit, and what it left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const MAIN: string = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
export const FIXTURES: string = fileURLToPath(new URL('fixtures/', import.meta.url));

const LIMIT_MS = 25_000;

export interface Finished {
  /** As the shell's `$?` has it: 128 and the signal's number for a process that a signal ended. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `memopool` with these arguments to its end. */
export async function memopool(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const child = start(args, options);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    ended(child),
  ]);
  return { code, stdout, stderr };
}

/** Runs a line of the shell, in which "$@" is `memopool`. */
export async function shell(line: string, options: CommandOptions = {}): Promise<Finished> {
  const child = launch('sh', ['-c', line, 'sh', process.execPath, MAIN], options);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    ended(child),
  ]);
  return { code, stdout, stderr };
}

export function start(args: readonly string[], options: CommandOptions = {}): ChildProcess {
  return launch(process.execPath, [MAIN, ...args], options);
}

function launch(
  file: string,
  args: readonly string[],
  { cwd = FIXTURES, env = {} }: CommandOptions,
): ChildProcess {
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

export async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream?.setEncoding('utf8') ?? []) text += chunk;
  return text;
}

export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? -1) : 128 + constants.signals[signal]),
    );
  });
}

/** A new directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'memopool-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
