// Where it is measured, and the worker counts worth measuring there.
import { cpus, totalmem } from 'node:os';
import { cpuQuota, usableCpus } from '../cpus.ts';
import type { Machine } from './result.ts';

/** `memoryBytes` is what the process may use: the machine's memory, or a container's limit where that is less. */
export function readMachine(): Machine {
  const all = cpus();
  const usable = usableCpus();
  // 0 where there is no limit, or none known.
  const limit = process.constrainedMemory();
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpuModel: all[0]?.model.trim() || 'unknown',
    // Some systems tell of none.
    cpus: Math.max(all.length, usable),
    usableCpus: usable,
    quota: cpuQuota() ?? null,
    memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
  };
}

// Every count takes runs of its own.
const MOST_COUNTS = 8;
// Runs are interleaved, so all counts may have their threads at once: that many of them, and the memory they take.
const MOST_THREADS = 128;
// A fit needs four, and most of what there is to see happens here.
const FIRST = [1, 2, 3, 4] as const;

/**
 * The worker counts to measure: 1 to 4 whatever the CPUs; then up to as many as there are CPUs by even factors, because
 * what a worker brings depends on how many times as many there are; and a quarter more, which shows whether workers that
 * wait leave CPUs unused. At most 8 counts, of at most 128 workers together: with very many CPUs the quarter is left out
 * first, and then the last ones.
 */
export function defaultCounts({ usableCpus: usable }: Pick<Machine, 'usableCpus'>): number[] {
  if (usable < FIRST.length) return [...FIRST];
  const full = countsTo([usable, usable + Math.ceil(usable / 4)]);
  if (sumOf(full) <= MOST_THREADS) return full;
  for (let last = Math.min(usable, MOST_THREADS); last > FIRST.length; last--) {
    const counts = countsTo([last]);
    if (sumOf(counts) <= MOST_THREADS) return counts;
  }
  return [...FIRST];
}

function countsTo(last: readonly number[]): number[] {
  const from = FIRST.length;
  const to = last[0] ?? from;
  const between = MOST_COUNTS - FIRST.length - last.length;
  const factor = (to / from) ** (1 / (between + 1));
  const middle = Array.from({ length: between }, (_, i) => Math.round(from * factor ** (i + 1)));
  return [...new Set([...FIRST, ...middle, ...last])];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
