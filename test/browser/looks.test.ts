// How the page looks: contrast in light and dark, narrow, printed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuneResult } from '../../src/tuning/result.ts';
import { extremeResults, typicalResult } from '../tuning/fixtures/results.ts';
import { type Browser, startBrowser } from './open.ts';

const result: TuneResult = typicalResult();

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

afterAll(async () => await browser.close());

function extreme(name: string): TuneResult {
  const found = extremeResults()[name];
  if (found === undefined) throw new Error(`expected a result called ${name}`);
  return found;
}

/** Texts whose contrast with what is behind them is below 4.5, by WCAG's relative luminance. */
async function faintTexts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const numbers = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = numbers(color).map((channel) => {
        const part = channel / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): string => {
      for (let at = element; at !== null; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (numbers(color)[3] !== 0) return color;
      }
      return 'rgb(255, 255, 255)';
    };
    const faint: string[] = [];
    let seen = 0;
    for (const element of document.querySelectorAll('body *')) {
      const isText = [...element.childNodes].some(
        (node) => node.nodeType === 3 && node.nodeValue?.trim() !== '',
      );
      if (!isText || element.closest('script, style, noscript, title') !== null) continue;
      seen++;
      const style = getComputedStyle(element);
      const own = luminance(element instanceof SVGElement ? style.fill : style.color);
      const back = luminance(behind(element));
      const contrast = (Math.max(own, back) + 0.05) / (Math.min(own, back) + 0.05);
      if (contrast < 4.5) faint.push(`${element.tagName} ${element.textContent} ${contrast.toFixed(2)}`);
    }
    return seen < 100 ? ['too few texts were seen'] : faint;
  });
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('every text has enough contrast, and the background is the scheme’s', async () => {
    const { page } = await browser.open(result);
    await page.emulateMedia({ colorScheme });
    await page.locator('#cost summary').click();
    await page.locator('#cost table').waitFor();
    const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(color).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 24, 29)');
    expect(await faintTexts(page)).toEqual([]);
    await page.close();
  });

  test('the marks stand out from the background', async () => {
    const { page } = await browser.open(result);
    await page.emulateMedia({ colorScheme });
    const fills = await page
      .locator('#throughput .medians circle')
      .first()
      .evaluate((mark) => getComputedStyle(mark).fill);
    expect(fills).toBe(colorScheme === 'light' ? 'rgb(23, 102, 173)' : 'rgb(109, 181, 245)');
    await page.close();
  });
});

describe.each(['a typical one', 'many workers', 'hostile names', 'a large curve'])(
  '360 pixels wide: %s',
  (name) => {
    test('nothing is beside the page, and every plot is within it', async () => {
      const { page } = await browser.open(name === 'a typical one' ? result : extreme(name));
      await page.setViewportSize({ width: 360, height: 780 });
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.plots svg')].every((svg) => Number(svg.getAttribute('width')) < 360),
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await page.close();
    });
  },
);

test('printed, it is light, and without what only works on a screen', async () => {
  const { page } = await browser.open(result);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  expect(await page.getByRole('button').count()).toBe(0);
  expect(await page.locator('.readout').first().isVisible()).toBe(false);
  await page.close();
});
