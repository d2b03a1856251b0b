import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memopool, shell, temporaryDirectory } from './command.ts';

const MOST = 10_000_000;

interface Row {
  readonly n: number;
  readonly digits: number;
  readonly sha256: string;
}

function goldenRows(): Row[] {
  const text = readFileSync(new URL('../fixtures/golden/fibonacci.tsv', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [n = '', digits = '', sha256 = ''] = line.split('\t');
    return { n: Number(n), digits: Number(digits), sha256 };
  });
}

describe('memopool fib', () => {
  it.each(goldenRows().filter(({ n }) => n <= MOST))(
    'writes to a pipe the $digits digits of F($n) by GMP, one newline, and nothing else',
    async ({ n, digits, sha256 }) => {
      const { code, stdout, stderr } = await memopool(['fib', String(n)]);
      expect({ code, stderr, length: stdout.length }).toEqual({ code: 0, stderr: '', length: digits + 1 });
      expect(stdout.endsWith('\n')).toBe(true);
      expect(createHash('sha256').update(stdout.slice(0, -1)).digest('hex')).toBe(sha256);
    },
  );

  it.each([
    [['-7'], '13'],
    [['-8'], '-21'],
    [['-1_0'], '-55'],
    [['-2^3'], '-21'],
    [['--', '-7'], '13'],
    [['1e2'], '354224848179261915075'],
    [['1_00'], '354224848179261915075'],
    [['2^5'], '2178309'],
    [['100', '--base', '16'], '1333db76a7c594bfc3'],
    [['--base=16', '-8'], '-15'],
    [['10', '--workers', '1', '--maxsize', '0'], '55'],
    [['10', '-w1', '--maxsize', 'none'], '55'],
    [['10', '-o', '-'], '55'],
  ])('takes %j', async (args, digits) => {
    expect(await memopool(['fib', ...args])).toEqual({ code: 0, stdout: `${digits}\n`, stderr: '' });
  });

  it.each(goldenRows().filter(({ n }) => n <= MOST))(
    'verifies F($n), and writes the same',
    async ({ n, digits, sha256 }) => {
      const { code, stdout, stderr } = await memopool(['fib', String(n), '--verify']);
      expect(code).toBe(0);
      expect(createHash('sha256').update(stdout.slice(0, -1)).digest('hex')).toBe(sha256);
      const count = digits.toLocaleString('en-US');
      expect(stderr).toMatch(
        new RegExp(
          `^memopool: F\\(${n}\\) verified: ${count} digits?; \\d+ modulo the prime \\d{18,19}, \\d+ modulo the prime \\d{18,19}\\.\\n$`,
        ),
      );
    },
  );

  it('verifies negative numbers and other bases, in other primes each time', async () => {
    const [first, second, hex] = await Promise.all([
      memopool(['fib', '-1000', '--verify']),
      memopool(['fib', '-1000', '--verify']),
      memopool(['fib', '-999', '--verify', '--base', '16']),
    ]);
    expect(first.stdout).toBe(second.stdout);
    expect(first.stderr).toMatch(/^memopool: F\(-1000\) verified: 209 digits; /);
    expect(first.stderr).not.toBe(second.stderr);
    expect(hex.stderr).toMatch(/^memopool: F\(-999\) verified: 174 digits; /);
  });

  it('verifies what stands in the file, and says it in the JSON too', async () => {
    const cwd = temporaryDirectory();
    const { code, stdout, stderr } = await memopool(['fib', '1e6', '--verify', '--json', '-o', 'f'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^memopool: F\(1000000\) verified: 208,988 digits; .*\n$/);
    expect(readFileSync(join(cwd, 'f'), 'utf8')).toMatch(/^19532821287\d+875\n$/);
    const { verified } = JSON.parse(stdout);
    expect(verified).toHaveLength(2);
    for (const { prime, residue } of verified)
      expect(stderr).toContain(`${residue} modulo the prime ${prime}`);
  });

  it('says nothing more when its reader has seen enough of what was verified', async () => {
    const { code, stdout, stderr } = await shell('{ "$@" fib 1e6 --verify; echo $? >&2; } | head -c 10');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1953282128' });
    expect(stderr).toMatch(/verified.*\n0\n$/);
  });

  it('answers with one line of JSON', async () => {
    const { code, stdout, stderr } = await memopool(['fib', '-1000', '--json', '--maxsize', '7']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.indexOf('\n')).toBe(stdout.length - 1);
    const answer = JSON.parse(stdout);
    const { sha256, value } = answer;
    expect(answer).toMatchObject({
      function: 'fibonacci',
      args: [-1000],
      type: 'bigint',
      base: 10,
      digits: 209,
      elapsedMs: expect.any(Number),
      cache: { hits: 0, misses: 1, joins: 0, maxsize: 7, currsize: 1, errors: 0 },
    });
    expect(value).toMatch(/^-4346\d+$/);
    expect(sha256).toBe(createHash('sha256').update(value).digest('hex'));
  });
});
