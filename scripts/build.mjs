// Builds dist/ from src/ and workers/: declarations by the type checker, and JavaScript in few files, because each file
// that Node loads costs as much as starting a pool's thread may lose (bench/start).
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeReportPage } from './report-page.mjs';

// What is loaded by its name: by users, by node, by a worker's entry, or later than the rest.
const ENTRIES = [
  'src/index.ts',
  'src/worker.ts',
  'src/bigint.ts',
  'src/compute/memoize.ts',
  'src/cli/main.ts',
  'src/cli/digits.ts',
  'src/tuning/report.ts',
  'workers/compute.ts',
  'workers/memo-trial.ts',
];

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
await build({
  absWorkingDir: root,
  entryPoints: ENTRIES,
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  // As deep as src/dispatch, src/tuning and src/cli, from where worker files and the page are named by relative URLs.
  chunkNames: 'src/chunks/[name]-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
});
await writeReportPage();
for (const file of ['entry.cjs', 'locate.cjs'])
  copyFileSync(`${root}workers/${file}`, `${root}dist/workers/${file}`);
chmodSync(`${root}dist/src/cli/main.js`, 0o755);
