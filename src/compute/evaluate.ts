// One call, computed: find the function, run it, convert and encode the result. Never throws: errors are data.
import { resourceLimits } from 'node:worker_threads';
import { type Clock, systemClock } from '../clock.ts';
import { PoolError, showValue } from '../errors.ts';
import type { AnyFunction, Phase, ResultForm } from '../types.ts';
import { decode } from '../values/decode.ts';
import { encodeResult, type MemoCounts, type Reply } from '../wire.ts';
import { encodeError, isError } from '../wire-error.ts';
import { toForm } from './form.ts';
import type { LoopWatch } from './loop-watch.ts';
import { encodeMade, type Made, makerOf } from './made.ts';
import type { Memoized } from './memo.ts';
import { INSIDE, takeUnfinished } from './memos.ts';
import type { Registry } from './registry.ts';
import { beginStoppable, endStoppable, isAskedToStop, isSwallowed, StopError, stopState } from './stop.ts';

export interface Evaluation {
  readonly registry: Pick<Registry, 'find' | 'found'>;
  readonly name: string;
  /** The arguments, or the same serialized. */
  readonly args: readonly unknown[] | Uint8Array;
  readonly form: ResultForm | undefined;
  /** Told what is being done, as it begins. Who gets a promise may put another in its place. */
  onPhase: (phase: Phase) => void;
  /** What it is marked with to be stopped; without it nothing stops it. */
  readonly mark?: number;
  /** @default the system's */
  readonly clock?: Pick<Clock, 'now'>;
  /** Ends the wait for a promise that nothing is left to settle; without it that is the caller's affair. */
  readonly watch?: LoopWatch | undefined;
}

/** A reply that is still to come. Told without the global Promise, which a user's module may have replaced. */
export function isToCome<R extends Reply | undefined>(reply: Reply | Promise<R>): reply is Promise<R> {
  return !('ok' in reply);
}

/** The reply of a call; at once, unless its module has to be loaded first or the function gives a promise. */
export function evaluate(evaluation: Evaluation): Reply | Promise<Reply> {
  const { registry, name, onPhase, clock = systemClock } = evaluation;
  onPhase('load');
  const known = registry.found(name);
  if (known !== undefined) return compute(known, evaluation);
  return registry.find(name).then(
    (fn) => compute(fn, evaluation),
    (error: unknown) => failure(error, evaluation, clock.now()),
  );
}

/** The same of a function that is found. */
export function compute(fn: AnyFunction, evaluation: Evaluation): Reply | Promise<Reply> {
  const { args, form, mark, onPhase, clock = systemClock } = evaluation;
  onPhase('compute');
  const start = clock.now();
  if (isAskedToStop(stop, mark)) return failure(new StopError(), evaluation, start); // while its module was loaded
  beginStoppable(stop, mark, Object.hasOwn(fn, INSIDE));
  let value: unknown;
  let made: Made | undefined;
  try {
    const decoded = decodeArguments(args);
    made = makerOf(fn)?.(decoded, form);
    if (made === undefined) value = fn(...decoded);
  } catch (error) {
    return unlessSwallowed(failure(error, evaluation, start), endStoppable(stop), error);
  }
  const thrown = endStoppable(stop);
  if (made !== undefined) return unlessSwallowed(madeSuccess(made, evaluation, start), thrown);
  try {
    if (!isThenable(value)) return unlessSwallowed(success(value, evaluation, start), thrown);
  } catch (error) {
    return failure(error, evaluation, start); // of a getter named then
  }
  return settled(value, evaluation).then(
    (result) => unlessSwallowed(success(result, evaluation, start), thrown),
    (error: unknown) => unlessSwallowed(failure(error, evaluation, start), thrown),
  );
}

const stop = stopState();

// Nobody waits for the reply of a call that was stopped; but a function that swallowed the error may have kept what it
// made of it: of one that is asynchronous, a promise that is rejected from then on.
function unlessSwallowed(reply: Reply, thrown: readonly unknown[], error?: unknown): Reply {
  if (!isSwallowed(thrown, error)) return reply;
  return { ok: false, error: encodeError(new StopError()), computeMs: reply.computeMs, spoiled: true };
}

function settled(value: PromiseLike<unknown>, { watch, name }: Evaluation): Promise<unknown> {
  return watch === undefined ? Promise.resolve(value) : watch.settled(value, () => unsettled(name));
}

/** The error of a call whose promise can never settle, as the event loop has run empty. */
export function unsettled(name: string): PoolError {
  return new PoolError(
    'ERR_UNSETTLED',
    `${name} returned a promise that nothing is left to settle: no timer, file, socket, port or job of its thread is under way. Resolve or reject it on every path.`,
    { details: { name } },
  );
}

