// What is bounded stays so under load: a million calls in one turn, ten thousand aborts, a thousand crashes. Each twice, and
// what the process holds on to after the second time is what it held on to after the first.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { Holding } from './holding.ts';

interface Report {
  readonly what: string;
  readonly before: Holding;
  readonly after: Holding;
  readonly facts: Readonly<Record<string, number>>;
  readonly stats: { readonly queued: number; readonly flights: number; readonly busy: number };
  readonly info: { readonly hits: number; readonly misses: number; readonly joins: number };
}

// What collection leaves undone from one time to the next; a million calls hold on to hundreds.
const SLACK_MB = 3;

// Of a thread more than before.
const MOST_HANDLES = 3;

const reports = new Map<string, Report>();

beforeAll(async () => {
  const script = fileURLToPath(new URL('./load/bounds.mjs', import.meta.url));
  const args = ['--expose-gc', '--max-old-space-size=4096', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  for (const line of stdout.trim().split('\n')) {
    const report = JSON.parse(line) as Report;
    reports.set(report.what, report);
    console.log(report.what, JSON.stringify({ ...report.facts, before: report.before, after: report.after }));
  }
}, 600_000);

const cases: readonly { readonly what: string; readonly facts: Readonly<Record<string, number>> }[] = [
  {
    what: 'a million calls in one turn, refused beyond the queue',
    facts: { fulfilled: 100_002, ERR_QUEUE_FULL: 899_998, wrong: 0 },
  },
  {
    what: 'a million calls in one turn, in a queue that takes them',
    facts: { fulfilled: 1_000_000, wrong: 0 },
  },
  { what: 'a million calls of one key in one turn', facts: { fulfilled: 1_000_000 } },
  {
    what: 'ten thousand aborts, of calls that wait and of calls that run',
    facts: { listenersOnSignals: 0 },
  },
  { what: 'five hundred crashes', facts: { ERR_WORKER_EXIT: 500, fulfilled: 500 } },
];

test.each(cases)('$what: everything is answered, and nothing is left', ({ what, facts }) => {
  const report = reports.get(what);
  if (report === undefined) throw new Error(`${what}: no report`);
  const { before, after, stats } = report;
  expect(report.facts).toMatchObject(facts);
  expect(stats).toMatchObject({ queued: 0, flights: 0, busy: 0 });
  expect(after.heapMb).toBeLessThan(before.heapMb + SLACK_MB);
  expect(after.externalMb).toBeLessThan(before.externalMb + SLACK_MB);
  expect(after.threads).toBeLessThanOrEqual(2);
  expect(after.handles).toBeLessThanOrEqual(before.handles + MOST_HANDLES);
  expect(after.listeners).toBeLessThanOrEqual(before.listeners);
});
