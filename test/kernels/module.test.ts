// The module in the package is the one that its source makes.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { moduleSource } from '../../src/kernels/assembly/source.ts';

test('the module of the kernels is what its source makes: npm run kernels', () => {
  const file = new URL('../../src/kernels/module.ts', import.meta.url);
  expect(readFileSync(file, 'utf8') === moduleSource()).toBe(true);
});
