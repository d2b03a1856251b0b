import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memopool, shell } from './command.ts';

const LARGEST = '3800000000';

// The built file that has this text.
function fileOf(text: string): string {
  const chunks = new URL('../../dist/src/chunks/', import.meta.url);
  const files = readdirSync(chunks).filter((name) => name.endsWith('.js'));
  const found = files.filter((name) => readFileSync(new URL(name, chunks), 'utf8').includes(text));
  expect(found).toHaveLength(1);
  return `/dist/src/chunks/${found[0]}`;
}

describe('memopool', () => {
  it.each([
    [['fib', 'abc'], /N: expected a whole number .*"abc"/],
    [['fib', '1.5'], /N: expected a whole number .*"1\.5"/],
    [['fib', '1,000'], /N: expected a whole number .*10_000_000/],
    [['fib', ''], /N: expected a whole number/],
    [['fib', '3800000001'], new RegExp(LARGEST)],
    [['fib', '-3800000001'], new RegExp(LARGEST)],
    [['fib', '1e400'], new RegExp(LARGEST)],
    [['fib', '1e99999999999'], new RegExp(LARGEST)],
    [['fib', '-9^99999999999'], new RegExp(LARGEST)],
    [['fib'], /Missing required argument 'N'/],
    [['fib', '1', '2'], /Too many arguments/],
    [['fib', '1', '--workers', '0'], /--workers: expected a whole number from 1 to 1024, got "0"/],
    [['fib', '1', '--workers', '1025'], /--workers: .*got "1025"/],
    [['fib', '1', '--workers', '-2'], /--workers: .*got "-2"/],
    [['fib', '1', '--maxsize', 'null'], /--maxsize: expected .*'none'.*got "null"/],
    [['fib', '1', '--maxsize', '2^53'], /--maxsize: .*got "2\^53"/],
    [['fib', '1', '--base', '8'], /--base: expected 10 or 16, got "8"/],
    [['fib', '1', '--jsn'], /Unknown option '--jsn' \(Did you mean --json\?\)/],
    [['fbi', '1'], /Unknown command 'fbi' \(Did you mean fib\?\)/],
    [['-5'], /Unknown command '-5'/],
    [['run'], /Missing required argument/],
    [['run', './module.js'], /expected MODULE#EXPORT/],
    [['run', './module.js#'], /expected MODULE#EXPORT/],
    [['run', '#f'], /expected MODULE#EXPORT/],
    [['run', 'factorial', '-1'], /factorial\(n\): expected/],
    [['run', 'factorial', 'ten'], /factorial\(n\): expected/],
    [['run', 'factorial', '1e99999999'], /at most 1000000 digits/],
  ])('exits with 2 and one line on stderr for %j', async (args, message) => {
    const { code, stdout, stderr } = await memopool(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^memopool: [^\n]+\n$/);
  });

  it('shows its help on stderr and exits with 2 when no command is given', async () => {
    const { code, stdout, stderr } = await memopool([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: memopool/);
  });

  it.each([
    [['--help']],
    [['help']],
    [['fib', '--help']],
    [['run', '-h']],
    [['record', '--help']],
    [['tune', '--help']],
  ])('shows help for %j', async (args) => {
    const { code, stdout, stderr } = await memopool(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: memopool/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('documents its exit codes', async () => {
    const { stdout } = await memopool(['--help']);
    for (const code of ['0', '1', '2', '130'])
      expect(stdout).toMatch(new RegExp(`^ {2}${code} {2,}\\w`, 'm'));
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await memopool(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    { args: '--help', commander: true, pool: false },
    { args: 'fib --help', commander: true, pool: false },
    { args: '--version', commander: true, pool: false },
    { args: 'tune --help', commander: true, pool: false },
    { args: 'tune fibonacci', commander: true, pool: false },
    { args: 'fib one', commander: false, pool: false },
    { args: 'fib 1', commander: false, pool: true },
    { args: 'fib -1', commander: false, pool: true },
    { args: 'run lcs ab bc', commander: false, pool: true },
    { args: 'fib 1 --json', commander: true, pool: true },
  ])('loads no more than it needs for $args', async ({ args, commander, pool }) => {
    const { stdout: loaded } = await shell(`NODE_DEBUG=esm "$@" ${args} 2>&1 >/dev/null`);
    expect({
      commander: loaded.includes('/node_modules/commander/'),
      pool: loaded.includes(fileOf('MemoPool = class')),
      piscina: loaded.includes('/node_modules/piscina/'),
    }).toEqual({ commander, pool, piscina: pool });
  });

  it.each([
    [
      ['fib', '-100'],
      ['fib', '-100', '--base', '10'],
    ],
    [
      ['run', 'lcs', 'abcbdab', 'bdcaba'],
      ['run', '--', 'lcs', 'abcbdab', 'bdcaba'],
    ],
    [
      ['run', 'fibonacciMod', '-10', '7'],
      ['run', 'fibonacciMod', '-10', '7', '--workers', '1'],
    ],
    [
      ['fib', '1.5'],
      ['fib', '1.5', '--base', '10'],
    ],
  ])('answers %j, which needs no parser, as it answers %j', async (plain, parsed) => {
    expect(await memopool(plain)).toEqual(await memopool(parsed));
  });
});
