// The checks of one call, before anything of it is counted or queued.
import { domains } from '../workers/functions/domains.ts';
import { invalidOption, refuseUnknown } from './check.ts';
import { PoolError, showValue } from './errors.ts';
import type { RunOptions } from './pool-types.ts';
import { RESULT_FORMS, type ResultForm } from './types.ts';
import { exceeds } from './values/exceeds.ts';

const WHERE = 'run';
const KNOWN: readonly (keyof RunOptions)[] = ['signal', 'timeoutMs', 'deadlineMs', 'as', 'onProgress'];
// What a timer can wait; beyond it Node's timers fire at once.
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Whether the arguments are small enough to be copied at all.
 *
 * @throws PoolError ERR_ARGUMENT_TOO_LARGE
 */
export function checkSize(name: string, args: readonly unknown[], maxArgumentBytes: number | null): void {
  if (args.length === 1 && typeof args[0] === 'number') return; // nearly always, and on the way of a hit
  if (maxArgumentBytes === null || !exceeds(args, maxArgumentBytes)) return;
  throw tooLargeError(name, maxArgumentBytes);
}

export function tooLargeError(name: string, maxArgumentBytes: number): PoolError {
  return new PoolError(
    'ERR_ARGUMENT_TOO_LARGE',
    `${name}: expected arguments of at most ${maxArgumentBytes} bytes, got more than ${maxArgumentBytes}. Pass less, or raise the option maxArgumentBytes.`,
    { details: { name, maxArgumentBytes } },
  );
}

/** Of `cacheInfo` and `cacheClear`; a name that no call was made of is no error, because no worker may have looked yet. */
export function checkName(name: unknown): void {
  if (name === undefined || typeof name === 'string') return;
  throw new PoolError(
    'ERR_ARGUMENT',
    `Expected the name of a function, or none for all, got ${showValue(name)}.`,
  );
}

export function checkRunOptions(options: RunOptions): void {
  refuseUnknown(WHERE, options, KNOWN);
  checkCallOptions(WHERE, options);
  const { onProgress } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidOption(WHERE, 'onProgress', 'a function', onProgress);
  }
}

/** Of the options that `run` and `map` have in common. */
export function checkCallOptions(where: string, options: Omit<RunOptions, 'onProgress'>): void {
  const { signal, timeoutMs, deadlineMs, as } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidOption(where, 'signal', 'an AbortSignal', signal);
  }
  checkMs(where, 'timeoutMs', timeoutMs);
  checkMs(where, 'deadlineMs', deadlineMs);
  if (as !== undefined && !RESULT_FORMS.includes(as)) {
    throw invalidOption(where, 'as', `one of ${RESULT_FORMS.join(', ')}`, as);
  }
}

export function checkCloseOptions(options: { readonly timeoutMs?: number }): void {
  refuseUnknown('close', options, ['timeoutMs']);
  checkMs('close', 'timeoutMs', options.timeoutMs);
}

function checkMs(where: string, option: string, ms: unknown): void {
  if (ms === undefined) return;
  if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST_TIMEOUT_MS) return;
  throw invalidOption(where, option, `milliseconds from 0 to ${LONGEST_TIMEOUT_MS}`, ms);
}

/**
 * Whether the arguments are in the domain of a built-in function, for the form of its result; others are checked by the
 * function itself.
 *
 * @throws PoolError ERR_ARGUMENT, ERR_RESULT_TOO_LARGE
 */
export function checkDomain(name: string, args: readonly unknown[], form: ResultForm | undefined): void {
  if (Object.hasOwn(domains, name)) domains[name as keyof typeof domains]?.(args, form);
}

export function closedError(): PoolError {
  return new PoolError(
    'ERR_POOL_CLOSED',
    'The pool is closed; make calls before close(), or create another pool.',
  );
}

/** Whether a worker has found that there is no function of the name. */
export function isUnknown(error: unknown): boolean {
  return error instanceof PoolError && error.code === 'ERR_FUNCTION_NOT_FOUND';
}
