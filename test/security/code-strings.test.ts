// No text becomes code: neither in what is written here nor in what is built of it, nor when Node is told to forbid it.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

// eval, the function constructors, timers given a text, and the modules that compile.
const COMPILES =
  /(?<![\w.#'-])eval\s*\(|\bFunction\s*\(|\bFunction\.prototype\.constructor|\.constructor\s*\(\s*['"`]|set(?:Timeout|Interval|Immediate)\s*\(\s*['"`]|['"](?:node:)?(?:vm|repl)['"]|\beval:\s*true/;

function filesOf(folder: string): string[] {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|cjs|mjs)$/.test(name))
    .map((name) => `${folder}/${name}`);
}

describe('the code of the package', () => {
  test.each([...filesOf('src'), ...filesOf('workers'), ...filesOf('dist')])('%s compiles no text', (file) => {
    const lines = readFileSync(`${root}${file}`, 'utf8').split('\n');
    expect(lines.filter((line) => COMPILES.test(line))).toEqual([]);
  });

  test.each([
    "eval('1')",
    "new Function('return 1')",
    "setTimeout('f()', 1)",
    "import { runInThisContext } from 'node:vm'",
    "(() => {}).constructor('return 1')",
  ])('would be found: %s', (line) => {
    expect(COMPILES.test(line)).toBe(true);
  });
});

test('a pool works where Node is told to make no code of strings', async () => {
  const script = `
    import { createPool } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url).href)};
    const functions = new URL(${JSON.stringify(new URL('./fixtures/own.mjs', import.meta.url).href)});
    const pool = createPool({ workers: 1, functions });
    console.log(await pool.run('same', ['mine']), await pool.fn.fibonacci(100));
    try { eval('1'); } catch (error) { console.log(error.name); }
    await pool.close();`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module'];
  const { stdout } = await run(process.execPath, [...flags, '--eval', script], { cwd: root });
  expect(stdout).toBe('mine 354224848179261915075n\nEvalError\n');
});
