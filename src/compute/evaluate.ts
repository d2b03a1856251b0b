// One call, computed: find the function, run it, convert and encode the result. Never throws: errors are data.
import { PoolError, showValue } from '../errors.ts';
import type { AnyFunction, Phase, ResultForm } from '../types.ts';
import { encodeResult, type MemoCounts, type Reply } from '../wire.ts';
import { encodeError } from '../wire-error.ts';
import { toForm } from './form.ts';
import type { Memoized } from './memo.ts';
import type { Registry } from './registry.ts';

export interface Evaluation {
  readonly registry: Registry;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly form: ResultForm | undefined;
  /** Told what is being done, as it begins. */
  readonly onPhase: (phase: Phase) => void;
}

export async function evaluate({ registry, name, args, form, onPhase }: Evaluation): Promise<Reply> {
  let start = performance.now();
  const elapsed = () => performance.now() - start;
  let fn: AnyFunction | undefined;
  try {
    onPhase('load');
    fn = await registry.find(name);
    onPhase('compute');
    start = performance.now();
    const value = await fn(...args);
    if (form !== undefined) onPhase('convert');
    const delivered = form === undefined ? value : toForm(value, form);
    onPhase('encode');
    const computeMs = elapsed();
    return { ok: true, result: encodeResult(delivered), computeMs, memo: memoCounts(fn) };
  } catch (error) {
    return { ok: false, error: encodeError(named(error, name)), computeMs: elapsed(), memo: memoCounts(fn) };
  } finally {
    onPhase('queue');
  }
}

// A function that is memoized tells; a copy of this package that a user's module brings along tells alike.
function memoCounts(fn: AnyFunction | undefined): MemoCounts | undefined {
  if (fn === undefined || !Object.hasOwn(fn, 'cacheInfo')) return undefined;
  const { cacheInfo } = fn as AnyFunction & Partial<Memoized<AnyFunction>>;
  if (typeof cacheInfo !== 'function') return undefined;
  const info = attempt(cacheInfo);
  if (!isCounts(info)) return undefined; // something else of that name
  const { hits, misses, currsize, bytes, evictions, oversize } = info;
  return { hits, misses, currsize, bytes, evictions, oversize };
}

function attempt(call: () => unknown): unknown {
  try {
    return call();
  } catch {
    return undefined;
  }
}

function isCounts(info: unknown): info is MemoCounts {
  const counts: readonly (keyof MemoCounts)[] = [
    'hits',
    'misses',
    'currsize',
    'bytes',
    'evictions',
    'oversize',
  ];
  return (
    typeof info === 'object' &&
    info !== null &&
    counts.every((key) => typeof Reflect.get(info, key) === 'number')
  );
}

// What the engine throws for a limit of its own gets a code and the way out; what is no Error gets to be one.
function named(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) {
    return new PoolError('ERR_NON_ERROR_THROWN', `${name} threw ${showValue(error)}, which is no Error.`, {
      cause: error,
      details: { name },
    });
  }
  if (!(error instanceof RangeError)) return error;
  if (error.message.includes('call stack')) {
    return new PoolError(
      'ERR_STACK_OVERFLOW',
      `${name} recursed deeper than the worker's stack; raise the option stackSizeMb, or recurse less deeply.`,
      { cause: error, details: { name } },
    );
  }
  if (/Maximum BigInt size|Invalid string length/.test(error.message)) {
    return new PoolError(
      'ERR_RESULT_TOO_LARGE',
      `${name} made a value larger than the engine can hold (a bigint of 2^30 bits, a string of 2^29 characters).`,
      { cause: error, details: { name } },
    );
  }
  return error;
}
