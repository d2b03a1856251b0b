import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LoopWatch } from '../../src/compute/loop-watch.ts';
import { createRegistry } from '../../src/compute/registry.ts';
import { PoolError } from '../../src/errors.ts';

const sums = new URL('./fixtures/sums.ts', import.meta.url).href;
const otherSums = new URL('./fixtures/other-sums.ts', import.meta.url).href;

const fibonacci = () => 'the built-in fibonacci';
const factorial = () => 'the built-in factorial';
const builtIns = async () => ({
  fibonacci: async () => ({ fibonacci }),
  factorial: async () => ({ factorial }),
});

async function failure(promise: Promise<unknown>): Promise<PoolError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PoolError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the functions of a pool', () => {
  test('are the exports of its module, and the built-in functions', async () => {
    const registry = createRegistry([sums], builtIns);
    expect((await registry.find('add'))({ left: 1, right: 2 })).toBe(3);
    expect((await registry.find('halfOf'))(5)).toBe(2.5);
    expect((await registry.find('factorial'))()).toBe('the built-in factorial');
  });

  test('are the built-in ones when there is no module', async () => {
    expect(await createRegistry([], builtIns).find('fibonacci')).toBe(fibonacci);
  });

  test('come from the first module that exports the name, before the built-in ones', async () => {
    const registry = createRegistry([sums, otherSums], builtIns);
    expect((await registry.find('add'))({ left: 1, right: 2 })).toBe(3);
    expect((await registry.find('subtract'))(5, 2)).toBe(3);
    expect((await registry.find('fibonacci'))()).toBe('my own fibonacci');
    expect((await createRegistry([otherSums, sums], builtIns).find('add'))()).toBe('the other add');
  });

  test('have the names that they are called by, or that their modules export them by', async () => {
    const registry = createRegistry([sums, otherSums], builtIns);
    const { add, halfOf } = await import('./fixtures/sums.ts');
    const other = await import('./fixtures/other-sums.ts');
    expect(registry.nameOf(add)).toBeUndefined(); // its module is not loaded yet
    await registry.find('factorial');
    expect(registry.nameOf(factorial)).toBe('factorial');
    expect([add, halfOf, other.subtract].map(registry.nameOf)).toEqual(['add', 'halfOf', 'subtract']);
    expect(registry.nameOf(other.add)).toBeUndefined(); // the name is another's
    expect(registry.nameOf(fibonacci)).toBeUndefined();
  });

  test('are found once: the second time loads nothing', async () => {
    const load = vi.fn(async () => ({ factorial }));
    const registry = createRegistry([], async () => ({ factorial: load }));
    const first = await registry.find('factorial');
    expect(registry.found('factorial')).toBe(first);
    expect(registry.found('fibonacci')).toBeUndefined();
    expect(await registry.find('factorial')).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('are loaded one by one: a built-in one that is not called is not loaded', async () => {
    const load = vi.fn(async () => ({ fibonacci }));
    const registry = createRegistry([otherSums], async () => ({ ...(await builtIns()), fibonacci: load }));
    await registry.find('factorial');
    await registry.find('fibonacci'); // the user's own
    await failure(registry.find('nothing'));
    expect(load).not.toHaveBeenCalled();
  });
});

