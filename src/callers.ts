// `pool.fn.NAME(...args)`: every name is a caller of the function of that name.

type Run = (name: string, args: readonly unknown[]) => Promise<unknown>;

/** An object whose every property calls `run` under its name; only the pool's workers know which names there are. */
export function callers<F>(run: Run): F {
  return new Proxy(Object.create(null) as object, {
    get(_target, name) {
      // A `then` would make the object look like a promise to `await`.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return (...args: readonly unknown[]) => run(name, args);
    },
  }) as F;
}
