// Which worker count to take, and why more bring no more, both said in numbers.
import { PoolError } from '../errors.ts';
import { listOf, showCount, showMs, showRate } from './figures.ts';
import type { CountResult, Interval, Machine, TimeParts } from './result.ts';

type Cpus = Pick<Machine, 'usableCpus' | 'quota'>;

interface Load {
  /** Calls under way at once. */
  readonly concurrency: number;
}

export interface WorkerChoice {
  readonly chosen: number;
  /** Why that, as a sentence. */
  readonly reason: string;
}

/**
 * The smallest count whose throughput interval overlaps that of the best, the one with the highest median: what it has
 * more than the chosen one may be chance, and workers cost memory.
 * @throws PoolError ERR_ARGUMENT for no counts
 */
export function chooseWorkers(counts: readonly CountResult[], machine: Cpus): WorkerChoice {
  const [sorted, best] = rank(counts);
  const chosen = sorted.find(({ throughput }) => overlap(throughput, best.throughput)) ?? best;
  return {
    chosen: chosen.workers,
    reason: `${reasonFor(chosen, best, sorted)}${beyond(chosen, sorted, machine)}.`,
  };
}

function reasonFor(chosen: CountResult, best: CountResult, sorted: readonly CountResult[]): string {
  if (sorted.length === 1) {
    return `${rateOf(chosen)}; no other count was measured`;
  }
  if (chosen !== best) {
    return (
      `${rateOf(chosen)}, and the most, with ${showCount(best.workers, 'worker')}, is ` +
      `${showInterval(best.throughput)}: the two overlap, so the smaller count does`
    );
  }
  const below = sorted[sorted.indexOf(chosen) - 1];
  if (below === undefined) return `${rateOf(chosen)}, and no larger count makes more`;
  const end = chosen === sorted.at(-1) ? '; it is the largest count measured, and more may bring more' : '';
  return (
    `${rateOf(chosen)}, more than any other count; ` +
    `the next smaller one, ${below.workers}, makes ${showInterval(below.throughput)}${end}`
  );
}

// More workers than CPUs are of use to calls that wait for something else; which it takes a count up to the CPUs to see.
function beyond({ workers }: CountResult, sorted: readonly CountResult[], { usableCpus }: Cpus): string {
  if (workers <= usableCpus || !sorted.some((count) => count.workers <= usableCpus)) return '';
  return `; that is more than the ${showCount(usableCpus, 'CPU')} there are to use: its calls do not only compute`;
}

/**
 * What keeps more workers than the chosen ones from bringing more: how the time that workers spend a call, which is
 * workers / throughput, grows from the chosen count to the next one measured, and which part of it grows most.
 * @throws PoolError ERR_ARGUMENT for no counts
 */
export function limitOf(counts: readonly CountResult[], machine: Cpus, load: Load): string {
  const [sorted] = rank(counts);
  const { chosen } = chooseWorkers(counts, machine);
  const at = sorted.findIndex(({ workers }) => workers === chosen);
  const [here, next] = [sorted[at], sorted[at + 1]];
  if (here === undefined || next === undefined) return unknownBeyond(chosen, machine);
  const gain =
    `From ${here.workers} to ${showCount(next.workers, 'worker')} throughput goes from ` +
    `${showRate(here.throughput.median)} to ${showRate(next.throughput.median)} calls a second`;
  const grown = growths(here.parts, next.parts);
  const total = grown.reduce((sum, { by }) => sum + by, 0);
  // Of the time that workers spend a call: less is no more than runs differ by.
  if (!(total > LEAST_GROWTH * workerTime(here.parts))) {
    return `${gain}, and no part of a call takes notably longer: what was measured does not show a limit.`;
  }
  const [first, second] = grown;
  if (first === undefined || second === undefined) return `${gain}.`;
  if (first.by < MAIN_SHARE * total) {
    const parts = [first, second].map((part) => describe(part, here, next));
    return `${gain}, and no single part explains it: ${listOf(parts)}${cpusShared(next, machine)}.`;
  }
  return `${gain}, while ${describe(first, here, next)}: ${causeOf(first.part, next, { ...machine, ...load })}.`;
}

const LEAST_GROWTH = 0.05;
const MAIN_SHARE = 0.5;

type WorkerPart = Exclude<keyof TimeParts, 'queue'>;

const WORKER_PARTS: readonly WorkerPart[] = ['compute', 'transfer', 'combine', 'idle'];

interface Growth {
  readonly part: WorkerPart;
  /** Milliseconds a call. */
  readonly by: number;
}

// What grew, the most first; what shrank counts as nothing.
function growths(here: TimeParts, next: TimeParts): Growth[] {
  const grown = WORKER_PARTS.map((part) => ({ part, by: Math.max(0, next[part] - here[part]) }));
  return grown.sort((a, b) => b.by - a.by);
}

function workerTime(parts: TimeParts): number {
  return WORKER_PARTS.reduce((sum, part) => sum + parts[part], 0);
}

const NAMES: Readonly<Record<WorkerPart, string>> = {
  compute: 'the function itself',
  transfer: 'messages',
  combine: 'combining the parts of divided calls',
  idle: 'waiting of workers without a call',
};

function describe({ part }: Growth, here: CountResult, next: CountResult): string {
  return `${NAMES[part]} goes from ${showMs(here.parts[part])} to ${showMs(next.parts[part])} a call`.replace(
    'messages goes',
    'messages go',
  );
}

