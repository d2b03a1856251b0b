// The fault matrix: every row on 1 and on 2 workers, each in a process of its own that is ended when it hangs; and its page,
// which must tell what came of them. `npm run faults` writes that page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeOf, PAGE, renderPage } from './matrix/page.ts';
import type { Row } from './matrix/row.ts';
import { rows } from './matrix/rows/all.ts';
import { brokenRows } from './matrix/rows/broken.ts';
import { type Result, ROOT, Runner, WORKER_COUNTS } from './matrix/run.ts';

const results: Result[] = [];
const isComplete = () => results.length === rows.length * WORKER_COUNTS.length;

function nameOf({ id, fault, promise }: Row): string {
  return `when ${fault}: ${promise} (${id})`;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

let runner: Runner;
beforeAll(async () => {
  runner = await Runner.open();
});
afterAll(() => runner.close());

describe.each(WORKER_COUNTS)('on %i worker(s)', (workers) => {
  // The child has a limit of its own; this one allows for its turn.
  for (const row of rows) {
    test.concurrent(nameOf(row), { timeout: 300_000 }, async () => {
      const result = await runner.run(row, workers);
      results.push(result);
      expect(result.problem).toBeUndefined();
      expect(result.codes).toEqual([...(row.codes ?? [])].toSorted());
    });
  }
});

describe('the runner reports', () => {
  for (const row of brokenRows) {
    test.concurrent(row.fault, { timeout: 60_000 }, async () => {
      const { outcome, problem } = await runner.run(row, 1);
      expect(outcome).toBeUndefined();
      expect(problem).toMatch(row.problem);
    });
  }
});

describe('the matrix', () => {
  test('names each row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  test('has every row of its page with the outcome that came of it here', ({ skip }) => {
    skip(!isComplete(), 'not every row was run');
    const page = read(PAGE);
    expect(page, 'run `npm run faults` to write the page anew').toBe(renderPage(results, nodeOf(page)));
  });

  test('produces every error code there is, and the README has a row for each and for no other', ({
    skip,
  }) => {
    skip(!isComplete(), 'not every row was run');
    const codes = [...read('src/errors.ts').matchAll(/\| '(ERR_\w+)'/g)].map(([, code]) => code).toSorted();
    const table = [...read('README.md').matchAll(/^\| `(ERR_\w+)` \|/gm)].map(([, code]) => code).toSorted();
    expect(codes.length).toBeGreaterThan(10);
    expect(table).toEqual(codes);
    expect([...new Set(results.flatMap((result) => result.codes))].toSorted()).toEqual(codes);
  });
});
