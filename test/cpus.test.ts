// The files of the control groups and the scheduler's answer are given, as a container would show them.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { cpuQuota, leastQuota, usableCpus } from '../src/cpus.ts';

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

describe('a quota', () => {
  // What a group's files hold, by path.
  function quotaOf(texts: Readonly<Record<string, string>>) {
    return leastQuota((path) => texts[path]);
  }

  test('is told with the file that sets it, in parts of CPUs', () => {
    files.set(V2, '150000 100000\n');
    expect(cpuQuota()).toEqual({ cpus: 1.5, source: V2 });
  });

  test('is none where nothing limits', () => {
    expect(cpuQuota()).toBeUndefined();
    expect(quotaOf({ '/proc/self/cgroup': '0::/user.slice\n', [V2]: 'max 100000' })).toBeUndefined();
  });

  test('is found in the process’s own group', () => {
    const source = '/sys/fs/cgroup/system.slice/app.service/cpu.max';
    expect(
      quotaOf({ '/proc/self/cgroup': '0::/system.slice/app.service\n', [source]: '200000 100000\n' }),
    ).toEqual({ cpus: 2, source });
  });

  test.each([
    ['the group’s own', '100000 100000', '400000 100000', 1, '/sys/fs/cgroup/a/b/cpu.max'],
    ['that of a group above', '400000 100000', '50000 100000', 0.5, '/sys/fs/cgroup/a/cpu.max'],
    ['the only one', 'max 100000', '300000 100000', 3, '/sys/fs/cgroup/a/cpu.max'],
    ['the inner one of two alike', '200000 100000', '100000 50000', 2, '/sys/fs/cgroup/a/b/cpu.max'],
  ])('is the least along the path: %s', (_, own, above, cpus, source) => {
    const texts = {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': own,
      '/sys/fs/cgroup/a/cpu.max': above,
    };
    expect(quotaOf(texts)).toEqual({ cpus, source });
  });

  test('of version 1 is found by the line of the cpu controller', () => {
    const folder = '/sys/fs/cgroup/cpu/docker/4f2a';
    const texts = {
      '/proc/self/cgroup': '12:cpuset:/elsewhere\n4:cpu,cpuacct:/docker/4f2a\n1:name=systemd:/init\n0::/\n',
      [`${folder}/cpu.cfs_quota_us`]: '250000\n',
      [`${folder}/cpu.cfs_period_us`]: '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    };
    expect(quotaOf(texts)).toEqual({ cpus: 2.5, source: `${folder}/cpu.cfs_quota_us` });
  });

  test('is that of the root where the groups named are the host’s, which a container does not see', () => {
    const texts = {
      '/proc/self/cgroup': '4:cpu,cpuacct:/docker/4f2a\n',
      [V1_QUOTA]: '100000\n',
      [V1_PERIOD]: '100000\n',
    };
    expect(quotaOf(texts)).toEqual({ cpus: 1, source: V1_QUOTA });
  });

  test('is never looked for outside the control groups', () => {
    const asked: string[] = [];
    leastQuota((path) => {
      asked.push(path);
      return path === '/proc/self/cgroup' ? '0::/../../etc\n4:cpu:/a/../../b\n' : undefined;
    });
    expect(asked.filter((path) => path.includes('..'))).toEqual([]);
    expect(asked).toContain(V2);
  });

  test('is looked for in a bounded number of groups', () => {
    let reads = 0;
    leastQuota((path) => {
      reads++;
      return path === '/proc/self/cgroup' ? `0::${'/deep'.repeat(10_000)}\n` : undefined;
    });
    expect(reads).toBeLessThan(50);
  });

  test.each(['', 'nonsense', '0::', ':::', '4:cpu'])(
    'is found at the root when the groups are %j',
    (groups) => {
      expect(quotaOf({ '/proc/self/cgroup': groups, [V2]: '100000 100000' })).toEqual({
        cpus: 1,
        source: V2,
      });
    },
  );
});
