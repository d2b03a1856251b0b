// The direction of imports: down the layers, never sideways between folders of one layer, never up.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

// From the bottom up: a module may import its own folder and what stands in a lower row.
const layers: readonly (readonly string[])[] = [
  [
    'src/errors.ts',
    'src/types.ts',
    'src/suggest.ts',
    'src/stats.ts',
    'src/cpus.ts',
    'src/diagnostics.ts',
    'src/clock.ts',
    'src/system-reason.ts',
  ],
  ['src/check.ts', 'src/check-call.ts', 'src/control.ts', 'src/queue.ts'],
  ['src/values/'],
  ['src/kernels/', 'src/curves/'],
  ['src/wire.ts', 'src/wire-error.ts'],
  ['src/answer.ts'],
  ['src/nesting/'],
  ['src/compute/'],
  ['src/front/', 'src/dispatch/', 'src/store/', 'src/cluster/', 'workers/'],
  ['src/tuning/result.ts'],
  ['src/tuning/options.ts'],
  ['src/recording-types.ts'],
  ['src/options.ts', 'src/callers.ts', 'src/pool-types.ts'],
  ['src/run-options.ts', 'src/miss.ts'],
  ['src/sub-calls.ts', 'src/stalls.ts', 'src/forget.ts'],
  ['src/map/', 'src/recording/'],
  ['src/pool.ts'],
  ['src/tuning/'],
  ['src/create-pool.ts'],
  ['src/index.ts', 'src/worker.ts', 'src/bigint.ts'],
  ['src/cli/'],
];

function placeOf(file: string): { readonly layer: number; readonly unit: string } {
  for (const [layer, units] of layers.entries()) {
    const unit = units.find((name) => (name.endsWith('/') ? file.startsWith(name) : file === name));
    if (unit !== undefined) return { layer, unit };
  }
  throw new Error(`${file} stands in no layer: give it a place in test/imports.test.ts`);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => relative(root, resolve(root, dirname(file), specifier)));
}

const files = [...sourceFiles('src'), ...sourceFiles('workers')];

test.each(files)('%s imports downwards only', (file) => {
  const own = placeOf(file);
  const wrong = importsOf(file).filter((target) => {
    const place = placeOf(target);
    return place.unit !== own.unit && place.layer >= own.layer;
  });
  expect(wrong).toEqual([]);
});

test('the check sees imports at all', () => {
  expect(importsOf('src/pool.ts')).toContain('src/front/cache.ts');
});

test('the dispatcher names worker files by URL only', () => {
  const imported = files.filter((file) => file.startsWith('src/dispatch/')).flatMap(importsOf);
  expect(imported.filter((target) => target.startsWith('workers/'))).toEqual([]);
});
