// Each chart of workers shows the numbers of the result: read back from where its marks were drawn.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuneResult, WorkersResult } from '../../src/tuning/result.ts';
import { extremeResults, typicalResult } from '../tuning/fixtures/results.ts';
import { Drawn } from './drawn.ts';
import { expectNear } from './near.ts';
import { type Browser, type Opened, startBrowser } from './open.ts';

const result: TuneResult = typicalResult();
const workers = result.workers as WorkersResult;

let browser: Browser;
let opened: Opened;

beforeAll(async () => {
  browser = await startBrowser();
  opened = await browser.open(result);
});

afterAll(async () => await browser.close());

const counts: number[] = workers.counts.map((count) => count.workers);

describe('throughput', () => {
  const chart = (): Drawn => new Drawn(opened.page, 'throughput');

  test('the medians stand at their counts and heights, with their intervals', async () => {
    const [x, y] = [await chart().scale('x'), await chart().scale('y')];
    const medians = await chart().points('.medians circle');
    expectNear(
      medians.map((point) => x(point.x)),
      counts,
    );
    expectNear(
      medians.map((point) => y(point.y)),
      workers.counts.map(({ throughput }) => throughput.median),
    );
    const intervals = await chart().boxes('.intervals line');
    expectNear(
      intervals.map(({ top }) => y(top)),
      workers.counts.map(({ throughput }) => throughput.high),
    );
    expectNear(
      intervals.map(({ bottom }) => y(bottom)),
      workers.counts.map(({ throughput }) => throughput.low),
    );
  });

  test('every run is a dot', async () => {
    const y = await chart().scale('y');
    const runs = await chart().points('.samples circle');
    expectNear(
      runs.map((point) => y(point.y)),
      workers.samples.map(({ throughput }) => throughput),
    );
  });

  test('the law and the ideal are drawn as they are', async () => {
    const [x, y] = [await chart().scale('x'), await chart().scale('y')];
    const { fit } = workers;
    if (fit.kind === 'refused') throw new Error('expected a fit');
    const { lambda, sigma, kappa } = fit;
    const law = await chart().path('.fit');
    expect(law.length).toBeGreaterThan(100);
    const wanted = law.map((point) => {
      const n = x(point.x);
      return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    });
    expectNear(
      law.map((point) => y(point.y)),
      wanted,
    );
    const least = workers.counts[0]?.throughput.median ?? 0;
    const ideal = await chart().path('.ideal');
    expectNear(
      ideal.map((point) => y(point.y)),
      ideal.map((point) => least * x(point.x)),
    );
  });

  test('the choice is marked at the chosen count', async () => {
    const x = await chart().scale('x');
    const lines = await chart().points('.callout.chosen line');
    expectNear(
      lines.map((point) => x(point.x)),
      [workers.chosen],
    );
    expect(await opened.page.locator('#throughput .callout.chosen text').textContent()).toBe('chosen: 6');
  });
});

test('efficiency stands at its heights', async () => {
  const chart = new Drawn(opened.page, 'efficiency');
  const y = await chart.scale('y');
  const points = await chart.points('.efficiency circle');
  expectNear(
    points.map((point) => y(point.y)),
    workers.counts.map(({ efficiency }) => efficiency),
  );
});

test('latencies stand at their heights, circles for p50 and triangles for p99', async () => {
  const chart = new Drawn(opened.page, 'latency');
  const [y, most] = [await chart.scale('y'), Math.max(...workers.counts.map(({ p99Ms }) => p99Ms.high))];
  const p50 = await chart.points('.p50 > *');
  const p99 = await chart.points('.p99 > *');
  expectNear(
    p50.map((point) => y(point.y)),
    workers.counts.map(({ p50Ms }) => p50Ms.median),
    most,
  );
  // the middle of a triangle's box is a little above its centre
  expectNear(
    p99.map((point) => y(point.y)),
    workers.counts.map(({ p99Ms }) => p99Ms.median),
    most * 1.5,
  );
});

