// What was measured where, as pairs of a name and a value. Pure.
import type { TuneResult } from '../result.ts';
import { formatBytes, formatCount, formatMs, formatNumber, plural } from './format.ts';

type Fact = readonly [name: string, value: string];

const SOURCES: Readonly<Record<TuneResult['subject']['source'], string>> = {
  workload: 'workload',
  trace: 'recorded trace',
  pattern: 'generated pattern',
};

export function factsOf({
  subject,
  machine,
  startedAt,
  elapsedMs,
  seed,
  isComplete,
  workers,
}: TuneResult): Fact[] {
  const { quota } = machine;
  const usable = `${machine.cpuModel}, ${plural(machine.cpus, 'CPU')}, of which ${formatCount(machine.usableCpus)} may be used`;
  const memory = workers?.memoryPerWorkerBytes ?? null;
  // A function that is divided, or calls others by the pool, makes calls of its own.
  const different = subject.distinct > subject.calls ? 'different with those they make' : 'of them different';
  return [
    ['Tuned for', `${SOURCES[subject.source]} ${subject.name}`],
    ['Functions', subject.functions.length === 0 ? 'not named' : subject.functions.join(', ')],
    ['Calls', `${formatCount(subject.calls)}, ${formatCount(subject.distinct)} ${different}`],
    ['Machine', usable],
    [
      'CPU quota',
      quota === null
        ? 'none found'
        : `${plural(quota.cpus, 'CPU').replace(/^[\d,]+/, formatNumber(quota.cpus))}, by ${quota.source}`,
    ],
    [
      'Memory',
      memory === null
        ? formatBytes(machine.memoryBytes)
        : `${formatBytes(machine.memoryBytes)}; a worker takes ${formatBytes(memory)}`,
    ],
    ['Node', `${machine.node}, ${machine.platform} ${machine.arch}`],
    ['When', `${startedAt}, for ${formatMs(elapsedMs)}`],
    ['Seed', String(seed)],
    ['Complete', isComplete ? 'yes' : 'no: ended before all was measured'],
  ];
}

/** Why a part of the page is not there; nothing where all is. */
export function absencesOf({ workers, sizes, memos, subject }: TuneResult): {
  readonly workers: string | null;
  readonly sizes: string | null;
  readonly memos: string | null;
  readonly timeline: string | null;
  readonly cost: string | null;
} {
  const fromTrace =
    'A trace tells which calls were made, not how fast workers answer them: worker counts are measured from a workload.';
  return {
    workers:
      workers !== null && workers.counts.length > 0
        ? null
        : subject.source === 'trace'
          ? fromTrace
          : 'No count of workers was measured to its end.',
    sizes: sizes === null ? 'Sizes were not looked at: the time ended before, or no call was made.' : null,
    memos: memos.length === 0 ? 'No memo of a recursive function was found to look at.' : null,
    cost:
      (sizes?.points.length ?? 0) > 0 ? null : 'Time and memory were not looked at: the time ended before.',
    timeline: (workers?.timeline?.lanes.length ?? 0) > 0 ? null : 'No timeline was kept of a run.',
  };
}
