// Each chart of sizes shows the numbers of the result: read back from where its marks were drawn.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SizesResult, TuneResult } from '../../src/tuning/result.ts';
import { typicalResult } from '../tuning/fixtures/results.ts';
import { Drawn } from './drawn.ts';
import { expectFactor, expectNear } from './near.ts';
import { type Browser, type Opened, startBrowser } from './open.ts';

const result: TuneResult = typicalResult();
const sizes = result.sizes as SizesResult;

let browser: Browser;
let opened: Opened;

beforeAll(async () => {
  browser = await startBrowser();
  opened = await browser.open(result);
});

afterAll(async () => await browser.close());

describe('miss ratio', () => {
  const chart = (): Drawn => new Drawn(opened.page, 'miss-ratio');

  test('the curve goes down in steps where the ratio changes', async () => {
    const [x, y] = [await chart().scale('x', 'log'), await chart().scale('y')];
    const corners = await chart().path('.lru');
    expect(corners.length).toBeGreaterThan(2 * (sizes.curve.length - 2));
    // the second corner of each step: where the next ratio begins
    const starts = corners.filter((_, index) => index % 2 === 0).slice(0, 40);
    expectFactor(
      starts.map((point) => x(point.x)),
      sizes.curve.slice(1, 41).map(({ maxsize }) => maxsize),
    );
    expectNear(
      starts.map((point) => y(point.y)),
      sizes.curve.slice(1, 41).map(({ missRatio }) => missRatio),
    );
  });

  test('between two sizes it is as high as at the smaller one', async () => {
    const [x, y] = [await chart().scale('x', 'log'), await chart().scale('y')];
    const corners = await chart().path('.lru');
    const between = [1, 2, 3, 5, 8];
    // the last corner before it, and so the level that goes on from there
    const levels = between.map((maxsize) =>
      y(corners.findLast((point) => x(point.x) < maxsize + 0.5)?.y ?? 0),
    );
    const next = between.map((maxsize) => y(corners.find((point) => x(point.x) > maxsize + 0.5)?.y ?? 0));
    const ratios = between.map(
      (maxsize) => sizes.curve.find((step) => step.maxsize === maxsize)?.missRatio ?? 0,
    );
    expectNear(levels, ratios);
    expectNear(next, ratios);
  });

  test('the best policy, the choice and the needed size stand where they are', async () => {
    const [x, y] = [await chart().scale('x', 'log'), await chart().scale('y')];
    const shown = sizes.points.filter(({ maxsize }) => maxsize >= 1);
    const optimal = await chart().points('.optimal path');
    expectFactor(
      optimal.map((point) => x(point.x)),
      shown.map(({ maxsize }) => maxsize),
    );
    expectNear(
      optimal.map((point) => y(point.y)),
      shown.map(({ optimalMissRatio }) => optimalMissRatio ?? 0),
      1,
    );
    const [chosen] = await chart().points('.callout.chosen line');
    const [needed] = await chart().points('.callout.needed line');
    expectFactor([x(chosen?.x ?? 0), x(needed?.x ?? 0)], [sizes.chosen, sizes.needed ?? 0]);
  });

  test('bound by bytes, the curve is that of bytes', async () => {
    const { page } = await browser.open(result);
    await page.getByLabel('bytes', { exact: true }).check();
    const bytes = new Drawn(page, 'miss-ratio');
    const [x, y] = [await bytes.scale('x', 'log'), await bytes.scale('y')];
    const starts = (await bytes.path('.lru')).filter((_, index) => index % 2 === 0).slice(0, 40);
    const wanted = sizes.byBytes.slice(1, 41);
    expectFactor(
      starts.map((point) => x(point.x)),
      wanted.map(({ maxBytes }) => maxBytes),
      1.05,
    );
    expectNear(
      starts.map((point) => y(point.y)),
      wanted.map(({ missRatio }) => missRatio),
    );
    const [budget] = await bytes.points('.budget line');
    expectFactor([x(budget?.x ?? 0)], [sizes.budgetBytes ?? 0], 1.05);
    await page.getByText('Data: miss ratio').click();
    await page.locator('#miss-ratio table').waitFor();
    expect(await page.locator('#miss-ratio tbody tr').count()).toBe(sizes.byBytes.length);
    await page.close();
  });
});

describe('time and memory', () => {
  test('the estimated time stands at its heights, the choice at its size', async () => {
    const chart = new Drawn(opened.page, 'cost');
    const [x, y] = [await chart.scale('x', 'log'), await chart.scale('y')];
    const shown = sizes.points.filter(({ maxsize }) => maxsize >= 1);
    const points = await chart.points('.cost circle');
    expectFactor(
      points.map((point) => x(point.x)),
      shown.map(({ maxsize }) => maxsize),
    );
    expectNear(
      points.map((point) => y(point.y)),
      shown.map(({ costNs }) => costNs.median / 1e6),
    );
    const [chosen] = await chart.points('.callout.chosen line');
    expectFactor([x(chosen?.x ?? 0)], [sizes.chosen]);
    expect(await chart.points('.band path')).toHaveLength(1);
  });

  test('the weight and the most bytes allowed stand at their heights', async () => {
    const chart = new Drawn(opened.page, 'cost', 1);
    const y = await chart.scale('y', 'log');
    const weights = await chart.points('.bytes path');
    const shown = sizes.points.filter(({ bytes }) => bytes > 0);
    expectFactor(
      weights.map((point) => y(point.y)),
      shown.map(({ bytes }) => bytes),
      1.2,
    );
    const [budget] = await chart.points('.budget line');
    expectFactor([y(budget?.y ?? 0)], [sizes.budgetBytes ?? 0], 1.15);
  });
});

test('the needed maxsize of each memo, with the calls at it and one below, is in the table', async () => {
  const rows = opened.page.locator('section[aria-labelledby=memos] tbody tr');
  expect(await rows.allInnerTexts()).toEqual([
    'fib(40)\t41\t3\t41\t1,045,216\t128',
    'tribonacci(40)\t41\t4\t41\t> 2,000,000\tno bound',
    'distance(30, 30)\t961\t62\t961\t990\t32',
  ]);
});
