// Runs the benchmarks on the built package: all of bench/, or those named, on this Node or on others brought by the
// registry's `node` package: npm run bench -- misses latency --node 20,24,26
//
// A run of all is kept in bench/results.json and shown in the README; one of some only with --save. --table shows again
// what is kept.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const asked = process.argv.slice(2);
const at = asked.indexOf('--node');
const [, versions] = at < 0 ? [] : asked.splice(at, 2);
if (at >= 0 && !/^\d+(\.\d+)*(,\d+(\.\d+)*)*$/.test(versions ?? '')) {
  console.error('--node: expected versions, such as 20,24,26.');
  process.exit(2);
}

const run = ['--import', 'tsx', 'bench/harness/run.ts', ...asked];
for (const version of versions?.split(',') ?? [undefined]) {
  const [command, args] =
    version === undefined
      ? [process.execPath, run]
      : ['npx', ['--yes', '--package', `node@${version}`, '--', 'node', ...run]];
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
