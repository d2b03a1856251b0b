import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memopool } from './command.ts';

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
