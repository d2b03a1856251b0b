import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ended, memopool, shell, start, temporaryDirectory, textOf } from './command.ts';

const MODULE = './functions.js';
// Files of at most 204,800 bytes: all but the end of F(1,000,000), so that the last write is cut short.
const LIMIT = 'ulimit -f 400';

describe('stdout', () => {
  it('gets all of 20 MB although its reader is slow', async () => {
    const child = start(['run', `${MODULE}#letters`, '20_000_000']);
    const exit = ended(child);
    const { stdout } = child;
    if (stdout === null) throw new Error('no stdout');
    const hash = createHash('sha256');
    let length = 0;
    // Whatever is there is taken in small bites with turns between, so that the pipe is full nearly always.
    for await (const chunk of stdout) {
      hash.update(chunk);
      length += chunk.length;
      for (let turn = 0; turn < 5; turn++) await nextTurn();
    }
    expect(length).toBe(20_000_001);
    const whole = `${'abcdefghij'.repeat(2_000_000)}\n`;
    expect(hash.digest('hex')).toBe(createHash('sha256').update(whole).digest('hex'));
    expect(await exit).toBe(0);
  });

  it.each(['fib 1e6', 'fib 1e6 --json', `run ${MODULE}#letters 1e7`, '--help'])(
    'may be closed early without a word: %s | head -c 10',
    async (line) => {
      const { code, stdout, stderr } = await shell(`{ "$@" ${line}; echo $? >&2; } | head -c 10`);
      expect({ code, length: stdout.length, stderr }).toEqual({ code: 0, length: 10, stderr: '0\n' });
    },
  );

  it.skipIf(!existsSync('/dev/full'))('that is full is an error, for results and for help', async () => {
    for (const line of ['fib 10', 'fib 1e6', '--help']) {
      const { code, stderr } = await shell(`"$@" ${line} > /dev/full`);
      expect({ code, stderr }, line).toEqual({
        code: 1,
        stderr: 'memopool: The result cannot be written to stdout: no space left on device.\n',
      });
    }
  });

  it('may be a file', async () => {
    const directory = temporaryDirectory();
    const { code, stderr } = await shell(`{ "$@" fib 1e5; "$@" fib 10; } > ${directory}/f`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = readFileSync(join(directory, 'f'), 'utf8').split('\n');
    expect(lines.map((line) => line.length)).toEqual([20_899, 2, 0]);
  });

  it('is not cut short in silence when it is a file that cannot hold all', async () => {
    const cwd = temporaryDirectory();
    const { code, stderr } = await shell(`${LIMIT}; "$@" fib 1e6 > f`, { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe('memopool: The result cannot be written to stdout: file too large.\n');
  });
});

describe('-o FILE', () => {
  it('puts the digits and one newline into the file, and nothing on stdout', async () => {
    const cwd = temporaryDirectory();
    expect(await memopool(['fib', '100', '-o', 'f'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('354224848179261915075\n');
    expect(readdirSync(cwd)).toEqual(['f']);
  });

  it('leaves the JSON to stdout, with the file in the place of the value', async () => {
    const cwd = temporaryDirectory();
    const { stdout } = await memopool(['fib', '100', '--json', '--output', 'f'], { cwd });
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ digits: 21, file: join(cwd, 'f') });
    expect(answer).not.toHaveProperty('value');
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('354224848179261915075\n');
  });

  it('refuses a file that exists, before it computes, and leaves it as it is', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'f'), 'mine');
    // F(10^9) would take minutes.
    const { code, stdout, stderr } = await memopool(['fib', '1e9', '-o', 'f'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^memopool: .*exists already.*--force/);
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('mine');
    expect(readdirSync(cwd)).toEqual(['f']);
  });

  it('replaces it with --force', async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, 'f'), 'mine');
    expect(await memopool(['fib', '10', '-o', 'f', '--force'], { cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toBe('55\n');
  });

  it('leaves nothing behind when the call fails', async () => {
    const cwd = temporaryDirectory();
    expect(await memopool(['run', 'factorial', '-1', '-o', 'f'], { cwd })).toMatchObject({ code: 2 });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('leaves nothing behind when the file cannot be written to its end', async () => {
    const cwd = temporaryDirectory();
    const { code, stderr } = await shell(`${LIMIT}; "$@" fib 1e6 -o f`, { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `memopool: ${join(cwd, 'f')} cannot be written: file too large.\n`,
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says so when there is no such directory', async () => {
    const cwd = temporaryDirectory();
    const { code, stderr } = await memopool(['fib', '10', '-o', 'missing/f'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(`there is no directory ${join(cwd, 'missing')}`);
  });
});

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends a computation without a word: %s', async (signal, exitCode) => {
    const cwd = temporaryDirectory();
    const child = start(['run', `${import.meta.dirname}/fixtures/functions.js#endless`, '-o', 'f'], { cwd });
    const exit = ended(child);
    child.stderr?.once('data', () => child.kill(signal));
    expect(await textOf(child.stderr)).toBe('computing\n');
    expect(await exit).toBe(exitCode);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('ends a process whose worker cannot be ended', async () => {
    const cwd = temporaryDirectory();
    const fifo = join(cwd, 'fifo');
    await shell('mkfifo fifo', { cwd });
    const child = start(['run', `${import.meta.dirname}/fixtures/functions.js#stuck`, fifo, '-o', 'f'], {
      cwd,
    });
    const exit = ended(child);
    child.stderr?.once('data', () => child.kill('SIGINT'));
    expect(await exit).toBe(130);
    expect(readdirSync(cwd)).toEqual(['fifo']);
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK)); // ends what the worker waited for
  });

  it('ends the writing to a reader that takes nothing', async () => {
    const child = start(['run', `${MODULE}#letters`, '1e7']);
    const exit = ended(child);
    child.stdout?.once('readable', () => child.kill('SIGINT'));
    expect(await exit).toBe(130);
  });
});
