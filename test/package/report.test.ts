// The report by what was built: what the sources read where nothing is installed.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderReport } from '../../src/tuning/report.ts';
import { typicalResult } from '../tuning/fixtures/results.ts';
import { bundlePage } from '../tuning/page-assets.ts';

test('what was built has the page as its sources make it, and the notices in a file', async () => {
  const { script, notices } = await bundlePage();
  const html = await renderReport(typicalResult());
  expect(html).toContain(`<script>${script}</script>`);
  const file = new URL('../../dist/THIRD-PARTY-NOTICES.txt', import.meta.url);
  expect(readFileSync(file, 'utf8')).toContain(notices);
});
