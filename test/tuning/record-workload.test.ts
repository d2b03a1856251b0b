// What a hit takes, from a pool whose hits are made up.
import { expect, test } from 'vitest';
import { measureHitNs } from '../../src/tuning/record-workload.ts';

const calls = [{ name: 'f', args: [1] }];

function poolOf(hit: () => void) {
  let made = 0;
  return {
    run: async (): Promise<void> => {
      made++;
      hit();
    },
    peek: (): unknown => 1,
    get made(): number {
      return made;
    },
  };
}

test('a quick hit is measured some thousand times', async () => {
  const pool = poolOf(() => {});
  expect(await measureHitNs(pool, calls)).toBeGreaterThan(0);
  expect(pool.made).toBeGreaterThan(1000);
});

test('a hit that takes long, as of a large result, is measured a few times', async () => {
  const pool = poolOf(() => {
    const end = performance.now() + 25;
    while (performance.now() < end);
  });
  expect(await measureHitNs(pool, calls)).toBeGreaterThan(20e6);
  expect(pool.made).toBeLessThan(50);
});

test('without a call in the cache there is nothing to measure', async () => {
  const pool = { ...poolOf(() => {}), peek: () => undefined };
  expect(await measureHitNs(pool, calls)).toBe(0);
});
