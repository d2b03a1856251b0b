// The report as text: what is in the file, and that nothing in it could load anything. Drawn, it is tested in test/browser.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { unpackResult } from '../../src/tuning/page/data.ts';
import { composeReport } from '../../src/tuning/report.ts';
import { extremeResults, typicalResult } from './fixtures/results.ts';
import { bundlePage } from './page-assets.ts';

const results = Object.entries({ 'a typical one': typicalResult(), ...extremeResults() });

let page: Awaited<ReturnType<typeof bundlePage>>;

beforeAll(async () => {
  page = await bundlePage();
}, 60_000);

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

/** The number as far as the page keeps it. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) =>
      typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(7)) : each,
    ),
  );
}

describe.each(results)('the report of %s', (_name, result) => {
  const html = (): string => composeReport(result, page);

  test('allows one script by its hash, and nothing that loads', () => {
    const policy = between(html(), 'http-equiv="Content-Security-Policy" content="', '"');
    const script = html().slice(html().lastIndexOf('<script>') + 8, html().lastIndexOf('</script>'));
    const hash = createHash('sha256').update(script).digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash}'`,
      "style-src 'unsafe-inline'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('has the whole result inside', () => {
    const json = between(html(), '<script type="application/json" id="data">', '</script>');
    expect(json).not.toContain('<');
    const { sizes: expected, ...others } = result;
    const { sizes, ...rest } = unpackResult(json);
    expect(rest).toEqual(rounded(others));
    expect(sizes?.curve.length).toBe(expected?.curve.length);
    for (const [index, step] of (expected?.curve ?? []).entries()) {
      expect(sizes?.curve[index]?.maxsize).toBe(step.maxsize);
      expect(sizes?.curve[index]?.missRatio).toBeCloseTo(step.missRatio, 7);
    }
    expect(sizes?.byBytes.map(({ maxBytes }) => maxBytes)).toEqual(
      expected?.byBytes.map(({ maxBytes }) => maxBytes),
    );
  });

  test('names no file and no address to load', () => {
    const markup = html().replaceAll(/<script[\s\S]*?<\/script>/g, '');
    expect(markup).not.toMatch(/\bsrc\s*=\s*["']|@import|url\(|https?:/i);
    expect([...markup.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['data:,']);
  });

  test('is smaller than 600 KB', () => {
    expect(Buffer.byteLength(html())).toBeLessThan(600_000);
  });

  test('takes no markup from names', () => {
    expect(html().match(/<script/g)).toHaveLength(2);
    expect(html()).not.toContain('<img');
  });
});

test('says the main numbers where no script runs', () => {
  const text = between(composeReport(typicalResult(), page), '<noscript>', '</noscript>');
  for (const part of [
    'Use 6 workers and maxsize 1,024.',
    'maxsize: 1024,',
    '7.5 CPUs',
    '8.72 %',
    'fib(40) needs maxsize 3',
  ]) {
    expect(text).toContain(part);
  }
});

test('the script begins with the notices of the packages in it', () => {
  expect(page.script.startsWith('/*!\n@observablehq/plot 0.6.17\n')).toBe(true);
  expect(page.notices).toContain('d3-scale ');
  expect(page.script).toContain('Mike Bostock');
});

test('the page makes no code of text and asks no network', () => {
  expect(page.script).not.toMatch(
    /\beval\(|new Function|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts/,
  );
});
