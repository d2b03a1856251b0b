// Calls that a function makes while a pool computes it: they go through the front cache, are joined with the same calls of
// others, and are computed by whatever worker is free.
import { checkCall } from '../check-call.ts';
import { PoolError } from '../errors.ts';
import { runningCall, type SubCall } from './running.ts';

/**
 * Calls a function of the pool that computes the caller; for async functions, as the worker goes on with other calls while
 * this one waits. Calls may lead to calls to any depth, on one worker too.
 *
 * Rejects with the function's own error, or a PoolError: ERR_CYCLE where the call would wait for its own result, ERR_NO_POOL
 * outside of a pool, and those of `pool.run`.
 *
 * @example const [a, b] = await Promise.all([call('fibonacci', n - 1), call('fibonacci', n - 2)]);
 */
export function call(name: string, ...args: readonly unknown[]): Promise<unknown> {
  return ask({ name, args, parts: 0, weight: 0, total: 0 });
}

/**
 * Tells how much of the call that runs is done, and of how much, in any unit: what `onProgress` of its callers is told. Costs
 * a look-up and two stores to memory, so a loop may call it now and then. Does nothing outside of a pool, nor in a call that has made
 * others, which is as far as these are.
 */
export function progress(done: number, total: number): void {
  runningCall()?.report(done, total);
}

export function ask(sub: SubCall): Promise<unknown> {
  try {
    checkCall(sub.name, sub.args);
    const running = runningCall();
    if (running === undefined) throw noPool(sub.name);
    return running.ask(sub);
  } catch (error) {
    return Promise.reject(error);
  }
}

function noPool(name: string): PoolError {
  return new PoolError(
    'ERR_NO_POOL',
    `call('${name}') was not made by a function that a pool computes. Elsewhere use pool.run('${name}', [...]).`,
    { details: { name } },
  );
}
