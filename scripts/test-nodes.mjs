// Runs the unit tests on other Node versions, brought by the registry's `node` package: node scripts/test-nodes.mjs 20 22 24 26
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const asked = process.argv.slice(2);
const versions = asked.length > 0 ? asked : ['20.19', '22', '24', '26'];

const failed = [];
for (const version of versions) {
  const run = ['--yes', '--package', `node@${version}`, '--'];
  const shown = spawnSync('npx', [...run, 'node', '--version'], { cwd: root, encoding: 'utf8' });
  console.log(`\nNode ${version}: ${shown.stdout.trim()}`);
  const { status } = spawnSync('npx', [...run, 'node', vitest, 'run'], { cwd: root, stdio: 'inherit' });
  if (shown.status !== 0 || status !== 0) failed.push(version);
}
console.log(
  failed.length === 0 ? `\nPassed on Node ${versions.join(', ')}.` : `\nFailed on Node ${failed.join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
