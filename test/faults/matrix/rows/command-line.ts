// The built command: its streams, its exit codes, its output file.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Row, Tools } from '../row.ts';

const LIMIT_MS = 25_000;
// Files of at most 204,800 bytes: all but the end of F(1,000,000).
const FULL = 'ulimit -f 400';

/** Runs a line of the shell, in which "$@" is `memopool`. */
function start({ root, workers }: Tools, line: string, cwd: string): ChildProcess {
  const main = `${root}dist/src/cli/main.js`;
  return spawn('sh', ['-c', line, 'sh', process.execPath, main], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', W: String(workers), F: `${root}test/faults/matrix/functions.js` },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
}

/** As the shell's `$?` has it. */
async function exitCode(child: ChildProcess): Promise<number> {
  const [code, signal] = await once(child, 'close');
  return signal === null ? code : 128 + constants.signals[signal as NodeJS.Signals];
}

async function finished(child: ChildProcess): Promise<{ code: number; out: string; err: string }> {
  const streams = [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream)));
  const [code, out = '', err = ''] = await Promise.all([exitCode(child), ...streams]);
  return { code, out, err };
}

/** A new directory that is gone afterwards. */
async function inDirectory(work: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'memopool-faults-'));
  try {
    await work(cwd);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

export const commandLine: readonly Row[] = [
  {
    id: 'cli-interrupt',
    fault: 'Ctrl-C while a function loops for ever, with an output file',
    promise: 'exit code 130 and no word; the temporary file is removed',
    async run(tools) {
      await inDirectory(async (cwd) => {
        const child = start(tools, 'exec "$@" run --workers $W "$F#endlessAloud" -o f', cwd);
        const run = finished(child);
        child.stderr?.once('data', () => child.kill('SIGINT'));
        assert.deepEqual(await run, { code: 130, out: '', err: 'computing\n' });
        assert.deepEqual(readdirSync(cwd), []);
      });
      return 'exit code 130, and nothing is left of the file';
    },
  },
  {
    id: 'cli-head',
    fault: '| head -c 10',
    promise: 'quiet, exit code 0',
    async run(tools) {
      await inDirectory(async (cwd) => {
        for (const args of ['fib 1e6', 'fib 1e6 --json', 'run "$F#text" 1e7']) {
          const line = `{ "$@" ${args} --workers $W; echo $? >&2; } | head -c 10`;
          const { out, ...rest } = await finished(start(tools, line, cwd));
          assert.deepEqual({ ...rest, length: out.length }, { code: 0, err: '0\n', length: 10 });
        }
      });
      return '10 characters, no word, exit code 0';
    },
  },
  {
    id: 'cli-slow-pipe',
    fault: 'a slow pipe with 200 MB, and the process exits afterwards',
    promise: 'nothing is truncated; memory is bounded by the result itself',
    limitMs: 60_000,
    async run(tools) {
      await inDirectory(async (cwd) => {
        const child = start(tools, 'exec "$@" run --workers $W "$F#text" 200_000_000', cwd);
        const exit = exitCode(child);
        let length = 0;
        let peak = 0;
        let looked = 0;
        for await (const chunk of child.stdout ?? []) {
          length += chunk.length;
          if (length - looked > 1e6) {
            looked = length;
            peak = peakMemory(child.pid);
          }
          for (let turn = 0; turn < 3; turn++) await nextTurn();
        }
        assert.deepEqual([await exit, length], [0, 200_000_001]);
        // The result in its worker and in the main thread: 455 MB were measured.
        assert(peak < 800e6, `${peak} bytes of memory`);
      });
      return 'all 200 MB, exit code 0';
    },
  },
  {
    id: 'cli-exists',
    fault: 'the output file exists',
    promise: 'refused before it computes, without --force; the file is as it was',
    async run(tools) {
      await inDirectory(async (cwd) => {
        writeFileSync(join(cwd, 'f'), 'mine');
        // F(10^9) would take minutes.
        const refused = await finished(start(tools, '"$@" fib 1e9 --workers $W -o f', cwd));
        assert.deepEqual([refused.code, refused.out], [1, '']);
        assert.match(refused.err, /exists already.*--force/);
        assert.equal(readFileSync(join(cwd, 'f'), 'utf8'), 'mine');
        assert.deepEqual(readdirSync(cwd), ['f']);
        const forced = await finished(start(tools, '"$@" fib 10 --workers $W -o f --force', cwd));
        assert.deepEqual([forced.code, readFileSync(join(cwd, 'f'), 'utf8')], [0, '55\n']);
      });
      return 'exit code 1 and the option to add; with --force it is replaced';
    },
  },
  {
    id: 'cli-disk-full',
    fault: 'the disk is full while it writes, to a file or to stdout',
    promise: 'exit code 1 with the reason; the temporary file is removed',
    async run(tools) {
      await inDirectory(async (cwd) => {
        const toFile = await finished(start(tools, `${FULL}; "$@" fib 1e6 --workers $W -o f`, cwd));
        assert.equal(toFile.code, 1);
        assert.match(toFile.err, /cannot be written: file too large\.\n$/);
        assert.deepEqual(readdirSync(cwd), []);
        const toStdout = await finished(start(tools, `${FULL}; "$@" fib 1e6 --workers $W > g`, cwd));
        assert.equal(toStdout.code, 1);
        assert.match(toStdout.err, /cannot be written to stdout: file too large\.\n$/);
      });
      return 'both times: exit code 1 with the reason';
    },
  },
];

/** The most memory a process had so far, in bytes; 0 where the system does not tell. */
function peakMemory(pid: number | undefined): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
