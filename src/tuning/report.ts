// The result of tuning as one HTML file that loads nothing: style, script and data inside, held by a policy that allows no more.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { packResult } from './page/data.ts';
import { absencesOf, factsOf } from './page/facts.ts';
import {
  sayAnswer,
  sayCost,
  sayEfficiency,
  sayLatency,
  sayMemo,
  sayMissRatio,
  sayThroughput,
} from './page/sentences.ts';
import type { TuneResult } from './result.ts';

/** The page's script and style, which scripts/report-page.mjs bundles. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

// Beside what was built, and from the sources in what was built of them. Built, this file or the chunk with it stands as
// deep as here: see scripts/build.mjs.
const FOLDERS: readonly string[] = ['../../report-page/', '../../dist/report-page/'];

async function readAsset(name: string): Promise<string> {
  let cause: unknown;
  for (const folder of FOLDERS) {
    try {
      return await readFile(new URL(folder + name, import.meta.url), 'utf8');
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`expected the report's ${name} beside the built package, found none: run npm run build`, {
    cause,
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** JSON that cannot end its script element, nor begin a comment. */
function escapeJson(json: string): string {
  return json.replaceAll('<', '\\u003c');
}

function paragraphs(texts: readonly (string | null)[]): string {
  return texts
    .filter((text) => text !== null)
    .map((text) => `<p>${escapeHtml(text)}</p>`)
    .join('\n');
}

/** What the page says, without its charts, where no script runs. */
function summarize(result: TuneResult): string {
  const { advice, workers, sizes, memos, isComplete } = result;
  const absences = absencesOf(result);
  const facts = factsOf(result).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const about =
    workers === null || absences.workers !== null
      ? [absences.workers]
      : [sayThroughput(workers), workers.reason, sayEfficiency(workers), sayLatency(workers), workers.limit];
  const ofSizes = sizes === null ? [absences.sizes] : [sayMissRatio(sizes), sayCost(sizes), sizes.reason];
  return `<main>
<section class="answer"><h2>${escapeHtml(sayAnswer(result))}</h2>
${isComplete ? '' : '<p class="warning">Not complete: it ended before all was measured.</p>'}
<pre class="paste"><code>${escapeHtml(advice.lines.join('\n'))}</code></pre>
<p>The charts need scripts, which do not run here; this is what they say.</p></section>
<section><h2>What was measured, and where</h2><dl>${facts.join('')}</dl></section>
<section><h2>Findings</h2>${paragraphs(advice.findings)}</section>
<section><h2>Workers</h2>${paragraphs(about)}</section>
<section><h2>Maxsize</h2>${paragraphs(ofSizes)}</section>
<section><h2>Memos of recursive functions</h2>${paragraphs([absences.memos, ...memos.map(sayMemo)])}</section>
</main>`;
}

/** The page of a result, by script and style given. */
export function composeReport(result: TuneResult, { script, style }: PageAssets): string {
  const hash = createHash('sha256').update(script).digest('base64');
  // styles by 'unsafe-inline': the charting library adds a style element of its own to each plot
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="memopool">
<link rel="icon" href="data:,">
<title>${escapeHtml(`memopool tune: ${result.subject.name}`)}</title>
<style>${style}</style>
</head>
<body>
<noscript>
${summarize(result)}
</noscript>
<script type="application/json" id="data">${escapeJson(packResult(result))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The result as one HTML file that needs no other and no network. */
export async function renderReport(result: TuneResult): Promise<string> {
  const [script, style] = await Promise.all([readAsset('page.js'), readAsset('page.css')]);
  return composeReport(result, { script, style });
}
