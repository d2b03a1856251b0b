// node scripts/report-screenshot.mjs RESULT.json|RESULT.html OUT.png [light|dark] [WIDTH]: a picture of a report, by the Chromium at
// CHROMIUM or /usr/bin/chromium; npm run build first. With pngquant installed the picture takes a third of the room.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [from, to, colorScheme = 'light', width = '1000'] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  process.stderr.write(
    'usage: node scripts/report-screenshot.mjs RESULT.json|REPORT.html OUT.png [light|dark] [WIDTH]\n',
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'memopool-report-'));
let file = resolve(from);
if (!from.endsWith('.html')) {
  const { renderReport } = await import('../dist/src/tuning/report.js');
  file = join(folder, 'report.html');
  writeFileSync(file, await renderReport(JSON.parse(readFileSync(from, 'utf8'))));
}
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath,
  args: [...args, '--disable-component-update', '--disable-sync'],
  colorScheme,
  viewport: { width: Number(width), height: 900 },
});
try {
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('html[data-ready]');
  await page.screenshot({ path: to, fullPage: true });
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}
const { status } = spawnSync('pngquant', ['64', '--force', '--output', to, to]);
if (status !== 0) process.stderr.write('not made smaller: pngquant is not there, or failed\n');
