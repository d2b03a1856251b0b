// The page around the charts: keys, pointer, buttons, tables, hostile names, and no script at all.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuneResult } from '../../src/tuning/result.ts';
import { extremeResults, typicalResult } from '../tuning/fixtures/results.ts';
import { type Browser, type Opened, startBrowser } from './open.ts';

const result: TuneResult = typicalResult();

let browser: Browser;
let opened: Opened;

beforeAll(async () => {
  browser = await startBrowser();
  opened = await browser.open(result);
});

afterAll(async () => await browser.close());

function extreme(name: string): TuneResult {
  const found = extremeResults()[name];
  if (found === undefined) throw new Error(`expected a result called ${name}`);
  return found;
}

test('opened from disk, it asks for nothing and complains of nothing', async () => {
  await opened.page.waitForLoadState('networkidle');
  expect(opened.complaints).toEqual([]);
  expect(await opened.page.title()).toBe('memopool tune: orders.workload.ts');
});

describe('for a reader of its structure', () => {
  test('it has one main, a banner, headings in order, and every figure a caption with a number', async () => {
    const { page } = opened;
    expect(await page.getByRole('main').count()).toBe(1);
    expect(await page.getByRole('banner').count()).toBe(1);
    expect(await page.getByRole('contentinfo').count()).toBe(1);
    const levels = await page
      .locator('h1, h2, h3')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    const captions = await page.locator('figure > figcaption').allTextContents();
    expect(captions).toHaveLength(7);
    for (const caption of captions) expect(caption).toMatch(/\d/);
    expect(await page.getByRole('figure', { name: 'Throughput by workers' }).count()).toBe(1);
  });

  test('every plot is an image with a name', async () => {
    const plots = opened.page.locator('.plots svg');
    expect(await plots.count()).toBe(9);
    for (const plot of await plots.all()) {
      expect(await plot.getAttribute('role')).toBe('img');
      expect((await plot.getAttribute('aria-label'))?.length).toBeGreaterThan(3);
    }
  });

  test('every table has all rows', async () => {
    const { page } = await browser.open(result);
    const { workers, sizes } = result;
    const spans = workers?.timeline?.lanes.flatMap((lane) => lane.spans) ?? [];
    const rows: readonly (readonly [string, number | undefined])[] = [
      ['throughput', workers?.samples.length],
      ['efficiency', workers?.counts.length],
      ['latency', workers?.counts.length],
      ['parts', workers?.counts.length],
      ['timeline', spans.length],
      ['miss-ratio', sizes?.curve.length],
      ['cost', sizes?.points.length],
    ];
    for (const [id, count] of rows) {
      await page.locator(`#${id} summary`).click();
      await page.locator(`#${id} table`).waitFor();
      expect([id, await page.locator(`#${id} tbody tr`).count()]).toEqual([id, count]);
    }
    expect(await page.locator('#cost tbody tr').last().innerText()).toBe(
      '2,400\t145 µs\t133 µs\t157 µs\t6 %\t2.7 MiB',
    );
    await page.close();
  });
});

