// The package as a user gets it: packed, installed in an empty folder, used from there.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuneResult } from '../../src/tuning/result.ts';
import { typicalResult } from '../tuning/fixtures/results.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'memopool-installed-'));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
  });
  const tarball = (JSON.parse(stdout) as { filename: string }[])[0]?.filename ?? '';
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n');
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`, 'tsx'];
  await run('npm', install, { cwd: folder });
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function node(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: folder });
  return stdout;
}

test('a JavaScript module of functions runs in the workers', async () => {
  writeFileSync(join(folder, 'mine.js'), 'export function triple(n) { return 3 * n; }\n');
  writeFileSync(
    join(folder, 'main.js'),
    `import { createPool } from 'memopool';
await using_(createPool({ functions: new URL('./mine.js', import.meta.url) }));
async function using_(pool) {
  console.log(await pool.fn.triple(14), await pool.fn.fibonacci(100), pool.cacheInfo().misses);
  await pool.close();
}
`,
  );
  expect(await node('main.js')).toBe('42 354224848179261915075n 2\n');
});

test('a TypeScript module of functions runs in the workers, the caller being TypeScript or JavaScript', async () => {
  mkdirSync(join(folder, 'own'), { recursive: true });
  cpSync(join(root, 'examples/own-functions'), join(folder, 'own'), { recursive: true });
  expect(await node('--import', 'tsx', 'own/main.ts')).toBe('601080390n\n524\n');
  writeFileSync(
    join(folder, 'from-js.js'),
    `import { createPool } from 'memopool';
const pool = createPool({ functions: new URL('./own/paths.ts', import.meta.url) });
console.log(await pool.fn.paths(16, 16));
await pool.close();
`,
  );
  expect(await node('from-js.js')).toBe('601080390n\n');
});

test('memoize is there by itself, without the pool', async () => {
  const code = `import { memoize } from 'memopool/memoize';
const fib = memoize((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
console.log(fib(50), fib.cacheInfo().misses);`;
  expect(await node('--input-type=module', '--eval', code)).toBe('12586269025 51\n');
});

test('errors show the names of their classes', async () => {
  const code = `import { createPool } from 'memopool';
const pool = createPool();
const error = await pool.fn.fibonacci(1.5).catch((error) => error);
const signal = AbortSignal.abort();
const aborted = await pool.run('fibonacci', [1], { signal }).catch((error) => error);
for (const { constructor, stack } of [error, aborted]) console.log(constructor.name, stack.split(':')[0]);`;
  expect(await node('--input-type=module', '--eval', code)).toBe(
    'PoolError PoolError\nAbortError AbortError\n',
  );
});

test('the command line is installed', async () => {
  const { stdout } = await run(join(folder, 'node_modules/.bin/memopool'), ['fib', '100'], { cwd: folder });
  expect(stdout).toBe('354224848179261915075\n');
});

test('the page of tuning is installed, with the notices of what is in it', async () => {
  const installed = join(folder, 'node_modules/memopool/dist');
  const { renderReport } = (await import(join(installed, 'src/tuning/report.js'))) as {
    renderReport(result: TuneResult): Promise<string>;
  };
  expect(await renderReport(typicalResult())).toContain('Use 6 workers and maxsize 1,024.');
  expect(readFileSync(join(installed, 'THIRD-PARTY-NOTICES.txt'), 'utf8')).toContain('@observablehq/plot');
});

test('an idle pool does not keep the process alive', async () => {
  writeFileSync(
    join(folder, 'idle.js'),
    `import { createPool } from 'memopool';
console.log(await createPool({ workers: 2 }).fn.fibonacci(10));
`,
  );
  expect(await node('idle.js')).toBe('55n\n');
});

// The flags of SECURITY.md.
describe('under the permission model of Node', () => {
  const isStable = process.allowedNodeEnvironmentFlags.has('--permission');
  const permission = isStable ? '--permission' : '--experimental-permission';

  beforeAll(() => {
    for (const name of ['program', 'functions', 'private'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'private/secret.txt'), 'secret');
    writeFileSync(
      join(folder, 'functions/mine.mjs'),
      `import { readFileSync } from 'node:fs';
export function triple(n) { return 3 * n; }
export function read(path) { return readFileSync(path, 'utf8'); }
`,
    );
    writeFileSync(
      join(folder, 'program/main.mjs'),
      `import { createPool } from 'memopool';
const functions = new URL('../functions/mine.mjs', import.meta.url);
const secret = new URL('../private/secret.txt', import.meta.url).pathname;
const [own, builtIn] = [createPool({ workers: 1, functions }), createPool({ workers: 1 })];
const calls = [own.run('triple', [14]), own.run('read', [secret]), builtIn.run('fibonacci', [100])];
for (const { value, reason } of await Promise.allSettled(calls)) {
  console.log(String(value ?? reason.code), /--allow-worker/.exec(reason?.message)?.[0] ?? '');
}
process.exit();
`,
    );
  });

  /** What the program prints that may read memopool, piscina and these folders. */
  async function permitted(folders: readonly string[], ...flags: string[]): Promise<string[]> {
    const real = realpathSync(folder);
    const paths = ['node_modules/memopool', 'node_modules/piscina', ...folders];
    const reads = paths.map((path) => `--allow-fs-read=${join(real, path)}/`);
    const args = [permission, '--no-warnings', ...reads, ...flags, 'main.mjs'];
    // In its own folder: from Node 22 on a worker may read all of the working directory, whatever was allowed.
    const { stdout } = await run(process.execPath, args, { cwd: join(folder, 'program') });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  }

  test('a pool needs its own files, those of piscina, your module, and --allow-worker', async () => {
    const printed = await permitted(['program', 'functions'], '--allow-worker');
    expect(printed).toEqual(['42', 'ERR_ACCESS_DENIED', '354224848179261915075']);
  });

  test('without --allow-worker every call says which flag to add', async () => {
    const printed = await permitted(['program', 'functions']);
    expect(printed).toEqual(new Array(3).fill('ERR_WORKER_START --allow-worker'));
  });

  test('a module that may not be read is a named error, and harms no other pool', async () => {
    const printed = await permitted(['program'], '--allow-worker');
    expect(printed).toEqual(['ERR_MODULE_LOAD', 'ERR_MODULE_LOAD', '354224848179261915075']);
  });
});
