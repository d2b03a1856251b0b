// The functions a worker can run: the exports of the modules the pool was given, then the built-in ones.
import { PoolError, showValue } from '../errors.ts';
import { suggest } from '../suggest.ts';
import type { AnyFunction } from '../types.ts';

export interface Registry {
  /** @throws PoolError ERR_MODULE_LOAD, ERR_FUNCTION_NOT_FOUND */
  find(name: string): Promise<AnyFunction>;
  /** A function that was found before; loads nothing. */
  found(name: string): AnyFunction | undefined;
}

type Exports = Readonly<Record<string, unknown>>;

/** Imports the module of each built-in function, which exports it by its name. */
export type BuiltInLoaders = Readonly<Record<string, () => Promise<object>>>;

/** An import that takes longer than this has a top-level await that does not settle. */
const LOAD_TIMEOUT_MS = 10_000;

/**
 * @param modules file URLs of the user's modules; the first that exports a name has it
 * @param builtIns the built-in functions, behind the user's; only one that is called is loaded
 */
export function createRegistry(
  modules: readonly string[],
  builtIns: () => Promise<BuiltInLoaders>,
): Registry {
  const functions = new Map<string, AnyFunction>();

  async function find(name: string): Promise<AnyFunction> {
    const known = functions.get(name);
    if (known !== undefined) return known;
    const loaded: Exports[] = [];
    for (const url of modules) loaded.push(await loadModule(url));
    const owner = loaded.find((exports) => Object.hasOwn(exports, name));
    const value = owner === undefined ? await loadBuiltIn(name, await builtIns()) : owner[name];
    if (typeof value !== 'function') throw notFound(name, owner, [...loaded, await builtIns()]);
    functions.set(name, value as AnyFunction); // bounded by the exports there are
    return value as AnyFunction;
  }

  return { find, found: (name) => functions.get(name) };
}

// Own properties only: `toString` is not a function of anybody's module.
async function loadBuiltIn(name: string, loaders: BuiltInLoaders): Promise<unknown> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  return load === undefined ? undefined : Reflect.get(await load(), name);
}

/** @param owner the exports that have the name, for something else */
function notFound(name: string, owner: Exports | undefined, all: readonly Exports[]): PoolError {
  const known = all.flatMap((exports) =>
    Object.keys(exports).filter((key) => typeof exports[key] === 'function'),
  );
  const names = [...new Set(known)];
  const problem =
    owner === undefined
      ? `There is no function ${showValue(name)} in this pool.`
      : `The export ${showValue(name)} is no function, but ${showValue(owner[name])}.`;
  return new PoolError('ERR_FUNCTION_NOT_FOUND', `${problem} ${suggest(name, names)}`, { details: { name } });
}

async function loadModule(url: string): Promise<Exports> {
  try {
    if (isTypeScript(url) && !stripsTypes()) await registerTypeScript();
    return await withTimeout(import(url) as Promise<Exports>);
  } catch (error) {
    throw new PoolError('ERR_MODULE_LOAD', `The module ${url} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
      details: { url },
    });
  }
}

function isTypeScript(url: string): boolean {
  return /\.[mc]?tsx?$/.test(new URL(url).pathname);
}

/** Whether this Node runs TypeScript by itself (22.18 and later, unless switched off). */
function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'));
}

const REGISTERED: unique symbol = Symbol.for('memopool.typescript') as never;

// Before Node 22.18 a TypeScript module needs tsx, which a user who runs TypeScript has: an optional peer.
async function registerTypeScript(): Promise<void> {
  const host = globalThis as { [REGISTERED]?: true };
  if (host[REGISTERED]) return;
  try {
    const { register } = await import('tsx/esm/api');
    register();
    host[REGISTERED] = true;
  } catch (cause) {
    throw new Error(
      `Node ${process.version} runs no TypeScript by itself: install tsx beside memopool, or give the compiled .js.`,
      { cause },
    );
  }
}

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `it is still being imported after ${LOAD_TIMEOUT_MS / 1000} s (a top-level await that does not settle, or an export named 'then'?).`;
    timer = setTimeout(() => reject(new Error(message)), LOAD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${showValue(error)}.`;
  return `${error.name}: ${error.message}`;
}