describe('the parts of the time', () => {
  test.each(['compute', 'combine', 'transfer', 'idle'] as const)(
    '%s is as high as it took',
    async (phase) => {
      const chart = new Drawn(opened.page, 'parts');
      const y = await chart.scale('y');
      const bars = await chart.boxes(`.part-${phase} rect`);
      expectNear(
        bars.map(({ top, bottom }) => y(top) - y(bottom)),
        workers.counts.map(({ parts }) => parts[phase]),
        3.7,
      );
    },
  );

  test('they are stacked without gaps', async () => {
    const chart = new Drawn(opened.page, 'parts');
    const below = await chart.boxes('.part-compute rect');
    const above = await chart.boxes('.part-combine rect');
    for (const [index, bar] of below.entries()) expect(above[index]?.bottom).toBeCloseTo(bar.top, 0);
  });

  test('waiting is not among them: it has a plot of its own', async () => {
    const chart = new Drawn(opened.page, 'parts', 1);
    const y = await chart.scale('y');
    const bars = await chart.boxes('.part-queue rect');
    expectNear(
      bars.map(({ top, bottom }) => y(top) - y(bottom)),
      workers.counts.map(({ parts }) => parts.queue),
    );
  });

  test('the caption is the sentence of the limit', async () => {
    expect(await opened.page.locator('#parts figcaption').textContent()).toBe(workers.limit);
  });
});

test('the timeline has every span in its lane, from its start to its end', async () => {
  const chart = new Drawn(opened.page, 'timeline');
  const [x, y] = [await chart.scale('x'), await chart.scale('y')];
  const lanes = workers.timeline?.lanes ?? [];
  for (const phase of ['load', 'transfer', 'compute', 'combine']) {
    const spans = lanes.flatMap((lane) =>
      lane.spans.filter((span) => span.phase === phase).map((span) => ({ ...span, worker: lane.worker })),
    );
    const boxes = await chart.boxes(`.phase-${phase} rect`);
    expectNear(
      boxes.map(({ left }) => x(left)),
      spans.map(({ startMs }) => startMs),
      120,
    );
    expectNear(
      boxes.map(({ right }) => x(right)),
      spans.map(({ endMs }) => endMs),
      120,
    );
    expect(boxes.map(({ top, bottom }) => Math.round(y((top + bottom) / 2)))).toEqual(
      spans.map(({ worker }) => worker),
    );
  }
});

describe('what is extreme', () => {
  const figures: Readonly<Record<string, readonly string[]>> = {
    'one count': ['throughput', 'efficiency', 'latency', 'parts', 'miss-ratio', 'cost'],
    interrupted: ['throughput', 'efficiency', 'latency', 'parts', 'timeline'],
    'nothing measured': [],
    'only a trace': ['miss-ratio', 'cost'],
    'sizes not looked at closely': ['throughput', 'efficiency', 'latency', 'parts', 'miss-ratio'],
  };
  const all = ['throughput', 'efficiency', 'latency', 'parts', 'timeline', 'miss-ratio', 'cost'];

  test.each(Object.entries(extremeResults()))(
    '%s: its charts are drawn, without a complaint',
    async (name, extreme) => {
      const { page, complaints } = await browser.open(extreme);
      const ids = await page.locator('figure').evaluateAll((elements) => elements.map(({ id }) => id));
      expect(ids).toEqual(figures[name] ?? all);
      for (const id of ids) {
        const svg = page.locator(`#${id} .plots svg`).first();
        expect(await svg.getAttribute('aria-label')).not.toBe('');
        const bad = await page.locator(`#${id} .plots`).innerHTML();
        expect(bad).not.toMatch(/NaN|Infinity|undefined|null/);
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('a refused fit draws no law and says why', async () => {
    const refused = extremeResults()['a refused fit'] ?? result;
    const { page } = await browser.open(refused);
    expect(await page.locator('#throughput .fit path').count()).toBe(0);
    expect(await page.locator('#throughput figcaption').textContent()).toContain(
      'No law is fitted: 3 counts were measured; the fit needs 4.',
    );
    await page.close();
  });
});
