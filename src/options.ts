// The options of a pool: documented one by one, checked once, resolved to what the pool runs with.
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SHARES, type Share } from './answer.ts';
import { checkBound, checkWhole, invalidOption, refuseUnknown } from './check.ts';
import { usableCpus } from './cpus.ts';

export interface PoolOptions {
  /**
   * The module whose exported functions the pool runs, beside the built-in ones; or a list, of which the first that
   * exports a name has it. A `file:` URL or an absolute path; `.js` or `.ts`.
   * @example new URL('./partitions.ts', import.meta.url)
   */
  readonly functions?: string | URL | readonly (string | URL)[];
  /**
   * Whether the built-in functions are there beside those of `functions`; the types know nothing of it.
   * @default true
   */
  readonly builtIns?: boolean;
  /**
   * The most worker threads. They start as calls need them, and stay; with `{ min, max }` those above `min` end
   * after ten idle seconds.
   * @default the CPUs this process may use, a container's quota included
   */
  readonly workers?: number | { readonly min: number; readonly max: number };
  /**
   * The most results in the front cache; `null` for no bound, `0` to keep none and still count.
   * @default 1024
   */
  readonly maxsize?: number | null;
  /**
   * The most bytes in the front cache; `null` for no bound. A bigint weighs its own bytes.
   * @default 268_435_456 (256 MiB)
   */
  readonly maxBytes?: number | null;
  /**
   * Whether `1` and `1n` are different arguments to the front cache.
   * @default true
   */
  readonly typed?: boolean;
  /**
   * How an object in the front cache is handed to its callers. `'clone'`: each gets a copy of its own. `'freeze'`: all
   * share one that is frozen through and through, where it is made of plain objects and arrays; others are cloned.
   * `'reference'`: all share one, and what one changes the others see.
   * @default 'clone'
   */
  readonly share?: Share;
  /**
   * The stack of each worker thread, in MiB: how deep a function may recurse. Memory is taken only as deep as one
   * recurses.
   * @default 512
   */
  readonly stackSizeMb?: number;
  /**
   * The heap limit of each worker thread, in MiB.
   * @default the engine's own
   */
  readonly workerMemoryMb?: number;
  /**
   * The most bytes, estimated, that the memos of one worker keep between calls; `null` for no bound. Above it the memo
   * that weighs most is emptied, which is counted in its evictions and told as a warning.
   * @default 536_870_912 (512 MiB)
   */
  readonly memoBytes?: number | null;
  /**
   * The most calls that may wait for a worker; one more is refused with ERR_QUEUE_FULL.
   * @default 100_000
   */
  readonly queueSize?: number;
  /**
   * The most bytes that the arguments of one call may weigh; `null` for no bound. Larger ones are refused with
   * ERR_ARGUMENT_TOO_LARGE before anything of them is copied. What a getter would give is not weighed.
   * @default 67_108_864 (64 MiB)
   */
  readonly maxArgumentBytes?: number | null;
  /**
   * Milliseconds in each turn of the event loop for which the main thread may compute calls itself, of functions that
   * were measured to take less (below 0.05 ms) than a message to a worker does. There a function has the main thread's
   * small stack, cannot be ended by a signal or time limit, and its module is imported there too.
   * @default 0: none
   */
  readonly inlineMs?: number;
}

export interface ResolvedOptions {
  /** File URLs. */
  readonly modules: readonly string[];
  readonly builtIns: boolean;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly maxsize: number | null;
  readonly maxBytes: number | null;
  readonly typed: boolean;
  readonly share: Share;
  readonly stackSizeMb: number;
  readonly workerMemoryMb: number | undefined;
  readonly memoBytes: number | null;
  readonly queueSize: number;
  readonly maxArgumentBytes: number | null;
  readonly inlineMs: number;
}

const KNOWN: readonly (keyof PoolOptions)[] = [
  'functions',
  'builtIns',
  'workers',
  'maxsize',
  'maxBytes',
  'typed',
  'share',
  'stackSizeMb',
  'workerMemoryMb',
  'memoBytes',
  'queueSize',
  'maxArgumentBytes',
  'inlineMs',
];

