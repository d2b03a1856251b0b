// Ten minutes of random load with faults (SOAK_SECONDS: fewer or more): nothing lost, nothing wrong, memory flat.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Holding } from './holding.ts';

interface Tenth extends Holding {
  readonly tenth: number;
}

interface End {
  readonly seed: number;
  readonly calls: number;
  readonly right: number;
  readonly wrong: number;
  readonly lost: number;
  readonly atTheEnd: Holding;
  readonly problems: readonly string[];
}

const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 600);
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 31);

// A few for each thread, and for one that is ending.
const MOST_HANDLES = 10;

// What 300 kept results may weigh more at one time than at another, and what collection leaves undone.
const SLACK_MB = 16;

test(`${SECONDS} s of random load with faults: zero calls lost or wrong, and memory flat`, {
  timeout: (SECONDS + 300) * 1000,
}, async () => {
  const script = fileURLToPath(new URL('./load/soak.mjs', import.meta.url));
  const args = ['--expose-gc', script, String(SECONDS), String(SEED)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 }).catch(
    (error: { readonly stdout: string }) => error,
  );
  console.log(stdout);
  const lines = stdout.trim().split('\n');
  const tenths = lines.slice(0, -1).map((line) => JSON.parse(line) as Tenth);
  const end = JSON.parse(lines.at(-1) ?? '') as End;
  expect(end.problems, `replay it: node --expose-gc ${script} ${SECONDS} ${SEED}`).toEqual([]);
  expect(end).toMatchObject({ wrong: 0, lost: 0, right: end.calls });
  expect(end.calls).toBeGreaterThan(1000);
  const [, first] = tenths;
  for (const { tenth, heapMb, externalMb, threads, handles, listeners } of tenths.slice(2)) {
    const held = { tenth, heapMb, externalMb, threads, handles, listeners };
    expect(held.heapMb, JSON.stringify(held)).toBeLessThan((first?.heapMb ?? 0) + SLACK_MB);
    expect(held.externalMb, JSON.stringify(held)).toBeLessThan((first?.externalMb ?? 0) + SLACK_MB);
    expect(held.threads).toBeLessThanOrEqual(2);
    expect(held.handles).toBeLessThanOrEqual(MOST_HANDLES);
    expect(held.listeners).toBeLessThanOrEqual(first?.listeners ?? 0);
  }
  expect(end.atTheEnd.threads).toBe(0);
});
