// Counts as a run would give them: the parts of a call's time add up to workers / throughput, as they do when measured.
import { describe, expect, test } from 'vitest';
import { chooseWorkers, limitOf } from '../../src/tuning/choose.ts';
import type { CountResult, TimeParts } from '../../src/tuning/result.ts';

const two = { usableCpus: 2, quota: null };
const eight = { usableCpus: 8, quota: null };
const busy = { concurrency: 64 };

interface Given {
  readonly rate: number;
  /** How far the interval goes to either side, as a part of the rate. */
  readonly spread?: number;
  readonly parts?: Partial<TimeParts>;
  readonly processCpus?: number;
  readonly mainShare?: number;
}

function count(
  workers: number,
  { rate, spread = 0.02, parts = {}, processCpus = workers, mainShare = 0.1 }: Given,
): CountResult {
  const one = { median: 1, low: 1, high: 1 };
  return {
    workers,
    runs: 10,
    throughput: { median: rate, low: rate * (1 - spread), high: rate * (1 + spread) },
    p50Ms: one,
    p99Ms: one,
    efficiency: 1,
    processCpus,
    mainShare,
    parts: { compute: 0, queue: 0, transfer: 0, combine: 0, idle: 0, ...parts },
    memoryBytes: null,
  };
}

describe('the chosen count', () => {
  test('is the smallest whose interval overlaps the best one’s', () => {
    const counts = [1, 2, 3, 4].map((n, i) => count(n, { rate: [1000, 1960, 1990, 2000][i] ?? 0 }));
    expect(chooseWorkers(counts, two)).toEqual({
      chosen: 2,
      reason:
        '2 workers make 1,960 calls a second (1,921 to 1,999), and the most, with 4 workers, is 2,000 calls a second ' +
        '(1,960 to 2,040): the two overlap, so the smaller count does.',
    });
  });

  test('is the best when no smaller one comes near', () => {
    const counts = [1, 2, 4, 6].map((n, i) => count(n, { rate: [1000, 1950, 3800, 3000][i] ?? 0 }));
    expect(chooseWorkers(counts, eight)).toEqual({
      chosen: 4,
      reason:
        '4 workers make 3,800 calls a second (3,724 to 3,876), more than any other count; the next smaller one, 2, ' +
        'makes 1,950 calls a second (1,911 to 1,989).',
    });
  });

  test('may be the largest measured, which is said', () => {
    const { chosen, reason } = chooseWorkers([count(1, { rate: 100 }), count(2, { rate: 200 })], eight);
    expect(chosen).toBe(2);
    expect(reason).toMatch(/it is the largest count measured, and more may bring more\.$/);
  });

  test('may be one worker', () => {
    const { chosen, reason } = chooseWorkers([count(1, { rate: 100 }), count(2, { rate: 80 })], eight);
    expect(chosen).toBe(1);
    expect(reason).toBe('1 worker makes 100 calls a second (98 to 102), and no larger count makes more.');
  });

  test('may be the only one', () => {
    expect(chooseWorkers([count(3, { rate: 50 })], eight)).toEqual({
      chosen: 3,
      reason: '3 workers make 50 calls a second (49 to 51); no other count was measured.',
    });
  });

  test('above the CPUs there are is not explained by what was not measured', () => {
    const { reason } = chooseWorkers([count(3, { rate: 50 }), count(4, { rate: 90 })], two);
    expect(reason).not.toContain('its calls do not only compute');
  });

  test('may be above the CPUs there are, which is explained', () => {
    const { chosen, reason } = chooseWorkers([count(2, { rate: 100 }), count(4, { rate: 200 })], two);
    expect(chosen).toBe(4);
    expect(reason).toContain('that is more than the 2 CPUs there are to use: its calls do not only compute');
  });

  test('does not depend on the order of the counts', () => {
    const counts = [1, 2, 4, 8].map((n) => count(n, { rate: 100 * Math.min(n, 4) }));
    expect(chooseWorkers(counts.toReversed(), eight)).toEqual(chooseWorkers(counts, eight));
  });

  test('may overlap from a smaller one with wide intervals only', () => {
    const counts = (spread: number) => [count(1, { rate: 100, spread }), count(2, { rate: 120, spread })];
    expect(chooseWorkers(counts(0.02), two).chosen).toBe(2);
    expect(chooseWorkers(counts(0.1), two).chosen).toBe(1);
  });

  test('of no counts is refused', () => {
    expect(() => chooseWorkers([], two)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }));
  });
});

