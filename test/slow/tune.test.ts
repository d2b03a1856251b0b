// `memopool tune` as a user runs it, on the example: what it writes, and that what it advises can be pasted.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { createPool } from '../../src/create-pool.ts';
import type { TuneResult } from '../../src/tuning/result.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'memopool-tune-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the shop of the examples is tuned: counts, maxsize, and the memo that is too small', async () => {
  const out = join(folder, 'shop.html');
  const args = ['tune', 'examples/tuning/shop.ts', '--workload', 'examples/tuning/calls.txt'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/src/cli/main.js', ...args, '--budget', '8s', '--seed', '1', '--out', out],
    { cwd: root },
  );
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(25);
  const result = JSON.parse(readFileSync(join(folder, 'shop.json'), 'utf8')) as TuneResult;
  expect(result.isComplete).toBe(true);
  expect(result.subject).toMatchObject({
    given: 3000,
    functions: expect.arrayContaining(['quote', 'distance']),
  });
  expect(result.memos.find(({ name }) => name === 'distance')).toMatchObject({ needed: 62, maxsize: 58 });
  expect(lines.slice(-2).map((line) => line.trim())).toEqual(result.advice.lines);
  const settings = Object.fromEntries(
    result.advice.lines.map((line) => {
      const [name = '', value] = line.replace(',', '').split(': ');
      return [name, Number(value)];
    }),
  );
  await createPool(settings).close();
  expect(readFileSync(out, 'utf8').slice(0, 15)).toBe('<!DOCTYPE html>');
  expect(readFileSync(join(folder, 'shop.csv'), 'utf8').split('\n').length).toBeGreaterThan(100);
});