export function decodeArguments(args: readonly unknown[] | Uint8Array): readonly unknown[] {
  return args instanceof Uint8Array ? (decode(args) as unknown[]) : args;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return false;
  return typeof Reflect.get(value, 'then') === 'function';
}

function success(value: unknown, evaluation: Evaluation, start: number): Reply {
  const { form, onPhase, clock = systemClock } = evaluation;
  try {
    if (form !== undefined) onPhase('convert');
    const delivered = form === undefined ? value : toForm(value, form);
    onPhase('encode');
    const computeMs = clock.now() - start;
    const result = encodeResult(delivered, form);
    onPhase('queue');
    return { ok: true, result, computeMs };
  } catch (error) {
    return failure(error, evaluation, start);
  }
}

function madeSuccess(made: Made, evaluation: Evaluation, start: number): Reply {
  const { form, onPhase, clock = systemClock } = evaluation;
  try {
    onPhase('encode');
    const computeMs = clock.now() - start;
    const result = encodeMade(made, form);
    onPhase('queue');
    return { ok: true, result, computeMs };
  } catch (error) {
    return failure(error, evaluation, start);
  }
}

/** The reply of a call that has failed. */
export function failure(error: unknown, evaluation: Evaluation, start: number): Reply {
  const { name, onPhase, clock = systemClock } = evaluation;
  const computeMs = clock.now() - start;
  const encoded = encodeError(nameSafely(error, { name, depth: takeUnfinished() }));
  onPhase('queue');
  const reply = { ok: false, error: encoded, computeMs } as const;
  return StopError.is(error) ? { ...reply, again: true } : reply;
}

/**
 * What a function's memo has counted; undefined when it has none. A copy of this package that a user's module brings
 * along tells alike.
 */
export function memoCounts(fn: AnyFunction | undefined): MemoCounts | undefined {
  if (fn === undefined || !Object.hasOwn(fn, 'cacheInfo')) return undefined;
  try {
    const info = (fn as Partial<Memoized<AnyFunction>>).cacheInfo?.();
    if (!isCounts(info)) return undefined; // something else of that name
    const { hits, misses, currsize, bytes, evictions, oversize } = info;
    return { hits, misses, currsize, bytes, evictions, oversize };
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

interface FailedCall {
  readonly name: string;
  /** Levels of memoized functions that it was deep; 0 where there were none. */
  readonly depth: number;
}

// What was thrown is the user's: a proxy, say, whose traps throw when it is looked at.
export function nameSafely(error: unknown, call: FailedCall): unknown {
  const { name } = call;
  try {
    return named(error, call);
  } catch (cause) {
    const details = { name };
    return new PoolError('ERR_NON_ERROR_THROWN', `${name} threw what cannot be read.`, { cause, details });
  }
}

// What the engine throws for a limit of its own gets a code and the way out; what is no Error gets to be one.
function named(error: unknown, { name, depth }: FailedCall): unknown {
  if (!isError(error)) {
    return new PoolError('ERR_NON_ERROR_THROWN', `${name} threw ${showValue(error)}, which is no Error.`, {
      cause: error,
      details: { name },
    });
  }
  if (!isEngines(error)) return error;
  const { message } = error;
  if (message === 'Maximum call stack size exceeded') return overflow(error, { name, depth });
  if (message === 'Maximum BigInt size exceeded' || message === 'Invalid string length') {
    return new PoolError(
      'ERR_RESULT_TOO_LARGE',
      `${name} made a value larger than the engine can hold (a bigint of 2^30 bits, a string of 2^29 characters).`,
      { cause: error, details: { name } },
    );
  }
  return error;
}

// A RangeError of the user's own may speak of the same things, and arrives as it is.
function isEngines(error: Error): error is RangeError {
  return Object.getPrototypeOf(error) === RangeError.prototype && Object.keys(error).length === 0;
}

// How deep a recursion was the engine does not tell, and a stack trace of millions of frames would take gigabytes: it is
// known where the functions are memoized. What they caught themselves since the last answer counts as if it were there.
function overflow(cause: Error, { name, depth }: FailedCall): PoolError {
  const { stackSizeMb } = resourceLimits; // of a worker; elsewhere there are none
  const stack = stackSizeMb === undefined ? 'the stack' : `the worker's stack of ${stackSizeMb} MiB`;
  const reached = depth > 0 ? `, up to ${depth} levels of memoized functions deep` : '';
  return new PoolError(
    'ERR_STACK_OVERFLOW',
    `${name} recursed deeper than ${stack} allows${reached}; raise the option stackSizeMb, or recurse less deeply.`,
    {
      cause,
      details: {
        name,
        ...(depth > 0 ? { depth } : {}),
        ...(stackSizeMb === undefined ? {} : { stackSizeMb }),
      },
    },
  );
}
