// The files of the control groups and the scheduler's answer are given, as a container would show them.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { usableCpus } from '../src/cpus.ts';

const files = new Map<string, string>();
let scheduled = 8;

vi.mock('node:fs', () => ({
  readFileSync: (path: string): string => {
    const text = files.get(path);
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  },
}));

vi.mock('node:os', () => ({ availableParallelism: (): number => scheduled }));

const V2 = '/sys/fs/cgroup/cpu.max';
const V1_QUOTA = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';
const V1_PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us';

beforeEach(() => {
  files.clear();
  scheduled = 8;
});

describe('the CPUs a process may use', () => {
  test('are those the scheduler gives where there is no container', () => {
    expect(usableCpus()).toBe(8);
  });

  test.each([
    ['200000 100000\n', 2],
    ['150000 100000\n', 2],
    ['50000 100000\n', 1],
    ['1000 100000\n', 1],
    ['800000 100000\n', 8],
    ['1600000 100000\n', 8],
    ['max 100000\n', 8],
    ['', 8],
    ['nonsense', 8],
    ['0 100000', 8],
    ['100000 0', 8],
  ])('are a container’s quota, rounded up, of version 2: %j gives %d', (text, cpus) => {
    files.set(V2, text);
    expect(usableCpus()).toBe(cpus);
  });

  test.each([
    ['250000\n', '100000\n', 3],
    ['-1\n', '100000\n', 8],
    ['50000\n', '100000\n', 1],
    ['400000\n', undefined, 8],
  ])('are a container’s quota of version 1: %j of %j gives %d', (quota, period, cpus) => {
    files.set(V1_QUOTA, quota);
    if (period !== undefined) files.set(V1_PERIOD, period);
    expect(usableCpus()).toBe(cpus);
  });

  test('are at least one', () => {
    scheduled = 0;
    expect(usableCpus()).toBe(1);
  });

  test('are no more than the scheduler gives, whatever the quota', () => {
    scheduled = 2;
    files.set(V2, '400000 100000');
    expect(usableCpus()).toBe(2);
  });
});
