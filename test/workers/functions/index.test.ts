import { afterAll, expect, test } from 'vitest';
import { createPool } from '../../../src/index.ts';
import * as all from '../../../workers/functions/all.ts';
import * as loaders from '../../../workers/functions/index.ts';

const memos = new URL('./fixtures/memos.ts', import.meta.url);
const pool = createPool<typeof import('./fixtures/memos.ts')>({ functions: memos, workers: 1 });
afterAll(() => pool.close());

test('there is a loader for each built-in function, and it loads that function', async () => {
  const whole = Object.entries(loaders).filter(([name]) => !name.includes('/'));
  expect(whole.map(([name]) => name).sort()).toEqual(Object.keys(all).sort());
  for (const [name, load] of whole) expect(Reflect.get(await load(), name)).toBe(Reflect.get(all, name));
});

test('there is a loader for each part of a divided function, and no list of names shows it', async () => {
  const parts = Object.entries(loaders).filter(([name]) => name.includes('/'));
  for (const [name, load] of parts) expect(Reflect.get(await load(), name)).toBeTypeOf('function');
  const error = await pool.run('factoriel' as 'factorial', [3]).catch((reason: Error) => reason);
  expect(String(error)).toMatch(/factorial/);
  for (const [name] of parts) expect(String(error)).not.toContain(name);
});

test('a worker loads the built-in functions that it computes and no other', async () => {
  expect(await pool.fn.memos(1)).toBe(0);
  await pool.fn.fibonacci(1000);
  expect(await pool.fn.memos(2)).toBe(2); // the function and its recursion
  await pool.fn.lcs('a', 'b');
  expect(await pool.fn.memos(3)).toBe(3);
});
