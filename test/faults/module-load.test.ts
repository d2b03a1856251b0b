// A module that cannot be loaded: ERR_MODULE_LOAD with file and line, quickly, every time. On real threads.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool, type PoolOptions } from '../../src/index.ts';
import { closing, rejection } from '../fixtures/pools.ts';

type Untyped = Pool<Record<string, (...args: unknown[]) => unknown>>;

let folder: string;

// Written here: the project's own tools would stumble over most of them.
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'syntax.mjs': '// A comment.\n\nexport function broken( {\n  return 1;\n',
  'imports-syntax.mjs': "import { sound } from './sound.mjs';\n\nimport './syntax.mjs';\nsound();\n",
  'imports-later.mjs': "await null;\nawait import('./imports-syntax.mjs');\n",
  'sound.mjs': 'export const sound = () => 1;\n',
  'no-export.mjs': "// A comment.\nimport { nothing } from './sound.mjs';\nexport const one = nothing;\n",
  'syntax.cjs': '\nmodule.exports = { a: 1, ;\n',
  'throws.mjs': '\n\nfunction inner() {\n  throw new RangeError("no table");\n}\ninner();\n',
  'imports-throws.mjs': "import './throws.mjs';\n",
  'json.mjs': '\nJSON.parse("{a");\n',
  'regexp.mjs': '\n\nnew RegExp("(");\n',
  'reads.mjs': "import { readFileSync } from 'node:fs';\n\nreadFileSync('/nowhere/at/all');\n",
  'text.mjs': 'throw "a text";\n',
  'own.mjs':
    "throw Object.assign(new Error('mine'), { name: 'PoolError', code: 'ERR_TIMEOUT', stack: { at: 1 } });\n",
  'typed-syntax.ts': 'interface A {\n  a: number;\n}\nexport const x: = 3;\n',
  'typed-imports.ts': "import './typed-syntax.ts';\n",
  'typed-imports-js.ts': "import './syntax.mjs';\nexport const a: number = 1;\n",
  'typed-throws.ts':
    'interface A {\n  a: number;\n}\nconst a: A = { a: 1 };\nthrow new Error("thrown by " + a.a);\n',
  'never.mjs': 'export const f = () => 1;\nawait new Promise(() => {});\n',
  'imports-never.mjs': "export { f } from './never.mjs';\n",
  'typed-never.ts': 'export const f = (n: number): number => n;\nawait new Promise<void>(() => {});\n',
  'then.mjs': 'export function then() {}\n',
  'slow.mjs': 'export const f = () => 1;\nawait new Promise((resolve) => setTimeout(resolve, 1500));\n',
};

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'memopool-load-')));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function poolOf(module: string, options: PoolOptions = {}): Untyped {
  const functions = pathToFileURL(join(folder, module));
  return closing(createPool({ workers: 1, functions, ...options })) as unknown as Untyped;
}

/** Module, words of the message, and the place: in another file where that is at fault. */
const faults: readonly (readonly [string, RegExp, string, number])[] = [
  ['syntax.mjs', /SyntaxError/, 'syntax.mjs', 4],
  ['imports-syntax.mjs', /SyntaxError/, 'syntax.mjs', 4],
  ['imports-later.mjs', /SyntaxError/, 'syntax.mjs', 4],
  ['no-export.mjs', /SyntaxError: .*does not provide an export named 'nothing'/, 'no-export.mjs', 2],
  ['syntax.cjs', /SyntaxError/, 'syntax.cjs', 2],
  ['throws.mjs', /RangeError: no table/, 'throws.mjs', 4],
  ['imports-throws.mjs', /RangeError: no table/, 'throws.mjs', 4],
  ['json.mjs', /SyntaxError: .*JSON/, 'json.mjs', 2],
  ['regexp.mjs', /SyntaxError: Invalid regular expression/, 'regexp.mjs', 3],
  ['reads.mjs', /ENOENT/, 'reads.mjs', 3],
  ['typed-syntax.ts', /Unexpected/, 'typed-syntax.ts', 4],
  ['typed-imports.ts', /Unexpected/, 'typed-syntax.ts', 4],
  ['typed-imports-js.ts', /SyntaxError/, 'syntax.mjs', 4],
  ['typed-throws.ts', /Error: thrown by 1/, 'typed-throws.ts', 5],
];

describe('a module that cannot be loaded is told of with file and line, every time', () => {
  test.each(faults)('%s', async (module, words, place, line) => {
    const pool = poolOf(module);
    const file = join(folder, place);
    for (const n of [1, 2]) {
      const error = await rejection(pool.run('fibonacci', [n]));
      expect(error).toMatchObject({
        code: 'ERR_MODULE_LOAD',
        message: expect.stringMatching(words),
        details: { url: pathToFileURL(join(folder, module)).href, file, line },
      });
      expect(error.message).toContain(`(${file}:${line})`);
    }
    expect(pool.stats()).toMatchObject({ workerDeaths: 0, failed: 2 });
  });
});

describe('a module that cannot be loaded and has no line to tell', () => {
  test.each([
    ['text.mjs', /it threw "a text"/],
    ['own.mjs', /PoolError: mine/],
    ['no-such.mjs', /Cannot find module .*no-such\.mjs/],
  ])('%s is named', async (module, words) => {
    const pool = poolOf(module);
    for (const n of [1, 2]) {
      expect(await rejection(pool.run('f', [n]))).toMatchObject({
        code: 'ERR_MODULE_LOAD',
        message: expect.stringMatching(words),
        details: { url: pathToFileURL(join(folder, module)).href },
      });
    }
  });
});

describe('an import that can never settle', () => {
  test.each(['never.mjs', 'imports-never.mjs', 'typed-never.ts', 'then.mjs'])(
    '%s is given up as soon as nothing is under way, every time, and the thread is kept',
    { timeout: 8000 }, // the limit for imports that are not stuck for certain is longer
    async (module) => {
      const pool = poolOf(module);
      for (const n of [1, 2, 3]) {
        expect(await rejection(pool.run('f', [n]))).toMatchObject({
          code: 'ERR_MODULE_LOAD',
          message: expect.stringMatching(/nothing is left to settle \(a top-level await/),
        });
      }
      expect(pool.stats()).toMatchObject({ workerDeaths: 0, failed: 3 });
    },
  );

  test('is told from one that takes its time', async () => {
    expect(await poolOf('slow.mjs').run('f', [1])).toBe(1);
  });
});