describe('a name that is no function of the pool', () => {
  test.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', 'then', ''])(
    '%o is refused: only own exports count',
    async (name) => {
      const error = await failure(createRegistry([sums], builtIns).find(name));
      expect(error.code).toBe('ERR_FUNCTION_NOT_FOUND');
      expect(error.message).toContain(`There is no function "${name}" in this pool.`);
      expect(error.details).toEqual({ name });
    },
  );

  test('is refused with the nearest name, and with all there are', async () => {
    const error = await failure(createRegistry([sums], builtIns).find('fibonaci'));
    expect(error.message).toBe(
      'There is no function "fibonaci" in this pool. ' +
        "Did you mean 'fibonacci'? There are: add, halfOf, fibonacci, factorial.",
    );
  });

  test('is refused with what it is when it is exported and no function', async () => {
    const error = await failure(createRegistry([sums], builtIns).find('LIMIT'));
    expect(error.code).toBe('ERR_FUNCTION_NOT_FOUND');
    expect(error.message).toContain('The export "LIMIT" is no function, but 10.');
    expect(error.message).not.toContain('LIMIT,');
  });

  test('is looked for again at the next call', async () => {
    const list = vi.fn(builtIns);
    const registry = createRegistry([], list);
    await failure(registry.find('nothing'));
    const looked = list.mock.calls.length;
    await failure(registry.find('nothing'));
    expect(list.mock.calls.length).toBeGreaterThan(looked);
    expect(await registry.find('factorial')).toBe(factorial);
  });
});

describe('a module that is never imported to its end', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is given up after ten seconds, with what it may be', async () => {
    vi.useFakeTimers();
    // A data: URL is not transformed by the test runner, so this is an import like any other.
    const registry = createRegistry(['data:text/javascript,await new Promise(() => {})'], builtIns);
    const failed = failure(registry.find('add'));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    const error = await failed;
    expect(error.code).toBe('ERR_MODULE_LOAD');
    expect(error.message).toContain(
      "still being imported after 10 s (a top-level await that does not settle, or an export named 'then'?)",
    );
  });

  test('is not waited for again, until it has been imported after all', async () => {
    vi.useFakeTimers();
    const open: (() => void)[] = [];
    vi.stubGlobal('registryTestGate', new Promise<void>((resolve) => open.push(resolve)));
    const text = 'await globalThis.registryTestGate; export const one = () => 1';
    const registry = createRegistry([`data:text/javascript,${text}`], builtIns);
    const first = failure(registry.find('one'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await failure(registry.find('one'))).toBe(await first); // with no time gone by
    vi.useRealTimers();
    open[0]?.();
    const found = () => registry.find('one').catch(() => undefined);
    await vi.waitFor(async () => expect((await found())?.()).toBe(1));
    vi.unstubAllGlobals();
  });

  test('is given up as soon as its event loop runs empty, each time', async () => {
    const events = new EventEmitter();
    const watch = new LoopWatch(events as never);
    const registry = createRegistry(['data:text/javascript,await new Promise(() => {}, 1)'], builtIns, {
      watch,
    });
    const failed = failure(registry.find('add'));
    await vi.waitFor(() => expect(events.listenerCount('beforeExit')).toBe(1));
    events.emit('beforeExit');
    const error = await failed;
    expect(error).toMatchObject({
      code: 'ERR_MODULE_LOAD',
      message: expect.stringContaining('waits for something that nothing is left to settle'),
    });
    expect(await failure(registry.find('add'))).toBe(error);
    expect(events.listenerCount('beforeExit')).toBe(0);
  });

  test('leaves no timer behind when it is imported', async () => {
    vi.useFakeTimers();
    const registry = createRegistry(['data:text/javascript,export const one = () => 1'], builtIns);
    expect((await registry.find('one'))()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

// The test runner has a loader of its own, so what Node itself does with a module is seen in a thread that runs the
// compiled registry and nothing else.
describe('a module in a thread of plain Node', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'memopool-registry-'));
    compileRegistry(folder);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return pathToFileURL(path).href;
  }

  test('may be TypeScript, on every supported Node', async () => {
    const found = await inThread({ folder, modules: [sums], finds: ['add', 'halfOf', 'nothing'] });
    expect(found).toMatchObject([
      { answer: 'function add' },
      { answer: 'function halfOf' },
      { code: 'ERR_FUNCTION_NOT_FOUND' },
    ]);
  });

  test('may be several TypeScript modules and JavaScript ones', async () => {
    const plain = write('plain.mjs', 'export function plain() {}');
    const found = await inThread({ folder, modules: [plain, sums, otherSums], finds: ['plain', 'subtract'] });
    expect(found).toMatchObject([{ answer: 'function plain' }, { answer: 'function subtract' }]);
  });

  test('that throws while it is imported is named with its error, at every call', async () => {
    const url = write('throws.mjs', 'export const add = 1;\nthrow new RangeError("no table");\n');
    const found = await inThread({ folder, modules: [url], finds: ['add', 'add', 'builtIn'] });
    for (const { code, message, cause } of found) {
      expect(code).toBe('ERR_MODULE_LOAD');
      const place = `${fileURLToPath(url)}:2`;
      expect(message).toBe(`The module ${url} cannot be loaded: RangeError: no table (${place})`);
      expect(cause).toBe('RangeError: no table');
    }
    expect(found).toHaveLength(3);
  });

  test.each([
    ['null', 'throw null;', 'it threw null.'],
    ['a string', 'throw "no table";', 'it threw "no table".'],
    ['a rejection', 'await Promise.reject(new TypeError("late"));', 'TypeError: late (PATH:1)'],
  ])('that throws %s is named with it', async (_what, text, words) => {
    const url = write('throws-other.mjs', text);
    const message = words.replace('PATH', fileURLToPath(url));
    const found = await inThread({ folder, modules: [url], finds: ['add', 'add'] });
    expect(found).toMatchObject([
      { code: 'ERR_MODULE_LOAD', message: `The module ${url} cannot be loaded: ${message}` },
      { code: 'ERR_MODULE_LOAD', message: `The module ${url} cannot be loaded: ${message}` },
    ]);
  });

  test('with a syntax error is named with its file and the error', async () => {
    const url = write('syntax.mjs', 'export const one = 1;\n\nexport const = 2;\n');
    const found = await inThread({ folder, modules: [url], finds: ['one', 'one'] });
    for (const { code, message } of found) {
      expect(code).toBe('ERR_MODULE_LOAD');
      expect(message).toContain(url);
      expect(message).toMatch(/SyntaxError: .*'='/);
    }
    expect(found).toHaveLength(2);
  });

  test('that is not there is named', async () => {
    const url = pathToFileURL(join(folder, 'missing.mjs')).href;
    const [found] = await inThread({ folder, modules: [url], finds: ['one'] });
    expect(found?.code).toBe('ERR_MODULE_LOAD');
    expect(found?.message).toContain(url);
    expect(found?.message).toContain('Cannot find module');
  });
});

