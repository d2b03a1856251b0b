// Puts a pool together with its threads: the edge where options, worker files and process warnings come in.
import { createRegistry, type Registry } from './compute/registry.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import { findEntry } from './dispatch/entry.ts';
import { Inline } from './dispatch/inline.ts';
import { ThreadStarter } from './dispatch/thread-starter.ts';
import { Threads } from './dispatch/threads.ts';
import { showValue } from './errors.ts';
import { type PoolOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { MemoPool } from './pool.ts';
import type { Pool } from './pool-types.ts';
import { recordFromEnvironment } from './recording/from-environment.ts';
import type { Instruments } from './tuning/instruments.ts';
import type { TuneOptions } from './tuning/options.ts';
import type { TuneResult } from './tuning/result.ts';
import type { AdviceMessage } from './wire.ts';

/**
 * Makes a pool; threads start with the first calls that need them.
 *
 * @typeParam F the module of the option `functions`: `createPool<typeof import('./mine.ts')>(...)`
 * @throws PoolError ERR_OPTION for an option out of its range or unknown
 */
export function createPool<F = unknown>(options: PoolOptions = {}): Pool<F> {
  const pool = makePool(options, {});
  recordFromEnvironment(pool, process.env);
  // The checks of names and arguments are the compiler's; inside, a name is a string.
  return pool as unknown as Pool<F>;
}

function makePool(options: PoolOptions, instruments: Partial<Instruments>): TunablePool {
  const resolved = resolveOptions(options);
  const { minWorkers, maxWorkers, queueSize, modules, builtIns, inlineMs } = resolved;
  const { stackSizeMb, workerMemoryMb, memoBytes, typed } = resolved;
  const thread = {
    entry: findEntry(),
    modules,
    builtIns,
    stackSizeMb,
    workerMemoryMb,
    memoBytes,
    typed,
    workers: maxWorkers,
  };
  const starter = new ThreadStarter(thread, warnSmallerStack);
  const threads = new Threads({
    minWorkers,
    maxWorkers,
    queueSize,
    startThread: (events) => starter.start(events),
    onLateError: lateErrorWarner(),
    onAdvice: instruments.isQuiet ? () => {} : adviser(),
    onHarvest: (harvest) => pool.keepHarvest(harvest),
    observer: instruments.dispatch,
  });
  const dispatcher =
    inlineMs > 0 ? new Inline({ threads, registry: registryHere(resolved), budgetMs: inlineMs }) : threads;
  const pool = new TunablePool(options, resolved, dispatcher);
  if (instruments.front !== undefined) pool.observe(instruments.front);
  return pool;
}

/** A pool that finds out how another one with its functions should be set. */
class TunablePool extends MemoPool {
  readonly #given: PoolOptions;

  constructor(given: PoolOptions, resolved: ResolvedOptions, dispatcher: Dispatcher) {
    super(resolved, dispatcher);
    this.#given = { ...given };
  }

  // Loaded when it is asked for: most pools are never tuned.
  async tune(options: TuneOptions): Promise<TuneResult> {
    const { tune } = await import('./tuning/tune.ts');
    return tune(options, { makePool, pool: this.#given });
  }
}

// What the workers import, for the main thread.
function registryHere({ modules, builtIns }: ResolvedOptions): Registry {
  return createRegistry(modules, async () => (builtIns ? import('../workers/functions/index.ts') : {}));
}

const MOST_LATE_ERRORS = 1000;

// The result stands and its caller is gone, so nobody else could be told.
function lateErrorWarner(): (name: string | undefined, error: unknown) => void {
  let told = 0;
  return (name, error) => {
    if (++told > MOST_LATE_ERRORS) return;
    const last = told === MOST_LATE_ERRORS ? ' No more of these are told of this pool.' : '';
    process.emitWarning(
      `${name ?? 'A function'} left something behind that failed after its call had been answered: ${nameError(error)}${last}`,
      { type: 'MemopoolWarning', code: 'MEMOPOOL_LATE_ERROR' },
    );
  };
}

const MOST_ADVISED = 1000;

// Every worker tells for itself; once for a function is enough, and of the bytes of all memos once for the pool.
function adviser(): (advice: AdviceMessage) => void {
  const told = new Set<string>();
  return ([, code, name, text]) => {
    const about = code === 'MEMOPOOL_MEMO_BYTES' ? code : `${code} ${name}`;
    if (told.has(about) || told.size >= MOST_ADVISED) return;
    told.add(about);
    process.emitWarning(`${name}: ${text}`, { type: 'MemopoolWarning', code });
  };
}

// Of a message, which may be of any length.
const MOST_CHARACTERS = 1000;

function nameError(error: unknown): string {
  if (!(error instanceof Error)) return showValue(error);
  const text = `${error.name}: ${error.message}`;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function warnSmallerStack(stackSizeMb: number): void {
  process.emitWarning(`The system refused the stack asked for; worker threads get ${stackSizeMb} MiB.`, {
    type: 'MemopoolWarning',
    code: 'MEMOPOOL_SMALLER_STACK',
  });
}
