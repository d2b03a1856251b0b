// The script and the style of the report's page (src/tuning/page), bundled with the charting library, and the notices of
// what is in them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

// Parts of d3 that the charts never use, each one file that esbuild cannot take apart: left out, they save 26 KB, and the one
// place that makes code of text, which the page's policy forbids. Was one needed, bundling would fail for want of its names.
const UNUSED =
  /^d3-(?:brush|chord|dispatch|drag|dsv|ease|fetch|force|polygon|quadtree|timer|transition|zoom)$/;

/** @type {import('esbuild').Plugin} */
const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'export {};' }));
  },
};

/** The packages of which something is in the bundle. */
function packagesIn(inputs) {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** Every notice once, above it the packages that it is of. */
function noticesOf(folders) {
  const packages = new Map();
  for (const folder of folders) {
    const { name, version } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].find((each) =>
      existsSync(`${root}${folder}/${each}`),
    );
    if (file === undefined)
      throw new Error(`expected a licence in ${folder}: find it, or leave the package out`);
    const notice = readFileSync(`${root}${folder}/${file}`, 'utf8').trim();
    packages.set(notice, [...(packages.get(notice) ?? []), `${name} ${version}`]);
  }
  return [...packages].map(([notice, names]) => `${names.join(', ')}\n\n${notice}\n`).join('\n----\n\n');
}

/** The page's script, beginning with its notices; its style; and the notices. */
export async function bundleReportPage() {
  const options = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: 'eof',
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  };
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: ['src/tuning/page/main.ts'],
    outdir: 'dist/report-page',
    format: 'iife',
    platform: 'browser',
    metafile: true,
    plugins: [withoutUnused],
  });
  const style = await build({
    ...options,
    target: 'esnext',
    entryPoints: ['src/tuning/page/page.css'],
    outdir: 'dist/report-page',
  });
  const [output] = Object.values(metafile.outputs);
  const notices = noticesOf(packagesIn(output.inputs));
  const script = `/*!\n${notices.replaceAll('*/', '* /')}*/\n${outputFiles[0].text.trim()}`;
  if (/<\/script/i.test(script))
    throw new Error('expected a script that can stand in HTML, got one with an end tag');
  return { script, style: style.outputFiles[0].text.trim(), notices };
}

/** Writes what src/tuning/report.ts reads, and the notices of the package. */
export async function writeReportPage() {
  const { script, style, notices } = await bundleReportPage();
  mkdirSync(`${root}dist/report-page`, { recursive: true });
  writeFileSync(`${root}dist/report-page/page.js`, script);
  writeFileSync(`${root}dist/report-page/page.css`, style);
  const head =
    'dist/report-page/page.js, and every report that memopool tune writes, have parts of these packages in them.';
  writeFileSync(`${root}dist/THIRD-PARTY-NOTICES.txt`, `${head}\n\n----\n\n${notices}`);
}
