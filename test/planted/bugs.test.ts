// The planted bugs fit the code as it is: whoever changes a line that one of them mends wrongly is told here, and not only
// by the next npm run test:planted.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bugs } from './bugs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each(bugs.map((bug) => [bug.name, bug] as const))('%s: its place is found once', (_, bug) => {
  const { file, find, replace, tests } = bug;
  expect(readFileSync(`${root}${file}`, 'utf8').split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
  expect(tests.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
});

test('no two planted bugs have the same name', () => {
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
});