function causeOf(part: WorkerPart, next: CountResult, machine: Cpus & Load): string {
  if (part === 'idle') return idleCause(next, machine);
  if (part === 'compute' && isCrowdedOut(next, machine)) return waiting(next, machine);
  if (next.workers > machine.usableCpus) return sharedCpus(next, machine);
  switch (part) {
    case 'compute':
      return next.workers === machine.usableCpus
        ? `the workers take all of the ${showCount(machine.usableCpus, 'CPU')}, of which the main thread needs a ` +
            'part too, and share caches and memory bandwidth'
        : 'there are CPUs enough, so the workers share something else, such as memory bandwidth, caches or the two ' +
            'threads of a core';
    case 'transfer':
      return messageCause(next, machine);
    case 'combine':
      return 'putting parts together, which is not divided, is the limit';
  }
}

// From here on a thread or a CPU is as good as never free.
const BUSY = 0.85;

function messageCause(next: CountResult, machine: Cpus): string {
  const main = `the main thread, which writes and reads all messages alone, is busy ${showShare(next.mainShare)} of the time`;
  if (next.mainShare >= BUSY) return main;
  if (next.processCpus >= BUSY * machine.usableCpus) {
    return `all of the ${showCount(machine.usableCpus, 'CPU')} are in use, so that threads wait for one before they read a message`;
  }
  if (isCrowdedOut(next, machine)) return crowdedOut(next, machine);
  return `threads take longer to wake up for their messages than the calls themselves (${main})`;
}

/** The workers had calls, and were not let run. */
function isCrowdedOut(
  { workers, processCpus, throughput, parts }: CountResult,
  { usableCpus }: Cpus,
): boolean {
  const busy = workers - (parts.idle * throughput.median) / 1000;
  return processCpus < BUSY * Math.min(busy, usableCpus);
}

function crowdedOut({ processCpus }: CountResult, { usableCpus }: Cpus): string {
  return `this process had ${showCount(processCpus, 'CPU')} of ${usableCpus}, so other programs of the machine may have had the rest`;
}

// What is not known of a function is whether it computes all the time.
function waiting({ processCpus }: CountResult, { usableCpus }: Cpus): string {
  return (
    `this process used ${showCount(processCpus, 'CPU')} of ${usableCpus}, so the function waits for something that workers ` +
    'share, such as a lock, a disk or a service, or other programs of the machine had the rest'
  );
}

function showShare(share: number): string {
  return `${Math.round(100 * share)} %`;
}

// By Little's law the calls that wait are how long each does, times how many there are a second.
function idleCause(
  { workers, throughput, parts }: CountResult,
  { usableCpus, concurrency }: Cpus & Load,
): string {
  const waiting = (parts.queue * throughput.median) / 1000;
  if (waiting >= 1) {
    const shares = workers < usableCpus ? '' : `; it shares ${showCount(usableCpus, 'CPU')} with them`;
    return (
      `calls are there, ${showRate(waiting)} in the queue on average, but the main thread does not hand them out ` +
      `fast enough${shares}`
    );
  }
  if (concurrency < ENOUGH_CALLS * workers) {
    const calls = `${showCount(concurrency, 'call')} under way at once ${concurrency === 1 ? 'is' : 'are'}`;
    return `${calls} not enough to keep ${showCount(workers, 'worker')} busy`;
  }
  return (
    `of ${showCount(concurrency, 'call')} under way less than one waits for a worker on average; the others are ` +
    'answered from the cache, join one another, or are in the hands of the main thread'
  );
}

// For each worker one to compute and one on its way.
const ENOUGH_CALLS = 2;

function sharedCpus(next: CountResult, { usableCpus, quota }: Cpus): string {
  const isQuota = quota !== null && Math.ceil(quota.cpus) <= usableCpus;
  const by = isQuota ? `, to which ${quota.source} limits them (${showRate(quota.cpus)}),` : '';
  return `${showCount(next.workers, 'worker')} share ${showCount(usableCpus, 'CPU')}${by || ','} and wait for one another`;
}

function cpusShared(next: CountResult, machine: Cpus): string {
  return next.workers > machine.usableCpus ? `; ${sharedCpus(next, machine)}` : '';
}

function unknownBeyond(chosen: number, { usableCpus }: Cpus): string {
  return (
    `No count above ${showCount(chosen, 'worker')} was measured, so what would limit more is not known; ` +
    `this process may use ${showCount(usableCpus, 'CPU')}.`
  );
}

function rank(counts: readonly CountResult[]): [sorted: CountResult[], best: CountResult] {
  const sorted = [...counts].sort((a, b) => a.workers - b.workers);
  const [first] = sorted;
  if (first === undefined) throw new PoolError('ERR_ARGUMENT', 'Expected measured worker counts, got none.');
  const best = sorted.reduce((most, count) =>
    count.throughput.median > most.throughput.median ? count : most,
  );
  return [sorted, best];
}

function overlap(left: Interval, right: Interval): boolean {
  return left.high >= right.low && right.high >= left.low;
}

function rateOf({ workers, throughput }: CountResult): string {
  return `${showCount(workers, 'worker')} ${workers === 1 ? 'makes' : 'make'} ${showInterval(throughput)}`;
}

function showInterval({ median, low, high }: Interval): string {
  return `${showRate(median)} calls a second (${showRate(low)} to ${showRate(high)})`;
}
