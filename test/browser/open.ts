// A report opened from disk in a Chromium with a fresh profile, which is ended with the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { composeReport, type PageAssets } from '../../src/tuning/report.ts';
import type { TuneResult } from '../../src/tuning/result.ts';
import { bundlePage } from '../tuning/page-assets.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Opened {
  readonly page: Page;
  /** What the browser complained of, and what it asked for beside the file. */
  readonly complaints: readonly string[];
}

export interface Browser {
  open(result: TuneResult): Promise<Opened>;
  close(): Promise<void>;
}

/** A browser with these settings; each report opens in a page of its own. */
export async function startBrowser(options: BrowserContextOptions = {}): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'memopool-browser-'));
  const assets: PageAssets = await bundlePage();
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGUMENTS,
    viewport: { width: 1000, height: 900 },
    ...options,
  });
  let opened = 0;
  return {
    async open(result) {
      const file = join(folder, `report-${opened++}.html`);
      writeFileSync(file, composeReport(result, assets));
      const url = pathToFileURL(file).href;
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:'))
          complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(url);
      if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
      return { page, complaints };
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
