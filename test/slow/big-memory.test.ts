// The memory of a big number goes back to the system, though every thread that had to do with it is idle from then on.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const LEAST_TAKEN_MB = 200;

test('the memory of a big number that was made with help is given back by idle threads', async () => {
  const script = fileURLToPath(new URL('./load/big-memory.ts', import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
  const { before, made, after } = JSON.parse(stdout) as Record<'before' | 'made' | 'after', number>;
  console.log(stdout.trim());
  expect(made - before).toBeGreaterThan(LEAST_TAKEN_MB);
  expect(after - before).toBeLessThan((made - before) / 4);
  expect(stderr).toBe('');
});
