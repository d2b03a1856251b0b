// `pool.fn.NAME(...args)`: every name is a caller of the function of that name.
import type { AnyFunction } from './types.ts';

/** @param caller what the user called, for its stack */
type Run = (name: string, args: readonly unknown[], caller: AnyFunction) => Promise<unknown>;

// What `await`, JSON.stringify and a template ask any object for: none of them means to make a call. A function of such
// a name is called with `run`.
const ASKED_BY_LANGUAGE: readonly string[] = ['then', 'toJSON', 'toString', 'valueOf'];

/** An object whose every property calls `run` under its name; only the pool's workers know which names there are. */
export function callers<F>(run: Run): F {
  return new Proxy(Object.create(null) as object, {
    get(_target, name) {
      if (typeof name === 'symbol' || ASKED_BY_LANGUAGE.includes(name)) return undefined;
      const caller = (...args: readonly unknown[]): Promise<unknown> => run(name, args, caller);
      return caller;
    },
  }) as F;
}