describe('what keeps more workers from bringing more', () => {
  test('is that they share the CPUs, when there are more workers than CPUs', () => {
    const counts = [
      count(2, { rate: 1960, parts: { compute: 1, transfer: 0.02 } }),
      count(4, { rate: 1980, parts: { compute: 1.96, transfer: 0.06 } }),
    ];
    expect(limitOf(counts, two, busy)).toBe(
      'From 2 to 4 workers throughput goes from 1,960 to 1,980 calls a second, while the function itself goes from 1 ms to 1.96 ms a call: ' +
        '4 workers share 2 CPUs, and wait for one another.',
    );
  });

  test('names the container’s quota when it is what limits the CPUs', () => {
    const counts = [
      count(2, { rate: 1960, parts: { compute: 1 } }),
      count(4, { rate: 1980, parts: { compute: 2 } }),
    ];
    const quota = { cpus: 1.5, source: '/sys/fs/cgroup/cpu.max' };
    expect(limitOf(counts, { usableCpus: 2, quota }, busy)).toMatch(
      /: 4 workers share 2 CPUs, to which \/sys\/fs\/cgroup\/cpu\.max limits them \(1\.5\), and wait for one another\.$/,
    );
  });

  test('is no quota that allows more CPUs than there are', () => {
    const counts = [
      count(2, { rate: 1960, parts: { compute: 1 } }),
      count(4, { rate: 1980, parts: { compute: 2 } }),
    ];
    const quota = { cpus: 16, source: '/sys/fs/cgroup/cpu.max' };
    expect(limitOf(counts, { usableCpus: 2, quota }, busy)).not.toContain('cgroup');
  });

  test('is something that workers share beside CPUs, when there are CPUs enough', () => {
    const counts = [
      count(2, { rate: 1960, parts: { compute: 1 } }),
      count(4, { rate: 1980, parts: { compute: 2 } }),
    ];
    expect(limitOf(counts, eight, busy)).toMatch(/there are CPUs enough, so .* such as memory bandwidth/);
  });

  test('may be the main thread’s need of a CPU, when workers take all of them', () => {
    const counts = [
      count(4, { rate: 3900, parts: { compute: 1 } }),
      count(8, { rate: 3950, parts: { compute: 2 } }),
    ];
    expect(limitOf(counts, eight, busy)).toMatch(
      /the workers take all of the 8 CPUs, of which the main thread/,
    );
  });

  test('is that too few calls are under way, when workers wait and no call does', () => {
    const counts = [
      count(2, { rate: 200, parts: { compute: 9.9, idle: 0.1, queue: 0.01 } }),
      count(4, { rate: 202, parts: { compute: 9.9, idle: 9.8, queue: 0 } }),
    ];
    expect(limitOf(counts, eight, { concurrency: 3 })).toBe(
      'From 2 to 4 workers throughput goes from 200 to 202 calls a second, while waiting of workers without a call ' +
        'goes from 0.1 ms to 9.8 ms a call: 3 calls under way at once are not enough to keep 4 workers busy.',
    );
    expect(limitOf(counts, eight, busy)).toMatch(
      /: of 64 calls under way less than one waits for a worker on average; the others are answered from the cache/,
    );
  });

  test('is the main thread, when workers wait although calls do', () => {
    const counts = [
      count(2, { rate: 20_000, parts: { compute: 0.1, queue: 3 } }),
      count(4, { rate: 20_100, parts: { compute: 0.1, idle: 0.1, queue: 3 } }),
    ];
    expect(limitOf(counts, eight, busy)).toMatch(
      /: calls are there, 60\.3 in the queue on average, but the main thread does not hand them out fast enough\.$/,
    );
    expect(limitOf(counts, two, busy)).toMatch(/fast enough; it shares 2 CPUs with them\.$/);
  });

  test.each<[string, Partial<Given>, RegExp]>([
    ['the main thread is busy', { mainShare: 0.93 }, /the main thread, .* is busy 93 % of the time\.$/],
    ['no CPU is free', { processCpus: 7.5 }, /all of the 8 CPUs are in use, so that threads wait/],
    ['others have the CPUs', { processCpus: 1.5 }, /this process had 1\.5 CPUs of 8, so other programs/],
    ['neither is so', {}, /threads take longer to wake up .* is busy 10 % of the time/],
  ])('is the messages, when they take longer: %s', (_, given, cause) => {
    const counts = [
      count(2, { rate: 2000, parts: { compute: 0.5, transfer: 0.5 } }),
      count(4, { rate: 2010, parts: { compute: 0.5, transfer: 1.5 }, ...given }),
    ];
    const limit = limitOf(counts, eight, busy);
    expect(limit).toContain('while messages go from 0.5 ms to 1.5 ms a call: ');
    expect(limit).toMatch(cause);
  });

  test('is not the CPUs where workers wait together for something else', () => {
    const counts = [
      count(2, { rate: 100, processCpus: 0.4, parts: { compute: 20 } }),
      count(3, { rate: 101, processCpus: 0.4, parts: { compute: 30 } }),
    ];
    expect(limitOf(counts, two, busy)).toMatch(
      /used 0\.4 CPUs of 2, so the function waits .* such as a lock/,
    );
  });

  test('may be something shared or other programs, when functions take longer and the process has fewer CPUs than workers', () => {
    const counts = [
      count(1, { rate: 1000, parts: { compute: 1 } }),
      count(2, { rate: 1010, parts: { compute: 2 }, processCpus: 1.2 }),
    ];
    expect(limitOf(counts, two, busy)).toMatch(
      /this process used 1\.2 CPUs of 2, so the function waits for .* or other programs/,
    );
  });

  test('is putting parts together, when that takes longer', () => {
    const counts = [
      count(2, { rate: 2000, parts: { compute: 0.5, combine: 0.5 } }),
      count(4, { rate: 2010, parts: { compute: 0.4, combine: 1.6 } }),
    ];
    expect(limitOf(counts, eight, busy)).toMatch(
      /: putting parts together, which is not divided, is the limit\.$/,
    );
  });

  test('is told in two parts, when no one explains it', () => {
    const counts = [
      count(2, { rate: 2000, parts: { compute: 1 } }),
      count(4, { rate: 2010, parts: { compute: 1.4, transfer: 0.35, idle: 0.25 } }),
    ];
    expect(limitOf(counts, eight, busy)).toBe(
      'From 2 to 4 workers throughput goes from 2,000 to 2,010 calls a second, and no single part explains it: the function itself goes from ' +
        '1 ms to 1.4 ms a call and messages go from 0 ms to 0.35 ms a call.',
    );
  });

  test('is not made up, when nothing stands out', () => {
    const counts = [
      count(2, { rate: 2000, spread: 0.3, parts: { compute: 1 } }),
      count(4, { rate: 2900, spread: 0.3, parts: { compute: 1.02 } }),
    ];
    expect(limitOf(counts, eight, busy)).toBe(
      'From 2 to 4 workers throughput goes from 2,000 to 2,900 calls a second, and no part of a call takes notably longer: what was measured ' +
        'does not show a limit.',
    );
  });

  test('is not known beyond the largest count measured', () => {
    expect(limitOf([count(1, { rate: 100 }), count(2, { rate: 200 })], eight, busy)).toBe(
      'No count above 2 workers was measured, so what would limit more is not known; this process may use 8 CPUs.',
    );
  });
});