const LONGEST_INLINE_MS = 1000;

const WHERE = 'createPool';
const MOST_WORKERS = 1024;
const MOST_STACK_MB = 65_536;
const LEAST_MEMORY_MB = 16;

/** @throws PoolError ERR_OPTION, saying what was expected and what came */
export function resolveOptions(options: PoolOptions): ResolvedOptions {
  refuseUnknown(WHERE, options, KNOWN);
  const { functions, workers, maxsize = 1024, maxBytes = 256 * 2 ** 20, typed = true } = options;
  const {
    builtIns = true,
    share = 'clone',
    stackSizeMb = 512,
    workerMemoryMb,
    memoBytes = 512 * 2 ** 20,
    queueSize = 100_000,
    maxArgumentBytes = 64 * 2 ** 20,
    inlineMs = 0,
  } = options;
  checkBound(WHERE, 'maxsize', maxsize);
  checkBound(WHERE, 'maxBytes', maxBytes);
  checkBound(WHERE, 'memoBytes', memoBytes);
  checkBound(WHERE, 'maxArgumentBytes', maxArgumentBytes);
  if (typeof typed !== 'boolean') throw invalidOption(WHERE, 'typed', 'true or false', typed);
  if (typeof builtIns !== 'boolean') throw invalidOption(WHERE, 'builtIns', 'true or false', builtIns);
  if (!SHARES.includes(share)) throw invalidOption(WHERE, 'share', `one of ${SHARES.join(', ')}`, share);
  checkWhole('stackSizeMb', stackSizeMb, { least: 1, most: MOST_STACK_MB });
  if (workerMemoryMb !== undefined)
    checkWhole('workerMemoryMb', workerMemoryMb, { least: LEAST_MEMORY_MB, most: 2 ** 31 });
  checkWhole('queueSize', queueSize, { least: 0, most: Number.MAX_SAFE_INTEGER });
  if (typeof inlineMs !== 'number' || !(inlineMs >= 0 && inlineMs <= LONGEST_INLINE_MS)) {
    throw invalidOption(WHERE, 'inlineMs', `milliseconds from 0 to ${LONGEST_INLINE_MS}`, inlineMs);
  }
  return {
    modules: resolveModules(functions),
    builtIns,
    ...resolveWorkers(workers),
    maxsize,
    maxBytes,
    typed,
    share,
    stackSizeMb,
    workerMemoryMb,
    memoBytes,
    queueSize,
    maxArgumentBytes,
    inlineMs,
  };
}

function resolveWorkers(workers: PoolOptions['workers']): { minWorkers: number; maxWorkers: number } {
  if (workers === undefined) {
    const cpus = usableCpus();
    return { minWorkers: cpus, maxWorkers: cpus };
  }
  if (typeof workers !== 'object' || workers === null) {
    checkWhole('workers', workers, { least: 1, most: MOST_WORKERS });
    return { minWorkers: workers, maxWorkers: workers };
  }
  refuseUnknown(`${WHERE}: workers`, workers, ['min', 'max']);
  checkWhole('workers.max', workers.max, { least: 1, most: MOST_WORKERS });
  checkWhole('workers.min', workers.min, { least: 0, most: workers.max });
  return { minWorkers: workers.min, maxWorkers: workers.max };
}

function resolveModules(functions: PoolOptions['functions']): string[] {
  if (functions === undefined) return [];
  const list = Array.isArray(functions) ? (functions as readonly unknown[]) : [functions];
  return list.map(resolveModule);
}

// Only files, and only from where the user said: a relative path would depend on the working directory, and a
// data: URL would be code shipped as a string.
function resolveModule(module: unknown): string {
  const text = module instanceof URL ? module.href : module;
  if (typeof text === 'string' && text.startsWith('file:') && URL.canParse(text)) return text;
  if (typeof text === 'string' && isAbsolute(text)) return pathToFileURL(text).href;
  throw invalidOption(
    WHERE,
    'functions',
    "a file: URL or an absolute path, such as new URL('./functions.js', import.meta.url)",
    module instanceof URL ? module.href : module,
  );
}
