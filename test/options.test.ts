import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { usableCpus } from '../src/cpus.ts';
import { PoolError } from '../src/errors.ts';
import { type PoolOptions, type ResolvedOptions, resolveOptions } from '../src/options.ts';

type Loose = Readonly<Record<string, unknown>>;

function resolved(options: Loose): ResolvedOptions {
  return resolveOptions(options as PoolOptions);
}

function refusal(options: unknown): PoolError {
  try {
    resolveOptions(options as PoolOptions);
  } catch (error) {
    if (error instanceof PoolError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

test('a pool without options has the defaults that are documented', () => {
  const defaults: ResolvedOptions = {
    modules: [],
    builtIns: true,
    minWorkers: usableCpus(),
    maxWorkers: usableCpus(),
    maxsize: 1024,
    maxBytes: 268_435_456,
    typed: true,
    share: 'clone',
    stackSizeMb: 512,
    workerMemoryMb: undefined,
    memoBytes: 536_870_912,
    queueSize: 100_000,
    maxArgumentBytes: 67_108_864,
    inlineMs: 0,
  };
  expect(resolved({})).toEqual(defaults);
  const names = ['functions', 'builtIns', 'workers', 'maxsize', 'maxBytes', 'typed', 'share', 'stackSizeMb', 'workerMemoryMb', 'memoBytes', 'queueSize', 'maxArgumentBytes', 'inlineMs']; // biome-ignore format: one line
  expect(resolved(Object.fromEntries(names.map((name) => [name, undefined])))).toEqual(defaults);
});

describe('an option in its range is taken', () => {
  const taken: readonly (readonly [Loose, Loose])[] = [
    [{ maxsize: 0 }, { maxsize: 0 }],
    [{ maxsize: 1e9 }, { maxsize: 1e9 }],
    [{ maxsize: null }, { maxsize: null }],
    [{ maxBytes: 0 }, { maxBytes: 0 }],
    [{ maxBytes: null }, { maxBytes: null }],
    [{ maxBytes: 2 ** 40 }, { maxBytes: 2 ** 40 }],
    [{ memoBytes: 0 }, { memoBytes: 0 }],
    [{ memoBytes: null }, { memoBytes: null }],
    [{ typed: false }, { typed: false }],
    [{ builtIns: false }, { builtIns: false }],
    [{ share: 'freeze' }, { share: 'freeze' }],
    [{ share: 'reference' }, { share: 'reference' }],
    [{ stackSizeMb: 1 }, { stackSizeMb: 1 }],
    [{ stackSizeMb: 65_536 }, { stackSizeMb: 65_536 }],
    [{ workerMemoryMb: 16 }, { workerMemoryMb: 16 }],
    [{ queueSize: 0 }, { queueSize: 0 }],
    [{ maxArgumentBytes: 0 }, { maxArgumentBytes: 0 }],
    [{ maxArgumentBytes: null }, { maxArgumentBytes: null }],
    [{ inlineMs: 0.5 }, { inlineMs: 0.5 }],
    [{ inlineMs: 1000 }, { inlineMs: 1000 }],
    [{ queueSize: Number.MAX_SAFE_INTEGER }, { queueSize: Number.MAX_SAFE_INTEGER }],
    [{ workers: 1 }, { minWorkers: 1, maxWorkers: 1 }],
    [{ workers: 1024 }, { minWorkers: 1024, maxWorkers: 1024 }],
    [{ workers: { min: 0, max: 4 } }, { minWorkers: 0, maxWorkers: 4 }],
    [{ workers: { min: 4, max: 4 } }, { minWorkers: 4, maxWorkers: 4 }],
  ];

  test.each(taken)('%o', (options, expected) => {
    expect(resolved(options)).toMatchObject(expected);
  });
});

describe('an option out of its range is refused with what was expected and what came', () => {
  const bound = 'expected a whole number from 0, or null for no bound, got';
  const workers = "createPool: option 'workers': expected a whole number from 1 to 1024, got";
  const stack = "createPool: option 'stackSizeMb': expected a whole number from 1 to 65536, got";
  const queue = "createPool: option 'queueSize': expected a whole number from 0 to 9007199254740991, got";
  const memory = "createPool: option 'workerMemoryMb': expected a whole number from 16 to 2147483648, got";

  const refused: readonly (readonly [Loose, string])[] = [
    [{ maxsize: -1 }, `createPool: option 'maxsize': ${bound} -1.`],
    [{ maxsize: 1.5 }, `${bound} 1.5.`],
    [{ maxsize: Number.NaN }, `${bound} NaN.`],
    [{ maxsize: Infinity }, `${bound} Infinity.`],
    [{ maxsize: 2 ** 53 }, `${bound} 9007199254740992.`],
    [{ maxsize: '10' }, `${bound} "10".`],
    [{ maxsize: 10n }, `${bound} 10n.`],
    [{ maxsize: true }, `${bound} true.`],
    [{ memoBytes: -1 }, `createPool: option 'memoBytes': ${bound} -1.`],
    [{ maxBytes: -1 }, `createPool: option 'maxBytes': ${bound} -1.`],
    [{ maxBytes: '256MB' }, `${bound} "256MB".`],
    [{ maxArgumentBytes: -1 }, `createPool: option 'maxArgumentBytes': ${bound} -1.`],
    [{ typed: 1 }, "createPool: option 'typed': expected true or false, got 1."],
    [{ typed: null }, 'got null.'],
    [{ typed: 'false' }, 'got "false".'],
    [
      { share: 'copy' },
      'createPool: option \'share\': expected one of clone, freeze, reference, got "copy".',
    ],
    [{ share: true }, 'got true.'],
    [{ workers: 0 }, `${workers} 0.`],
    [{ workers: -2 }, `${workers} -2.`],
    [{ workers: 2.5 }, `${workers} 2.5.`],
    [{ workers: 1025 }, `${workers} 1025.`],
    [{ workers: '4' }, `${workers} "4".`],
    [{ workers: null }, `${workers} null.`],
    [{ workers: Number.NaN }, `${workers} NaN.`],
    [{ workers: [1, 2] }, 'createPool: workers: unknown option "0". There are: min, max.'],
    [
      { workers: {} },
      "createPool: option 'workers.max': expected a whole number from 1 to 1024, got undefined.",
    ],
    [{ workers: { min: 1 } }, "option 'workers.max'"],
    [{ workers: { max: 4 } }, "option 'workers.min': expected a whole number from 0 to 4, got undefined."],
    [{ workers: { min: 5, max: 4 } }, "option 'workers.min': expected a whole number from 0 to 4, got 5."],
    [{ workers: { min: 0, max: 0 } }, "option 'workers.max': expected a whole number from 1 to 1024, got 0."],
    [{ workers: { min: 0, max: 4, idle: 3 } }, 'createPool: workers: unknown option "idle".'],
    [{ stackSizeMb: 0 }, `${stack} 0.`],
    [{ stackSizeMb: 65_537 }, `${stack} 65537.`],
    [{ stackSizeMb: '256' }, `${stack} "256".`],
    [{ stackSizeMb: null }, `${stack} null.`],
    [{ workerMemoryMb: 15 }, `${memory} 15.`],
    [{ workerMemoryMb: 20.5 }, `${memory} 20.5.`],
    [{ workerMemoryMb: null }, `${memory} null.`],
    [{ queueSize: -1 }, `${queue} -1.`],
    [{ queueSize: Infinity }, `${queue} Infinity.`],
    [{ queueSize: null }, `${queue} null.`],
  ];

  test.each(refused)('%o', (options, message) => {
    const error = refusal(options);
    expect(error.code).toBe('ERR_OPTION');
    expect(error.message).toContain(message);
  });

  test('and named for a program to read', () => {
    expect(refusal({ maxsize: -1 }).details).toEqual({ option: 'maxsize' });
    expect(refusal({ workers: { min: 1, max: 0 } }).details).toEqual({ option: 'workers.max' });
  });
});

describe('an unknown option is refused', () => {
  test.each([
    [{ maxSize: 10 }, 'createPool: unknown option "maxSize". Did you mean \'maxsize\'?'],
    [{ max: 10 }, 'unknown option "max".'],
    [{ worker: 4 }, "Did you mean 'workers'?"],
    [{ stackSizeMB: 10 }, "Did you mean 'stackSizeMb'?"],
    [{ function: 'a' }, "Did you mean 'functions'?"],
    [
      { maxsize: 10, ttl: 5 },
      'unknown option "ttl". There are: functions, builtIns, workers, maxsize, maxBytes, typed,',
    ],
    [JSON.parse('{"__proto__": 1}'), 'unknown option "__proto__".'],
    [{ toString: 1 }, 'unknown option "toString".'],
  ])('with what was probably meant: %o', (options, message) => {
    const error = refusal(options);
    expect(error.code).toBe('ERR_OPTION');
    expect(error.message).toContain(message);
  });

  test.each([null, 5, 'workers', true, () => 1])('and so is what is no object of options: %o', (options) => {
    expect(refusal(options)).toMatchObject({
      code: 'ERR_OPTION',
      message: expect.stringContaining('createPool: expected an object of options, got '),
    });
  });
});

describe('the option functions', () => {
  const here = new URL('./functions.ts', import.meta.url);
  const path = resolve('/somewhere', 'a module#1.ts');

  test.each([
    ['a file: URL', here, [here.href]],
    ['the text of a file: URL', here.href, [here.href]],
    ['an absolute path', path, [pathToFileURL(path).href]],
    ['a list, in its order', [path, here], [pathToFileURL(path).href, here.href]],
    ['an empty list', [], []],
  ])('takes %s', (_what, functions, modules) => {
    expect(isAbsolute(path)).toBe(true);
    expect(resolved({ functions }).modules).toEqual(modules);
  });

  test.each([
    ['a relative path', './functions.ts', '"./functions.ts"'],
    ['a name of a package', 'lodash', '"lodash"'],
    ['a data: URL', 'data:text/javascript,export const a = 1', '"data:text/javascript,export const a = 1"'],
    ['a data: URL object', new URL('data:text/javascript,1'), '"data:text/javascript,1"'],
    ['an http: URL', new URL('https://example.org/functions.js'), '"https://example.org/functions.js"'],
    ['the text of an http: URL', 'http://example.org/functions.js', '"http://example.org/functions.js"'],
    ['a node: URL', 'node:fs', '"node:fs"'],
    ['an empty text', '', '""'],
    ['a module that was imported', { fib: () => 1 }, 'an Object'],
    ['a function', () => 1, 'a function'],
    ['null', null, 'null'],
    ['a list with a bad one', [here, './functions.ts'], '"./functions.ts"'],
    ['a list in a list', [[here]], 'an array of 1'],
  ])('refuses %s, with what to write', (_what, functions, shown) => {
    const error = refusal({ functions });
    expect(error.code).toBe('ERR_OPTION');
    expect(error.message).toBe(
      "createPool: option 'functions': expected a file: URL or an absolute path, such as " +
        `new URL('./functions.js', import.meta.url), got ${shown}.`,
    );
  });
});
