// How many CPUs this process may use: what the scheduler allows it, and a container's quota.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** A limit on CPU time, as so many CPUs, such as 1.5. */
export interface CpuQuota {
  readonly cpus: number;
  /** The file that says so, such as `/sys/fs/cgroup/cpu.max`. */
  readonly source: string;
}

/** At least 1; a quota of one and a half CPUs counts as two. */
export function usableCpus(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(cpuQuota()?.cpus ?? Infinity)));
}

/** The least of the quotas that hold for this process; undefined where nothing limits it. */
export function cpuQuota(): CpuQuota | undefined {
  return leastQuota(read);
}

const ROOT = '/sys/fs/cgroup';
// Groups may be nested as deep as their owner likes; a few are usual.
const MOST_LEVELS = 32;

/**
 * The same from what `readText` has for a path. Linux control groups are nested, and a quota holds for all below it: the
 * files of each group from the process's own, named in /proc/self/cgroup, up to the root are read. Inside a container
 * that file may name groups of the host, which are not there to be read; the root then is the container's.
 */
export function leastQuota(readText: (path: string) => string | undefined): CpuQuota | undefined {
  let least: CpuQuota | undefined;
  for (const { quota, period, source } of limitsOf(readText)) {
    const cpus = Number(quota) / Number(period);
    if (!(cpus > 0 && Number.isFinite(cpus))) continue;
    if (least === undefined || cpus < least.cpus) least = { cpus, source };
  }
  return least;
}

interface Limit {
  readonly quota: string | undefined;
  readonly period: string | undefined;
  readonly source: string;
}

function* limitsOf(readText: (path: string) => string | undefined): Generator<Limit> {
  const groups = groupsOf(readText('/proc/self/cgroup') ?? '');
  // Version 2: `quota period` or `max period`.
  for (const folder of foldersUp(ROOT, groups.unified)) {
    const source = `${folder}/cpu.max`;
    const [quota, period] = readText(source)?.trim().split(/\s+/) ?? [];
    yield { quota, period, source };
  }
  for (const folder of foldersUp(`${ROOT}/cpu`, groups.cpu)) {
    const source = `${folder}/cpu.cfs_quota_us`;
    yield { quota: readText(source), period: readText(`${folder}/cpu.cfs_period_us`), source };
  }
}

// Lines of `number:controllers:path`; version 2 has number 0 and no controllers.
function groupsOf(text: string): { readonly unified: string; readonly cpu: string } {
  let [unified, cpu] = ['/', '/'];
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (controllers === '') unified = path;
    if (controllers?.split(',').includes('cpu')) cpu = path;
  }
  return { unified, cpu };
}

// The folder of a group and of those above it, the mount itself last. A path with `..` leads out of the namespace.
function foldersUp(mount: string, path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  const inside = names.includes('..') ? [] : names.slice(0, MOST_LEVELS);
  return Array.from({ length: inside.length + 1 }, (_, above) =>
    [mount, ...inside.slice(0, inside.length - above)].join('/'),
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