interface Found {
  readonly answer?: string;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: string;
}

interface Search {
  readonly folder: string;
  readonly modules: readonly string[];
  readonly finds: readonly string[];
}

// Plain JavaScript, evaluated in the thread.
const LOOK = `
  const { parentPort, workerData } = require('node:worker_threads');
  (async () => {
    const { createRegistry } = await import(workerData.registry);
    const registry = createRegistry(workerData.modules, async () => ({ builtIn: async () => ({ builtIn() {} }) }));
    for (const name of workerData.finds) {
      parentPort.postMessage(
        await registry.find(name).then(
          (fn) => ({ answer: typeof fn + ' ' + fn.name }),
          (error) => ({ code: error.code, message: error.message, cause: String(error.cause) }),
        ),
      );
    }
  })();
`;

async function inThread({ folder, modules, finds }: Search): Promise<Found[]> {
  const registry = pathToFileURL(join(folder, 'src/compute/registry.js')).href;
  const worker = new Worker(LOOK, { eval: true, execArgv: [], workerData: { registry, modules, finds } });
  const found: Found[] = [];
  worker.on('message', (message: Found) => found.push(message));
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  return found;
}

function compileRegistry(folder: string): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const compiler = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
  const options = '--ignoreConfig --noCheck --skipLibCheck --rewriteRelativeImportExtensions';
  const target = ['--module', 'nodenext', '--target', 'es2023', '--rootDir', root, '--outDir', folder];
  execFileSync(process.execPath, [
    compiler,
    join(root, 'src/compute/registry.ts'),
    ...options.split(' '),
    ...target,
  ]);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}
