// What comes with the package when it is installed, and what then runs by itself: nothing.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const { scripts, dependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const installed = Object.entries(packages)
  .filter(([path, { dev, peer }]) => path !== '' && !dev && !peer)
  .map(([path, locked]) => ({ name: path.replace(/^.*node_modules\//, ''), ...locked }));

test('SECURITY.md names every package that is installed along', () => {
  const security = read('SECURITY.md');
  const names = installed.map(({ name }) => name).filter((name) => !name.startsWith('@napi-rs/nice-'));
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies ?? {})));
  for (const name of names) expect(security).toContain(`\`${name}\``);
});

test('no package that is installed along has an install script', () => {
  expect(installed.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
});

test('the package itself has no install script', () => {
  expect(Object.keys(scripts ?? {}).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});