describe('the readout', () => {
  const readout = async (page: Page, id: string): Promise<string> =>
    (await page.locator(`#${id} .readout`).textContent()) ?? '';

  test('is moved by the arrow keys, Home and End, and told politely', async () => {
    const { page } = opened;
    await page.locator('#throughput .chart').focus();
    const steps: string[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'End', 'ArrowRight', 'Home']) {
      await page.keyboard.press(key);
      steps.push((await readout(page, 'throughput')).replace(/:.*/, ''));
    }
    expect(steps).toEqual([
      '1 worker',
      '2 workers',
      '1 worker',
      '1 worker',
      '8 workers',
      '8 workers',
      '1 worker',
    ]);
    expect(await page.locator('#throughput .readout').getAttribute('aria-live')).toBe('polite');
    expect(await page.locator('#throughput .cursor circle').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await readout(page, 'throughput')).toContain('use the arrow keys');
    expect(await page.locator('#throughput .cursor').count()).toBe(0);
  });

  test('tells the values of the point', async () => {
    const { page } = opened;
    await page.locator('#throughput .chart').focus();
    await page.keyboard.press('End');
    const { median, low, high } = result.workers?.counts.at(-1)?.throughput ?? { median: 0, low: 0, high: 0 };
    const [a, b, c] = [median, low, high].map((value) => Math.round(value).toLocaleString('en'));
    expect(await readout(page, 'throughput')).toBe(
      `8 workers: ${a} (95 % interval ${b} to ${c}) calls a second, in 10 runs.`,
    );
  });

  test('shows by a visible outline where the focus is', async () => {
    const { page } = opened;
    await page.locator('#cost summary').focus();
    await page.keyboard.press('Shift+Tab');
    const chart = page.locator('#cost .chart');
    expect(await chart.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await chart.evaluate((element) => getComputedStyle(element).outlineWidth)).toBe('3px');
  });

  test('is the same under the pointer', async () => {
    const { page } = opened;
    const point = page.locator('#throughput .medians circle').nth(3);
    await point.scrollIntoViewIfNeeded();
    await point.hover({ force: true });
    expect(await readout(page, 'throughput')).toMatch(/^4 workers: /);
  });

  test('in the timeline, up and down change the lane', async () => {
    const { page } = opened;
    await page.locator('#timeline .chart').focus();
    await page.keyboard.press('Home');
    expect(await readout(page, 'timeline')).toMatch(/^Worker 1, loading score: from /);
    await page.keyboard.press('ArrowDown');
    expect(await readout(page, 'timeline')).toMatch(/^Worker 2, /);
    await page.keyboard.press('ArrowUp');
    expect(await readout(page, 'timeline')).toMatch(/^Worker 1, /);
  });
});

describe('the buttons', () => {
  test('copy puts the lines on the clipboard, and says so', async () => {
    const { page } = await browser.open(result);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('workers: 6,\nmaxsize: 1024,');
    await page.close();
  });

  test('copy works where the clipboard is refused', async () => {
    const { page } = await browser.open(result);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
    });
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('workers: 6,\nmaxsize: 1024,');
    await page.close();
  });

  test('the colours change by the button, and stay so', async () => {
    const { page } = await browser.open(result);
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    expect(await background()).not.toBe(light);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    expect(await background()).not.toBe(light);
    await page.getByRole('button', { name: 'Light colours' }).click();
    expect(await background()).toBe(light);
    await page.close();
  });
});

test('hostile names are shown as text', async () => {
  const { page, complaints } = await browser.open(extreme('hostile names'));
  const name = '</script><img src=x onerror=alert(1)><!--';
  expect(await page.locator('h1').textContent()).toBe(`memopool tune: ${name}`);
  expect(await page.locator('.paste').textContent()).toContain(name);
  expect(await page.locator('section[aria-labelledby=memos] tbody th').first().textContent()).toBe(
    `${name}(1)`,
  );
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test('what was not measured is left out, with a sentence why', async () => {
  const { page } = await browser.open(extreme('only a trace'));
  expect(await page.locator('section[aria-labelledby=workers]').innerText()).toContain(
    'worker counts are measured from a workload',
  );
  expect(await page.locator('h2').first().textContent()).toBe('Use maxsize 1,024.');
  await page.close();
  const { page: stopped } = await browser.open(extreme('interrupted'));
  expect(await stopped.locator('.answer').innerText()).toContain('Not complete');
  await stopped.close();
});

describe('where no script runs', () => {
  let scriptless: Browser;

  beforeAll(async () => {
    scriptless = await startBrowser({ javaScriptEnabled: false });
  });

  afterAll(async () => await scriptless.close());

  test('the main numbers are readable', async () => {
    const { page } = await scriptless.open(result);
    const text = await page.locator('main').innerText();
    for (const part of [
      'Use 6 workers and maxsize 1,024.',
      'workers: 6,',
      '8.72 %',
      '7.5 CPUs',
      'fib(40) needs maxsize 3',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('hostile names are text there too', async () => {
    const { page } = await scriptless.open(extreme('hostile names'));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain('</script><img src=x onerror=alert(1)><!--');
  });
});
