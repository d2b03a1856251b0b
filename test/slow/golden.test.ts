// F(10^8) against the digits that GMP made.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createPool } from '../../src/index.ts';

const golden = readFileSync(new URL('../fixtures/golden/fibonacci.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => line.split('\t'));

test.each(golden.filter(([n]) => Number(n) > 1e7))(
  'F(%s) has %s digits of the SHA-256 %s',
  async (n, count, sha256) => {
    await using pool = createPool({ workers: 1 });
    const digits = await pool.run('fibonacci', [Number(n)], { as: 'decimal' });
    expect(digits).toHaveLength(Number(count));
    expect(createHash('sha256').update(digits).digest('hex')).toBe(sha256);
  },
);

test('half a million levels of the plain recursive fibonacci are computed in a worker', async () => {
  const behaviours = new URL('../fixtures/modules/behaviours.ts', import.meta.url);
  await using pool = createPool<typeof import('../fixtures/modules/behaviours.ts')>({
    workers: 1,
    functions: behaviours,
  });
  expect(await pool.fn.fib(500_000)).toBe(await pool.fn.fibonacci(500_000));
});
