// The functions a worker can run: the exports of the modules the pool was given, then the built-in ones.
import { PoolError, showValue } from '../errors.ts';
import { suggest } from '../suggest.ts';
import type { AnyFunction } from '../types.ts';
import { type Exports, type LoaderOptions, ModuleLoader } from './load-module.ts';
import { INSIDE } from './memos.ts';

export interface Registry {
  /** @throws PoolError ERR_MODULE_LOAD, ERR_FUNCTION_NOT_FOUND */
  find(name: string): Promise<AnyFunction>;
  /** A function that was found before; loads nothing. */
  found(name: string): AnyFunction | undefined;
  /** The name under which a function was found, or could be: one of a loaded module. */
  nameOf(fn: AnyFunction): string | undefined;
}

/** Imports the module of each built-in function, which exports it by its name. */
export type BuiltInLoaders = Readonly<Record<string, () => Promise<object>>>;

/**
 * @param modules file URLs of the user's modules; the first that exports a name has it
 * @param builtIns the built-in functions, behind the user's; only one that is called is loaded
 */
export function createRegistry(
  modules: readonly string[],
  builtIns: () => Promise<BuiltInLoaders>,
  options: LoaderOptions = {},
): Registry {
  const loader = new ModuleLoader(options);
  const functions = new Map<string, AnyFunction>();
  /** The user's modules, as far as they are loaded, in the order of look-up. */
  let known: readonly Exports[] = [];

  async function find(name: string): Promise<AnyFunction> {
    const found = functions.get(name);
    if (found !== undefined) return found;
    const loaded: Exports[] = [];
    for (const url of modules) loaded.push(await loader.load(url));
    known = loaded;
    const owner = loaded.find((exports) => Object.hasOwn(exports, name));
    const value = owner === undefined ? await loadBuiltIn(name, await builtIns()) : owner[name];
    if (typeof value !== 'function') throw notFound(name, owner, [...loaded, await builtIns()]);
    functions.set(name, value as AnyFunction); // bounded by the exports there are
    return value as AnyFunction;
  }

  function nameOf(fn: AnyFunction): string | undefined {
    for (const [name, found] of functions) if (isOf(found, fn)) return name;
    for (const [at, exports] of known.entries()) {
      for (const name of Object.keys(exports)) {
        const isHidden = known.slice(0, at).some((earlier) => Object.hasOwn(earlier, name));
        if (isOf(exports[name], fn) && !isHidden) return name;
      }
    }
    return undefined;
  }

  return { find, found: (name) => functions.get(name), nameOf };
}

// Itself, or wrapped by memoize; or with the same memo, as the built-in functions that large calls are divided of.
function isOf(found: unknown, fn: AnyFunction): boolean {
  if (found === fn || typeof found !== 'function') return found === fn;
  const inside = own(fn, INSIDE);
  return own(found, 'wrapped') === fn || (inside !== undefined && own(found, INSIDE) === inside);
}

function own(fn: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(fn, key)?.value;
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
  const names = [...new Set(known)].filter((one) => !one.includes('/')); // parts of built-in functions have one
  const problem =
    owner === undefined
      ? `There is no function ${showValue(name)} in this pool.`
      : `The export ${showValue(name)} is no function, but ${showValue(owner[name])}.`;
  return new PoolError('ERR_FUNCTION_NOT_FOUND', `${problem} ${suggest(name, names)}`, { details: { name } });
}
