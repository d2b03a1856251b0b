import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { usableCpus } from '../../src/cpus.ts';
import { defaultCounts, readMachine } from '../../src/tuning/machine.ts';

describe('the machine', () => {
  test('is this one', () => {
    expect(readMachine()).toMatchObject({
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      usableCpus: usableCpus(),
    });
  });

  test('has CPUs of some model, and memory', () => {
    const machine = readMachine();
    expect(machine.cpuModel).not.toBe('');
    expect(machine.cpus).toBeGreaterThanOrEqual(Math.min(availableParallelism(), machine.usableCpus));
    expect(machine.memoryBytes).toBeGreaterThan(2 ** 24);
  });

  test('survives being written as JSON', () => {
    const machine = readMachine();
    expect(JSON.parse(JSON.stringify(machine))).toEqual(machine);
  });
});

describe('the counts measured by default', () => {
  test.each([
    [1, [1, 2, 3, 4]],
    [2, [1, 2, 3, 4]],
    [4, [1, 2, 3, 4, 5]],
    [8, [1, 2, 3, 4, 5, 6, 8, 10]],
    [16, [1, 2, 3, 4, 6, 10, 16, 20]],
    [32, [1, 2, 3, 4, 8, 16, 32, 40]],
    [48, [1, 2, 3, 4, 7, 14, 26, 48]],
    [256, [1, 2, 3, 4, 8, 16, 31, 62]],
  ])('with %d CPUs are %j', (cpus, counts) => {
    expect(defaultCounts({ usableCpus: cpus })).toEqual(counts);
  });

  test('are few, growing, of few threads together, and have 1 to 4 among them, whatever the CPUs', () => {
    for (let cpus = 1; cpus <= 1024; cpus++) {
      const counts = defaultCounts({ usableCpus: cpus });
      expect(counts.slice(0, 4)).toEqual([1, 2, 3, 4]);
      expect(counts.length).toBeLessThanOrEqual(8);
      expect(counts).toEqual([...new Set(counts)].toSorted((a, b) => a - b));
      expect(counts.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(128);
    }
  });

  test('reach all CPUs up to sixty-two, and go beyond them up to thirty-six', () => {
    for (let cpus = 1; cpus <= 62; cpus++) {
      const counts = defaultCounts({ usableCpus: cpus });
      expect(counts).toContain(Math.max(cpus, 1));
      if (cpus <= 36) expect(counts.at(-1)).toBeGreaterThan(cpus);
    }
  });
});
